using System.Diagnostics;
using System.Globalization;

namespace Ledger.Cli;

/// <summary>A line that tells how far long work has come: on a terminal only, and not before it has taken a while.</summary>
internal sealed class ProgressLine(Terminal terminal, string what, long? total = null) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly Stopwatch shown = Stopwatch.StartNew();
    private bool any;

    public void Report(long value)
    {
        if (terminal.ShowsProgress && shown.Elapsed > Patience)
        {
            terminal.ErrorWriter.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what} {value:N0}{(total is { } all ? $" of {all:N0}" : "")} "));
            any = true;
            shown.Restart();
        }
    }

    /// <summary>Makes room for another line; the next report shows again.</summary>
    internal void Clear()
    {
        if (any)
        {
            terminal.ErrorWriter.Write("\r" + new string(' ', what.Length + 40) + "\r");
            any = false;
        }
    }

    public void Dispose() => Clear();
}
