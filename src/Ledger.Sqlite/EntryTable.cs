using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>Reads the tables that <see cref="EntryWriter"/> fills, on any connection.</summary>
internal static class EntryTable
{
    private const string Columns = "e.idx, e.hash, e.envelope, e.body_salt, e.body, e.recorder_salt, e.recorder";

    internal static LedgerHead Head(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT idx, ledger_time FROM entries ORDER BY idx DESC LIMIT 1");
        using var reader = command.ExecuteReader();
        return reader.Read() ? new(reader.GetInt64(0) + 1, new Timestamp(reader.GetInt64(1))) : default;
    }

    /// <summary>Entries from an index on, at most <paramref name="count"/>.</summary>
    internal static List<Entry> Range(SqliteConnection connection, long from, long to, int count, PartSelection parts)
    {
        using var command = connection.Prepare(
            $"SELECT {Columns} FROM entries e WHERE e.idx >= $from AND e.idx < $to ORDER BY e.idx LIMIT $count",
            ("$from", from), ("$to", to), ("$count", count));
        return Read(connection, command, parts);
    }

    internal static List<Entry> Story(SqliteConnection connection, StoryId story, long fromRevision, int count)
    {
        using var command = connection.Prepare(
            $"""
            SELECT {Columns} FROM entries e
            WHERE e.story = (SELECT number FROM stories WHERE id = $story) AND e.revision >= $from ORDER BY e.revision LIMIT $count
            """,
            ("$story", Key(story.Value)), ("$from", fromRevision), ("$count", count));
        return Read(connection, command, PartSelection.Small);
    }

    internal static Entry? Find(SqliteConnection connection, EntryId id, PartSelection parts)
    {
        using var command = connection.Prepare($"SELECT {Columns} FROM entries e WHERE e.id = $id", ("$id", Key(id.Value)));
        return Read(connection, command, parts).FirstOrDefault();
    }

    /// <summary>The entries of the command whose first entry stands at an index: a command's entries stand together.</summary>
    internal static List<Entry> Command(SqliteConnection connection, long first)
    {
        var count = Range(connection, first, first + 1, 1, PartSelection.Small)[0].Envelope.Of;
        return Range(connection, first, first + count, count, PartSelection.Small);
    }

    /// <summary>The last index whose ledger time is not after a time; −1 when there is none. Ledger time never falls, so halving finds it.</summary>
    internal static long IndexAt(SqliteConnection connection, Timestamp time)
    {
        using var command = connection.Prepare("SELECT ledger_time FROM entries WHERE idx = $idx", ("$idx", 0L));
        long low = -1, high = Head(connection).Size;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            command.Parameters[0].Value = middle;
            if ((long)command.ExecuteScalar()! <= time.Microseconds)
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
    internal static byte[] TileHashes(SqliteConnection connection, int level, long tile, int width)
    {
        if (width == 256 && connection.Scalar("SELECT hashes FROM tiles WHERE level = $level AND idx = $idx", ("$level", level), ("$idx", tile)) is byte[] full)
        {
            return full;
        }

        var first = tile * 256;
        using var command = level == 0
            ? connection.Prepare("SELECT hash FROM entries WHERE idx >= $from AND idx < $to ORDER BY idx", ("$from", first), ("$to", first + width))
            : connection.Prepare(
                "SELECT root FROM tiles WHERE level = $level AND idx >= $from AND idx < $to ORDER BY idx",
                ("$level", level - 1), ("$from", first), ("$to", first + width));
        using var reader = command.ExecuteReader();
        var hashes = new byte[width * Digest.Length];
        var read = 0;
        for (; read < width && reader.Read(); read++)
        {
            reader.GetBytes(0, 0, hashes, read * Digest.Length, Digest.Length);
        }

        return read == width ? hashes : throw new ArgumentOutOfRangeException(nameof(width), $"The tile {level}/{tile} has {read} hashes, not {width}.");
    }

    internal static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>The bytes as an array, without a copy where they are one.</summary>
    internal static byte[] Array(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();

    private static List<Entry> Read(SqliteConnection connection, SqliteCommand command, PartSelection selection)
    {
        var entries = new List<Entry>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var index = reader.GetInt64(0);
            var parts = ImmutableArray.CreateBuilder<Part>(4);
            Add(parts, Part.Body, reader, 3);
            Add(parts, Part.Recorder, reader, 5);
            if (selection == PartSelection.All)
            {
                AddLarge(parts, connection, index);
            }

            entries.Add(new(index, reader.Blob(2), new Digest(reader.Blob(1)), parts.DrainToImmutable()));
        }

        return entries;
    }

    private static void Add(ImmutableArray<Part>.Builder parts, string name, SqliteDataReader reader, int column)
    {
        if (!reader.IsDBNull(column))
        {
            parts.Add(new(name, reader.Blob(column), reader.Blob(column + 1)));
        }
    }

    private static void AddLarge(ImmutableArray<Part>.Builder parts, SqliteConnection connection, long index)
    {
        using var command = connection.Prepare("SELECT name, salt, bytes FROM parts WHERE idx = $idx ORDER BY name", ("$idx", index));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            parts.Add(new(reader.GetString(0), reader.Blob(1), reader.Blob(2)));
        }
    }
}
