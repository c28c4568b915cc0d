using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Sqlite;

/// <summary>Reads the tables that <see cref="EntryWriter"/> fills, on any connection.</summary>
internal static class EntryTable
{
    private const string Columns = "e.idx, e.hash, e.envelope, e.body_salt, e.body, e.recorder_salt, e.recorder";

    internal static LedgerHead Head(Database database)
    {
        using var last = database.Prepare("SELECT idx, ledger_time FROM entries ORDER BY idx DESC LIMIT 1");
        return last.Step() ? new(last.Int64(0) + 1, new Timestamp(last.Int64(1))) : default;
    }

    /// <summary>Entries from an index on, at most <paramref name="count"/>.</summary>
    internal static List<Entry> Range(Database database, long from, long to, int count, PartSelection parts)
    {
        using var range = database.Prepare($"SELECT {Columns} FROM entries e WHERE e.idx >= ?1 AND e.idx < ?2 ORDER BY e.idx LIMIT ?3")
            .Bind(1, from).Bind(2, to).Bind(3, count);
        return Read(database, range, parts);
    }

    /// <summary>A story's entries from a revision on, at most <paramref name="count"/>. In a snapshot: an entry may move between the tables that it is found by.</summary>
    internal static List<Entry> Story(Database database, StoryId story, long fromRevision, int count)
    {
        var entries = new List<Entry>();
        foreach (var table in (string[])["revisions", "recent"])
        {
            if (entries.Count < count)
            {
                using var range = database.Prepare(
                    $"""
                    SELECT {Columns} FROM {table} r CROSS JOIN entries e ON e.idx = r.idx AND e.story = r.story AND e.revision = r.revision
                    WHERE r.story = (SELECT number FROM stories WHERE id = ?1) AND r.revision >= ?2 ORDER BY {(table == "recent" ? "r.idx" : "r.revision")} LIMIT ?3
                    """).Bind(1, Key(story.Value)).Bind(2, fromRevision + entries.Count).Bind(3, count - entries.Count);
                entries.AddRange(Read(database, range, PartSelection.Small));
            }
        }

        return entries;
    }

    /// <summary>In a snapshot, as <see cref="Story"/>.</summary>
    internal static Entry? Find(Database database, EntryId id, PartSelection parts)
    {
        if (IndexOf(database, id) is not { } index)
        {
            return null;
        }

        using var one = database.Prepare($"SELECT {Columns} FROM entries e WHERE e.idx = ?1").Bind(1, index);
        return Read(database, one, parts).FirstOrDefault();
    }

    /// <summary>In a snapshot, as <see cref="Story"/>.</summary>
    internal static long? IndexOf(Database database, EntryId id)
    {
        var key = Key(id.Value);
        return Database.Number(database.Prepare("SELECT e.idx FROM ids i CROSS JOIN entries e ON e.idx = i.idx AND e.id = i.id WHERE i.id = ?1").Bind(1, key))
            // The newest first: what was appended a moment ago is what is asked for most.
            ?? Database.Number(database.Prepare("SELECT e.idx FROM recent r CROSS JOIN entries e ON e.idx = r.idx AND e.id = r.id WHERE r.id = ?1 ORDER BY r.idx DESC LIMIT 1").Bind(1, key));
    }

    internal static List<EntryId> Ids(Database database, EntryId first, EntryId last, int limit)
    {
        using var range = database.Prepare(
            """
            SELECT i.id AS id FROM ids i CROSS JOIN entries e ON e.idx = i.idx AND e.id = i.id WHERE i.id >= ?1 AND i.id <= ?2
            UNION SELECT r.id FROM recent r CROSS JOIN entries e ON e.idx = r.idx AND e.id = r.id WHERE r.id >= ?1 AND r.id <= ?2
            ORDER BY id LIMIT ?3
            """)
            .Bind(1, Key(first.Value)).Bind(2, Key(last.Value)).Bind(3, limit);
        var ids = new List<EntryId>();
        while (range.Step())
        {
            ids.Add(new(new Guid(range.Blob(0), bigEndian: true)));
        }

        return ids;
    }

    /// <summary>The entries of the command whose first entry stands at an index: a command's entries stand together.</summary>
    internal static List<Entry> Command(Database database, long first)
    {
        var count = Range(database, first, first + 1, 1, PartSelection.Small)[0].Envelope.Of;
        return Range(database, first, first + count, count, PartSelection.Small);
    }

