using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>Changes of records as a reporter would send them: what happened, to what, on whose word.</summary>
internal sealed class ChangeTelling(Session session, CancellationToken cancellation)
{
    private readonly Telling telling = new(session.Ledger, cancellation);
    private readonly RecordJson titles = new(session, cancellation);
    private readonly HashSet<EntryId> toldLinks = [];

    internal static string Heading(ChangeKind kind) => kind switch
    {
        ChangeKind.Resolved => "Answered",
        ChangeKind.Reopened => "Open again",
        ChangeKind.Overdue => "Still open and overdue",
        ChangeKind.Raised => "New open questions",
        ChangeKind.AnswerProposed => "Answers proposed",
        ChangeKind.Restated => "Asked in other words",
        ChangeKind.EvidenceAdded => "New evidence on open questions",
        ChangeKind.Contradicted => "Contradicted",
        ChangeKind.SourceChanged => "Changed by their own source",
        ChangeKind.Corrected => "Put right",
        ChangeKind.Withdrawn => "Withdrawn",
        ChangeKind.Rejected => "Rejected by an editor",
        ChangeKind.Restored => "No longer contradicted",
        ChangeKind.Occasion => "Occasions",
        ChangeKind.Document => "Filed",
        ChangeKind.Stated => "New claims and quotes",
        ChangeKind.Repeated => "Said by others too",
        ChangeKind.Story => "Stories",
        ChangeKind.Speaker => "Speakers",
        _ => "Also",
    };

    /// <summary>The sentence of a change; null when another has told it.</summary>
    internal async Task<string?> OfAsync(ChangeKind kind, RecordChange change)
    {
        var record = change.Record;
        var words = Words(record);
        return kind switch
        {
            ChangeKind.Resolved or ChangeKind.Reopened or ChangeKind.Overdue or ChangeKind.Raised or ChangeKind.AnswerProposed or ChangeKind.Restated or ChangeKind.EvidenceAdded =>
                await QuestionAsync(kind, (QuestionRecord?)change.Before, (QuestionRecord)record).ConfigureAwait(false),
            ChangeKind.Contradicted => await LinkedAsync(record, "contradicted by", LinkRelation.Contradicts).ConfigureAwait(false),
            ChangeKind.SourceChanged => await LinkedAsync(record, "since then", LinkRelation.Corrects, LinkRelation.Retracts, LinkRelation.Updates).ConfigureAwait(false),
            ChangeKind.Corrected => $"{words} ({record.Corrections[^1].Reason.TrimEnd('.')}{(change.Before is { } before && Words(before) is var was && was != words ? $"; before: {was}" : "")}"
                + $"; {await WhoAsync(record.Corrections[^1].By).ConfigureAwait(false)})",
            // A document is told with what was found in it.
            ChangeKind.Withdrawn when record.Withdrawn is { } withdrawal && withdrawal.Entry != record.Id => null,
            ChangeKind.Withdrawn when record.Withdrawn is { } withdrawal =>
                $"{words}{(record is DocumentRecord ? ", and what was found in it" : "")} ({withdrawal.Reason?.TrimEnd('.') ?? "reason erased"}; {await WhoAsync(withdrawal.By).ConfigureAwait(false)})",
            ChangeKind.Rejected when record is FindingRecord { Decision: { } decision } =>
                $"{words} ({(decision.Reason is { } reason ? reason.TrimEnd('.') + "; " : "")}{RecordTable.By(decision.Editor)})",
            ChangeKind.Occasion => $"{words}: {((OccasionRecord)record).Status}{await InAsync(record).ConfigureAwait(false)}",
            ChangeKind.Document => words + Source((DocumentRecord)record) + (record is DocumentRecord { Revises: { } text } ? $", in the place of {await telling.AboutAsync(text).ConfigureAwait(false)}" : ""),
            ChangeKind.Repeated => $"{words}: {Sources(record)}{await InAsync(record).ConfigureAwait(false)}",
            ChangeKind.Speaker => Speaker((SpeakerRecord?)change.Before, (SpeakerRecord)record),
            ChangeKind.Other => $"{words}: {Other(change)}",
            _ => words + await InAsync(record).ConfigureAwait(false),
        };
    }

