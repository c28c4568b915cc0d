using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>An assertion, who makes it, and how it stands among the others.</summary>
public sealed record ClaimRecord : FindingRecord
{
    public required string Statement { get; init; }

    public required Modality Modality { get; init; }

    public required Directness Directness { get; init; }

    /// <summary>The name that stands for the speaker, else the words that do at this place; null where the document itself makes the claim.</summary>
    public string? Speaker { get; init; }

    public required Span Span { get; init; }

    public Span? Cue { get; init; }

    /// <summary>The quote or claim that passed it on; following parents gives the attribution chain.</summary>
    public EntryId? Parent { get; init; }

    public Standing Standing { get; init; } = Standing.Alone;

    public string Status => Findings.Status(this, Standing.Status);
}

/// <summary><b>claims</b>: what is asserted, by whom, in which document, and whether it stands.</summary>
public static class ClaimsView
{
    public static View<ClaimRecord> View { get; } = new(
        "claims", 1, ViewJson.Default.ClaimRecord,
        (story, entry) => Findings.Keys(story, entry, "claim.recorded"), Evolve,
        new Facet<ClaimRecord>("status", record => record.Status),
        new Facet<ClaimRecord>("modality", record => Findings.Name(record.Modality)),
        new Facet<ClaimRecord>("speaker", record => record.Speaker),
        new Facet<ClaimRecord>("document", record => record.Document?.ToString()));

    private static ClaimRecord? Evolve(Guid key, ClaimRecord? record, StoryState story, Entry entry)
    {
        var evolved = Findings.Evolve(key, record, story, entry, body => Begin(story, entry, body));
        if (evolved is null)
        {
            return null;
        }

        var id = new EntryId(key);
        var speaker = story.Find(id)!.Speaker is { } written ? story.Speakers.NameOf(written) : null;
        var standing = Standing.Of(story, id);
        return speaker == evolved.Speaker && standing == evolved.Standing
            ? evolved
            : evolved with { Speaker = speaker, Standing = standing, Entries = Findings.Rests(evolved, entry) };
    }

    private static ClaimRecord? Begin(StoryState story, Entry entry, Body body) => body is not ClaimRecorded claim ? null : new()
    {
        Id = entry.Id,
        StoryId = entry.Story,
        Index = entry.Index,
        RecordedAt = entry.Envelope.RecordedAt,
        PublishedAt = Findings.Published(story, entry),
        RecordedBy = RecordedByName.Of(entry),
        Entries = [entry.Id],
        Statement = claim.Statement,
        Modality = claim.Modality,
        Directness = claim.Directness,
        Speaker = claim.Speaker?.Name ?? claim.Speaker?.Written?.Words,
        Span = claim.Span,
        Cue = claim.Cue,
        Parent = claim.Parent,
        Document = claim.Span.Document,
        Rule = claim.Rule,
    };
}
