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
        findings.AddRange(Duplicates.Without([.. OutcomesIn(open, [.. outcomes.Select(outcome => outcome with { Occasion = first + outcome.Occasion })])]));
        return new Findings([.. findings], [.. dates.Select(date => new DateExpression(date.Range, date.Value.Timex, date.Value.Days))]);
    }

    /// <summary>"The board will decide next week whether to appeal": where the text says what is decided there, that is what the occasion leaves open, and "what will the board decide?" asks no more.</summary>
    private static IEnumerable<QuestionFinding> OutcomesIn(List<QuestionFinding> open, List<QuestionFinding> outcomes)
    {
        foreach (var question in open)
        {
            var outcome = question.Rule == "open-to-be-decided" ? outcomes.FindIndex(other => other.Content[0].Start < question.Content[^1].End && question.Content[0].Start < other.Content[^1].End) : -1;
            if (outcome < 0)
            {
                yield return question;
                continue;
            }

            yield return question with { Occasion = outcomes[outcome].Occasion, Expected = question.Expected ?? outcomes[outcome].Expected };
            outcomes.RemoveAt(outcome);
        }

        foreach (var outcome in outcomes)
        {
            yield return outcome;
        }
    }
}
