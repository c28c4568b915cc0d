using Ledger.Core.Entries;
using Ledger.Core.Stories;

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
        "activity", 2, ViewJson.Default.ActivityRecord, Keys, Evolve,
        new Facet<ActivityRecord>("type", record => record.Type),
        new Facet<ActivityRecord>("by", record => record.RecordedBy.Name),
        new Facet<ActivityRecord>("document", record => record.Document?.ToString()),
        // Each on a line of its own, so that either is found by its whole name.
        new Facet<ActivityRecord>("recorders", record => record.RecordedBy is { Name: null, OnBehalfOf: null } ? null : $"\n{record.RecordedBy.Name}\n{record.RecordedBy.OnBehalfOf}\n"),
        new Facet<ActivityRecord>("on", record => record.On?.ToString()));

    private static IEnumerable<Guid> Keys(StoryState story, Entry entry) => (entry.Body switch
    {
        EntryWithdrawn withdrawn => Findings.WithdrawnBy(story, entry.Id, withdrawn),
        EntryCorrected => story.Moved,
        _ => [],
    }).Prepend(entry.Id).Distinct().Where(id => story.Find(id) is not null).Select(id => id.Value);

    private static ActivityRecord? Evolve(Guid key, ActivityRecord? record, StoryState story, Entry entry)
    {
        if (record is null)
        {
            return entry.Id.Value == key ? Findings.Begun(Begin(story, entry), story) : null;
        }

        return entry.Body is EntryWithdrawn ? Findings.Withdraw(record, story, entry)
            : Findings.Published(story, record.Id) is var published && published != record.PublishedAt ? record with { PublishedAt = published } : record;
    }

    private static ActivityRecord Begin(StoryState story, Entry entry) =>
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
            Revision = entry.Envelope.Revision,
            Command = entry.Envelope.Command,
            Cause = entry.Envelope.Cause,
            Document = story.Find(entry.Id)!.Document,
            On = On(entry.Body),
            Summary = entry.Body is { } body ? Summaries.Of(body) : null,
            Span = (entry.Body as IFinding)?.Span,
        };

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
