using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>Something to be written: it runs on the writer's thread, inside the transaction of everything that waits with it.</summary>
internal interface IWork
{
    CancellationToken Cancellation { get; }

    /// <summary>Whether it gets a transaction of its own, because it may fail by itself.</summary>
    bool Alone { get; }

    /// <summary>Writes. An exception takes back what it wrote, and fails this work alone unless it is the file that failed.</summary>
    void Execute(Database database);

    /// <summary>The transaction is on disk. Never throws: others wait behind it.</summary>
    void Committed(Database database);

    /// <summary>Nothing of the transaction is there.</summary>
    void Failed(Exception error);
}

/// <summary>
/// The one writer of a ledger file: a thread that takes everything that waits and commits it in one transaction (group commit), so that the
/// disk is forced once for many commands.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    // Enough to spread one forced write over all who wait, little enough that the first of them does not wait long.
    private const int MaxBatch = 1024;

    private readonly Database database;
    private readonly Action afterRollback;
    private readonly Channel<IWork> queue = Channel.CreateUnbounded<IWork>(new() { SingleReader = true });
    private readonly Thread thread;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="database">The writer's own connection; disposed with it.</param>
    /// <param name="afterRollback">Called on the writer's thread when a transaction failed: what is remembered of the file may be wrong.</param>
    internal Writer(Database database, Action afterRollback)
    {
        this.database = database;
        this.afterRollback = afterRollback;
        thread = new Thread(Run) { Name = "ledger writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>Queues; false once the ledger was closed.</summary>
    internal bool TryQueue(IWork work) => queue.Writer.TryWrite(work);

    /// <summary>Refuses new work, commits what waits, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopped.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<IWork>(MaxBatch);
        // Blocking is what this thread is for; nobody else waits on it.
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MaxBatch && queue.Reader.TryPeek(out var work) && (batch.Count == 0 || !(work.Alone || batch[0].Alone)))
            {
                queue.Reader.TryRead(out _);
                if (work.Cancellation.IsCancellationRequested)
                {
                    work.Failed(new OperationCanceledException(work.Cancellation));
                }
                else
                {
                    batch.Add(work);
                }
            }

            if (batch.Count > 0)
            {
                Write(batch);
                batch.Clear();
                if (database.LogMayHoldErased)
                {
                    database.TryEmptyLog(TimeSpan.Zero);
                }
            }
        }

        database.Dispose();
        stopped.SetResult();
    }

    private void Write(List<IWork> batch)
    {
        while (batch.Count > 0)
        {
            var executing = -1;
            try
            {
                database.Prepare("BEGIN IMMEDIATE").Run();
                for (executing = 0; executing < batch.Count; executing++)
                {
                    batch[executing].Execute(database);
                }

                database.Prepare("COMMIT").Run();
                break;
            }
            catch (Exception error)
            {
                Rollback();
                afterRollback();
                if (executing < 0 || executing == batch.Count || SqliteErrors.IsOfFile(error))
                {
                    batch.ForEach(work => work.Failed(SqliteErrors.Wrap(error)));
                    return;
                }

                // One work's own failure is no reason to refuse those that waited with it: they go again without it.
                batch[executing].Failed(SqliteErrors.Wrap(error));
                batch.RemoveAt(executing);
            }
        }

        foreach (var work in batch)
        {
            work.Committed(database);
        }
    }

    private void Rollback()
    {
        try
        {
            database.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (a full disk, an I/O error).
        }
    }
}
