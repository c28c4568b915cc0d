using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>A document whose words are given with their verb inside the marks: "the report of the committee, which was read out, “largely confirms the findings”".</summary>
internal static class DocumentRule
{
    private static readonly WordSet Documents = new("report statement letter declaration communique communiqué document speech message resolution article post memo note text ruling");

    public static void Read(Reading page, int index, List<Draft> drafts)
    {
        var sentence = page.Page.Sentences[index];
        for (var i = sentence.FirstToken + 2; i < sentence.EndToken; i++)
        {
            if (!page.InQuote(i))
                continue;
            var after = Clauses.AfterQuote(page, i);
            if (StartsWithVerb(page, i + 1, after) && Before(page, i, sentence.FirstToken) is { } source)
            {
                var draft = new Draft("document-says") { Source = source, Sentence = index };
                draft.Content.Add(page.Page.Quotes[page.OuterQuote(i)].Outer);
                drafts.Add(draft);
            }
            i = after - 1;
        }
    }

    private static bool StartsWithVerb(Reading page, int first, int end)
    {
        while (first < end && page.Has(first, WordClass.Adverb))
            first++;
        return first < end && (page.Has(first, WordClass.Finite | WordClass.Auxiliary) || page.CueAt(first) is { Form: Lexicon.VerbForm.Past or Lexicon.VerbForm.Third }) && !page.Has(first, WordClass.Capital);
    }

    /// <summary>The document named right before the marks, or before a relative clause between commas.</summary>
    private static Phrase? Before(Reading page, int quote, int floor)
    {
        var end = quote;
        if (page.IsMark(end - 1, ','))
        {
            var comma = end - 2;
            while (comma > floor && end - comma < 25 && !page.IsMark(comma, ','))
                comma--;
            if (!page.IsMark(comma, ',') || !(page.Is(comma + 1, "which") || page.Page.Word(comma + 1).EndsWith("ed", StringComparison.Ordinal)))
                return null;
            end = comma;
        }
        if (NounPhrases.Before(page, end, floor) is not { } phrase)
            return null;
        var head = phrase.First;
        while (head < phrase.End && !page.Has(head, WordClass.Preposition))
            head++;
        return Documents.Has(page, head - 1) ? phrase : null;
    }
}
