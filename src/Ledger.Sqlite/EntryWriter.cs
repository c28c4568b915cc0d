using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>
/// Puts entries into the tables: gives each its index, revision, time and previous hash, and completes tiles of the tree.
/// Lives on the writer's thread and remembers the ends of ledger and stories; <see cref="Forget"/> drops that memory when a transaction failed.
/// </summary>
internal sealed class EntryWriter(SqliteConnection connection, TimeProvider clock) : IDisposable
{
    private const int TileWidth = 256;

    private readonly Dictionary<StoryId, StoryEnd> stories = [];
    private readonly SqliteCommand insertEntry = connection.Prepare(
        """
        INSERT INTO entries(idx, id, story, revision, ledger_time, hash, envelope, body_salt, body, recorder_salt, recorder)
        VALUES ($idx, $id, $story, $revision, $time, $hash, $envelope, $bodySalt, $body, $recorderSalt, $recorder)
        """,
        ("$idx", 0L), ("$id", Array.Empty<byte>()), ("$story", 0L), ("$revision", 0L), ("$time", 0L), ("$hash", Array.Empty<byte>()),
        ("$envelope", Array.Empty<byte>()), ("$bodySalt", Array.Empty<byte>()), ("$body", Array.Empty<byte>()),
        ("$recorderSalt", Array.Empty<byte>()), ("$recorder", Array.Empty<byte>()));
    private readonly SqliteCommand findCommand = connection.Prepare("SELECT idx FROM entries WHERE id = $id", ("$id", Array.Empty<byte>()));

    private LedgerHead? head;

    internal LedgerHead Head => head ??= EntryTable.Head(connection);

    /// <summary>Appends a command's entries, or says why not. Throws only when the file fails.</summary>
    internal AppendResult Append(AppendRequest request)
    {
        if (FindRepeated(request) is { } repeated)
        {
            return repeated;
        }

        var end = EndOf(request.Story);
        if (end.Revision != request.ExpectedRevision)
        {
            return new AppendResult.Conflict(end.Revision);
        }

        var now = Timestamp.From(clock.GetUtcNow());
        if (Head.Time is { } headTime && headTime.ToDateTimeOffset() - now.ToDateTimeOffset() > ILedgerLog.MaxClockLag)
        {
            return new AppendResult.Refused(LedgerError.Refused(
                "clock-behind",
                $"The clock of this machine says {now}, and the last entry was recorded at {headTime}: it is more than {ILedgerLog.MaxClockLag.TotalSeconds:0} s behind.",
                "Set the clock, and repeat the command."));
        }

        var entries = ImmutableArray.CreateBuilder<ReceiptEntry>(request.Entries.Length);
        for (var ordinal = 0; ordinal < request.Entries.Length; ordinal++)
        {
            var recordedAt = end.RecordedAt is { } before ? Timestamp.Max(now, before) : now;
            var (envelope, hash) = request.Seal(ordinal, end.Revision + 1, recordedAt, end.Hash);
            if (envelope.Length > Limits.Envelope)
            {
                // Only a type's name has a free length, and it is ours: this is a program error, not a user's.
                throw new InvalidOperationException($"An envelope of {envelope.Length} bytes.");
            }

            var draft = request.Entries[ordinal];
            var id = EntryId.For(request.Story, request.Command, ordinal);
            var index = Head.Size;
            Insert(index, id, end.Number, end.Revision + 1, recordedAt, hash, envelope, draft.Parts);
            end = end with { Revision = end.Revision + 1, Hash = hash, RecordedAt = recordedAt };
            entries.Add(new(id, draft.Type, index, end.Revision, recordedAt, hash));
        }

        stories[request.Story] = end;
        return new AppendResult.Appended(new(request.Story, request.Command, entries.MoveToImmutable(), Repeated: false));
    }

    /// <summary>Puts one entry in as it is. It must be the next of ledger and story.</summary>
    internal void Import(Entry entry)
    {
        var envelope = entry.Envelope;
        var end = EndOf(envelope.Story);
        if (entry.Index != Head.Size || envelope.Revision != end.Revision + 1 || envelope.Previous != end.Hash)
        {
            throw new LedgerException(LedgerError.Integrity(
                "import-does-not-follow", $"The entry {envelope.Id} at index {entry.Index} does not follow on what is in the ledger ({Head.Size} entries)."));
        }

        Insert(entry.Index, envelope.Id, end.Number, envelope.Revision, envelope.RecordedAt, entry.Hash, entry.EnvelopeBytes.ToArray(), entry.Parts);
        stories[envelope.Story] = end with { Revision = envelope.Revision, Hash = entry.Hash, RecordedAt = envelope.RecordedAt };
    }

