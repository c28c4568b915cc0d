using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>A scheduled event.</summary>
public sealed record OccasionRecord : ViewRecord
{
    public required string What { get; init; }

    public string? Where { get; init; }

    /// <summary>The days it is expected on.</summary>
    public DateInterval? Expected { get; init; }

    public Span? Span { get; init; }

    /// <summary>The words that date it.</summary>
    public Span? When { get; init; }

    public EntryId? Document { get; init; }

    public string? Rule { get; init; }

    public string Status => Findings.Status(this, "scheduled");
}

/// <summary><b>occasions</b>: what is to happen, and when.</summary>
public static class OccasionsView
{
    public static View<OccasionRecord> View { get; } = new(
        "occasions", 1, ViewJson.Default.OccasionRecord,
        (story, entry) => Findings.Keys(story, entry, "occasion.scheduled"), Evolve,
        new Facet<OccasionRecord>("status", record => record.Status),
        new Facet<OccasionRecord>("document", record => record.Document?.ToString()));

    private static OccasionRecord? Evolve(OccasionRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        OccasionScheduled occasion => new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            What = occasion.What,
            Where = occasion.Where,
            Expected = occasion.Expected,
            Span = occasion.Span,
            When = occasion.When,
            Document = occasion.Span?.Document,
            Rule = occasion.Rule,
        },
        EntryWithdrawn => Findings.Withdraw(record, entry),
        _ => record,
    };
}
