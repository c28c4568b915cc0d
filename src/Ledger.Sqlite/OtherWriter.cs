using System.Diagnostics;

namespace Ledger.Sqlite;

/// <summary>
/// Tells when another process has written the ledger. SQLite tells nobody: the write-ahead log is watched where the system tells of changes to files at once, and the head is
/// looked up often while something is going on, and seldom while nothing is. What a follower takes is measured by the benchmarks ("append to subscriber").
/// </summary>
internal sealed class OtherWriter : IDisposable
{
    // What is written to the log is seen by others once it was forced to the disk, a little later.
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(1);

    // How long something is going on after the last sign of it.
    private static readonly TimeSpan Active = TimeSpan.FromMilliseconds(100);

    // Behind the watch, which may miss something; alone, where there is none.
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(3);

    private readonly HeadSignal signal = new();
    private readonly FileSystemWatcher? watcher;

    internal OtherWriter(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            watcher = new(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "-wal") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName };
            watcher.Changed += (_, _) => signal.Raise();
            watcher.Created += (_, _) => signal.Raise();
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A user may watch so many files and no more.
            watcher?.Dispose();
            watcher = null;
        }
    }

    /// <summary>Completes at the next change after this was asked for.</summary>
    internal Task Next => signal.Next;

    /// <summary>Waits until it is time to look again; whether there was a sign of a writer.</summary>
    /// <param name="changed">Taken from <see cref="Next"/> before the last look.</param>
    /// <param name="active">When there was a sign last, as <see cref="Stopwatch.GetTimestamp"/> tells it.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async ValueTask<bool> WaitAsync(Task changed, long active, CancellationToken cancellation)
    {
        if (Stopwatch.GetElapsedTime(active) < Active)
        {
            await Task.Delay(Often, cancellation).ConfigureAwait(false);
        }
        else
        {
            await changed.WaitAsync(watcher is null ? Alone : Seldom, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        return changed.IsCompleted;
    }

    public void Dispose() => watcher?.Dispose();
}
