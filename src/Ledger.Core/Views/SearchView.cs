using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>Something recorded whose words can be searched for. A document's are those of its title and text; they are indexed beside the record, not in it.</summary>
public sealed record SearchRecord : ViewRecord
{
    /// <summary>Its type, without what was done (<c>document</c>, <c>quote</c>, <c>claim</c>, <c>question</c>, <c>answer</c>, <c>occasion</c>, <c>note</c> …).</summary>
    public required string Kind { get; init; }

    /// <summary>A document's title; else what was recorded, in its own words.</summary>
    public required string Text { get; init; }

    /// <summary>The question or occasion that it says something of.</summary>
    public EntryId? Subject { get; init; }

    public EntryId? Document { get; init; }

    public string Status => Withdrawn is null ? "found" : "withdrawn";
}

/// <summary><b>search</b>: everything recorded in words, one record an entry.</summary>
public static class SearchView
{
    public static View<SearchRecord> View { get; } = new(
        "search", 2, ViewJson.Default.SearchRecord,
        (story, entry) => Findings.Keys(
            story, entry, "document.filed", "document.revised", "quote.recorded", "claim.recorded", "question.raised", "question.restated", "answer.proposed",
            "answer.objected", "question.resolved", "occasion.scheduled", "note.added"),
        Evolve,
        new Facet<SearchRecord>("kind", record => record.Kind),
        new Facet<SearchRecord>("status", record => record.Status))
    {
        // A corrected document keeps the words of its text, which stays as it was; a corrected finding is found by its new words.
        Words = (record, entry) => entry.Body is EntryCorrected corrected && corrected.Entry == record.Id && record.Kind != "document" ? record.Text
            : entry.Id != record.Id ? null
            : entry.Part(Part.Text) is { } text ? record.Text + "\n" + System.Text.Encoding.UTF8.GetString(text.Bytes.Span)
            : record.Text,
    };

    private static SearchRecord? Evolve(Guid key, SearchRecord? record, StoryState story, Entry entry)
    {
        if (record is null)
        {
            return entry.Id.Value == key && entry.Body is { } body ? Findings.Begun(new SearchRecord
            {
                Id = entry.Id,
                StoryId = entry.Story,
                Index = entry.Index,
                RecordedAt = entry.Envelope.RecordedAt,
                PublishedAt = Findings.Published(story, entry),
                RecordedBy = RecordedByName.Of(entry),
                Entries = [entry.Id],
                Kind = entry.Envelope.Type.Split('.')[0],
                Text = Summaries.Of(body),
                Subject = story.Find(entry.Id)!.Subject,
                Document = story.Find(entry.Id)!.Document,
            }, story)
            : null;
        }

        var published = Findings.Published(story, record.Id);
        return entry.Body switch
        {
            EntryCorrected corrected when corrected.Entry == record.Id => record with
            {
                Text = Summaries.Of(corrected.Corrected),
                Document = story.Find(record.Id)!.Document,
                PublishedAt = published,
                Entries = Findings.Rests(record, entry),
                Corrections = record.Corrections.Add(new(entry.Id, corrected.Reason)),
            },
            EntryCorrected when published != record.PublishedAt => record with { PublishedAt = published, Entries = Findings.Rests(record, entry) },
            _ => Findings.Withdraw(record, story, entry),
        };
    }
}
