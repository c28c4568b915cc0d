using System.Threading.Channels;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Npgsql;
using Polly;

namespace Ledger.Marten;

/// <summary>A command that waits to be appended.</summary>
internal sealed class AppendWork(AppendRequest request, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<AppendResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal AppendRequest Request { get; } = request;

    internal CancellationToken Cancellation { get; } = cancellation;

    internal EntryId First { get; } = EntryId.For(request.Story, request.Command, 0);

    /// <summary>Whether its commit was asked for and not answered: it may be there.</summary>
    internal bool IsUnknown { get; set; }

    internal Task<AppendResult> Result => completion.Task;

    internal void Set(AppendResult result) => completion.SetResult(result);

    internal void Fail(Exception error) => completion.SetException(error);
}

/// <summary>
/// Appends for one process: takes everything that waits and commits it in one transaction (group commit), so that the server forces its log once for many commands.
/// A commit that got no answer is looked up under the lock before anything is written again.
/// </summary>
internal sealed class AppendWriter : IAsyncDisposable
{
    // Enough to spread one forced write over all who wait, little enough that the first of them does not wait long.
    private const int MaxBatch = 512;

    private readonly MartenStore store;
    private readonly EventTable table;
    private readonly EntryWriter entries;
    private readonly HeadSignal signal;
    private readonly ResiliencePipeline pipeline;
    private readonly Channel<AppendWork> queue = Channel.CreateUnbounded<AppendWork>(new() { SingleReader = true });
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Task running;
    private NpgsqlConnection? connection;

    // Whether the attempt has come to where an answer of the server is one to its commit.
    private bool isCommitting;

    // For how many batches more it asks first what is there.
    private int asking;

    internal AppendWriter(MartenStore store, EventTable table, TimeProvider clock, HeadSignal signal, ResiliencePipeline pipeline)
    {
        this.store = store;
        this.table = table;
        this.signal = signal;
        this.pipeline = pipeline;
        entries = new(store.Schema, table, clock);
        running = Task.Run(RunAsync);
    }

    /// <summary>Queues; false once the ledger was closed.</summary>
    internal bool TryQueue(AppendWork work) => queue.Writer.TryWrite(work);

