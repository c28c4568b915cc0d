using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Stories;

/// <summary>
/// What a story's entries come to, for deciding and for views: which entries there are, what they refer to, when they count as published.
/// It never holds texts. Immutable; folding the same entries comes to the same facts.
/// </summary>
public sealed record StoryState
{
    public static StoryState Empty { get; } = new();

    /// <summary>The revision of the last entry; −1 before the first.</summary>
    public long Revision { get; init; } = -1;

    public StoryOpened? Opened { get; init; }

    /// <summary>Every entry of the story.</summary>
    public ImmutableDictionary<EntryId, EntryFacts> Entries { get; init; } = ImmutableDictionary<EntryId, EntryFacts>.Empty;

    /// <summary>Documents by what makes them the same document: the text's hash and where it was published.</summary>
    public ImmutableDictionary<DocumentKey, EntryId> Documents { get; init; } = ImmutableDictionary<DocumentKey, EntryId>.Empty;

    /// <summary>A document that stands with each text: the first, until it is withdrawn.</summary>
    public ImmutableDictionary<Digest, EntryId> Texts { get; init; } = ImmutableDictionary<Digest, EntryId>.Empty;

    /// <summary>Programs' findings, by what makes them the same.</summary>
    public ImmutableDictionary<FindingKey, EntryId> Findings { get; init; } = ImmutableDictionary<FindingKey, EntryId>.Empty;

    /// <summary>Documents that were read to their end.</summary>
    public ImmutableHashSet<EntryId> Extracted { get; init; } = [];

    /// <summary>The facts of an entry; null when it is not in this story.</summary>
    public EntryFacts? Find(EntryId id) => Entries.GetValueOrDefault(id);

    /// <summary>The state after one more entry.</summary>
    public StoryState Evolve(Entry entry) => Evolve(entry.Id, entry.Envelope.Type, entry.Body, entry.Envelope.RecordedAt);

    /// <summary>The state after one more entry, which may not have its place in the ledger yet.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="type">Its type.</param>
    /// <param name="body">Its body; null when it was erased.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    public StoryState Evolve(EntryId id, string type, Body? body, Timestamp recordedAt)
    {
        var facts = new EntryFacts(type, DocumentOf(id, type, body), PublishedTime.Of(this, body, recordedAt), Withdrawn: false);
        var next = this with { Revision = Revision + 1, Entries = Entries.Add(id, facts) };
        return body switch
        {
            StoryOpened opened => next with { Opened = opened },
            DocumentFiled filed => next with
            {
                Documents = Documents.SetItem(DocumentKey.Of(filed), id),
                Texts = Texts.ContainsKey(filed.TextSha256) ? Texts : Texts.Add(filed.TextSha256, id),
            },
            ExtractionCompleted completed => next with { Extracted = Extracted.Add(completed.Document) },
            IFinding { Span: not null, Rule: not null } => next with { Findings = Findings.SetItem(FindingKey.Of(body), id) },
            EntryWithdrawn withdrawn => next.Withdraw(withdrawn.Entry),
            _ => next,
        };
    }

    private static EntryId? DocumentOf(EntryId id, string type, Body? body) => body switch
    {
        _ when type == "document.filed" => id,
        IFinding { Span: { } span } => span.Document,
        ExtractionCompleted completed => completed.Document,
        _ => null,
    };

    private StoryState Withdraw(EntryId id)
    {
        if (Find(id) is not { } facts)
        {
            return this;
        }

        var next = this with { Entries = Entries.SetItem(id, facts with { Withdrawn = true }) };
        if (facts.Document != id || Documents.Where(pair => pair.Value == id).Select(pair => (DocumentKey?)pair.Key).FirstOrDefault() is not { } key)
        {
            return next;
        }

        // A withdrawn document may be filed again; until then, a copy that stands is the one that others are copies of.
        var documents = Documents.Remove(key);
        var copy = documents.Where(pair => pair.Key.TextSha256 == key.TextSha256).Select(pair => (EntryId?)pair.Value).MinBy(copy => copy!.Value.Value);
        return next with
        {
            Documents = documents,
            Texts = Texts[key.TextSha256] != id ? Texts : copy is { } standing ? Texts.SetItem(key.TextSha256, standing) : Texts.Remove(key.TextSha256),
        };
    }
}

/// <summary>What the story remembers of an entry.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Document">The document it is, or rests on; null for neither.</param>
/// <param name="Published">Its published time.</param>
/// <param name="Withdrawn">Whether it was withdrawn.</param>
public sealed record EntryFacts(string Type, EntryId? Document, Timestamp Published, bool Withdrawn);

/// <summary>What makes two filings the same document: the same text at the same url or, where there is none, from the same publisher.</summary>
public readonly record struct DocumentKey(Digest TextSha256, string? Url, string? Publisher)
{
    public static DocumentKey Of(DocumentFiled filed) => Of(filed.TextSha256, filed.Url, filed.Publisher);

    public static DocumentKey Of(Digest text, string? url, string? publisher) => new(text, url, url is null ? publisher : null);
}