    /// <summary>What a change comes to, in a few words: where it is told below the entry that made it.</summary>
    internal static string Effect(RecordChange change)
    {
        var record = change.Record;
        var noun = change.View == StoriesView.View ? "story" : change.View.Name[..^1];
        var name = record is SpeakerRecord speaker ? $"speaker {speaker.Name}" : $"{noun} {ShortId.Of(record.Id)} {Telling.Cut(Words(record))}";
        return (change.Before, change.After) switch
        {
            (_, null) => $"{name}: not listed any more",
            (SpeakerRecord or null, SpeakerRecord after) => Speaker((SpeakerRecord?)change.Before, after),
            (null, { } after) => $"new {noun} {ShortId.Of(after.Id)}{(Status(after) is { } status ? ": " + status : "")}",
            ({ } before, { } after) when Status(before) != Status(after) => $"{name}: {Status(before)} → {Status(after)}",
            _ when ChangeNote.KindOf(change) is var kind and not ChangeKind.Other => $"{name}: {Heading(kind).ToLowerInvariant()}",
            _ => $"{name}: {Other(change)}",
        };
    }

    private static string? Status(ViewRecord record) => record switch
    {
        QuestionRecord question => question.Status,
        ClaimRecord claim => claim.Status,
        QuoteRecord quote => quote.Status,
        OccasionRecord occasion => occasion.Status,
        DocumentRecord document => document.Status,
        _ => null,
    };

    private async Task<string> QuestionAsync(ChangeKind kind, QuestionRecord? before, QuestionRecord question) => question.Text + kind switch
    {
        ChangeKind.Resolved when question.Resolution is { } resolution =>
            $" {Telling.Outcome(resolution.Outcome)}: {resolution.Text ?? resolution.Reason} ({await RestsOnAsync(resolution.Evidence).ConfigureAwait(false)}decided by {RecordTable.By(resolution.By)})",
        ChangeKind.Overdue => $" It was expected by {question.Expected!.Value.To:yyyy-MM-dd}.",
        ChangeKind.AnswerProposed when question.Answers is [.., var answer] =>
            $" {answer.Text} ({await RestsOnAsync(answer.Evidence).ConfigureAwait(false)}proposed by {RecordTable.By(answer.By)}"
            + $"{(answer.ObjectionsUntil is { } day ? $", open to objection through {day:yyyy-MM-dd}" : "")})",
        ChangeKind.Restated when question.Wordings is [.., var wording] =>
            $" ({(before!.Text == question.Text ? "with other criteria or sources" : $"before: {before.Text}")}{(wording.Reason is { } reason ? "; " + reason.TrimEnd('.') : "")}; {RecordTable.By(wording.By)})",
        ChangeKind.EvidenceAdded when question.Evidence is [.., var evidence] =>
            $" {await telling.AboutAsync(evidence.Entry).ConfigureAwait(false)} ({await RestsOnAsync([evidence.Entry]).ConfigureAwait(false)}{RecordTable.By(evidence.By)})",
        _ => (question.Expected is { } days ? $" Expected {days}." : "") + await InAsync(question).ConfigureAwait(false),
    };

    /// <summary>The newest link of some relation that the record rests on, told once for both ends.</summary>
    private async Task<string?> LinkedAsync(ViewRecord record, string how, params LinkRelation[] relations)
    {
        foreach (var id in record.Entries.Reverse())
        {
            var entry = await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false);
            if (entry?.Body is ClaimLinked link && relations.Contains(link.Relation))
            {
                var other = link.From == record.Id ? link.To : link.From;
                return toldLinks.Add(id)
                    ? $"{Words(record)}{await InAsync(record).ConfigureAwait(false)}, {how} {await telling.AboutAsync(other).ConfigureAwait(false)}{await InAsync(other).ConfigureAwait(false)}"
                        + $"{(link.Reason is { } reason ? ": " + reason.TrimEnd('.') : "")} (linked by {RecordTable.By(RecordedByName.Of(entry))})"
                    : null;
            }
        }

