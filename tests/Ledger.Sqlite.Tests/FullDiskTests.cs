using System.Diagnostics;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Sqlite.Tests;

/// <summary>A disk without room refuses, keeps what was acknowledged, and goes on when there is room again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ledger-full").FullName;
    private readonly bool mounted;

    public FullDiskTests() =>
        mounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder);

    public void Dispose()
    {
        if (mounted)
        {
            Run("umount", "-l", folder);
        }

        Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public async Task A_full_disk_refuses_and_the_ledger_goes_on_when_there_is_room()
    {
        Skip.IfNot(mounted, "A small disk can be mounted only by root.");
        var path = Path.Combine(folder, "ledger.db");
        var ballast = Path.Combine(folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);
        var acknowledged = 1L;
        await using (var ledger = SqliteLedger.Open(path, SqliteAccess.Write))
        {
            await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/full", default, Given.Ada, TimeProvider.System);
            var refused = await Should.ThrowAsync<LedgerException>(async () =>
            {
                while (true)
                {
                    await AppendAsync(ledger);
                    acknowledged++;
                }
            });

            refused.Error.Code.ShouldBe("engine-failed");
            refused.Error.Message.ShouldContain("disk is full");
            (await ledger.HeadAsync()).Size.ShouldBe(acknowledged);
            (await Verification.VerifyAsync(ledger)).Failure.ShouldBeNull();

            File.Delete(ballast);
            await AppendAsync(ledger);
            acknowledged++;
        }

        await using var again = SqliteLedger.Open(path, SqliteAccess.Write);
        var report = await Verification.VerifyAsync(again);
        report.Failure.ShouldBeNull();
        report.Size.ShouldBe(acknowledged);
    }

    private static async Task AppendAsync(SqliteLedger ledger) =>
        (await ledger.AppendAsync(Given.Command(ledger, Given.NewStory(), AppendRequest.NoStory, null, Given.Document(new string('w', 60_000))))).ShouldBeOfType<AppendResult.Appended>();

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
