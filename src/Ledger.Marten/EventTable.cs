using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Npgsql;

namespace Ledger.Marten;

/// <summary>
/// Reads the tables that <see cref="EntryWriter"/> fills. An entry's <c>seq_id</c> is its index plus one and its <c>version</c> its revision plus one, as Marten counts;
/// the event's <c>timestamp</c> is the ledger time.
/// </summary>
internal sealed class EventTable(string schema)
{
    private readonly string columns = $"SELECT e.seq_id - 1, e.headers, e.data FROM {schema}.mt_events e";

    internal async Task<LedgerHead> HeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = connection.Command($"SELECT size, time FROM {schema}.head");
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false) ? new(row.GetInt64(0), row.IsDBNull(1) ? null : Time(row, 1)) : default;
    }

    /// <summary>Entries from an index on, at most <paramref name="count"/>.</summary>
    internal Task<List<Entry>> RangeAsync(NpgsqlConnection connection, long from, long to, int count, PartSelection parts, CancellationToken cancellation)
    {
        to = Math.Min(to, from > long.MaxValue - count ? long.MaxValue : from + count);
        return ReadAsync(
            connection, $"{columns} WHERE e.seq_id > $1 AND e.seq_id <= $2 ORDER BY e.seq_id", $"{schema}.parts WHERE idx >= $1 AND idx < $2", parts, cancellation, from, to);
    }

    internal Task<List<Entry>> StoryAsync(NpgsqlConnection connection, StoryId story, long fromRevision, int count, CancellationToken cancellation) =>
        ReadAsync(
            connection, $"{columns} WHERE e.stream_id = $1 AND e.version > $2 ORDER BY e.version LIMIT $3", null, PartSelection.Small, cancellation, EventRow.Stream(story), fromRevision, count);

    internal async Task<Entry?> FindAsync(NpgsqlConnection connection, EntryId id, PartSelection parts, CancellationToken cancellation) =>
        (await ReadAsync(
            connection, $"{columns} WHERE e.id = $1", $"{schema}.parts WHERE idx = (SELECT seq_id - 1 FROM {schema}.mt_events WHERE id = $1)", parts, cancellation, id.Value).ConfigureAwait(false)).FirstOrDefault();

    internal async Task<long?> IndexOfAsync(NpgsqlConnection connection, EntryId id, CancellationToken cancellation)
    {
        var command = connection.Command($"SELECT seq_id - 1 FROM {schema}.mt_events WHERE id = $1", Sql.Value(id.Value));
        await using var _ = command.ConfigureAwait(false);
        return (long?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    internal async Task<List<EntryId>> IdsAsync(NpgsqlConnection connection, EntryId first, EntryId last, int limit, CancellationToken cancellation)
    {
        var command = connection.Command(
            $"SELECT id FROM {schema}.mt_events WHERE id >= $1 AND id <= $2 ORDER BY id LIMIT $3", Sql.Value(first.Value), Sql.Value(last.Value), Sql.Value(limit));
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        var ids = new List<EntryId>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            ids.Add(new(row.GetGuid(0)));
        }

        return ids;
    }

    /// <summary>The entries of the command whose first entry stands at an index: a command's entries stand together.</summary>
    internal async Task<List<Entry>> CommandAsync(NpgsqlConnection connection, long first, CancellationToken cancellation)
    {
        var count = (await RangeAsync(connection, first, first + 1, 1, PartSelection.Small, cancellation).ConfigureAwait(false))[0].Envelope.Of;
        return await RangeAsync(connection, first, first + count, count, PartSelection.Small, cancellation).ConfigureAwait(false);
    }

    /// <summary>The last index whose ledger time is not after a time; −1 when there is none. Ledger time never falls, so halving finds it, by the primary key alone.</summary>
    internal async Task<long> IndexAtAsync(NpgsqlConnection connection, Timestamp time, CancellationToken cancellation)
    {
        var command = connection.Command(
            $"""
            WITH RECURSIVE halves(low, high) AS (
                SELECT 0::bigint, size + 1 FROM {schema}.head
                UNION ALL
                SELECT CASE WHEN e.timestamp <= $1 THEN m.middle ELSE h.low END, CASE WHEN e.timestamp <= $1 THEN h.high ELSE m.middle END
                FROM halves h CROSS JOIN LATERAL (SELECT h.low + (h.high - h.low) / 2 AS middle) m JOIN {schema}.mt_events e ON e.seq_id = m.middle
                WHERE h.high - h.low > 1)
            SELECT low - 1 FROM halves WHERE high - low = 1
            """,
            Sql.Value(time.ToDateTimeOffset().UtcDateTime));
        await using var _ = command.ConfigureAwait(false);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) ?? -1L);
    }

    /// <summary>The first <paramref name="width"/> hashes of a tile, one after the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree is not that large yet.</exception>
    internal async Task<byte[]> TileHashesAsync(NpgsqlConnection connection, int level, long tile, int width, CancellationToken cancellation)
    {
        if (width == Tiles.Width)
        {
            var full = connection.Command($"SELECT hashes FROM {schema}.tiles WHERE level = $1 AND idx = $2", Sql.Value(level), Sql.Value(tile));
            await using var _ = full.ConfigureAwait(false);
            if (await full.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is byte[] hashes)
            {
                return hashes;
            }
        }

        var found = await HashesAsync(connection, level, tile * Tiles.Width, width, cancellation).ConfigureAwait(false);
        return found.Count == width ? Tiles.Join(found) : throw new ArgumentOutOfRangeException(nameof(width), $"The tile {level}/{tile} has {found.Count} hashes, not {width}.");
    }

    /// <summary>The hashes of a level from one place on, as many as there are: leaf hashes at level 0, roots of full tiles above.</summary>
    internal async Task<List<Digest>> HashesAsync(NpgsqlConnection connection, int level, long from, int count, CancellationToken cancellation)
    {
        var command = level == 0
            ? connection.Command($"SELECT headers->>'hash' FROM {schema}.mt_events WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id", Sql.Value(from), Sql.Value(from + count))
            : connection.Command(
                $"SELECT root FROM {schema}.tiles WHERE level = $3 AND idx >= $1 AND idx < $2 ORDER BY idx", Sql.Value(from), Sql.Value(from + count), Sql.Value(level - 1));
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        var hashes = new List<Digest>(count);
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            hashes.Add(level > 0 ? new(row.GetFieldValue<byte[]>(0)) : !row.IsDBNull(0) && Digest.TryParse(row.GetString(0), out var hash) ? hash : default);
        }

        return hashes;
    }

    /// <summary>The first entry of a range that cannot be found under what its envelope says, by the columns or by the indexes over them; null when all can.</summary>
    internal async Task<VerificationFailure?> CheckLookupsAsync(NpgsqlConnection connection, long from, long to, CancellationToken cancellation)
    {
        var command = connection.Command(
            $"""
            SELECT e.seq_id - 1, e.headers, e.data, e.id, e.stream_id, e.version, e.timestamp, e.type, e.headers->>'index', e.is_archived,
                (SELECT b.timestamp FROM {schema}.mt_events b WHERE b.seq_id = e.seq_id - 1),
                (SELECT i.seq_id - 1 FROM {schema}.mt_events i WHERE i.id = e.id),
                (SELECT v.seq_id - 1 FROM {schema}.mt_events v WHERE v.stream_id = e.stream_id AND v.version = e.version),
                (SELECT s.version FROM {schema}.mt_streams s WHERE s.id = e.stream_id),
                (SELECT max(v.version) FROM {schema}.mt_events v WHERE v.stream_id = e.stream_id)
            FROM {schema}.mt_events e WHERE e.seq_id > $1 AND e.seq_id <= $2 ORDER BY e.seq_id
            """,
            Sql.Value(from), Sql.Value(to));
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var entry = EventRow.Read(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), []);
            var (envelope, index) = (entry.Envelope, entry.Index);
            var before = row.IsDBNull(10) ? envelope.RecordedAt : Time(row, 10);
            var wrong = row.GetGuid(3) != envelope.Id.Value || row.IsDBNull(11) || row.GetInt64(11) != index ? "id"
                : row.IsDBNull(4) || row.GetString(4) != EventRow.Stream(envelope.Story) ? "story"
                : row.GetInt64(5) != envelope.Revision + 1 || row.IsDBNull(12) || row.GetInt64(12) != index ? "revision"
                : row.IsDBNull(13) || row.GetInt64(13) != row.GetInt64(14) ? "story's length"
                : Time(row, 6) != Timestamp.Max(before, envelope.RecordedAt) ? "time"
                : row.GetString(7) != envelope.Type ? "type"
                : row.IsDBNull(8) || row.GetString(8) != index.ToString(System.Globalization.CultureInfo.InvariantCulture) ? "index"
                : row.IsDBNull(9) || row.GetBoolean(9) ? "place: it is archived"
                : null;
            if (wrong is not null)
            {
                return new(index, envelope.Id, $"It is not found by its {wrong}: the database looks it up under another than its envelope states.");
            }
        }

        return null;
    }

    /// <summary>What is wrong with the row that says where the ledger ends; null when it is where the entries end.</summary>
    internal async Task<VerificationFailure?> CheckHeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = connection.Command(
            $"""
            SELECT h.size, e.seq_id, e.id FROM {schema}.head h FULL JOIN (SELECT seq_id, id, timestamp, headers->>'hash' AS hash FROM {schema}.mt_events ORDER BY seq_id DESC LIMIT 1) e ON true
            WHERE h.size IS DISTINCT FROM coalesce(e.seq_id, 0) OR h.time IS DISTINCT FROM e.timestamp
                OR translate(rtrim(encode(h.hash, 'base64'), '='), '+/', '-_') IS DISTINCT FROM e.hash
            """);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false)
            ? new(row.IsDBNull(1) ? 0 : row.GetInt64(1) - 1, row.IsDBNull(2) ? null : new EntryId(row.GetGuid(2)), $"The ledger ends here, and the database says that it has {(row.IsDBNull(0) ? "no end" : $"{row.GetInt64(0)} entries")}, or that its last is another.")
            : null;
    }

    internal static Timestamp Time(NpgsqlDataReader row, int column) => Timestamp.From(new DateTimeOffset(row.GetFieldValue<DateTime>(column), TimeSpan.Zero));

    /// <summary>The entries of rows, with their large parts where these are asked for; in one round trip.</summary>
    private static async Task<List<Entry>> ReadAsync(
        NpgsqlConnection connection, string rows, string? largeParts, PartSelection selection, CancellationToken cancellation, params object[] values)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        var large = selection == PartSelection.All && largeParts is not null;
        if (large)
        {
            // Before the entries: what is erased in between is missing then, and not there without its entry.
            Bind(batch.Add($"SELECT idx, name, salt, words, bytes FROM {largeParts} ORDER BY idx, name"), values);
        }

        Bind(batch.Add(rows), values);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        ILookup<long, Part>? parts = null;
        if (large)
        {
            parts = await ReadLargeAsync(row, cancellation).ConfigureAwait(false);
            await row.NextResultAsync(cancellation).ConfigureAwait(false);
        }

        var entries = new List<Entry>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var index = row.GetInt64(0);
            entries.Add(EventRow.Read(index, row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), parts?[index] ?? []));
        }

        return entries;
    }

    private static async Task<ILookup<long, Part>> ReadLargeAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var parts = new List<(long Index, Part Part)>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            parts.Add((row.GetInt64(0), new(
                row.GetString(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? row.GetFieldValue<byte[]>(4) : System.Text.Encoding.UTF8.GetBytes(row.GetString(3)))));
        }

        return parts.ToLookup(part => part.Index, part => part.Part);
    }

    private static void Bind(NpgsqlBatchCommand command, object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                long number => Sql.Value(number),
                int number => Sql.Value(number),
                Guid id => Sql.Value(id),
                _ => Sql.Value((string)value),
            });
        }
    }
}
