using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>What a speaker is reported to have said: a quote, or a claim in indirect speech that has a speaker.</summary>
public sealed record QuoteRecord : FindingRecord
{
    public required Directness Directness { get; init; }

    /// <summary>The name that stands for the speaker, else the words that do at this place; null where the document does not tell.</summary>
    public string? Speaker { get; init; }

    /// <summary>The words that stand for the speaker at this place.</summary>
    public Span? SpeakerWritten { get; init; }

    public required Span Span { get; init; }

    public Span? Cue { get; init; }

    /// <summary>The quote or claim that passed it on.</summary>
    public EntryId? Parent { get; init; }

    public Standing Standing { get; init; } = Standing.Alone;

    public string Status => Findings.Status(this, Standing == Standing.Alone ? "recorded" : Standing.Status);
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
        new Facet<QuoteRecord>("document", record => record.Document?.ToString()));

    private static QuoteRecord? Evolve(Guid key, QuoteRecord? record, StoryState story, Entry entry)
    {
        QuoteRecord? evolved;
        if (entry.Body is EntryCorrected corrected && corrected.Entry.Value == key && (record is null || Begin(story, entry, corrected.Corrected) is null))
        {
            // A correction may give a claim its speaker, or take it.
            evolved = Begin(story, entry, corrected.Corrected) is { } begun
                ? begun with { Id = corrected.Entry, PublishedAt = Findings.Published(story, corrected.Entry), Entries = [corrected.Entry, entry.Id], Corrections = [new(entry.Id, corrected.Reason)] }
                : null;
        }
        else
        {
            evolved = Findings.Evolve(key, record, story, entry, body => Begin(story, entry, body));
        }

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

    private static QuoteRecord? Begin(StoryState story, Entry entry, Body body) => body switch
    {
        QuoteRecorded quote => Begin(story, entry, quote.Directness, quote.Speaker, quote.Span, quote.Cue, quote.Parent, quote.Rule),
        ClaimRecorded { Speaker: not null } claim =>
            Begin(story, entry, claim.Directness, claim.Speaker, claim.Span, claim.Cue, claim.Parent, claim.Rule),
        _ => null,
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
