using Ledger.Core.Entries;

namespace Ledger.Core.Views;

/// <summary>One entry, as an auditor reads it: who recorded what, when, on which words.</summary>
public sealed record ActivityRecord : ViewRecord
{
    public required string Type { get; init; }

    public required long Revision { get; init; }

    public required CommandId Command { get; init; }

    /// <summary>The entry that led to this one.</summary>
    public EntryId? Cause { get; init; }

    /// <summary>The document that it is, or rests on.</summary>
    public EntryId? Document { get; init; }

    /// <summary>The entry that a note or withdrawal is about.</summary>
    public EntryId? On { get; init; }

    /// <summary>What was recorded, in one line; null when the body was erased.</summary>
    public string? Summary { get; init; }

    /// <summary>The words it rests on.</summary>
    public Span? Span { get; init; }
}

/// <summary><b>activity</b>: every entry of every story, one record each.</summary>
public static class ActivityView
{
    public static View<ActivityRecord> View { get; } = new(
        "activity", 1, ViewJson.Default.ActivityRecord,
        (_, entry) => [entry.Id.Value],
        (_, story, entry) => new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Type = entry.Envelope.Type,
            Revision = entry.Envelope.Revision,
            Command = entry.Envelope.Command,
            Cause = entry.Envelope.Cause,
            Document = story.Find(entry.Id)!.Document,
            On = entry.Body switch { NoteAdded note => note.On, EntryWithdrawn withdrawn => withdrawn.Entry, _ => null },
            Summary = entry.Body is { } body ? Summarize(body) : null,
            Span = (entry.Body as IFinding)?.Span,
        },
        new Facet<ActivityRecord>("type", record => record.Type),
        new Facet<ActivityRecord>("by", record => record.RecordedBy.Name),
        new Facet<ActivityRecord>("document", record => record.Document?.ToString()),
        new Facet<ActivityRecord>("on", record => record.On?.ToString()));

    private static string Summarize(Body body) => body switch
    {
        LedgerOpened opened => opened.Origin,
        StoryOpened opened => opened.Title,
        DocumentFiled filed => filed.Title,
        ExtractionCompleted { Counts: var counts, Extractor: var extractor } =>
            $"{extractor.Name} {extractor.Version}: {counts.Quotes} quotes, {counts.Claims} claims, {counts.Questions} questions, {counts.Occasions} occasions",
        QuoteRecorded quote => quote.Span.Words,
        ClaimRecorded claim => claim.Statement,
        QuestionRaised question => question.Text,
        OccasionScheduled occasion => occasion.What,
        NoteAdded note => note.Text,
        EntryWithdrawn withdrawn => withdrawn.Reason,
        _ => throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "The activity view has no summary for this type."),
    };
}
