using System.Collections.Immutable;
using System.Text;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Marten;

/// <summary>
/// Puts entries into the tables, a transaction at a time: locks the row that says where the ledger ends, gives each entry its index, revision, time and previous hash, and completes tiles of the tree.
/// Remembers the ends of ledger and stories, and trusts that memory only when the locked row says that nobody else has appended since. Used by one caller at a time.
/// </summary>
internal sealed class EntryWriter(string schema, EventTable table, TimeProvider clock)
{
    // Memory is bounded by starting over: what is missing is read again.
    private const int MaxStories = 100_000;

    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    // What the function 'expect' of the schema raises.
    private const string NotAsRemembered = "LG001";

    private readonly Tiles tiles = new(table);
    private readonly Dictionary<StoryId, StoryEnd> stories = [];
    private readonly List<Row> added = [];
    private readonly Dictionary<StoryId, long> touched = [];
    private LedgerHead head;
    private Digest? last;

    // Whether the head is that of a transaction of one's own that was committed.
    private bool isRemembered;

    // What a transaction goes by that has not asked; null for one that has.
    private LedgerHead? assumed;
    private Digest? assumedLast;
    private Timestamp? databaseTime;

    internal LedgerHead Head => head;

    /// <summary>The leaf hash of the last entry; null when there is none.</summary>
    internal Digest? Last => last;

    /// <summary>Drops what is remembered; to be called when a transaction failed.</summary>
    internal void Forget()
    {
        stories.Clear();
        tiles.Forget();
        Clear();
        (head, last, isRemembered) = (default, null, false);
    }

    /// <summary>
    /// Whether all of these commands can be placed by what is remembered, if that is still so. They may then be placed and committed without asking first:
    /// <see cref="CommitAsync"/> fails with <see cref="NotAsRemembered"/>, and writes nothing, when it is not so.
    /// </summary>
    internal bool Assume(IReadOnlyList<AppendWork> works)
    {
        if (!isRemembered || stories.Count > MaxStories)
        {
            return false;
        }

        var ends = new Dictionary<StoryId, (long Revision, EntryId? Id)>();
        var commands = new HashSet<EntryId>();
        foreach (var work in works)
        {
            var request = work.Request;
            if (!ends.TryGetValue(request.Story, out var end))
            {
                end = stories.TryGetValue(request.Story, out var known) ? (known.Revision, known.Id) : (AppendRequest.NoStory, null);
            }

            if (work.IsUnknown || !commands.Add(work.First) || end.Revision != request.ExpectedRevision || (request.ExpectedLast is { } expected && expected != end.Id))
            {
                return false;
            }

            ends[request.Story] = (end.Revision + request.Entries.Length, EntryId.For(request.Story, request.Command, request.Entries.Length - 1));
        }

        Clear();
        foreach (var story in ends.Keys)
        {
            stories.TryAdd(story, StoryEnd.None);
        }

        databaseTime = null;
        (assumed, assumedLast) = (head, last);
        return true;
    }

    /// <summary>Whether a commit failed because what was assumed is not so: somebody else has appended, or one of the commands is there already.</summary>
    internal static bool IsNotAsRemembered(Exception error) => error is PostgresException { SqlState: NotAsRemembered or PostgresErrorCodes.UniqueViolation };

    /// <summary>
    /// Begins a transaction and locks the ledger's end, and reads what is needed to go on from there: the ends of stories, and which of some entries are there.
    /// </summary>
    internal async Task<Dictionary<EntryId, long>> BeginAsync(
        NpgsqlConnection connection, IReadOnlyCollection<StoryId> wanted, IReadOnlyCollection<EntryId> ids, CancellationToken cancellation)
    {
        Clear();
        if (stories.Count > MaxStories)
        {
            stories.Clear();
        }

        var found = new Dictionary<EntryId, long>();
        var unknown = wanted.Where(story => !stories.ContainsKey(story)).ToList();
        var batch = connection.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(Begin);
            batch.Add($"SELECT size, time, hash FROM {schema}.head FOR UPDATE");
            // A statement of its own: the database's clock as it is when the lock is had.
            batch.Add("SELECT clock_timestamp()");
            batch.Add($"SELECT id, seq_id - 1 FROM {schema}.mt_events WHERE id = ANY($1)", Sql.Array([.. ids.Select(id => id.Value)], NpgsqlDbType.Uuid));
            AddEnds(batch, unknown);
            var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var _ = row.ConfigureAwait(false);
            await ReadHeadAsync(row, cancellation).ConfigureAwait(false);
            await row.NextResultAsync(cancellation).ConfigureAwait(false);
            await row.ReadAsync(cancellation).ConfigureAwait(false);
            databaseTime = EventTable.Time(row, 0);
            await row.NextResultAsync(cancellation).ConfigureAwait(false);
            while (await row.ReadAsync(cancellation).ConfigureAwait(false))
            {
                found[new(row.GetGuid(0))] = row.GetInt64(1);
            }

            await row.NextResultAsync(cancellation).ConfigureAwait(false);
            await ReadEndsAsync(row, unknown, cancellation).ConfigureAwait(false);
        }

