using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>A filed document.</summary>
public sealed record DocumentRecord : ViewRecord
{
    public required string Title { get; init; }

    public string? Publisher { get; init; }

    public string? Author { get; init; }

    public string? Url { get; init; }

    public string? ArchivedUrl { get; init; }

    public string? Language { get; init; }

    /// <summary>The date that the document itself gives.</summary>
    public PublicationDate? Dated { get; init; }

    public required Digest TextSha256 { get; init; }

    /// <summary>In UTF-16 units.</summary>
    public required int TextLength { get; init; }

    /// <summary>An earlier document with the same text.</summary>
    public EntryId? SameTextAs { get; init; }

    public EntryId? TranslationOf { get; init; }

    /// <summary>Who read it, and what was found; null until it was read to its end.</summary>
    public ExtractionCompleted? Extraction { get; init; }

    public string Status => Findings.Status(this, "filed");
}

/// <summary><b>documents</b>: what was filed, where it came from, and whether it was read.</summary>
public static class DocumentsView
{
    public static View<DocumentRecord> View { get; } = new(
        "documents", 1, ViewJson.Default.DocumentRecord, Keys, Evolve,
        new Facet<DocumentRecord>("status", record => record.Status),
        new Facet<DocumentRecord>("publisher", record => record.Publisher));

    private static IEnumerable<Guid> Keys(StoryState story, Entry entry) => entry.Body switch
    {
        DocumentFiled => [entry.Id.Value],
        ExtractionCompleted completed => [completed.Document.Value],
        EntryWithdrawn withdrawn when story.Find(withdrawn.Entry)?.Type == "document.filed" => [withdrawn.Entry.Value],
        _ => [],
    };

    private static DocumentRecord? Evolve(DocumentRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        DocumentFiled filed => new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Title = filed.Title,
            Publisher = filed.Publisher,
            Author = filed.Author,
            Url = filed.Url,
            ArchivedUrl = filed.ArchivedUrl,
            Language = filed.Language,
            Dated = filed.PublishedAt,
            TextSha256 = filed.TextSha256,
            TextLength = filed.TextLength,
            SameTextAs = filed.SameTextAs,
            TranslationOf = filed.TranslationOf,
        },
        ExtractionCompleted completed when record is not null => record with { Extraction = completed, Entries = record.Entries.Add(entry.Id) },
        EntryWithdrawn => Findings.Withdraw(record, entry),
        _ => record,
    };
}
