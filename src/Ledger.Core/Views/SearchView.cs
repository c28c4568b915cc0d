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

    /// <summary>Set when an editor rejected what a program proposed.</summary>
    public bool? Rejected { get; init; }

    public string Status => Withdrawn is not null ? "withdrawn" : Rejected is true ? "rejected" : "found";
}

/// <summary><b>search</b>: everything recorded in words, one record an entry.</summary>
public static class SearchView
{
    public static View<SearchRecord> View { get; } = new(
        "search", 2, ViewJson.Default.SearchRecord, Keys, Evolve,
        new Facet<SearchRecord>("kind", record => record.Kind),
        new Facet<SearchRecord>("status", record => record.Status))
    {
        // A document that is put right is found by its right title: its keeper then gives the document's own entry, with the text.
        Words = (record, entry) => entry.Body is EntryCorrected corrected && corrected.Entry == record.Id ? record.Text
            : entry.Id != record.Id ? null
            : entry.Part(Part.Text) is { } text ? record.Text + "\n" + System.Text.Encoding.UTF8.GetString(text.Bytes.Span)
            : record.Text,
    };

    private static readonly string[] Types =
    [
        "document.filed", "document.revised", "quote.recorded", "claim.recorded", "question.raised", "question.restated", "answer.proposed", "answer.objected", "question.resolved",
        "occasion.scheduled", "note.added",
    ];

    /// <summary>Beside what concerns a finding, what is said of an answer, an objection or a note, which have records of their own here alone.</summary>
    private static IEnumerable<Guid> Keys(StoryState story, Entry entry)
    {
        IEnumerable<EntryId> own = entry.Body switch
        {
            EntryWithdrawn withdrawn => Findings.WithdrawnBy(story, entry.Id, withdrawn),
            ProposalAccepted accepted => [accepted.Proposal],
            ProposalRejected rejected => [rejected.Proposal],
            _ => [],
        };
        return Findings.Keys(story, entry, Types).Union(own.Where(id => story.Find(id) is { } facts && Types.Contains(facts.Type)).Select(id => id.Value));
    }

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
            ProposalAccepted or ProposalRejected when story.Find(record.Id) is { Decided: var decided } && (decided == ProposalState.Rejected) != (record.Rejected is true) =>
                record with { Rejected = decided == ProposalState.Rejected ? true : null, Entries = Findings.Rests(record, entry) },
            EntryCorrected when published != record.PublishedAt => record with { PublishedAt = published, Entries = Findings.Rests(record, entry) },
            _ => Findings.Withdraw(record, story, entry),
        };
    }
}
