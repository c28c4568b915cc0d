using System.Diagnostics;

namespace Ledger.Sqlite.Tests.SecondProcess;

/// <summary>This assembly, running <see cref="Host"/> as a process of its own. Disposing kills it as <c>kill -9</c> does.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;

    private Child(Process process) => this.process = process;

    internal int Id => process.Id;

    internal static Child Start(params IEnumerable<string> arguments) => Start(null, arguments);

    /// <summary>Starts it as an ordinary user, where this process may do so.</summary>
    internal static Child StartAsNobody(params IEnumerable<string> arguments) => Start("setpriv", arguments);

    internal Task<string?> ReadLineAsync() => process.StandardOutput.ReadLineAsync();

    /// <summary>Everything it says until it ends.</summary>
    internal async Task<List<string>> ReadToEndAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await process.WaitForExitAsync();
        return lines;
    }

    internal void Kill() => process.Kill();

    /// <summary>Ends what waits for a line.</summary>
    internal async Task LetGoAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static Child Start(string? asNobody, IEnumerable<string> arguments)
    {
        // Under a test runner the process is 'dotnet' itself, or an executable beside it.
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(asNobody ?? dotnet) { RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = Path.GetTempPath() };
        string[] prefix = asNobody is null ? [] : ["--reuid=65534", "--regid=65534", "--clear-groups", dotnet];
        foreach (var argument in (string[])[.. prefix, "exec", typeof(Host).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }
}