        return Words(record) + await InAsync(record).ConfigureAwait(false);
    }

    private async Task<string> RestsOnAsync(IEnumerable<EntryId> evidence)
    {
        var documents = new List<string>();
        foreach (var id in evidence)
        {
            var place = await InAsync(id).ConfigureAwait(false);
            if (place.Length > 0 && !documents.Contains(place.Trim(' ', '(', ')')))
            {
                documents.Add(place.Trim(' ', '(', ')'));
            }
        }

        return documents.Count == 0 ? "" : $"{string.Join("; ", documents)}; ";
    }

    private Task<string> InAsync(ViewRecord record) => record is FindingRecord { Document: { } document } ? PlaceAsync(document) : Task.FromResult("");

    private async Task<string> InAsync(EntryId id)
    {
        var entry = await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false);
        return entry?.Body switch
        {
            DocumentFiled or DocumentRevised => await PlaceAsync(id).ConfigureAwait(false),
            IFinding { Span: { } span } => await PlaceAsync(span.Document).ConfigureAwait(false),
            _ => "",
        };
    }

    private async Task<string> PlaceAsync(EntryId document)
    {
        var record = (DocumentRecord?)await session.Views.FindAsync(DocumentsView.View, document.Value, cancellation: cancellation).ConfigureAwait(false);
        return record is null ? "" : $" (“{await titles.TitleAsync(document).ConfigureAwait(false)}”, {RecordTable.Day(record.PublishedAt)})";
    }

    private async Task<string> WhoAsync(EntryId id) =>
        await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false) is { } entry ? RecordTable.By(RecordedByName.Of(entry)) : "";

    private static string Words(ViewRecord record) => record switch
    {
        QuestionRecord question => question.Text,
        ClaimRecord claim => Telling.Said(claim.Speaker, claim.Statement.TrimEnd('.')),
        QuoteRecord quote => Telling.Said(quote.Speaker, $"“{quote.Span.Words}”"),
        OccasionRecord occasion => occasion.What + (occasion.Expected is { } days ? $" ({days})" : ""),
        DocumentRecord document => $"“{document.Title}”",
        SpeakerRecord speaker => speaker.Name,
        StoryRecord story => $"“{story.Title}”",
        _ => record.Id.ToString(),
    };

    private static string Source(DocumentRecord document) => $" ({(document.Publisher is { } publisher ? publisher + ", " : "")}{RecordTable.Day(document.PublishedAt)})";

    private static string Sources(ViewRecord record)
    {
        var sources = ((record as ClaimRecord)?.Standing ?? (record as QuoteRecord)?.Standing)?.Sources ?? 1;
        return sources == 1 ? "one source" : string.Create(CultureInfo.InvariantCulture, $"{sources} independent sources");
    }

    private static string Speaker(SpeakerRecord? before, SpeakerRecord speaker) =>
        speaker.Name + (speaker.Also.IsEmpty ? "" : $", also {string.Join(", ", speaker.Also)}")
        + string.Create(CultureInfo.InvariantCulture, $" ({Grown("quote", before?.Quotes, speaker.Quotes)}; {Grown("claim", before?.Claims, speaker.Claims)})");

    private static string Grown(string what, int? before, int now) => string.Create(
        CultureInfo.InvariantCulture, $"{now} {what}{(now == 1 ? "" : "s")}{(before is { } was && was != now ? $", {(was < now ? "up" : "down")} from {was}" : "")}");

    private static string Other(RecordChange change) => (change.Before, change.After) switch
    {
        (FindingRecord { Decision: null }, FindingRecord { Decision: { Accepted: true } decision }) => $"accepted by {RecordTable.By(decision.Editor)}",
        (FindingRecord { Orphaned: null }, FindingRecord { Orphaned: not null }) => "the revised text does not have these words any more",
        (DocumentRecord { Extraction: null }, DocumentRecord { Extraction: { } read }) => $"read by {read.Extractor.Name}",
        ({ } before, { } after) when before.PublishedAt != after.PublishedAt => $"published {RecordTable.Day(after.PublishedAt)}, not {RecordTable.Day(before.PublishedAt)}",
        (QuestionRecord before, QuestionRecord after) when before.Status != after.Status => after.Status,
        (QuestionRecord, QuestionRecord) => "what was recorded on it changed",
        (ClaimRecord before, ClaimRecord after) when before.Speaker != after.Speaker => $"said by {after.Speaker ?? "the document"}, not {before.Speaker ?? "the document"}",
        (QuoteRecord before, QuoteRecord after) when before.Speaker != after.Speaker => $"said by {after.Speaker ?? "nobody named"}, not {before.Speaker ?? "nobody named"}",
        _ => "changed",
    };
}