    /// <summary>The last index whose ledger time is not after a time; −1 when there is none. Ledger time never falls, so halving finds it.</summary>
    internal static long IndexAt(Database database, Timestamp time)
    {
        long low = -1, high = Head(database).Size;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Database.Number(database.Prepare("SELECT ledger_time FROM entries WHERE idx = ?1").Bind(1, middle)) <= time.Microseconds)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The first <paramref name="width"/> hashes of a tile, one after the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree is not that large yet.</exception>
    internal static byte[] TileHashes(Database database, int level, long tile, int width)
    {
        if (width == 256)
        {
            using var full = database.Prepare("SELECT hashes FROM tiles WHERE level = ?1 AND idx = ?2").Bind(1, level).Bind(2, tile);
            if (full.Step())
            {
                return full.Blob(0).ToArray();
            }
        }

        var first = tile * 256;
        using var part = level == 0
            ? database.Prepare("SELECT hash FROM entries WHERE idx >= ?1 AND idx < ?2 ORDER BY idx").Bind(1, first).Bind(2, first + width)
            : database.Prepare("SELECT root FROM tiles WHERE idx >= ?1 AND idx < ?2 AND level = ?3 ORDER BY idx")
                .Bind(1, first).Bind(2, first + width).Bind(3, level - 1);
        var hashes = new byte[width * Digest.Length];
        var read = 0;
        for (; read < width && part.Step(); read++)
        {
            part.Blob(0).CopyTo(hashes.AsSpan(read * Digest.Length));
        }

        return read == width ? hashes : throw new ArgumentOutOfRangeException(nameof(width), $"The tile {level}/{tile} has {read} hashes, not {width}.");
    }

    /// <summary>The first entry of a range that cannot be found under what its envelope says, by the columns or by the tables it is found by; null when all can.</summary>
    internal static VerificationFailure? CheckLookups(Database database, long from, long to)
    {
        using var rows = database.Prepare(
            """
            SELECT e.idx, e.envelope, e.id, s.id, e.revision, e.ledger_time, e.story,
                coalesce((SELECT max(ledger_time) FROM entries WHERE idx = e.idx - 1), 0),
                i.idx IS e.idx OR (i.idx IS NULL AND r.id IS e.id),
                v.idx IS e.idx OR (v.idx IS NULL AND r.story IS e.story AND r.revision IS e.revision)
            FROM entries e LEFT JOIN stories s ON s.number = e.story LEFT JOIN ids i ON i.id = e.id
                LEFT JOIN revisions v ON v.story = e.story AND v.revision = e.revision LEFT JOIN recent r ON r.idx = e.idx
            WHERE e.idx >= ?1 AND e.idx < ?2 ORDER BY e.idx
            """).Bind(1, from).Bind(2, to);
        while (rows.Step())
        {
            var index = rows.Int64(0);
            var envelope = Envelope.Read(rows.Blob(1).ToArray());
            var story = Key(envelope.Story.Value);
            var wrong = !rows.Blob(2).SequenceEqual(Key(envelope.Id.Value)) || rows.Int64(8) == 0 ? "id"
                : !rows.Blob(3).SequenceEqual(story) || Database.Number(database.Prepare("SELECT number FROM stories WHERE id = ?1").Bind(1, story)) != rows.Int64(6) ? "story"
                : rows.Int64(4) != envelope.Revision || rows.Int64(9) == 0 ? "revision"
                : rows.Int64(5) != Math.Max(rows.Int64(7), envelope.RecordedAt.Microseconds) ? "time"
                : null;
            if (wrong is not null)
            {
                return new(index, envelope.Id, $"It is not found by its {wrong}: the file looks it up under another than its envelope states.");
            }
        }

        return null;
    }

    internal static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);

    private static List<Entry> Read(Database database, Statement rows, PartSelection selection)
    {
        var entries = new List<Entry>();
        while (rows.Step())
        {
            var index = rows.Int64(0);
            var parts = ImmutableArray.CreateBuilder<Part>(selection == PartSelection.All ? 4 : 2);
            Add(parts, Part.Body, rows, 3);
            Add(parts, Part.Recorder, rows, 5);
            if (selection == PartSelection.All)
            {
                AddLarge(parts, database, index);
            }

            entries.Add(new(index, rows.Blob(2).ToArray(), new Digest(rows.Blob(1)), parts.DrainToImmutable()));
        }

        return entries;
    }

    private static void Add(ImmutableArray<Part>.Builder parts, string name, Statement row, int column)
    {
        if (!row.IsNull(column))
        {
            parts.Add(new(name, row.Blob(column).ToArray(), row.Blob(column + 1).ToArray()));
        }
    }

    private static void AddLarge(ImmutableArray<Part>.Builder parts, Database database, long index)
    {
        using var large = database.Prepare("SELECT name, salt, bytes FROM parts WHERE idx = ?1 ORDER BY name").Bind(1, index);
        while (large.Step())
        {
            parts.Add(new(large.Text(0), large.Blob(1).ToArray(), large.Blob(2).ToArray()));
        }
    }
}
