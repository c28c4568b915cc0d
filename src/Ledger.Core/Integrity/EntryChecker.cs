using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;

namespace Ledger.Core.Integrity;

/// <summary>
/// Recomputes everything about entries given to it in index order, and says of the first that fails what is wrong with it. Knows no engine:
/// the same checks run over a log, an export or a copy.
/// </summary>
/// <param name="findText">The frozen text of a document that was checked before; null when it was erased.</param>
internal sealed class EntryChecker(Func<EntryId, ValueTask<string?>> findText)
{
    private readonly Dictionary<StoryId, StoryEnd> stories = [];
    private readonly RecentTexts texts = new();
    private readonly Dictionary<EntryPart, long> missing = [];
    private readonly HashSet<EntryPart> redacted = [];
    private CommandId? command;
    private StoryId commandStory;
    private int remaining;
    private long commandBytes;

    /// <summary>How many entries held.</summary>
    internal long Size { get; private set; }

    internal long Parts { get; private set; }

    internal long Spans { get; private set; }

    /// <summary>How many spans cannot be re-read, because the text was erased.</summary>
    internal long NotCheckable { get; private set; }

    /// <summary>Checks the next entry. Null when it holds; else what is wrong, in a sentence.</summary>
    internal async ValueTask<string?> CheckAsync(Entry entry)
    {
        Envelope envelope;
        try
        {
            envelope = entry.Envelope;
        }
        catch (LedgerException error)
        {
            return error.Error.Message;
        }

        if (CheckPlace(entry, envelope) is { } misplaced)
        {
            return misplaced;
        }

        foreach (var part in entry.Parts)
        {
            if (!envelope.Parts.TryGetValue(part.Name, out var commitment))
            {
                return $"It has a part '{part.Name}' that its envelope does not commit to.";
            }

            if (part.Bytes.Length > Limits.Of(part.Name))
            {
                return $"Its {part.Name} has {part.Bytes.Length} bytes, and no {part.Name} has more than {Limits.Of(part.Name)}.";
            }

            commandBytes += part.Bytes.Length;
            if (part.Salt.Length != Part.SaltLength || part.Commitment() != commitment)
            {
                return $"Its {part.Name} is not what was recorded: the commitment in the envelope does not hold.";
            }

            Parts++;
        }

        foreach (var name in envelope.Parts.Keys.Where(name => entry.Part(name) is null))
        {
            // Whether it was erased on record is told by a later entry.
            missing[new(envelope.Id, name)] = entry.Index;
        }

        string? problem;
        try
        {
            problem = await CheckBodyAsync(entry).ConfigureAwait(false);
        }
        catch (LedgerException error)
        {
            return error.Error.Message;
        }

        Size++;
        return problem;
    }

    /// <summary>After the last entry: null, or what is missing: the end of a command, or a part that no entry records as erased.</summary>
    internal VerificationFailure? CheckEnd()
    {
        if (remaining > 0)
        {
            return new(Size - 1, null, $"The command {command} is not whole: {remaining} of its entries are missing at the end.");
        }

        var lost = missing.Where(part => !redacted.Contains(part.Key)).OrderBy(part => part.Value).ThenBy(part => part.Key.Part, StringComparer.Ordinal).Select(part => ((EntryPart, long)?)(part.Key, part.Value)).FirstOrDefault();
        return lost is ({ } part, var index) ? new(index, part.Entry, $"Its {part.Part} is missing, and no entry records that it was erased.") : null;
    }

    private string? CheckPlace(Entry entry, Envelope envelope)
    {
        if (entry.Index != Size)
        {
            return $"The entry at index {Size} is missing; the next one stands at {entry.Index}.";
        }

        if (TreeHash.Leaf(entry.EnvelopeBytes.Span) != entry.Hash)
        {
            return "Its envelope is not the one that was hashed.";
        }

        if (entry.Index == 0 != (envelope.Type == "ledger.opened") || (entry.Index == 0 && envelope.Story != StoryId.Reserved))
        {
            return "A ledger begins with 'ledger.opened' in the reserved story, and has no other.";
        }

        if (envelope.Id != EntryId.For(envelope.Story, envelope.Command, envelope.Ordinal))
        {
            return "Its id does not follow from its story, command and place in it.";
        }

        if (remaining > 0
            ? envelope.Command != command || envelope.Story != commandStory || envelope.Ordinal != envelope.Of - remaining
            : envelope.Ordinal != 0)
        {
            return $"The command {command ?? envelope.Command} is not whole: its entries do not stand together, in order.";
        }

        if (envelope.Of > Limits.EntriesPerCommand)
        {
            return $"Its command has {envelope.Of} entries, and no command has more than {Limits.EntriesPerCommand}.";
        }

        commandBytes = remaining > 0 ? commandBytes : 0;
        (command, commandStory, remaining) = (envelope.Command, envelope.Story, envelope.Of - envelope.Ordinal - 1);
        var end = stories.TryGetValue(envelope.Story, out var known) ? known : new(-1, null, Timestamp.MinValue);
        if (envelope.Revision != end.Revision + 1)
        {
            return $"Its story goes from revision {end.Revision} to {envelope.Revision}.";
        }

        if (envelope.Previous != end.Hash)
        {
            return "Its story's chain is broken: it does not follow on the entry before it.";
        }

        if (envelope.RecordedAt < end.RecordedAt)
        {
            return $"It was recorded at {envelope.RecordedAt}, before the entry it follows on ({end.RecordedAt}).";
        }

        stories[envelope.Story] = new(envelope.Revision, entry.Hash, envelope.RecordedAt);
        return null;
    }

