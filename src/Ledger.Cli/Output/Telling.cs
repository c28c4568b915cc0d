using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Cli;

/// <summary>Entries in sentences: what each records, with the words of what it speaks of.</summary>
internal sealed class Telling(ILedgerLog log, CancellationToken cancellation)
{
    private const int Longest = 120;

    private readonly Dictionary<EntryId, Entry?> known = [];

    /// <summary>The sentence of an entry.</summary>
    internal async Task<string> OfAsync(Entry entry) => entry.Body switch
    {
        null => $"{entry.Envelope.Type} (erased)",
        LedgerOpened opened => $"The ledger {opened.Origin} was opened",
        LedgerKeyAdded => "A key was added",
        LedgerKeyRetired retired => $"A key was retired: {retired.Reason}",
        StoryOpened opened => $"The story “{opened.Title}” was opened",
        StoryChanged changed => $"The story is called “{changed.Title}”" + Because(changed.Reason),
        StoryClosed closed => "The story was closed" + Because(closed.Reason),
        StoryReopened reopened => "The story was reopened" + Because(reopened.Reason),
        DocumentFiled filed => $"Filed “{filed.Title}”" + Source(filed),
        DocumentRevised revised => $"Revised “{revised.Document.Title}”" + Source(revised.Document),
        ExtractionCompleted { Counts: var counts } completed =>
            $"{completed.Extractor.Name} read {await AboutAsync(completed.Document).ConfigureAwait(false)}: {counts.Quotes + counts.Claims + counts.Questions + counts.Occasions} findings",
        QuoteRecorded or ClaimRecorded or QuestionRaised or OccasionScheduled => Words(entry.Body),
        ClaimLinked link =>
            $"{await AboutAsync(link.From).ConfigureAwait(false)} {Verb(link.Relation)} {await AboutAsync(link.To).ConfigureAwait(false)}" + Because(link.Reason),
        QuestionRestated restated => $"{await AboutAsync(restated.Question).ConfigureAwait(false)} was restated: {restated.Text}" + Because(restated.Reason),
        QuestionEvidenceAdded added =>
            $"{await AboutAsync(added.Evidence).ConfigureAwait(false)} {Verb(added.Bearing)} {await AboutAsync(added.Question).ConfigureAwait(false)}" + Because(added.Reason),
        AnswerProposed answer => $"{await AboutAsync(answer.Question).ConfigureAwait(false)} Answer proposed: {answer.Text}",
        AnswerObjected objected => $"Objection to {await AboutAsync(objected.Answer).ConfigureAwait(false)}: {objected.Reason}",
        QuestionResolved resolved =>
            $"{await AboutAsync(resolved.Question).ConfigureAwait(false)} {Outcome(resolved.Outcome)}: {resolved.Text ?? resolved.Reason}",
        QuestionReopened reopened => $"{await AboutAsync(reopened.Question).ConfigureAwait(false)} is open again" + Because(reopened.Reason),
        OccasionMoved moved => $"{await AboutAsync(moved.Occasion).ConfigureAwait(false)} was moved{(moved.Expected is { } days ? $" to {days}" : "")}" + Because(moved.Reason),
        OccasionHeld held => $"{await AboutAsync(held.Occasion).ConfigureAwait(false)} was held{(held.On is { } days ? $" on {days}" : "")}" + Because(held.Reason),
        OccasionCancelled cancelled => $"{await AboutAsync(cancelled.Occasion).ConfigureAwait(false)} was cancelled" + Because(cancelled.Reason),
        ProposalAccepted accepted => $"Accepted: {await AboutAsync(accepted.Proposal).ConfigureAwait(false)}" + Because(accepted.Reason),
        ProposalRejected rejected => $"Rejected: {await AboutAsync(rejected.Proposal).ConfigureAwait(false)}" + Because(rejected.Reason),
        SpeakerIdentified identified => $"{string.Join(", ", identified.Names)}: the same as {identified.Name}" + Because(identified.Reason),
        SpeakerSeparated separated => $"{string.Join(", ", separated.Names)}: not the same as {separated.Name}" + Because(separated.Reason),
        EntryCorrected corrected => $"Put right: {await AboutAsync(corrected.Entry).ConfigureAwait(false)} is {Words(corrected.Corrected)}" + Because(corrected.Reason),
        EntryWithdrawn withdrawn => $"Withdrawn: {await AboutAsync(withdrawn.Entry).ConfigureAwait(false)}" + Because(withdrawn.Reason),
        NoteAdded note => $"Note on {await AboutAsync(note.On).ConfigureAwait(false)}: {note.Text}",
        EntryRedacted redacted => $"Words were erased from {(redacted.Parts.Length == 1 ? "an entry" : $"{redacted.Parts.Length} entries")}: {redacted.Authority}",
        _ => entry.Envelope.Type,
    };

    /// <summary>Another entry, as a sentence speaks of it.</summary>
    internal async Task<string> AboutAsync(EntryId id)
    {
        if (!known.TryGetValue(id, out var entry))
        {
            known[id] = entry = await log.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false);
        }

        return entry?.Body is { } body ? Cut(Words(body)) : $"{entry?.Envelope.Type ?? "entry"} {ShortId.Of(id)}";
    }

    internal static string Said(string? speaker, string words) => speaker is null ? words : $"{speaker}: {words}";

    internal static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 2]) ? Longest - 2 : Longest - 1)] + "…";

    internal static string Outcome(QuestionOutcome outcome) => outcome switch
    {
        QuestionOutcome.Answered => "Answered",
        QuestionOutcome.Ambiguous => "Ambiguous",
        _ => "Annulled",
    };

    private static string Words(Body body) => body switch
    {
        DocumentFiled filed => $"“{filed.Title}”",
        DocumentRevised revised => $"“{revised.Document.Title}” (revised)",
        QuoteRecorded quote => Said(quote.Speaker?.Name ?? quote.Speaker?.Written?.Words, $"“{quote.Span.Words}”"),
        ClaimRecorded claim => Said(claim.Speaker?.Name ?? claim.Speaker?.Written?.Words, claim.Statement.TrimEnd('.')),
        QuestionRaised question => question.Text,
        OccasionScheduled occasion => occasion.What + (occasion.Expected is { } days ? $" ({days})" : ""),
        AnswerProposed answer => $"the answer “{answer.Text}”",
        AnswerObjected objected => $"the objection “{objected.Reason}”",
        QuestionResolved resolved => $"the resolution “{resolved.Text ?? resolved.Reason}”",
        NoteAdded note => $"the note “{note.Text}”",
        ClaimLinked => "a link",
        QuestionEvidenceAdded => "evidence",
        OccasionMoved or OccasionHeld or OccasionCancelled => "what became of an occasion",
        ISpeakerNames word => $"who {word.Name} is",
        StoryOpened opened => $"the story “{opened.Title}”",
        _ => "an entry",
    };

    private static string Source(DocumentFiled filed) =>
        string.Join(", ", new[] { filed.Publisher, filed.PublishedAt?.ToString() }.OfType<string>()) is { Length: > 0 } source ? $" ({source})" : "";

    private static string Because(string? reason) => reason is null ? "" : $" ({reason.TrimEnd('.')})";

    private static string Verb(LinkRelation relation) => relation.ToString().ToLowerInvariant();

    private static string Verb(EvidenceBearing bearing) => bearing switch
    {
        EvidenceBearing.Answers => "answers",
        EvidenceBearing.Doubts => "casts doubt on",
        _ => "gives context to",
    };
}
