using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>
/// The log in EventStoreDB: a stream a story, whose events are the envelopes; parts beside them, so that they can be erased. The index of an entry is its place among all stories'
/// envelopes in <c>$all</c>, which this process counts; several processes may append at the same time.
/// </summary>
internal sealed class EventStoreLog : ILedgerLog
{
    // Entries that are read before they are asked for: whoever writes what he reads in batches finds a batch.
    private const int Ahead = 512;

    private readonly EventStoreSettings settings;
    private readonly StreamNames names;
    private readonly Server server;
    private readonly EntryMap map = new();
    private readonly Erasures erasures;
    private readonly Follower follower;
    private readonly EntryReader reader;
    private readonly Scavenge scavenge;
    private readonly Sweeper sweeper;
    private readonly Eraser eraser;
    private readonly BlockWriter blocks;
    private readonly StoryWriter writer;
    private readonly Importer importer;
    private readonly CancellationTokenSource closing = new();
    private Task resuming = Task.CompletedTask;
    private int closed;

    private EventStoreLog(EventStoreSettings settings, EventStoreClientSettings client, StreamNames names)
    {
        this.settings = settings;
        this.names = names;
        server = new(settings, client);
        erasures = new(server, names);
        follower = new(server, names, map, erasures);
        reader = new(server, names, map, erasures, follower);
        scavenge = new(client, server);
        sweeper = new(server, names, map, erasures, settings.Clock);
        eraser = new(server, names, map, erasures, reader, sweeper, scavenge);
        blocks = new(server, names, settings);
        writer = new(settings, server, names, map, follower, reader, blocks, eraser);
        importer = new(server, names, map, follower, blocks, settings);
    }

    public Naming Naming { get; private set; } = null!;

    internal static async ValueTask<ILedgerLog> OpenAsync(EventStoreSettings settings, CancellationToken cancellation)
    {
        var names = StreamNames.Of(settings.Prefix);
        EventStoreClientSettings client;
        try
        {
            client = EventStoreClientSettings.Create(settings.ConnectionString);
            NoticeSooner(client.ConnectivitySettings, settings.ConnectionString);
        }
        catch (Exception error) when (error is ConnectionStringParseException or FormatException or ArgumentException)
        {
            throw new LedgerException(LedgerError.Refused("connection-not-valid", $"The connection string of EventStoreDB does not read: {error.Message}", "It begins with esdb:// and names a host and a port."), error);
        }

        var log = new EventStoreLog(settings, client, names);
        try
        {
            (log.Naming, log.map.Begin) = await log.BeginAsync(cancellation).ConfigureAwait(false);
            await log.follower.StartAsync(cancellation).ConfigureAwait(false);
            if (!settings.ReadOnly)
            {
                log.resuming = Task.Run(log.TidyAsync, CancellationToken.None);
            }

            return log;
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask<LedgerHead> HeadAsync(CancellationToken cancellation = default)
    {
        Check(cancellation);
        return new(map.Head);
    }

    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        Check(cancellation);
        if (request.CheckLimits() is { } error)
        {
            return new AppendResult.Refused(error);
        }

        return settings.ReadOnly ? new AppendResult.Refused(OnlyRead) : await writer.AppendAsync(request, cancellation).ConfigureAwait(false);
    }

    public ValueTask<Receipt?> FindReceiptAsync(StoryId story, CommandId command, CancellationToken cancellation = default) => RunAsync(
        async token =>
        {
            if (map.IndexOf(EntryId.For(story, command, 0)) is not { } index)
            {
                return null;
            }

            var revision = map[index].Revision;
            var first = await reader.EnvelopesAsync(story, revision, 1, token).ConfigureAwait(false);
            return Receipt.Of(story, command, await reader.EnvelopesAsync(story, revision, first[0].Envelope.Of, token).ConfigureAwait(false), repeated: true);
        },
        cancellation);

    public IAsyncEnumerable<Entry> ReadAsync(long from, long? to = null, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return StreamAsync(
            token =>
            {
                var end = Math.Min(to ?? long.MaxValue, map.Head.Size);
                return ReadAhead.Of(ahead => reader.RangeAsync(from, end, parts, ahead), parts == PartSelection.Small ? Ahead : 16, token);
            },
            cancellation);
    }

    public IAsyncEnumerable<Entry> ReadStoryAsync(StoryId story, long fromRevision = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromRevision);
        return StreamAsync(token => reader.StoryAsync(story, fromRevision, settings.CallPatience, token), cancellation);
    }

    public IAsyncEnumerable<Entry> FollowAsync(long from, CancellationToken cancellation = default) => StreamAsync(token => ReadAhead.Of(ahead => reader.FollowAsync(from, ahead), Ahead, token), cancellation);

    public ValueTask<Entry?> FindAsync(EntryId id, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default) => RunAsync(
        async token => map.IndexOf(id) is { } index ? await reader.AtAsync(index, parts, token).ConfigureAwait(false) : null, cancellation);

    public ValueTask<IReadOnlyList<EntryId>> FindIdsAsync(EntryId first, EntryId last, int limit, CancellationToken cancellation = default)
    {
        Check(cancellation);
        return new(map.Ids(first, last, limit));
    }

    public ValueTask<long> IndexAtAsync(Timestamp time, CancellationToken cancellation = default)
    {
        Check(cancellation);
        return new(map.IndexAt(time));
    }

