using System.Diagnostics;

namespace Ledger.Marten.Tests;

/// <summary>A disk of a few MB, in memory, that a server may write.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(DirectoryInfo folder) => Folder = folder.FullName;

    internal string Folder { get; }

    /// <summary>Mounts one; null where that is not allowed.</summary>
    internal static async Task<SmallDisk?> MountAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return null;
        }

        var disk = new SmallDisk(Directory.CreateTempSubdirectory("ledger-disk"));
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "ledger-test", disk.Folder))
        {
            Directory.Delete(disk.Folder);
            return null;
        }

        await RunAsync("chown", "nobody", disk.Folder);
        return disk;
    }

    internal Task GrowAsync(int megabytes) => RunAsync("mount", "-o", $"remount,size={megabytes}m", Folder);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return run.ExitCode == 0;
    }
}
