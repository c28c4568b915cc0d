using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>What a speaker is reported to have said: a quote, or a claim in indirect speech that has a speaker.</summary>
public sealed record QuoteRecord : ViewRecord
{
    public required Directness Directness { get; init; }

    /// <summary>The resolved name, else the words that stand for the speaker; null where the document does not tell.</summary>
    public string? Speaker { get; init; }

    /// <summary>The words that stand for the speaker at this place.</summary>
    public Span? SpeakerWritten { get; init; }

    public required Span Span { get; init; }

    public Span? Cue { get; init; }

    /// <summary>The quote or claim that passed it on.</summary>
    public EntryId? Parent { get; init; }

    public required EntryId Document { get; init; }

    public string? Rule { get; init; }

    public string Status => Findings.Status(this, "recorded");
}

/// <summary><b>quotes</b>: who said what — direct, mixed and indirect.</summary>
public static class QuotesView
{
    public static View<QuoteRecord> View { get; } = new(
        "quotes", 1, ViewJson.Default.QuoteRecord,
        (story, entry) => Findings.Keys(story, entry, "quote.recorded", "claim.recorded"), Evolve,
        new Facet<QuoteRecord>("status", record => record.Status),
        new Facet<QuoteRecord>("directness", record => Findings.Name(record.Directness)),
        new Facet<QuoteRecord>("speaker", record => record.Speaker),
        new Facet<QuoteRecord>("document", record => record.Document.ToString()));

    private static QuoteRecord? Evolve(QuoteRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        QuoteRecorded quote => Begin(story, entry, quote.Directness, quote.Speaker, quote.Span, quote.Cue, quote.Parent, quote.Rule),
        ClaimRecorded { Speaker: not null } claim =>
            Begin(story, entry, claim.Directness, claim.Speaker, claim.Span, claim.Cue, claim.Parent, claim.Rule),
        EntryWithdrawn => Findings.Withdraw(record, entry),
        _ => record,
    };

    private static QuoteRecord Begin(
        StoryState story, Entry entry, Directness directness, Speaker? speaker, Span span, Span? cue, EntryId? parent, string? rule) => new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Directness = directness,
            Speaker = speaker?.Name ?? speaker?.Written?.Words,
            SpeakerWritten = speaker?.Written,
            Span = span,
            Cue = cue,
            Parent = parent,
            Document = span.Document,
            Rule = rule,
        };
}
