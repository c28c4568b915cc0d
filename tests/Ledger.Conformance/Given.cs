using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;

namespace Ledger.Conformance;

/// <summary>Commands to append, and readings to compare. Salts are random, so a command made twice has other bytes and the same request.</summary>
public static class Given
{
    public static readonly Recorder Ada = Recorder.Person("Ada");

    public static StoryId NewStory() => new(Guid.NewGuid());

    public static AppendRequest Notes(ILedgerLog log, StoryId story, long expectedRevision, int count = 1, CommandId? command = null, string text = "a note") =>
        Command(log, story, expectedRevision, command, [.. Enumerable.Range(0, count).Select(i => new DecidedEntry(new NoteAdded(default, $"{text} {i}")))]);

    public static AppendRequest Command(ILedgerLog log, StoryId story, long expectedRevision, CommandId? command, params ImmutableArray<DecidedEntry> entries)
    {
        var content = string.Join('\n', entries.Select(entry => Encoding.UTF8.GetString(BodyTypes.Write(entry.Body)) + entry.Text));
        return Drafts.Of(
            story, expectedRevision, command ?? CommandId.New(), Ada, log.Naming, new Digest(SHA256.HashData(Encoding.UTF8.GetBytes(content))), entries);
    }

    /// <summary>A command whose entries have exactly these parts, sealed anew.</summary>
    public static AppendRequest Raw(ILedgerLog log, StoryId story, long expectedRevision, params ImmutableArray<(string Name, byte[] Bytes)>[] entries)
    {
        var request = Notes(log, story, expectedRevision);
        var recorder = request.Entries[0].Parts.Single(part => part.Name == Part.Recorder).Bytes;
        return request with
        {
            Entries = [.. entries.Select(parts => new EntryDraft(
                "note.added", 1, null, [.. parts.Select(part => Part.Seal(part.Name, part.Bytes)).Append(Part.Seal(Part.Recorder, recorder)).OrderBy(part => part.Name, StringComparer.Ordinal)]))],
        };
    }

    /// <summary>A document of so many bytes of text and of source; without text or source when it is null.</summary>
    public static DecidedEntry Document(string text, byte[]? source = null) => new(
        new DocumentFiled(
            "A document", "Desk", null, null, null, "en", new PublicationDate(new DateOnly(2022, 10, 29)), null, new Digest(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            text.Length, new Digest(SHA256.HashData(source ?? [])), "text/plain", null, null, null, []),
        null, text, source);

    /// <summary>A JSON body of exactly so many canonical bytes.</summary>
    public static byte[] BodyOf(int bytes)
    {
        var empty = BodyTypes.Write(new NoteAdded(default, ""));
        return BodyTypes.Write(new NoteAdded(default, new string('x', bytes - empty.Length)));
    }

    public static async Task<List<Entry>> AllAsync(ILedgerLog log, PartSelection parts = PartSelection.Small)
    {
        var entries = new List<Entry>();
        await foreach (var entry in log.ReadAsync(0, null, parts))
        {
            entries.Add(entry);
        }

        return entries;
    }

    public static async Task<List<Entry>> StoryAsync(ILedgerLog log, StoryId story, long fromRevision = 0)
    {
        var entries = new List<Entry>();
        await foreach (var entry in log.ReadStoryAsync(story, fromRevision))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Follows until so many entries have come.</summary>
    public static async Task<List<Entry>> FollowAsync(ILedgerLog log, long from, int count, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var entries = new List<Entry>();
        if (count > 0)
        {
            await foreach (var entry in log.FollowAsync(from, limit.Token))
            {
                entries.Add(entry);
                if (entries.Count == count)
                {
                    break;
                }
            }
        }

        return entries;
    }

    public static async Task<string> CodeAsync(Func<Task> failing) => (await failing.ShouldThrowAsync<Core.LedgerException>()).Error.Code;
}
