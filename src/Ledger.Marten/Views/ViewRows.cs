using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Core.Views;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Marten;

/// <summary>The versions of one write as rows. What was opened and closed in the same write never stands open.</summary>
internal sealed class ViewRows
{
    private readonly List<Row> opened = [];
    private readonly List<Guid> closedKeys = [];
    private readonly List<long> closedAt = [];
    private readonly List<(Guid Id, string Line, bool Rough)> words = [];
    private readonly View view;

    internal ViewRows(View view, IReadOnlyList<ViewVersion> versions)
    {
        this.view = view;
        var latest = new Dictionary<Guid, Row>();
        foreach (var version in versions)
        {
            var before = latest.GetValueOrDefault(version.Key);
            if (before is not null)
            {
                before.To = Math.Min(before.To, version.From);
            }
            else if (version.Replaces)
            {
                closedKeys.Add(version.Key);
                closedAt.Add(version.From);
            }

            if (version.Record is not { } record)
            {
                continue;
            }

            var id = Id(version.Key, version.From);
            // A version that goes on from one that was written before takes its beginning and words from there, when that is closed.
            var row = new Row(
                id,
                version.Key,
                version.From,
                version.Replaces ? before?.Began : version.From,
                record,
                version.Words is not null ? id : version.Replaces ? before?.Words : null);
            if (version.Words is { } text)
            {
                var (line, rough) = ViewWords.Of(text);
                words.Add((id, line, rough));
            }

            opened.Add(row);
            latest[version.Key] = row;
        }
    }

    /// <summary>How many versions that were written before are to be closed.</summary>
    internal int Closing => closedKeys.Count;

    /// <summary>Adds what writes the rows to a batch. Its first statement tells how many versions it closed.</summary>
    internal void AddTo(NpgsqlBatch batch, ViewTables tables, string series)
    {
        var partition = tables.Partition(series);
        // A beginning that is not known is that of the version that is closed; when there is none, nothing is written at all, because a row must have one.
        batch.Add(
            $$"""
            WITH opened AS (
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::uuid[], $8::jsonb[]) AS o(id, key, from_index, to_index, began, story, words, data)
            ), closed AS (
                UPDATE {{partition}} AS v SET to_index = c.at, data = jsonb_set(v.data, '{toIndex}', to_jsonb(c.at))
                FROM unnest($9::uuid[], $10::bigint[]) AS c(key, at)
                WHERE v.key = c.key AND v.to_index = {{ViewRecordDocument.Open}}
                RETURNING v.key, v.began, v.words
            ), written AS (
                INSERT INTO {{partition}}(id, series, key, from_index, to_index, began, story, words, data)
                SELECT o.id, '{{series}}', o.key, o.from_index, o.to_index, coalesce(o.began, c.began), o.story, coalesce(o.words, c.words),
                    CASE WHEN c.key IS NULL THEN o.data ELSE o.data || jsonb_build_object('began', c.began, 'words', coalesce(o.words, c.words)) END
                FROM opened o LEFT JOIN closed c ON o.began IS NULL AND c.key = o.key
            )
            SELECT count(*) FROM closed
            """,
            Uuids(row => row.Id),
            Uuids(row => row.Key),
            Sql.Array<long>([.. opened.Select(row => row.From)], NpgsqlDbType.Bigint),
            Sql.Array<long>([.. opened.Select(row => row.To)], NpgsqlDbType.Bigint),
            Sql.Array<long?>([.. opened.Select(row => row.Began)], NpgsqlDbType.Bigint),
            Uuids(row => row.Record.StoryId.Value),
            Uuids(row => row.Words),
            Sql.Array<string>([.. opened.Select(row => Document(row, series))], NpgsqlDbType.Jsonb),
            Sql.Array<Guid>([.. closedKeys], NpgsqlDbType.Uuid),
            Sql.Array<long>([.. closedAt], NpgsqlDbType.Bigint));
        if (words.Count == 0)
        {
            return;
        }

        batch.Add(
            $"""
            INSERT INTO {tables.Words(series)}(id, line, rough, vector)
            SELECT id, line, rough, CASE WHEN rough THEN array_to_tsvector(ARRAY['{ViewWords.Rough}']) ELSE array_to_tsvector(array_remove(string_to_array(line, ' '), '')) END
            FROM unnest($1::uuid[], $2::text[], $3::boolean[]) AS w(id, line, rough)
            """,
            Sql.Array<Guid>([.. words.Select(line => line.Id)], NpgsqlDbType.Uuid),
            Sql.Array<string>([.. words.Select(line => line.Line)], NpgsqlDbType.Text),
            Sql.Array<bool>([.. words.Select(line => line.Rough)], NpgsqlDbType.Boolean));
    }

    private NpgsqlParameter Uuids(Func<Row, Guid?> value) => Sql.Array<Guid?>([.. opened.Select(value)], NpgsqlDbType.Uuid);

    private static Guid Id(Guid key, long from)
    {
        Span<byte> bytes = stackalloc byte[24];
        key.TryWriteBytes(bytes, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[16..], from);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        // A UUID of its maker's own kind (version 8).
        (hash[6], hash[8]) = ((byte)(0x80 | (hash[6] & 0x0F)), (byte)(0x80 | (hash[8] & 0x3F)));
        return new(hash[..16], bigEndian: true);
    }

    /// <summary>The JSON of <see cref="ViewRecordDocument"/>.</summary>
    private string Document(Row row, string series)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("id", row.Id);
            writer.WriteString("series", series);
            writer.WriteString("key", row.Key);
            writer.WriteNumber("fromIndex", row.From);
            writer.WriteNumber("toIndex", row.To);
            writer.WriteNumber("began", row.Began ?? row.From);
            writer.WriteString("story", row.Record.StoryId.Value);
            if (row.Words is { } id)
            {
                writer.WriteString("words", id);
            }

            var values = view.FacetsOf(row.Record);
            foreach (var (name, fold) in new[] { ("facets", false), ("folded", true) })
            {
                writer.WriteStartObject(name);
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] is { } value)
                    {
                        writer.WriteString(view.Facets[i], fold ? FacetFilter.Fold(value) : value);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WritePropertyName("record");
            writer.WriteRawValue(view.Write(row.Record), skipInputValidation: true);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private sealed record Row(Guid Id, Guid Key, long From, long? Began, ViewRecord Record, Guid? Words)
    {
        internal long To { get; set; } = ViewRecordDocument.Open;
    }
}
