using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>Something that happened in a story: in the world, as far as it is dated, in print, and on record.</summary>
public sealed record TimelineRecord : ViewRecord
{
    public required string Type { get; init; }

    /// <summary>The days that it speaks of; null where it speaks of none.</summary>
    public DateInterval? On { get; init; }

    /// <summary>What happened, in one line; null when the body was erased.</summary>
    public string? What { get; init; }

    /// <summary>The question, occasion or other record that it changes; null where it begins one.</summary>
    public EntryId? Subject { get; init; }

    /// <summary>The document that it is, or rests on.</summary>
    public EntryId? Document { get; init; }

    /// <summary><c>document</c>, <c>statement</c> (quotes and claims), <c>question</c>, <c>occasion</c> or <c>desk</c> (links, corrections, decisions, remarks).</summary>
    public required string Kind { get; init; }
}

/// <summary><b>timeline</b>: what happened, one record an entry, to be read by either clock.</summary>
public static class TimelineView
{
    public static View<TimelineRecord> View { get; } = new(
        "timeline", 1, ViewJson.Default.TimelineRecord,
        (story, entry) => KindOf(entry.Envelope.Type) is null ? [] : Changed(story, entry).Distinct().Where(id => KindOf(story.Find(id)!.Type) is not null).Select(id => id.Value),
        Evolve,
        new Facet<TimelineRecord>("kind", record => record.Kind),
        new Facet<TimelineRecord>("type", record => record.Type),
        new Facet<TimelineRecord>("subject", record => record.Subject?.ToString()));

    /// <summary>The entry itself, and those that it puts right, withdraws, or moves on the published clock.</summary>
    private static IEnumerable<EntryId> Changed(StoryState story, Entry entry) => entry.Body switch
    {
        EntryCorrected corrected => [entry.Id, corrected.Entry, .. story.Moved],
        EntryWithdrawn withdrawn => Findings.WithdrawnBy(story, entry.Id, withdrawn).Append(entry.Id),
        _ => [entry.Id],
    };

    private static TimelineRecord? Evolve(Guid key, TimelineRecord? record, StoryState story, Entry entry)
    {
        if (record is null)
        {
            return entry.Id.Value == key ? Findings.Begun(Begin(story, entry), story) : null;
        }

        var published = Findings.Published(story, record.Id);
        return entry.Body switch
        {
            EntryWithdrawn => Findings.Withdraw(record, story, entry),
            EntryCorrected corrected when corrected.Entry == record.Id => record with
            {
                On = DaysOf(corrected.Corrected),
                What = Summaries.Of(corrected.Corrected),
                Document = story.Find(record.Id)!.Document,
                PublishedAt = published,
                Entries = Findings.Rests(record, entry),
                Corrections = record.Corrections.Add(new(entry.Id, corrected.Reason)),
            },
            EntryCorrected when published != record.PublishedAt => record with { PublishedAt = published, Entries = Findings.Rests(record, entry) },
            _ => record,
        };
    }

    private static TimelineRecord Begin(StoryState story, Entry entry) =>
        new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Type = entry.Envelope.Type,
            On = DaysOf(entry.Body),
            What = entry.Body is { } body ? Summaries.Of(body) : null,
            Subject = story.Find(entry.Id)!.Subject,
            Document = story.Find(entry.Id)!.Document,
            Kind = KindOf(entry.Envelope.Type)!,
        };

    private static DateInterval? DaysOf(Body? body) => body switch
    {
        OccasionScheduled occasion => occasion.Expected,
        OccasionMoved moved => moved.Expected,
        OccasionHeld held => held.On,
        QuestionRaised question => question.Expected,
        QuestionRestated restated => restated.Expected,
        _ => null,
    };

    private static string? KindOf(string type) => type.Split('.')[0] switch
    {
        "document" => "document",
        "quote" => "statement",
        "claim" => type == "claim.recorded" ? "statement" : "desk",
        "question" or "answer" => "question",
        "occasion" => "occasion",
        "ledger" or "extraction" => null,
        _ => "desk",
    };
}
