using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Sqlite;

/// <summary>
/// Puts entries into the tables: gives each its index, revision, time and previous hash, and completes tiles of the tree.
/// Lives on the writer's thread and remembers the ends of ledger and stories; <see cref="Forget"/> drops that memory when a transaction failed.
/// </summary>
internal sealed class EntryWriter(Database database, TimeProvider clock)
{
    private const int TileWidth = 256;

    // So many entries are found in 'recent': few enough to be looked through in a millisecond, many enough that those which share a page of 'ids' go over together.
    private const int MaxRecent = 16_384;

    private const string InsertEntry = """
        INSERT INTO entries(idx, id, story, revision, ledger_time, hash, envelope, body_salt, body, recorder_salt, recorder)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private readonly Dictionary<StoryId, StoryEnd> stories = [];
    private HashSet<EntryId>? recent;
    private LedgerHead? head;

    internal LedgerHead Head => head ??= EntryTable.Head(database);

    /// <summary>Appends a command's entries, or says why not. Throws only when the file fails.</summary>
    internal AppendResult Append(AppendRequest request)
    {
        var end = EndOf(request.Story);
        if (end.Revision != request.ExpectedRevision || (request.ExpectedLast is { } last && last != end.Id))
        {
            return FindRepeated(request) ?? new AppendResult.Conflict(end.Revision);
        }

        var now = Timestamp.From(clock.GetUtcNow());
        if (Head.Time is { } headTime && headTime.ToDateTimeOffset() - now.ToDateTimeOffset() > ILedgerLog.MaxClockLag)
        {
            return FindRepeated(request) ?? new AppendResult.Refused(LedgerError.Refused(
                "clock-behind",
                $"The clock of this machine says {now}, and the last entry was recorded at {headTime}: it is more than {ILedgerLog.MaxClockLag.TotalSeconds:0} s behind.",
                "Set the clock, and repeat the command."));
        }

        var entries = ImmutableArray.CreateBuilder<ReceiptEntry>(request.Entries.Length);
        for (var ordinal = 0; ordinal < request.Entries.Length; ordinal++)
        {
            var recordedAt = end.RecordedAt is { } before ? Timestamp.Max(now, before) : now;
            var id = EntryId.For(request.Story, request.Command, ordinal);
            var (envelope, hash) = request.Seal(ordinal, end.Revision + 1, recordedAt, end.Hash, id);
            var draft = request.Entries[ordinal];
            var index = Head.Size;
            if (!Insert(index, id, end.Number, end.Revision + 1, recordedAt, hash, envelope, draft.Parts))
            {
                return FindRepeated(request) ?? throw new InvalidOperationException($"The entry {id} is there, and its command is not.");
            }

            end = end with { Revision = end.Revision + 1, Id = id, Hash = hash, RecordedAt = recordedAt };
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

        if (!Insert(entry.Index, envelope.Id, end.Number, envelope.Revision, envelope.RecordedAt, entry.Hash, entry.EnvelopeBytes.Span, entry.Parts))
        {
            throw new LedgerException(LedgerError.Integrity("import-does-not-follow", $"The entry {envelope.Id} is in the ledger already."));
        }

        stories[envelope.Story] = end with { Revision = envelope.Revision, Id = envelope.Id, Hash = entry.Hash, RecordedAt = envelope.RecordedAt };
    }

    internal void Forget()
    {
        stories.Clear();
        recent = null;
        head = null;
    }

    private AppendResult? FindRepeated(AppendRequest request)
    {
        if (EntryTable.IndexOf(database, EntryId.For(request.Story, request.Command, 0)) is not { } first)
        {
            return null;
        }

        var stored = EntryTable.Command(database, first);
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
        if (Database.Number(database.Prepare("SELECT number FROM stories WHERE id = ?1").Bind(1, key)) is not { } number)
        {
            // A story that turns out to be refused leaves its number behind; nobody sees it.
            number = Database.Number(database.Prepare("INSERT INTO stories(id) VALUES (?1) RETURNING number").Bind(1, key))!.Value;
            return stories[story] = new(number, AppendRequest.NoStory, null, null, null);
        }

        return stories[story] = LastOf("recent", number) ?? LastOf("revisions", number) ?? new(number, AppendRequest.NoStory, null, null, null);
    }

    private StoryEnd? LastOf(string table, long story)
    {
        using var last = database.Prepare(
            $"""
            SELECT e.revision, e.hash, e.envelope FROM {table} r CROSS JOIN entries e ON e.idx = r.idx AND e.story = r.story AND e.revision = r.revision
            WHERE r.story = ?1 ORDER BY {(table == "recent" ? "r.idx" : "r.revision")} DESC LIMIT 1
            """).Bind(1, story);
        if (!last.Step())
        {
            return null;
        }

        var envelope = Envelope.Read(last.Blob(2).ToArray());
        return new(story, last.Int64(0), envelope.Id, new Digest(last.Blob(1)), envelope.RecordedAt);
    }

    /// <summary>The ids that are found in <c>recent</c>.</summary>
    private HashSet<EntryId> Recent()
    {
        if (recent is null)
        {
            // What stands there beyond the last entry is of entries that were taken out by hand.
            database.Prepare("DELETE FROM recent WHERE idx >= ?1").Bind(1, Head.Size).Run();
            recent = [];
            using var rows = database.Prepare("SELECT id FROM recent");
            while (rows.Step())
            {
                recent.Add(new(new Guid(rows.Blob(0), bigEndian: true)));
            }
        }

        return recent;
    }

    private bool IsThere(EntryId id, ReadOnlySpan<byte> key) =>
        Recent().Contains(id)
        || Database.Number(database.Prepare("SELECT 1 FROM ids i CROSS JOIN entries e ON e.idx = i.idx AND e.id = i.id WHERE i.id = ?1").Bind(1, key)) is not null;

    private void AddRecent(long index, EntryId id, ReadOnlySpan<byte> key, long story, long revision)
    {
        database.Prepare("INSERT INTO recent(idx, id, story, revision) VALUES (?1, ?2, ?3, ?4)").Bind(1, index).Bind(2, key).Bind(3, story).Bind(4, revision).Run();
        Recent().Add(id);
        if (Recent().Count < MaxRecent)
        {
            return;
        }

        // In the order of the tables, so that each of their pages is changed once.
        database.Prepare("INSERT OR REPLACE INTO ids SELECT id, idx FROM recent ORDER BY id").Run();
        database.Prepare("INSERT OR REPLACE INTO revisions SELECT story, revision, idx FROM recent ORDER BY story, revision").Run();
        database.Prepare("DELETE FROM recent").Run();
        Recent().Clear();
    }

    /// <summary>False when an entry of that id is there already; nothing was inserted then.</summary>
    private bool Insert(
        long index, EntryId id, long story, long revision, Timestamp recordedAt, Digest hash, ReadOnlySpan<byte> envelope, ImmutableArray<Part> parts)
    {
        var time = Head.Time is { } before ? Timestamp.Max(before, recordedAt) : recordedAt;
        Span<byte> hashBytes = stackalloc byte[Digest.Length];
        hash.CopyTo(hashBytes);
        Span<byte> key = stackalloc byte[16];
        id.Value.TryWriteBytes(key, bigEndian: true, out _);
        if (IsThere(id, key))
        {
            return false;
        }

        var insert = database.Prepare(InsertEntry)
            .Bind(1, index).Bind(2, key).Bind(3, story).Bind(4, revision).Bind(5, time.Microseconds).Bind(6, hashBytes).Bind(7, envelope);
        for (var column = 8; column <= 11; column++)
        {
            insert.BindNull(column);
        }

        var large = false;
        foreach (var part in parts)
        {
            var column = part.Name switch { Part.Body => 8, Part.Recorder => 10, _ => 0 };
            if (column == 0)
            {
                large = true;
                continue;
            }

            insert.Bind(column, part.Salt.Span).Bind(column + 1, part.Bytes.Span);
        }

        insert.Run();
        AddRecent(index, id, key, story, revision);
        if (large)
        {
            InsertLarge(index, parts);
        }

        head = new(index + 1, time);
        if (head.Value.Size % TileWidth == 0)
        {
            CompleteTile(0, index / TileWidth);
        }

        return true;
    }

    private void InsertLarge(long index, ImmutableArray<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part.Name is not (Part.Body or Part.Recorder))
            {
                database.Prepare("INSERT INTO parts(idx, name, salt, bytes) VALUES (?1, ?2, ?3, ?4)")
                    .Bind(1, index).Bind(2, part.Name).Bind(3, part.Salt.Span).Bind(4, part.Bytes.Span).Run();
            }
        }
    }

    private void CompleteTile(int level, long tile)
    {
        var hashes = EntryTable.TileHashes(database, level, tile, TileWidth);
        var digests = new Digest[TileWidth];
        for (var i = 0; i < TileWidth; i++)
        {
            digests[i] = new(hashes.AsSpan(i * Digest.Length, Digest.Length));
        }

        database.Prepare("INSERT INTO tiles(level, idx, root, hashes) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, level).Bind(2, tile).Bind(3, TreeHash.Root(digests).ToArray()).Bind(4, hashes).Run();
        if ((tile + 1) % TileWidth == 0)
        {
            CompleteTile(level + 1, tile / TileWidth);
        }
    }

    private readonly record struct StoryEnd(long Number, long Revision, EntryId? Id, Digest? Hash, Timestamp? RecordedAt);
}
