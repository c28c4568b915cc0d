using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Extraction;
using Source = Ledger.Extraction.Source;

namespace Ledger.Cli.Verbs;

/// <summary>An extractor's findings as what they would be recorded as.</summary>
internal static class Proposals
{
    /// <summary>The findings in order, each once: two of one type on the same words are one.</summary>
    internal static ImmutableArray<ProposedFinding> Of(EntryId document, string text, Findings findings)
    {
        var keys = new FindingKey[findings.All.Length];
        var seen = new HashSet<FindingKey>();
        var proposed = ImmutableArray.CreateBuilder<ProposedFinding>();
        for (var i = 0; i < findings.All.Length; i++)
        {
            var finding = findings.All[i];
            var body = Body(document, text, finding);
            keys[i] = FindingKey.Of(body);
            if (seen.Add(keys[i]))
            {
                var parent = (finding as AttributedFinding)?.Parent;
                var occasion = (finding as QuestionFinding)?.Occasion;
                proposed.Add(new(body, parent is { } p ? keys[p] : null, occasion is { } o ? keys[o] : null));
            }
        }

        return proposed.DrainToImmutable();
    }

    private static Body Body(EntryId document, string text, Finding finding)
    {
        var span = Span.In(document, text, finding.Content);
        return finding switch
        {
            QuoteFinding quote => new QuoteRecorded(span, quote.Directness, Speaker(quote.Source), At(quote.Cue), null, quote.Rule),
            ClaimFinding claim => new ClaimRecorded(span, Sentence(span.Words), claim.Modality, claim.Directness, Speaker(claim.Source), At(claim.Cue), null, claim.Rule),
            QuestionFinding question => new QuestionRaised(question.Text, question.Kind, question.Expected, span, null, null, question.Rule),
            OccasionFinding occasion => new OccasionScheduled(occasion.What, null, occasion.Expected, span, At(occasion.When), occasion.Rule),
            _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.GetType().Name, "There is no entry for this kind of finding."),
        };

        Speaker? Speaker(Source? source) => source is null ? null : new(source.Name, At(source.Written));

        Span? At(TextRange? range) => range is { } at ? Span.In(document, text, at) : null;
    }

    /// <summary>The words as a sentence of their own.</summary>
    internal static string Sentence(string words)
    {
        var text = RecordTable.OneLine(words).TrimEnd(',', ';', ':', ' ');
        text = text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
        return text.Length > 0 && text[^1] is '.' or '!' or '?' or '”' or '"' ? text : text + ".";
    }
}
