using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>A scheduled event, and what became of it.</summary>
public sealed record OccasionRecord : FindingRecord
{
    public required string What { get; init; }

    public string? Where { get; init; }

    /// <summary>The days it is expected on, or took place on, as far as is known now.</summary>
    public DateInterval? Expected { get; init; }

    /// <summary>The days it was first expected on.</summary>
    public DateInterval? FirstExpected { get; init; }

    public Span? Span { get; init; }

    /// <summary>The words that date it.</summary>
    public Span? When { get; init; }

    /// <summary>What was recorded of it since, a program's proposals included, oldest first.</summary>
    public ImmutableArray<OccasionChange> Changes { get; init; } = [];

    /// <summary><c>withdrawn</c>, <c>rejected</c>, <c>cancelled</c>, <c>held</c>, <c>moved</c> or <c>scheduled</c>.</summary>
    public string Status => Findings.Status(this, Changes.LastOrDefault(change => change.Counts)?.What ?? "scheduled");
}

/// <summary>What became of an occasion.</summary>
/// <param name="Entry">The entry that tells it.</param>
/// <param name="What"><c>moved</c>, <c>held</c> or <c>cancelled</c>.</param>
/// <param name="Expected">The days.</param>
/// <param name="Span">The words that tell it.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="Counts">Whether it has its effect: a person's at once, a program's once it is accepted.</param>
public sealed record OccasionChange(EntryId Entry, string What, DateInterval? Expected, Span? Span, string? Reason, RecordedByName By, bool Counts);

/// <summary><b>occasions</b>: what is to happen, and when.</summary>
public static class OccasionsView
{
    public static View<OccasionRecord> View { get; } = new(
        "occasions", 1, ViewJson.Default.OccasionRecord,
        (story, entry) => Findings.Keys(story, entry, "occasion.scheduled"), Evolve,
        new Facet<OccasionRecord>("status", record => record.Status),
        new Facet<OccasionRecord>("document", record => record.Document?.ToString()));

    private static OccasionRecord? Evolve(Guid key, OccasionRecord? record, StoryState story, Entry entry)
    {
        var evolved = Findings.Evolve(key, record, story, entry, body => Begin(story, entry, body));
        if (evolved is null || record is null)
        {
            return evolved;
        }

        var changes = entry.Body switch
        {
            IOccasionChange change => Findings.Append(record.Changes, Change(story, entry, change)),
            EntryCorrected corrected when corrected.Entry == record.Id => record.Changes,
            _ => Settle(story, record.Changes),
        };
        if (changes == evolved.Changes)
        {
            return evolved;
        }

        return evolved with
        {
            Changes = changes,
            Expected = ExpectedAfter(evolved.FirstExpected, changes),
            Entries = Findings.Rests(evolved, entry),
        };
    }

    /// <summary>One that was held or cancelled without a date keeps the date it had; one that was put off without a date has none.</summary>
    private static DateInterval? ExpectedAfter(DateInterval? first, ImmutableArray<OccasionChange> changes) => changes
        .Where(change => change.Counts)
        .Aggregate(first, (expected, change) => change.What == "moved" ? change.Expected : change.Expected ?? expected);

    /// <summary>The changes as they count now; the same array when nothing changed.</summary>
    private static ImmutableArray<OccasionChange> Settle(StoryState story, ImmutableArray<OccasionChange> changes) =>
        changes.All(change => change.Counts == Counts(story, change.Entry)) ? changes : [.. changes.Select(change => change with { Counts = Counts(story, change.Entry) })];

    private static bool Counts(StoryState story, EntryId change) => story.Find(change) is { Counts: true };

    private static OccasionChange Change(StoryState story, Entry entry, IOccasionChange change)
    {
        var (what, days) = change switch
        {
            OccasionMoved moved => ("moved", moved.Expected),
            OccasionHeld held => ("held", held.On),
            _ => ("cancelled", (DateInterval?)null),
        };
        return new(entry.Id, what, days, change.Span, change.Reason, RecordedByName.Of(entry), Counts(story, entry.Id));
    }

    private static OccasionRecord? Begin(StoryState story, Entry entry, Body body) => body is not OccasionScheduled occasion ? null : new()
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
        FirstExpected = occasion.Expected,
        Span = occasion.Span,
        When = occasion.When,
        Document = occasion.Span?.Document,
        Rule = occasion.Rule,
    };
}
