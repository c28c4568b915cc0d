using Ledger.Core.Entries;

namespace Ledger.Core.Views;

/// <summary>What an entry records, in one line. A new type is a case here.</summary>
internal static class Summaries
{
    internal static string Of(Body body) => body switch
    {
        LedgerOpened opened => opened.Origin,
        LedgerKeyAdded added => added.PublicKey.ToString(),
        LedgerKeyRetired retired => $"{retired.PublicKey}: {retired.Reason}",
        StoryOpened opened => opened.Title,
        StoryChanged changed => changed.Title,
        StoryClosed closed => closed.Reason,
        StoryReopened reopened => reopened.Reason,
        DocumentFiled filed => filed.Title,
        DocumentRevised revised => revised.Document.Title,
        ExtractionCompleted { Counts: var counts, Extractor: var extractor } =>
            $"{extractor.Name} {extractor.Version}: {counts.Quotes} quotes, {counts.Claims} claims, {counts.Questions} questions, {counts.Occasions} occasions",
        QuoteRecorded quote => quote.Span.Words,
        ClaimRecorded claim => claim.Statement,
        ClaimLinked link => Findings.Name(link.Relation) + (link.Reason is { } reason ? ": " + reason : ""),
        QuestionRaised question => question.Text,
        QuestionRestated restated => restated.Text,
        QuestionEvidenceAdded evidence => Findings.Name(evidence.Bearing) + (evidence.Reason is { } reason ? ": " + reason : ""),
        AnswerProposed answer => answer.Text,
        AnswerObjected objected => objected.Reason,
        QuestionResolved resolved => Findings.Name(resolved.Outcome) + ": " + (resolved.Text ?? resolved.Reason),
        QuestionReopened reopened => reopened.Reason,
        OccasionScheduled occasion => occasion.What,
        OccasionMoved moved => Change("moved" + (moved.Expected is { } days ? $" to {days}" : ""), moved),
        OccasionHeld held => Change("held" + (held.On is { } days ? $" on {days}" : ""), held),
        OccasionCancelled cancelled => Change("cancelled", cancelled),
        ProposalAccepted accepted => accepted.Reason ?? "accepted",
        ProposalRejected rejected => rejected.Reason ?? "rejected",
        SpeakerIdentified identified => $"{string.Join(", ", identified.Names)}: {identified.Name}",
        SpeakerSeparated separated => $"{string.Join(", ", separated.Names)}: not {separated.Name}",
        EntryCorrected corrected => corrected.Reason,
        EntryWithdrawn withdrawn => withdrawn.Reason,
        NoteAdded note => note.Text,
        EntryRedacted redacted => $"{Findings.Name(redacted.Reason)}: {redacted.Authority}",
        _ => throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "There is no summary for this type."),
    };

    private static string Change(string what, IOccasionChange change) => what + (change.Reason ?? change.Span?.Words) switch { null => "", var why => ": " + why };
}