    /// <summary>Keeps appends of this process waiting, instead of failing, while something else holds the ledger's end for long.</summary>
    internal async Task<T> AloneAsync<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await write().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Refuses new work, commits what waits, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running.ConfigureAwait(false);
        turn.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<AppendWork>(MaxBatch);
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await turn.WaitAsync().ConfigureAwait(false);
            try
            {
                Take(batch);
                if (batch.Count > 0)
                {
                    await WriteAsync(batch).ConfigureAwait(false);
                }
            }
            finally
            {
                turn.Release();
            }
        }

        await DropAsync().ConfigureAwait(false);
    }

    private void Take(List<AppendWork> batch)
    {
        batch.Clear();
        while (batch.Count < MaxBatch && queue.Reader.TryRead(out var work))
        {
            if (work.Cancellation.IsCancellationRequested)
            {
                work.Fail(new OperationCanceledException(work.Cancellation));
            }
            else
            {
                batch.Add(work);
            }
        }
    }

    private async Task WriteAsync(List<AppendWork> batch)
    {
        try
        {
            var results = await pipeline.ExecuteAsync(
                static async (state, token) => await state.Self.AttemptAsync(state.Batch, token).ConfigureAwait(false), (Self: this, Batch: batch), CancellationToken.None).ConfigureAwait(false);
            signal.Raise();
            for (var i = 0; i < results.Length; i++)
            {
                batch[i].Set(results[i]);
            }
        }
        catch (Exception error) when (MartenErrors.IsOfData(error) && batch.Count > 1)
        {
            // What PostgreSQL does not take is no reason to refuse those that waited with it: each goes alone.
            foreach (var work in batch)
            {
                await WriteAsync([work]).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            var wrapped = MartenErrors.Wrap(error, store);
            foreach (var work in batch)
            {
                work.Fail(work.IsUnknown ? new LedgerException(MartenErrors.OutcomeUnknown(store), error) : wrapped);
            }
        }
    }

    private async ValueTask<AppendResult[]> AttemptAsync(List<AppendWork> batch, CancellationToken cancellation)
    {
        isCommitting = false;
        try
        {
            connection ??= await OpenAsync(cancellation).ConfigureAwait(false);
            return await AssumeAsync(connection, batch, cancellation).ConfigureAwait(false) ?? await AskAsync(connection, batch, cancellation).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            entries.Forget();
            if (isCommitting && error is PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown) })
            {
                // The server has answered to this commit: nothing of the transaction is there.
                batch.ForEach(work => work.IsUnknown = false);
            }

            var isLost = connection?.FullState is not System.Data.ConnectionState.Open;
            await DropAsync().ConfigureAwait(false);
            if (isLost && error is InvalidOperationException invalid)
            {
                throw MartenErrors.Lost(invalid);
            }

            throw;
        }
    }

    /// <summary>Writes by what is remembered, in one round trip; null when that cannot be, or turns out not to hold, and nothing was written.</summary>
    private async Task<AppendResult[]?> AssumeAsync(NpgsqlConnection connection, List<AppendWork> batch, CancellationToken cancellation)
    {
        if (asking > 0 || !entries.Assume(batch))
        {
            asking = Math.Max(0, asking - 1);
            return null;
        }

        var results = batch.ConvertAll(work => entries.Place(work.Request));
        if (results.Exists(result => result is not AppendResult.Appended))
        {
            // The clock: the refusal shows the database's, too, which has to be asked.
            entries.Forget();
            return null;
        }

        batch.ForEach(work => work.IsUnknown = true);
        isCommitting = true;
        try
        {
            await entries.CommitAsync(connection, cancellation).ConfigureAwait(false);
            return [.. results];
        }
        catch (PostgresException error) when (EntryWriter.IsNotAsRemembered(error))
        {
            // Somebody else appends too: for a while it is better to ask first.
            asking = 50;
            entries.Forget();
            isCommitting = false;
            batch.ForEach(work => work.IsUnknown = false);
            var rollback = connection.Command("ROLLBACK");
            await using var _ = rollback.ConfigureAwait(false);
            await rollback.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Locks the ledger's end, reads what the commands go by, and writes.</summary>
    private async Task<AppendResult[]> AskAsync(NpgsqlConnection connection, List<AppendWork> batch, CancellationToken cancellation)
    {
        var found = await entries.BeginAsync(
            connection, [.. batch.Select(work => work.Request.Story).Distinct()], [.. batch.Select(work => work.First)], cancellation).ConfigureAwait(false);
        var placed = new Dictionary<EntryId, (AppendRequest Request, Receipt Receipt)>();
        var results = new AppendResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var work = batch[i];
            if (found.TryGetValue(work.First, out var index))
            {
                results[i] = Repeated(work, await table.CommandAsync(connection, index, cancellation).ConfigureAwait(false));
                continue;
            }

            // The lock is had and it is not there: it will not come either.
            work.IsUnknown = false;
            if (placed.TryGetValue(work.First, out var before))
            {
                results[i] = before.Request.Request == work.Request.Request
                    ? new AppendResult.Appended(before.Receipt with { Repeated = true })
                    : new AppendResult.Refused(AppendResult.CommandReused(work.Request.Command));
                continue;
            }

            results[i] = entries.Place(work.Request);
            if (results[i] is AppendResult.Appended { Receipt: var receipt })
            {
                placed[work.First] = (work.Request, receipt);
            }
        }

        foreach (var work in batch)
        {
            work.IsUnknown |= placed.ContainsKey(work.First);
        }

        isCommitting = true;
        await entries.CommitAsync(connection, cancellation).ConfigureAwait(false);
        return results;
    }

    /// <summary>A connection that stays with the writer. It never waits long for a client that died with the lock, and always forces its commits.</summary>
    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var opened = await store.OpenApartAsync(cancellation).ConfigureAwait(false);
        var batch = opened.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.Add("SET idle_in_transaction_session_timeout = '30s'");
        batch.Add("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
        // Everything it reads is found by an index; plans are made while the tables are small, and kept.
        batch.Add("SET enable_seqscan = off");
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return opened;
    }

    private async ValueTask DropAsync()
    {
        if (Interlocked.Exchange(ref connection, null) is { } dropped)
        {
            try
            {
                await dropped.DisposeAsync().ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // It is gone already.
            }
        }
    }

    /// <summary>The first receipt. What this very call committed without learning of it is not repeated: its salts are there.</summary>
    private static AppendResult Repeated(AppendWork work, List<Entry> stored)
    {
        var request = work.Request;
        if (stored[0].Recorder is { } recorder && recorder.Request != request.Request)
        {
            return new AppendResult.Refused(AppendResult.CommandReused(request.Command));
        }

        var own = work.IsUnknown && stored.Count == request.Entries.Length
            && stored.Zip(request.Entries).All(pair => pair.First.Envelope.Parts.SequenceEqual(pair.Second.Commitments));
        return new AppendResult.Appended(Receipt.Of(request.Story, request.Command, stored, repeated: !own));
    }
}