    private async ValueTask<string?> CheckBodyAsync(Entry entry)
    {
        if (commandBytes > Limits.Command)
        {
            return $"Its command has {commandBytes} bytes so far, and no command has more than {Limits.Command}.";
        }

        foreach (var part in entry.Parts)
        {
            if (part.Name == Part.Text && !Texts.IsText(part.Bytes.Span))
            {
                return "Its text is not UTF-8, or holds a NUL character.";
            }

            if (part.Name is Part.Body or Part.Recorder && !CanonicalJson.IsCanonical(part.Bytes.Span))
            {
                return $"Its {part.Name} is not in canonical form (RFC 8785).";
            }
        }

        // Read for its shape: who recorded it does not depend on what it records.
        _ = entry.Recorder;
        if (!BodyTypes.IsKnown(entry.Envelope.Type, entry.Envelope.Schema))
        {
            // A later version's entry, of a new type or a new shape: its hashes were checked, what it says cannot be.
            return null;
        }

        if (entry.Body is EntryRedacted redaction)
        {
            redacted.UnionWith(redaction.Parts);
        }

        if ((entry.Body as DocumentFiled ?? (entry.Body as DocumentRevised)?.Document) is { } filed)
        {
            return CheckSource(entry, filed) ?? CheckText(entry, filed);
        }

        foreach (var span in entry.Body?.Spans() ?? [])
        {
            if (missing.ContainsKey(new(span.Document, Part.Text)))
            {
                NotCheckable++;
                continue;
            }

            if (!texts.TryGet(span.Document, out var text))
            {
                text = await findText(span.Document).ConfigureAwait(false);
                if (text is null)
                {
                    return $"It rests on document {span.Document}, whose text is not there.";
                }

                texts.Add(span.Document, text);
            }

            if (span.Check(text) is { } problem)
            {
                return problem;
            }

            Spans++;
        }

        return null;
    }

    private static string? CheckSource(Entry entry, DocumentFiled filed) =>
        entry.Part(Part.Source) is { } source && new Digest(SHA256.HashData(source.Bytes.Span)) != filed.SourceSha256
            ? "Its source does not have the hash that its body states."
            : null;

    private string? CheckText(Entry entry, DocumentFiled filed)
    {
        if (entry.Part(Part.Text) is not { } part)
        {
            return entry.Envelope.Parts.ContainsKey(Part.Text) ? null : "It is a document without a text.";
        }

        if (new Digest(SHA256.HashData(part.Bytes.Span)) != filed.TextSha256)
        {
            return "Its text does not have the hash that its body states.";
        }

        var text = Encoding.UTF8.GetString(part.Bytes.Span);
        texts.Add(entry.Id, text);
        return text.Length == filed.TextLength ? null : $"Its text has {text.Length} UTF-16 units, not {filed.TextLength}.";
    }

    private readonly record struct StoryEnd(long Revision, Digest? Hash, Timestamp RecordedAt);

    /// <summary>The texts met last: findings stand soon after their document.</summary>
    private sealed class RecentTexts
    {
        private const int Most = 64;
        private readonly Dictionary<EntryId, string> texts = [];
        private readonly Queue<EntryId> order = [];

        internal bool TryGet(EntryId document, out string text) => texts.TryGetValue(document, out text!);

        internal void Add(EntryId document, string text)
        {
            if (texts.TryAdd(document, text))
            {
                order.Enqueue(document);
            }

            if (order.Count > Most)
            {
                texts.Remove(order.Dequeue());
            }
        }
    }
}
