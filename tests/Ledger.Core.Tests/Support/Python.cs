using System.Diagnostics;
using System.Text;

namespace Ledger.Core.Tests.Support;

/// <summary>Runs recompute.py, or skips the test and says that Python is missing.</summary>
internal static class Python
{
    private static readonly Lazy<bool> Present = new(() =>
    {
        try
        {
            return Start(["--version"], null).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    internal static (int ExitCode, string Output, string Error) Recompute(string argument, string? input = null, string? checkpoint = null)
    {
        Skip.IfNot(Present.Value, "NOT CHECKED: there is no python3 on this machine, and recompute.py, which checks the format from outside, did not run.");
        return Start([Path.Combine(AppContext.BaseDirectory, "recompute.py"), argument, .. checkpoint is null ? Array.Empty<string>() : ["--checkpoint", checkpoint]], input);
    }

    private static (int ExitCode, string Output, string Error) Start(string[] arguments, string? input)
    {
        var start = new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
