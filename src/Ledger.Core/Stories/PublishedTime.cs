using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>
/// The second clock: when an entry counts as published. A document's is its own date (else when it was retrieved, else recorded); a finding's is its document's;
/// a remark or withdrawal takes its target's; the opening of a story comes before everything. Never earlier than anything the entry refers to.
/// </summary>
internal static class PublishedTime
{
    internal static Timestamp Of(StoryState story, Body? body, Timestamp recordedAt) => body switch
    {
        LedgerOpened or StoryOpened => Timestamp.MinValue,
        DocumentFiled filed => Timestamp.Max(
            filed.PublishedAt?.At ?? filed.RetrievedAt ?? recordedAt, Latest(story, filed.SameTextAs, filed.TranslationOf)),
        QuoteRecorded quote => Latest(story, quote.Span.Document, quote.Parent),
        ClaimRecorded claim => Latest(story, claim.Span.Document, claim.Parent),
        QuestionRaised { Span: { } span } question => Latest(story, span.Document, question.Occasion),
        OccasionScheduled { Span: { } span } => Latest(story, span.Document),
        ExtractionCompleted completed => Latest(story, completed.Document),
        NoteAdded note => Latest(story, note.On),
        EntryWithdrawn withdrawn => Latest(story, withdrawn.Entry),
        _ => recordedAt,
    };

    /// <summary>Whether the published time of an entry with this body is when it was recorded.</summary>
    internal static bool DependsOnRecording(Body body) => body is DocumentFiled { PublishedAt: null, RetrievedAt: null } or QuestionRaised { Span: null } or OccasionScheduled { Span: null };

    private static Timestamp Latest(StoryState story, params ReadOnlySpan<EntryId?> references)
    {
        var latest = Timestamp.MinValue;
        foreach (var reference in references)
        {
            if (reference is { } id && story.Find(id) is { } facts)
            {
                latest = Timestamp.Max(latest, facts.Published);
            }
        }

        return latest;
    }
}
