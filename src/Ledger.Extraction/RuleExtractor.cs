using Ledger.Extraction.Attribution;
using Ledger.Extraction.Dates;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Occasions;
using Ledger.Extraction.Questions;
using Ledger.Extraction.Text;

namespace Ledger.Extraction;

/// <summary>
/// The default extractor: rules and lexicons of its own, without network, model or clock. The same text and day give the same findings on every machine and in every culture,
/// in time linear in the text. It reads English; other languages give quotes at most.
/// </summary>
public sealed class RuleExtractor : IExtractor
{
    public string Name => "ledger-rules";

    public string Version => "1";

    /// <inheritdoc />
    /// <remarks>Runs to its end on the caller's thread: it never waits. Cancellation is looked at before it starts.</remarks>
    public ValueTask<Findings> ExtractAsync(ExtractionInput document, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Extract(document));
    }

    private static Findings Extract(ExtractionInput document)
    {
        var reading = new Reading(Page.Of(document.Text));
        var dates = DateExpressions.Find(reading, document.PublishedOn);
        var open = OpenQuestions.Find(reading, dates, document.PublishedOn);
        List<Finding> findings = [.. Attributions.Find(reading, open)];
        var (occasions, outcomes) = OpenOccasions.Find(reading, dates, document.PublishedOn);
        var first = findings.Count;
        findings.AddRange(occasions);
        List<QuestionFinding> questions = [.. open, .. outcomes.Select(outcome => outcome with { Occasion = first + outcome.Occasion })];
        findings.AddRange(Duplicates.Without(questions));
        return new Findings([.. findings], [.. dates.Select(date => new DateExpression(date.Range, date.Value.Timex, date.Value.Days))]);
    }
}
