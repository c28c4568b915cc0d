using System.Runtime.CompilerServices;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Npgsql;
using Polly;

namespace Ledger.Marten;

/// <summary>
/// A ledger in PostgreSQL: entries are events of Marten's event store, one stream a story. Any number of processes append at once: the row that says where the ledger ends is locked in the
/// appending transaction, so that entries are committed in the order of their index, and what waits in a process is committed together. Followers are woken by notifications, with a look
/// of their own behind them.
/// </summary>
public sealed class MartenLedger : ILedgerLog
{
    private const int Chunk = 512;

    // Behind the notifications, which can be lost.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly MartenStore store;
    private readonly EventTable table;
    private readonly TimeProvider clock;
    private readonly ResiliencePipeline reading;
    private readonly ResiliencePipeline following;
    private readonly HeadSignal signal = new();
    private readonly Listener listener;
    private readonly AppendWriter? writer;
    private int closed;

    private MartenLedger(MartenStore store, Naming naming, MartenAccess access, TimeProvider clock)
    {
        this.store = store;
        this.clock = clock;
        Naming = naming;
        table = new(store.Schema);
        reading = Resilience.Calling("postgres-read", store.Attempt);
        following = Resilience.Following("postgres-follow", store.Attempt);
        writer = access == MartenAccess.Write ? new(store, table, clock, signal, Resilience.Calling("postgres-append", store.Attempt)) : null;
        listener = new(store, signal);
        Views = new(store);
    }

    public Naming Naming { get; private set; }

    /// <summary>The views, in the same schema; closed with the ledger.</summary>
    public MartenViews Views { get; }

    /// <summary>Where it is, for people: server, database and schema, without the password.</summary>
    public string Place => $"{store.Settings.Host}/{store.Settings.Database}/{store.Schema}";

    public bool CanAppend => writer is not null;

    internal MartenStore Store => store;