        // Others have appended since: the memory that was let go held ends that are needed.
        await LoadAsync(connection, wanted, cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>Reads the ends of stories that are not known yet.</summary>
    internal async Task LoadAsync(NpgsqlConnection connection, IEnumerable<StoryId> wanted, CancellationToken cancellation)
    {
        var unknown = wanted.Where(story => !stories.ContainsKey(story)).ToList();
        if (unknown.Count > 0)
        {
            var batch = connection.CreateBatch();
            await using var _ = batch.ConfigureAwait(false);
            AddEnds(batch, unknown);
            var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var __ = row.ConfigureAwait(false);
            await ReadEndsAsync(row, unknown, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a command's entries their place, or says why not. They are written by <see cref="CommitAsync"/>.</summary>
    internal AppendResult Place(AppendRequest request)
    {
        var end = stories[request.Story];
        if (end.Revision != request.ExpectedRevision || (request.ExpectedLast is { } expected && expected != end.Id))
        {
            return new AppendResult.Conflict(end.Revision);
        }

        var now = Timestamp.From(clock.GetUtcNow());
        if (CheckClock(now) is { } error)
        {
            return new AppendResult.Refused(error);
        }

        var receipts = ImmutableArray.CreateBuilder<ReceiptEntry>(request.Entries.Length);
        for (var ordinal = 0; ordinal < request.Entries.Length; ordinal++)
        {
            var recordedAt = end.RecordedAt is { } before ? Timestamp.Max(now, before) : now;
            var (envelope, hash) = request.Seal(ordinal, end.Revision + 1, recordedAt, end.Hash);
            var (draft, id) = (request.Entries[ordinal], EntryId.For(request.Story, request.Command, ordinal));
            end = new(end.Revision + 1, id, hash, recordedAt);
            receipts.Add(new(id, draft.Type, head.Size, end.Revision, recordedAt, hash));
            Add(new(head.Size, envelope, hash, draft.Parts), request.Story, draft.Type, end);
        }

        return new AppendResult.Appended(new(request.Story, request.Command, receipts.MoveToImmutable(), Repeated: false));
    }

    /// <summary>Takes one entry in as it is. It must be the next of ledger and story, whose end is known.</summary>
    internal void Import(Entry entry)
    {
        var envelope = entry.Envelope;
        var end = stories[envelope.Story];
        if (entry.Index != head.Size || envelope.Revision != end.Revision + 1 || envelope.Previous != end.Hash)
        {
            throw new LedgerException(LedgerError.Integrity(
                "import-does-not-follow", $"The entry {envelope.Id} at index {entry.Index} does not follow on what is in the ledger ({head.Size} entries)."));
        }

        Add(entry, envelope.Story, envelope.Type, new(envelope.Revision, envelope.Id, entry.Hash, envelope.RecordedAt));
    }

    /// <summary>Writes what was added and ends the transaction. Until it returns, nobody knows whether the entries are there; with nothing added, nothing is.</summary>
    internal async Task CommitAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        if (added.Count == 0)
        {
            batch.Add("ROLLBACK");
        }
        else
        {
            if (assumed is { } expected)
            {
                batch.Add(Begin);
                batch.Add(
                    $"SELECT {schema}.expect($1, $2, $3)", Sql.Value(expected.Size), Sql.Bytes(assumedLast!.Value.ToArray()), Sql.Value(clock.GetUtcNow().UtcDateTime));
            }

            await AddRowsAsync(connection, batch, cancellation).ConfigureAwait(false);
            AddEnd(batch);
        }

        await ExecuteEndAsync(batch, cancellation).ConfigureAwait(false);
        isRemembered = last is not null;
        Clear();
    }

    /// <summary>Writes what was added, and goes on in the same transaction.</summary>
    internal async Task FlushAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        await AddRowsAsync(connection, batch, cancellation).ConfigureAwait(false);
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        Clear();
    }

    /// <summary>Moves the ledger's end, tells everybody, and ends the transaction.</summary>
    internal async Task EndAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        AddEnd(batch);
        await ExecuteEndAsync(batch, cancellation).ConfigureAwait(false);
    }

    private static async Task ExecuteEndAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException error) when (batch.BatchCommands.Count > 1 && error.BatchCommand == batch.BatchCommands[^1])
        {
            // Committed: only what is told to Marten's own readers failed, and the next append tells them.
        }
    }

    private LedgerError? CheckClock(Timestamp now)
    {
        var lag = ILedgerLog.MaxClockLag;
        return head.Time is { } headTime && headTime.ToDateTimeOffset() - now.ToDateTimeOffset() > lag
            ? LedgerError.Refused(
                "clock-behind",
                $"The clock of this machine says {now}, and the last entry was recorded at {headTime}: it is more than {lag.TotalSeconds:0} s behind.",
                "Set the clock, and repeat the command.")
            : databaseTime is { } databases && now.ToDateTimeOffset() - databases.ToDateTimeOffset() > lag
            ? LedgerError.Refused(
                "clock-ahead",
                $"The clock of this machine says {now}, and the database's {databases}: it is more than {lag.TotalSeconds:0} s ahead.",
                "Set the clock that is wrong, and repeat the command.")
            : null;
    }

    private void Add(Entry entry, StoryId story, string type, StoryEnd end)
    {
        var recordedAt = end.RecordedAt!.Value;
        var time = head.Time is { } before ? Timestamp.Max(before, recordedAt) : recordedAt;
        head = new(head.Size + 1, time);
        last = entry.Hash;
        stories[story] = end;
        touched[story] = end.Revision + 1;
        added.Add(new(entry, end.Id!.Value, EventRow.Stream(story), end.Revision + 1, type, time.ToDateTimeOffset().UtcDateTime));
    }

    private void Clear()
    {
        added.Clear();
        touched.Clear();
        assumed = null;
    }

    private async Task ReadHeadAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        if (!await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            throw new LedgerException(LedgerError.Integrity("head-missing", "The row that says where the ledger ends is missing.", "Restore the last backup."));
        }

        var actual = new LedgerHead(row.GetInt64(0), row.IsDBNull(1) ? null : EventTable.Time(row, 1));
        Digest? hash = row.IsDBNull(2) ? null : new(row.GetFieldValue<byte[]>(2));
        if (actual.Size != head.Size || hash != last)
        {
            stories.Clear();
            tiles.Forget();
        }

        (head, last) = (actual, hash);
        isRemembered = false;
    }

    private void AddEnds(NpgsqlBatch batch, List<StoryId> wanted) => batch.Add(
        $"""
        SELECT e.stream_id, e.version - 1, e.id, e.headers->>'hash', e.headers->'envelope'->>'recordedAt'
        FROM unnest($1) AS wanted(id) CROSS JOIN LATERAL (SELECT * FROM {schema}.mt_events WHERE stream_id = wanted.id ORDER BY version DESC LIMIT 1) e
        """,
        Sql.Array([.. wanted.Select(EventRow.Stream)], NpgsqlDbType.Varchar));

    private async Task ReadEndsAsync(NpgsqlDataReader row, List<StoryId> wanted, CancellationToken cancellation)
    {
        foreach (var story in wanted)
        {
            stories[story] = StoryEnd.None;
        }

        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            stories[new(Guid.Parse(row.GetString(0)))] = new(
                row.GetInt64(1), new(row.GetGuid(2)), Digest.Parse(row.GetString(3)),
                Timestamp.TryParse(row.GetString(4), out var recordedAt) ? recordedAt : throw new FormatException($"The time of the entry {row.GetGuid(2)} does not read."));
        }
    }

    private async Task AddRowsAsync(NpgsqlConnection connection, NpgsqlBatch batch, CancellationToken cancellation)
    {
        var full = await tiles.AddAsync(connection, head.Size - added.Count, added.ConvertAll(row => row.Entry.Hash), cancellation).ConfigureAwait(false);
        // Streams first: events refer to them.
        batch.Add(
            $"""
            INSERT INTO {schema}.mt_streams(id, version, timestamp, created) SELECT id, version, $3, $3 FROM unnest($1, $2) AS s(id, version)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, timestamp = excluded.timestamp
            """,
            Sql.Array([.. touched.Keys.Select(EventRow.Stream)], NpgsqlDbType.Varchar), Sql.Array([.. touched.Values], NpgsqlDbType.Bigint), Sql.Value(added[^1].Time));
        batch.Add(
            $"""
            INSERT INTO {schema}.mt_events(seq_id, id, stream_id, version, type, timestamp, data, headers) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            Column(row => row.Entry.Index + 1, NpgsqlDbType.Bigint),
            Column(row => row.Id.Value, NpgsqlDbType.Uuid),
            Column(row => row.Stream, NpgsqlDbType.Varchar),
            Column(row => row.Version, NpgsqlDbType.Bigint),
            Column(row => row.Type, NpgsqlDbType.Varchar),
            Column(row => row.Time, NpgsqlDbType.TimestampTz),
            Column(row => EventRow.Data(row.Entry), NpgsqlDbType.Jsonb),
            Column(row => EventRow.Headers(row.Entry), NpgsqlDbType.Jsonb));
        AddParts(batch);
        foreach (var tile in full)
        {
            batch.Add(
                $"INSERT INTO {schema}.tiles(level, idx, root, hashes) VALUES ($1, $2, $3, $4)",
                Sql.Value(tile.Level), Sql.Value(tile.Index), Sql.Bytes(tile.Root.ToArray()), Sql.Bytes(tile.Hashes));
        }
    }

    private NpgsqlParameter Column<T>(Func<Row, T> value, NpgsqlDbType type)
    {
        var values = new T[added.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(added[i]);
        }

        return Sql.Array(values, type);
    }

    private void AddParts(NpgsqlBatch batch)
    {
        var large = added.SelectMany(row => row.Entry.Parts.Where(part => !EventRow.IsSmall(part.Name)), (row, part) => (row.Entry.Index, Part: part)).ToList();
        if (large.Count > 0)
        {
            batch.Add(
                $"INSERT INTO {schema}.parts(idx, name, salt, words, bytes) SELECT * FROM unnest($1, $2, $3, $4, $5)",
                Sql.Array([.. large.Select(part => part.Index)], NpgsqlDbType.Bigint),
                Sql.Array([.. large.Select(part => part.Part.Name)], NpgsqlDbType.Text),
                Sql.Array([.. large.Select(part => part.Part.Salt.ToArray())], NpgsqlDbType.Bytea),
                Sql.Array([.. large.Select(part => part.Part.Name == Part.Text ? Encoding.UTF8.GetString(part.Part.Bytes.Span) : null)], NpgsqlDbType.Text),
                Sql.Array([.. large.Select(part => part.Part.Name == Part.Text ? null : part.Part.Bytes.ToArray())], NpgsqlDbType.Bytea));
        }
    }

    private void AddEnd(NpgsqlBatch batch)
    {
        batch.Add(
            $"UPDATE {schema}.head SET size = $1, time = $2, hash = $3", Sql.Value(head.Size), Sql.Value(head.Time!.Value.ToDateTimeOffset().UtcDateTime), Sql.Bytes(last!.Value.ToArray()));
        batch.Add("SELECT pg_notify($1, '')", Sql.Value(Listener.Channel(schema)));
        batch.Add("COMMIT");
        // Marten's own readers look here for the newest event. After the commit, because a sequence is not taken back; they must not wait for what never came.
        batch.Add($"SELECT setval('{schema}.mt_events_sequence', size) FROM {schema}.head");
    }

    private readonly record struct Row(Entry Entry, EntryId Id, string Stream, long Version, string Type, DateTime Time);

    private readonly record struct StoryEnd(long Revision, EntryId? Id, Digest? Hash, Timestamp? RecordedAt)
    {
        internal static readonly StoryEnd None = new(AppendRequest.NoStory, null, null, null);
    }
}
