using Ledger.Cli.Verbs;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>The fields of a record, as <c>show</c> names them; those without a value are left out by the reader.</summary>
internal static class RecordFields
{
    /// <param name="record">The record.</param>
    /// <param name="day">The day on which it is read.</param>
    /// <param name="story">Its story's slug.</param>
    internal static IEnumerable<(string Name, string? Value)> Of(ViewRecord record, DateOnly day, string story)
    {
        List<(string, string?)> fields = record switch
        {
            QuestionRecord question =>
            [
                ("question", question.Text), ("kind", RecordTable.Name(question.Kind)), ("status", RecordTable.StatusOf(question, day)), ("expected", RecordTable.Expected(question.Expected)),
                ("criteria", question.Criteria ?? "none yet: an editor sets them"), ("sources", string.Join(", ", question.Sources)), ("settled by", Short(question.Occasion)), ("rule", question.Rule),
            ],
            ClaimRecord claim =>
            [
                ("claim", claim.Statement), ("who", claim.Speaker ?? "the document itself"), ("how", $"{RecordTable.Name(claim.Modality)}, {RecordTable.Name(claim.Directness)}"),
                ("passed on by", Short(claim.Parent)), ("status", claim.Status), ("standing", Standing(claim.Standing)), ("rule", claim.Rule),
            ],
            QuoteRecord quote =>
            [
                ("words", RecordTable.OneLine(quote.Span.Words)), ("speaker", quote.Speaker ?? "?"), ("how", RecordTable.Name(quote.Directness)),
                ("passed on by", Short(quote.Parent)), ("status", quote.Status), ("standing", Standing(quote.Standing)), ("rule", quote.Rule),
            ],
            OccasionRecord occasion =>
            [
                ("what", occasion.What), ("where", occasion.Where), ("expected", RecordTable.Expected(occasion.Expected)),
                ("at first", occasion.Expected == occasion.FirstExpected ? null : RecordTable.Expected(occasion.FirstExpected) is { Length: > 0 } first ? first : "no known days"),
                ("status", occasion.Status), ("rule", occasion.Rule),
            ],
            DocumentRecord document =>
            [
                ("title", document.Title), ("publisher", document.Publisher), ("author", document.Author), ("url", document.Url), ("dated", document.Dated?.ToString()),
                ("text", $"{document.TextLength} characters, SHA-256 {document.TextSha256}"), ("same text as", Short(document.SameTextAs)),
                ("revises", document.Revises is { } before ? $"{ShortId.Of(before)}; {IngestSummary.Count(document.Orphaned ?? 0, "finding")} on it no longer stand in this text" : null),
                ("revised by", Short(document.RevisedBy)), ("status", document.Status),
                ("read by", document.Extraction is { } read ? $"{read.Extractor.Name} {read.Extractor.Version}: {string.Join(", ", Counts(read.Counts))}" : "nobody yet"),
            ],
            ActivityRecord activity => [("what", activity.Summary), ("about", Short(activity.On))],
            _ => [],
        };
        if (record is FindingRecord finding)
        {
            fields.Add(("decided", finding.Decision is { } decision
                ? $"{(decision.Accepted ? "accepted" : "rejected")} by {RecordTable.By(decision.Editor)}{(decision.Reason is { } why ? ": " + why : "")} ({ShortId.Of(decision.By)})"
                : null));
            fields.Add(("orphaned", finding.Orphaned is { } revision ? $"the revised text {ShortId.Of(revision)} does not have these words" : null));
        }

        fields.AddRange(record.Corrections.Select(correction => ("corrected", (string?)$"{correction.Reason} ({ShortId.Of(correction.By)})")));
        fields.Add(("withdrawn", record.Withdrawn is { } withdrawal ? $"{withdrawal.Reason ?? "(reason erased)"} ({ShortId.Of(withdrawal.By)})" : null));
        fields.Add(("story", story));
        fields.Add(("recorded", $"{RecordTable.Minute(record.RecordedAt)} by {RecordTable.By(record.RecordedBy)}"));
        return fields;
    }

    private static string? Standing(Core.Stories.Standing standing) => (standing.Sources, standing.Contradicted) switch
    {
        ( <= 1, false) => null,
        (1, true) => "one source; contradicted",
        var (sources, contradicted) => $"{sources} independent sources{(contradicted ? "; contradicted" : "")}",
    };

    private static string[] Counts(FindingCounts counts) =>
    [
        IngestSummary.Count(counts.Quotes, "quote"), IngestSummary.Count(counts.Claims, "claim"), IngestSummary.Count(counts.Questions, "question"),
        IngestSummary.Count(counts.Occasions, "occasion"),
    ];

    private static string? Short(EntryId? id) => id is { } value ? ShortId.Of(value) : null;
}
