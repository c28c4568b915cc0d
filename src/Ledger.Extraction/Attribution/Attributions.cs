using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>Finds what a document attributes, and to whom.</summary>
internal static class Attributions
{
    /// <summary>
    /// Quotes, reported speech and reported absences, by place in the text. <see cref="AttributedFinding.Parent"/> is an index into the list itself.
    /// </summary>
    public static ImmutableArray<AttributedFinding> Find(Reading reading, IReadOnlyList<QuestionFinding> open)
    {
        var page = reading.Page;
        var drafts = new List<Draft>();
        var speech = new SpeechRule(reading, drafts);
        for (var s = 0; s < page.Sentences.Length; s++)
        {
            if (page.Sentences[s].IsHeading)
                continue;
            AbsenceRule.Read(reading, s, drafts);
            speech.Read(s);
            AccordingToRule.Read(reading, s, drafts);
            NounCueRule.Read(reading, s, drafts);
            DocumentRule.Read(reading, s, drafts);
        }
        drafts.RemoveAll(draft => IsAsked(reading, draft, open));
        new LooseQuotes(reading, drafts).Read();
        return Assembly.Of(reading, drafts);
    }

    /// <summary>"It is not known whether the council agreed to …": nobody is said to have agreed. What is withheld stays reported as absent, and words in marks stay quoted.</summary>
    private static bool IsAsked(Reading reading, Draft draft, IReadOnlyList<QuestionFinding> open)
    {
        if (draft.Cue is not { } cue || draft.Modality == Modality.ReportedAbsent || draft.Content.Count == 0 || reading.InQuote(reading.Page.TokenAt(draft.Content[^1].End - 1)))
            return false;
        int low = 0, high = open.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (open[middle].Content[0].Start <= cue.Start)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && open[low - 1].Content[0].Contains(cue) && open[low - 1].Rule is not ("open-asked" or "open-investigation");
    }
}
