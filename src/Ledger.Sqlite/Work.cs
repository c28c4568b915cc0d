using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Sqlite;

/// <summary>Work with a result, which is told when the transaction is on disk.</summary>
internal abstract class Work<T>(CancellationToken cancellation) : IWork
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? value;

    public CancellationToken Cancellation { get; } = cancellation;

    public virtual bool Alone => false;

    internal Task<T> Result => completion.Task;

    public void Execute(Database database) => value = Run(database);

    public void Committed(Database database)
    {
        try
        {
            Announce(database);
        }
        catch (Exception error)
        {
            completion.SetException(SqliteErrors.Wrap(error));
            return;
        }

        completion.SetResult(value!);
    }

    public void Failed(Exception error) => completion.SetException(error);

    protected abstract T Run(Database database);

    /// <summary>What is done, and told to others, once it is on disk. What it throws, the caller gets.</summary>
    protected virtual void Announce(Database database)
    {
    }
}

internal sealed class AppendWork(EntryWriter entries, HeadSignal signal, AppendRequest request, CancellationToken cancellation)
    : Work<AppendResult>(cancellation)
{
    protected override AppendResult Run(Database database) => entries.Append(request);

    protected override void Announce(Database database) => signal.Raise();
}

/// <summary>Its result is whether the names were taken on.</summary>
internal sealed class ImportWork(EntryWriter entries, HeadSignal signal, IAsyncEnumerable<Entry> imported, Naming? naming, CancellationToken cancellation)
    : Work<bool>(cancellation)
{
    public override bool Alone => true;

    protected override bool Run(Database database)
    {
        var takesNames = naming is not null && entries.Head.Size == 0;
        if (takesNames)
        {
            database.Prepare("UPDATE meta SET value = ?1 WHERE name = 'secret'").Bind(1, naming!.Secret.ToArray()).Run();
        }

        foreach (var entry in imported.ToBlockingEnumerable(Cancellation))
        {
            entries.Import(entry);
        }

        return takesNames;
    }

    protected override void Announce(Database database) => signal.Raise();
}

internal sealed class EraseWork(EntryId id, string part, CancellationToken cancellation) : Work<bool>(cancellation)
{
    public override bool Alone => true;

    protected override bool Run(Database database)
    {
        var index = EntryTable.IndexOf(database, id)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}."));
        var sql = part switch
        {
            Part.Body => "UPDATE entries SET body_salt = NULL, body = NULL WHERE idx = ?1",
            Part.Recorder => "UPDATE entries SET recorder_salt = NULL, recorder = NULL WHERE idx = ?1",
            _ => "DELETE FROM parts WHERE idx = ?1 AND name = ?2",
        };
        var erase = database.Prepare(sql).Bind(1, index);
        (part is Part.Body or Part.Recorder ? erase : erase.Bind(2, part)).Run();
        return true;
    }

    protected override void Announce(Database database)
    {
        if (!database.TryEmptyLog(Patience))
        {
            throw new LedgerException(LedgerError.Conflict(
                "erasure-pending",
                $"The {part} of {id} is erased, but another program is reading an older state, and the write-ahead log keeps the words until it ends.",
                "Close the programs that read the ledger and erase again; opening the ledger to write removes them, too."));
        }
    }

    // Our own readers are done in milliseconds; another program may sit on an old state as long as it likes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
}

/// <summary>Tells everybody who waits that the ledger has grown.</summary>
internal sealed class HeadSignal
{
    private TaskCompletionSource? next;

    /// <summary>Completes at the next change after this was asked for.</summary>
    internal Task Next
    {
        get
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref next, mine, null) ?? mine).Task;
        }
    }

    internal void Raise() => Interlocked.Exchange(ref next, null)?.SetResult();
}
