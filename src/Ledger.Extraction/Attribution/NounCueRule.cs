using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>Attributions made by a noun: "the union's claim that …", "his comment about “…”", "reports that …".</summary>
internal static class NounCueRule
{
    public static void Read(Reading page, int index, List<Draft> drafts)
    {
        var sentence = page.Page.Sentences[index];
        for (var i = sentence.FirstToken; i + 1 < sentence.EndToken; i++)
        {
            if (page.InQuote(i))
            {
                i = Clauses.AfterQuote(page, i) - 1;
                continue;
            }
            if (page.Has(i, WordClass.SpeechNoun) && !page.Has(i, WordClass.Capital))
                Take(page, index, i, sentence.FirstToken, sentence.EndToken, drafts);
        }
    }

    private static void Take(Reading page, int index, int noun, int floor, int end, List<Draft> drafts)
    {
        var source = Possessor(page, noun, floor);
        var next = noun + 1;
        if (page.Is(next, "that") && !page.Has(next + 1, WordClass.Auxiliary | WordClass.Finite) && page.CueAt(next + 1) is null && Clauses.StartsPhrase(page, next + 1))
        {
            if (source is null && !(page.Has(noun - 1, WordClass.Determiner) || page.IsNominal(noun - 1) || page.Has(noun - 1, WordClass.Verb | WordClass.Preposition)))
                return;
            Add(page, index, noun, source, next, Clauses.End(page, next, end, ContentKind.Clause), drafts);
            return;
        }
        if (source is null || !(page.Is(next, "about") || page.Is(next, "of") || page.Is(next, "on") || page.Is(next, "that") || page.IsMark(next, ':') || page.IsMark(next, ',') || page.InQuote(next)))
            return;
        // Words in marks directly after it, or after an article: those are the words themselves.
        var quote = page.InQuote(next) ? next : next + 1;
        if (quote < end && !page.InQuote(quote) && page.Has(quote, WordClass.Determiner | WordClass.Possessive))
            quote++;
        if (quote < end && page.InQuote(quote))
            Add(page, index, noun, source, quote, Clauses.AfterQuote(page, quote), drafts);
    }

    private static void Add(Reading page, int index, int noun, Phrase? source, int start, int end, List<Draft> drafts)
    {
        if (end <= start)
            return;
        var draft = new Draft("noun-cue") { Source = source, Cue = page.Page.Range(noun, noun + 1), Sentence = index };
        draft.Content.Add(page.Page.Range(start, end));
        drafts.Add(draft);
    }

    /// <summary>Whose claim it is: "the union's", "his".</summary>
    private static Phrase? Possessor(Reading page, int noun, int floor)
    {
        for (var i = noun - 1; i >= floor && noun - i <= 4; i--)
        {
            if (page.Has(i, WordClass.Possessive))
                return page.Is(i, "its") || page.Is(i, "whose") ? null : new Phrase(i, i + 1);
            var genitive = page.Page.Tokens[i].Kind == Text.TokenKind.Genitive;
            var plural = page.IsMark(i, '’') | page.IsMark(i, '\'') && i > floor && page.Page.Tokens[i - 1].End == page.Page.Tokens[i].Start && !page.InQuote(i);
            if (genitive || plural)
                return NounPhrases.Before(page, i, floor);
            if (page.IsMark(i) || page.Has(i, WordClass.Determiner | WordClass.Preposition | WordClass.Auxiliary | WordClass.Pronoun))
                return null;
        }
        return null;
    }
}