    internal void Forget()
    {
        stories.Clear();
        head = null;
    }

    public void Dispose()
    {
        insertEntry.Dispose();
        findCommand.Dispose();
    }

    private AppendResult? FindRepeated(AppendRequest request)
    {
        findCommand.Parameters[0].Value = EntryTable.Key(EntryId.For(request.Story, request.Command, 0).Value);
        if (findCommand.ExecuteScalar() is not long first)
        {
            return null;
        }

        var stored = EntryTable.Command(connection, first);
        return stored[0].Recorder is { } recorder && recorder.Request != request.Request
            ? new AppendResult.Refused(AppendResult.CommandReused(request.Command))
            : new AppendResult.Appended(Receipt.Of(request.Story, request.Command, stored, repeated: true));
    }

    private StoryEnd EndOf(StoryId story)
    {
        if (stories.TryGetValue(story, out var known))
        {
            return known;
        }

        var key = EntryTable.Key(story.Value);
        var number = (long?)connection.Scalar("SELECT number FROM stories WHERE id = $id", ("$id", key));
        if (number is null)
        {
            // A story that turns out to be refused leaves its number behind; nobody sees it.
            number = (long)connection.Scalar("INSERT INTO stories(id) VALUES ($id) RETURNING number", ("$id", key))!;
        }

        var end = new StoryEnd(number.Value, AppendRequest.NoStory, null, null);
        using var last = connection.Prepare(
            "SELECT revision, hash, envelope FROM entries WHERE story = $story ORDER BY revision DESC LIMIT 1", ("$story", number.Value));
        using var reader = last.ExecuteReader();
        if (reader.Read())
        {
            end = end with
            {
                Revision = reader.GetInt64(0),
                Hash = new Digest(reader.Blob(1)),
                RecordedAt = Envelope.Read(reader.Blob(2)).RecordedAt,
            };
        }

        return stories[story] = end;
    }

    private void Insert(
        long index, EntryId id, long story, long revision, Timestamp recordedAt, Digest hash, byte[] envelope, ImmutableArray<Part> parts)
    {
        var time = Head.Time is { } before ? Timestamp.Max(before, recordedAt) : recordedAt;
        var hashBytes = new byte[Digest.Length];
        hash.CopyTo(hashBytes);

        var values = insertEntry.Parameters;
        values[0].Value = index;
        values[1].Value = EntryTable.Key(id.Value);
        values[2].Value = story;
        values[3].Value = revision;
        values[4].Value = time.Microseconds;
        values[5].Value = hashBytes;
        values[6].Value = envelope;
        for (var i = 7; i < 11; i++)
        {
            values[i].Value = DBNull.Value;
        }

        foreach (var part in parts)
        {
            var column = part.Name switch { Part.Body => 7, Part.Recorder => 9, _ => 0 };
            if (column == 0)
            {
                connection.Execute(
                    "INSERT INTO parts(idx, name, salt, bytes) VALUES ($idx, $name, $salt, $bytes)",
                    ("$idx", index), ("$name", part.Name), ("$salt", part.Salt.ToArray()), ("$bytes", part.Bytes.ToArray()));
                continue;
            }

            values[column].Value = EntryTable.Array(part.Salt);
            values[column + 1].Value = EntryTable.Array(part.Bytes);
        }

        insertEntry.ExecuteNonQuery();
        head = new(index + 1, time);
        if (head.Value.Size % TileWidth == 0)
        {
            CompleteTile(0, index / TileWidth);
        }
    }

    private void CompleteTile(int level, long tile)
    {
        var hashes = EntryTable.TileHashes(connection, level, tile, TileWidth);
        var digests = new Digest[TileWidth];
        for (var i = 0; i < TileWidth; i++)
        {
            digests[i] = new(hashes.AsSpan(i * Digest.Length, Digest.Length));
        }

        for (var width = TileWidth; width > 1; width /= 2)
        {
            for (var i = 0; i < width / 2; i++)
            {
                digests[i] = TreeHash.Node(digests[2 * i], digests[(2 * i) + 1]);
            }
        }

        var root = new byte[Digest.Length];
        digests[0].CopyTo(root);
        connection.Execute(
            "INSERT INTO tiles(level, idx, root, hashes) VALUES ($level, $idx, $root, $hashes)",
            ("$level", level), ("$idx", tile), ("$root", root), ("$hashes", hashes));
        if ((tile + 1) % TileWidth == 0)
        {
            CompleteTile(level + 1, tile / TileWidth);
        }
    }

    private readonly record struct StoryEnd(long Number, long Revision, Digest? Hash, Timestamp? RecordedAt);
}