    /// <summary>Opens a ledger.</summary>
    /// <param name="connectionString">As Npgsql has it. <c>Search Path</c> names the schema (<c>ledger</c> by default); <c>Command Timeout</c> is how long one attempt at anything may take, in seconds (10).</param>
    /// <param name="access">What for.</param>
    /// <param name="clock">Stamps entries; the system's clock by default.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="LedgerException"><c>connection-not-valid</c>, <c>ledger-not-found</c>, <c>not-a-ledger</c>, <c>ledger-from-newer-version</c>, <c>engine-failed</c>.</exception>
    public static async Task<MartenLedger> OpenAsync(string connectionString, MartenAccess access, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var store = MartenStore.Open(connectionString);
        try
        {
            await (access == MartenAccess.Write ? MartenSchema.EnsureCreatedAsync(store, cancellation) : MartenSchema.CheckAsync(store, cancellation)).ConfigureAwait(false);
            return new(store, new(await SecretAsync(store, cancellation).ConfigureAwait(false)), access, clock ?? TimeProvider.System);
        }
        catch (Exception error)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            if (MartenErrors.Wrap(error, store, opening: true) is var wrapped && wrapped != error)
            {
                throw wrapped;
            }

            throw;
        }
    }

    public async ValueTask<LedgerHead> HeadAsync(CancellationToken cancellation = default) =>
        await ReadAsync(table.HeadAsync, cancellation).ConfigureAwait(false);

    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if ((request.CheckLimits() ?? CheckCanonical(request)) is { } error)
        {
            return new AppendResult.Refused(error);
        }

        if (writer is null)
        {
            return new AppendResult.Refused(ReadOnly);
        }

        var work = new AppendWork(request, cancellation);
        return writer.TryQueue(work) ? await work.Result.ConfigureAwait(false) : throw new LedgerException(MartenErrors.Closed);
    }

    public async ValueTask<Receipt?> FindReceiptAsync(StoryId story, CommandId command, CancellationToken cancellation = default) =>
        await ReadAsync(
            async (connection, token) => await table.IndexOfAsync(connection, EntryId.For(story, command, 0), token).ConfigureAwait(false) is { } first
                ? Receipt.Of(story, command, await table.CommandAsync(connection, first, token).ConfigureAwait(false), repeated: true)
                : null,
            cancellation).ConfigureAwait(false);

    public async IAsyncEnumerable<Entry> ReadAsync(
        long from, long? to = null, PartSelection parts = PartSelection.Small, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        // Texts are large: fewer of them at once.
        var chunk = parts == PartSelection.Small ? Chunk : 16;
        var end = Math.Min(to ?? long.MaxValue, (await HeadAsync(cancellation).ConfigureAwait(false)).Size);
        while (from < end)
        {
            var start = from;
            foreach (var entry in await ReadAsync((connection, token) => table.RangeAsync(connection, start, end, chunk, parts, token), cancellation).ConfigureAwait(false))
            {
                // One that somebody took out is missed by verification, which says where.
                yield return entry;
                from = entry.Index + 1;
            }

            if (from == start)
            {
                throw Missing(from);
            }
        }
    }

    public async IAsyncEnumerable<Entry> ReadStoryAsync(
        StoryId story, long fromRevision = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromRevision);
        while (true)
        {
            var start = fromRevision;
            var entries = await ReadAsync((connection, token) => table.StoryAsync(connection, story, start, Chunk, token), cancellation).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                yield return entry;
                fromRevision++;
            }

            if (entries.Count < Chunk)
            {
                yield break;
            }
        }
    }

    public async IAsyncEnumerable<Entry> FollowAsync(long from, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        while (true)
        {
            // Taken before reading: an append between the read and the wait ends the wait at once.
            var changed = signal.Next;
            List<Entry> entries;
            do
            {
                var start = from;
                entries = await ReadAsync((connection, token) => table.RangeAsync(connection, start, long.MaxValue, Chunk, PartSelection.Small, token), cancellation, following).ConfigureAwait(false);
                foreach (var entry in entries)
                {
                    yield return entry.Index == from ? entry : throw Missing(from);
                    from++;
                }
            }
            while (entries.Count == Chunk);

            await Task.WhenAny(changed, Task.Delay(PollInterval, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask<Entry?> FindAsync(EntryId id, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default) =>
        await ReadAsync((connection, token) => table.FindAsync(connection, id, parts, token), cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<EntryId>> FindIdsAsync(EntryId first, EntryId last, int limit, CancellationToken cancellation = default) =>
        await ReadAsync((connection, token) => table.IdsAsync(connection, first, last, limit, token), cancellation).ConfigureAwait(false);

    public async ValueTask<long> IndexAtAsync(Timestamp time, CancellationToken cancellation = default) =>
        await ReadAsync((connection, token) => table.IndexAtAsync(connection, time, token), cancellation).ConfigureAwait(false);

    public async ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation = default)
    {
        for (var from = 0L; from < size; from += Chunk)
        {
            var start = from;
            if (await ReadAsync((connection, token) => table.CheckLookupsAsync(connection, start, Math.Min(size, start + Chunk), token), cancellation).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }
        }

        return await ReadAsync(table.CheckHeadAsync, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default) =>
        await ReadAsync((connection, token) => table.TileHashesAsync(connection, level, index, width, token), cancellation).ConfigureAwait(false);

    public async ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming = null, CancellationToken cancellation = default)
    {
        await WriteAsync(async () =>
        {
            if (await new Importer(store, table, clock).ImportAsync(entries, naming, cancellation).ConfigureAwait(false))
            {
                Naming = naming!;
            }
        }, cancellation).ConfigureAwait(false);
        signal.Raise();
    }

    public async ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation = default) =>
        await WriteAsync(() => new Eraser(store, table).EraseAsync(id, part, cancellation), cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
        {
            return;
        }

        if (writer is not null)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        store.Close();
        // Followers who wait find it closed.
        signal.Raise();
        await listener.DisposeAsync().ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
    }

    private static readonly LedgerError ReadOnly = LedgerError.Refused("read-only", "The ledger was opened for reading.");

    private static LedgerException Missing(long index) =>
        new(LedgerError.Integrity("entry-missing", $"The entry at index {index} is missing.", "'ledger verify' tells more."));

    private static async Task<byte[]> SecretAsync(MartenStore store, CancellationToken cancellation)
    {
        var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var command = connection.Command($"SELECT secret FROM {store.Schema}.meta");
        await using var __ = command.ConfigureAwait(false);
        return (byte[])(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) ?? throw MartenErrors.NotALedger(store, "its secret is missing"));
    }

    /// <summary>PostgreSQL keeps JSON's values and not its spelling: what is not in its one canonical spelling would come back as other bytes.</summary>
    private static LedgerError? CheckCanonical(AppendRequest request) =>
        request.Entries.SelectMany(entry => entry.Parts).FirstOrDefault(part => EventRow.IsSmall(part.Name) && !CanonicalJson.IsCanonical(part.Bytes.Span)) is { } part
            ? LedgerError.Refused("command-not-valid", $"The {part.Name} of an entry is not canonical JSON.")
            : null;

    private async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation, ResiliencePipeline? pipeline = null)
    {
        cancellation.ThrowIfCancellationRequested();
        store.CheckOpen();
        try
        {
            return await (pipeline ?? reading).ExecuteAsync(
                static async (state, token) =>
                {
                    var connection = await state.store.Source.OpenConnectionAsync(token).ConfigureAwait(false);
                    await using var _ = connection.ConfigureAwait(false);
                    try
                    {
                        return await state.read(connection, token).ConfigureAwait(false);
                    }
                    catch (InvalidOperationException error) when (connection.FullState is not System.Data.ConnectionState.Open && !state.store.IsClosed)
                    {
                        throw MartenErrors.Lost(error);
                    }
                },
                (store, read),
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (MartenErrors.Wrap(error, store) is var wrapped && wrapped != error)
        {
            throw MartenErrors.Wrap(error, store);
        }
    }

    private async Task WriteAsync(Func<Task> write, CancellationToken cancellation)
    {
        store.CheckOpen();
        if (writer is null)
        {
            throw new LedgerException(ReadOnly);
        }

        try
        {
            await writer.AloneAsync(
                async () =>
                {
                    await write().ConfigureAwait(false);
                    return true;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (MartenErrors.Wrap(error, store) is var wrapped && wrapped != error)
        {
            throw MartenErrors.Wrap(error, store);
        }
    }
}