    public ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation = default) =>
        RunAsync(token => reader.CheckLookupsAsync(size, token), cancellation);

    public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default)
    {
        Check(cancellation);
        return new(map.Tile(level, index, width));
    }

    public async ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming = null, CancellationToken cancellation = default)
    {
        CheckWritable(cancellation);
        await importer.ImportAsync(
            entries,
            async () =>
            {
                if (naming is not null && map.Head.Size == 0)
                {
                    await server.CallAsync(
                        (client, token) => client.AppendToStreamAsync(names.Meta, StreamState.Any, [Secret(naming.Secret)], deadline: server.Deadline, cancellationToken: token),
                        CancellationToken.None).ConfigureAwait(false);
                    Naming = naming;
                }
            },
            cancellation).ConfigureAwait(false);
    }

    public async ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation = default)
    {
        CheckWritable(cancellation);
        await eraser.EraseAsync(id, part, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
        {
            return;
        }

        await writer.CloseAsync().ConfigureAwait(false);
        await closing.CancelAsync().ConfigureAwait(false);
        await resuming.ConfigureAwait(false);
        await follower.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        scavenge.Dispose();
        eraser.Dispose();
        sweeper.Dispose();
        closing.Dispose();
        if (settings.Companion is { } companion)
        {
            await companion.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A node that hangs keeps its connections, and the client stays with it until a ping is not answered: by its own defaults for twenty seconds. What the connection string says holds.
    /// </summary>
    private static void NoticeSooner(EventStoreClientConnectivitySettings connectivity, string connectionString)
    {
        if (!connectionString.Contains("keepAlive", StringComparison.OrdinalIgnoreCase))
        {
            connectivity.KeepAliveInterval = TimeSpan.FromSeconds(3);
            connectivity.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        }

        if (!connectionString.Contains("gossipTimeout", StringComparison.OrdinalIgnoreCase))
        {
            connectivity.GossipTimeout = TimeSpan.FromSeconds(2);
        }
    }

    private static LedgerError OnlyRead => LedgerError.Refused("read-only", "The ledger was opened for reading.");

    /// <summary>The ledger's names, and where its first event stands; made where they are not there.</summary>
    private async ValueTask<(Naming Naming, Position Begin)> BeginAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var meta = await ReadMetaAsync(cancellation).ConfigureAwait(false);
            if (meta.Count > 0)
            {
                // The last one holds: an empty ledger that takes on another's entries takes on its names.
                using var data = JsonDocument.Parse(meta[^1].Data);
                return data.RootElement.GetProperty("format").GetInt32() == 1
                    ? (new(data.RootElement.GetProperty("secret").GetBytesFromBase64()), meta[0].Position)
                    : throw new LedgerException(LedgerError.Refused("ledger-from-newer-version", $"The ledger '{settings.Prefix}' was made by a newer version.", "Update this program."));
            }

            if (settings.ReadOnly)
            {
                throw new LedgerException(LedgerError.NotFound(
                    "ledger-not-found", $"There is no ledger '{settings.Prefix}' on this EventStoreDB.", "Name another, or start one with 'ledger ingest FOLDER'."));
            }

            // Whoever comes second takes the secret of the first.
            await server.AppendAsync(names.Meta, AppendRequest.NoStory, [Secret(RandomNumberGenerator.GetBytes(32))]).ConfigureAwait(false);
        }
    }

    private static EventData Secret(ReadOnlyMemory<byte> secret) => new(Uuid.NewUuid(), "ledger-named", Events.Write(json =>
    {
        json.WriteNumber("format", 1);
        json.WriteBase64String("secret", secret.Span);
    }));

    private ValueTask<List<EventRecord>> ReadMetaAsync(CancellationToken cancellation) => server.CallAsync(
        async (client, token) =>
        {
            var events = new List<EventRecord>();
            var records = client.ReadStreamAsync(Direction.Forwards, names.Meta, StreamPosition.Start, cancellationToken: token);
            if (await records.ReadState.ConfigureAwait(false) == ReadState.Ok)
            {
                await foreach (var record in records.ConfigureAwait(false))
                {
                    events.Add(record.Event);
                }
            }

            return events;
        },
        cancellation);

    /// <summary>Takes up erasures that were not brought to their end, and takes out parts that a process left which died before it appended their entries.</summary>
    private async Task TidyAsync()
    {
        try
        {
            await eraser.ResumeAsync(closing.Token).ConfigureAwait(false);
            await sweeper.RunAsync(eraser, closing.Token).ConfigureAwait(false);
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // The next start takes it up.
        }
        catch (LedgerException)
        {
            // As well; what was erased cannot be read meanwhile.
        }
    }

    private void Check(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Volatile.Read(ref closed) != 0)
        {
            throw new LedgerException(Follower.Closed);
        }

        follower.Check();
    }

    private void CheckWritable(CancellationToken cancellation)
    {
        Check(cancellation);
        if (settings.ReadOnly)
        {
            throw new LedgerException(OnlyRead);
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> run, CancellationToken cancellation)
    {
        Check(cancellation);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, closing.Token);
        try
        {
            return await run(either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsClosing(error, cancellation))
        {
            throw new LedgerException(Follower.Closed, error);
        }
    }

    private async IAsyncEnumerable<Entry> StreamAsync(Func<CancellationToken, IAsyncEnumerable<Entry>> open, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Check(cancellation);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, closing.Token);
        await using var entries = open(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await entries.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception error) when (IsClosing(error, cancellation))
            {
                throw new LedgerException(Follower.Closed, error);
            }
            catch (Exception error) when (cancellation.IsCancellationRequested && error is not OperationCanceledException)
            {
                throw new OperationCanceledException(error.Message, error, cancellation);
            }

            yield return entries.Current;
        }
    }

    /// <summary>Closing cuts calls off in many ways; to whoever made them it is one.</summary>
    private bool IsClosing(Exception error, CancellationToken cancellation) =>
        closing.IsCancellationRequested && !cancellation.IsCancellationRequested && error is not LedgerException { Error.Code: "ledger-closed" };
}
