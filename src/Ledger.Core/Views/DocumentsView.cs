using System.Collections.Immutable;
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

    /// <summary>What it says it rests on.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The text that this one came in the place of, at the same address.</summary>
    public EntryId? Revises { get; init; }

    /// <summary>The text that came in the place of this one.</summary>
    public EntryId? RevisedBy { get; init; }

    /// <summary>How many findings on the text before do not stand in this one.</summary>
    public int? Orphaned { get; init; }

    /// <summary>Who read it, and what was found; null until it was read to its end.</summary>
    public ExtractionCompleted? Extraction { get; init; }

    public string Status => Findings.Status(this, RevisedBy is null ? "filed" : "revised");
}

/// <summary><b>documents</b>: what was filed, where it came from, what came in its place, and whether it was read.</summary>
public static class DocumentsView
{
    public static View<DocumentRecord> View { get; } = new(
        "documents", 1, ViewJson.Default.DocumentRecord, Keys, Evolve,
        new Facet<DocumentRecord>("status", record => record.Status),
        new Facet<DocumentRecord>("publisher", record => record.Publisher));

    private static IEnumerable<Guid> Keys(StoryState story, Entry entry) => entry.Body switch
    {
        DocumentFiled => [entry.Id.Value],
        DocumentRevised revised => [entry.Id.Value, revised.Revises.Value],
        ExtractionCompleted completed => [completed.Document.Value],
        EntryWithdrawn withdrawn => Texts(story, withdrawn.Entry),
        EntryCorrected corrected => Texts(story, corrected.Entry).Union(story.Moved.Where(id => EntryKinds.IsDocument(story.Find(id)!.Type)).Select(id => id.Value)),
        _ => [],
    };

    /// <summary>A document, and the text before it, which is the newest again when it is withdrawn.</summary>
    private static IEnumerable<Guid> Texts(StoryState story, EntryId id) => story.Find(id) is { } facts && EntryKinds.IsDocument(facts.Type)
        ? facts.Refers.Where(before => story.Find(before) is { Document: { } document } && document == before).Prepend(id).Select(text => text.Value)
        : [];

    private static DocumentRecord? Evolve(Guid key, DocumentRecord? record, StoryState story, Entry entry)
    {
        var id = new EntryId(key);
        if (record is null)
        {
            return entry.Id != id ? null : entry.Body switch
            {
                DocumentFiled filed => Begin(story, entry, filed),
                DocumentRevised revised => Begin(story, entry, revised.Document) with { Revises = revised.Revises, Orphaned = revised.Orphaned.Length + (revised.OrphanedMore ?? 0) },
                _ => null,
            };
        }

        return entry.Body switch
        {
            DocumentRevised revised when revised.Revises == id => record with { RevisedBy = entry.Id, Entries = Findings.Rests(record, entry) },
            ExtractionCompleted completed when completed.Document == id => record with { Extraction = completed, Entries = Findings.Rests(record, entry) },
            EntryWithdrawn withdrawn when withdrawn.Entry == record.RevisedBy => record with { RevisedBy = null, Entries = Findings.Rests(record, entry) },
            EntryWithdrawn => Findings.Withdraw(record, story, entry),
            EntryCorrected corrected when corrected.Entry == id && (corrected.Corrected as DocumentFiled ?? (corrected.Corrected as DocumentRevised)?.Document) is { } right =>
                Describe(record, right) with
                {
                    PublishedAt = Findings.Published(story, id),
                    Entries = Findings.Rests(record, entry),
                    Corrections = record.Corrections.Add(new(entry.Id, corrected.Reason)),
                },
            EntryCorrected when Findings.Published(story, id) is var published && published != record.PublishedAt =>
                record with { PublishedAt = published, Entries = Findings.Rests(record, entry) },
            _ => record,
        };
    }

    private static DocumentRecord Begin(StoryState story, Entry entry, DocumentFiled filed) => Describe(
        new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Title = filed.Title,
            TextSha256 = filed.TextSha256,
            TextLength = filed.TextLength,
        },
        filed);

    private static DocumentRecord Describe(DocumentRecord record, DocumentFiled filed) => record with
    {
        Title = filed.Title,
        Publisher = filed.Publisher,
        Author = filed.Author,
        Url = filed.Url,
        ArchivedUrl = filed.ArchivedUrl,
        Language = filed.Language,
        Dated = filed.PublishedAt,
        SameTextAs = filed.SameTextAs,
        TranslationOf = filed.TranslationOf,
        Sources = filed.Sources,
    };
}
