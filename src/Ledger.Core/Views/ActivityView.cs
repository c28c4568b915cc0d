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

    /// <summary>The entry that a note, withdrawal, correction or decision on a proposal is about.</summary>
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
        (story, entry) => [entry.Id.Value, .. story.Moved.Select(moved => moved.Value).Where(moved => moved != entry.Id.Value)],
        (_, record, story, entry) => record is not null ? record with { PublishedAt = Findings.Published(story, record.Id) } : new()
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
            On = On(entry.Body),
            Summary = entry.Body is { } body ? Summaries.Of(body) : null,
            Span = (entry.Body as IFinding)?.Span,
        },
        new Facet<ActivityRecord>("type", record => record.Type),
        new Facet<ActivityRecord>("by", record => record.RecordedBy.Name),
        new Facet<ActivityRecord>("document", record => record.Document?.ToString()),
        new Facet<ActivityRecord>("on", record => record.On?.ToString()));

    private static EntryId? On(Body? body) => body switch
    {
        NoteAdded note => note.On,
        EntryWithdrawn withdrawn => withdrawn.Entry,
        EntryCorrected corrected => corrected.Entry,
        ProposalAccepted accepted => accepted.Proposal,
        ProposalRejected rejected => rejected.Proposal,
        _ => null,
    };
}
