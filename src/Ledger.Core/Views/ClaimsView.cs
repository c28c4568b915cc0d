using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>An assertion, and who makes it.</summary>
public sealed record ClaimRecord : ViewRecord
{
    public required string Statement { get; init; }

    public required Modality Modality { get; init; }

    public required Directness Directness { get; init; }

    /// <summary>The resolved name, else the words that stand for the speaker; null where the document itself makes the claim.</summary>
    public string? Speaker { get; init; }

    public required Span Span { get; init; }

    public Span? Cue { get; init; }

    /// <summary>The quote or claim that passed it on; following parents gives the attribution chain.</summary>
    public EntryId? Parent { get; init; }

    public required EntryId Document { get; init; }

    public string? Rule { get; init; }

    public string Status => Findings.Status(this, "asserted");
}

/// <summary><b>claims</b>: what is asserted, by whom, in which document.</summary>
public static class ClaimsView
{
    public static View<ClaimRecord> View { get; } = new(
        "claims", 1, ViewJson.Default.ClaimRecord,
        (story, entry) => Findings.Keys(story, entry, "claim.recorded"), Evolve,
        new Facet<ClaimRecord>("status", record => record.Status),
        new Facet<ClaimRecord>("modality", record => Findings.Name(record.Modality)),
        new Facet<ClaimRecord>("speaker", record => record.Speaker),
        new Facet<ClaimRecord>("document", record => record.Document.ToString()));

    private static ClaimRecord? Evolve(ClaimRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        ClaimRecorded claim => new()
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
        },
        EntryWithdrawn => Findings.Withdraw(record, entry),
        _ => record,
    };
}
