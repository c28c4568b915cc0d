using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>Finds who a verb of attribution has as its subject.</summary>
internal static class Subjects
{
    /// <summary>The subject that stands before a verb group; null where there is none of its own ("and said", ", adding").</summary>
    public static Phrase? Before(Reading page, int verbGroup, int floor)
    {
        var last = verbGroup - 1;
        last = SkipTimeBack(page, last, floor);
        if (last < floor)
            return null;
        if (page.IsMark(last, ',') || page.IsDash(last) || page.IsMark(last, ')') && false)
            return AcrossCommas(page, last, floor);
        if (page.Has(last, WordClass.Wh))
            return page.Is(last, "who") || page.Is(last, "which") || page.Is(last, "whoever") ? new Phrase(last, last + 1) : null;
        if (page.Is(last, "that") && page.IsNominal(last - 1))
            return new Phrase(last, last + 1);
        return NounPhrases.Before(page, last + 1, floor);
    }

    /// <summary>The subject of the sentence: its first noun phrase that is not inside an introductory phrase.</summary>
    public static Phrase? OfSentence(Reading page, int first, int end)
    {
        var i = first;
        while (i < end && (page.Has(i, WordClass.Coordinator | WordClass.Adverb) || page.IsMark(i)) && !page.IsName(i))
            i++;
        if (i < end && (page.Has(i, WordClass.Preposition | WordClass.Subordinator) && !page.Has(i, WordClass.Determiner) || page.Page.Word(i).EndsWith("ing", StringComparison.Ordinal)))
        {
            var limit = Math.Min(end, i + 25);
            while (i < limit && !page.IsMark(i, ','))
                i++;
            i++;
        }
        return i < end && !page.InQuote(i) ? NounPhrases.After(page, i, end) : null;
    }

    /// <summary>X, who is sixty, said: the first plain phrase since the last clause, with something else between it and the verb.</summary>
    private static Phrase? AcrossCommas(Reading page, int comma, int floor)
    {
        floor = Math.Max(floor, comma - 60);
        Span<int> commas = stackalloc int[10];
        var count = 0;
        for (var i = comma; i >= floor && count < commas.Length; i--)
        {
            if (page.InQuote(i))
            {
                var open = page.Page.TokenAt(page.Page.Quotes[page.OuterQuote(i)].Outer.Start);
                // “…,” X, the Y, said: the quote is what was said, and the subject begins after it.
                var closing = i > 0 ? page.Page.Text[page.Page.Tokens[i - 1].End - 1] : ' ';
                if (open < floor || page.IsMark(open - 1, ',') || closing is ',' or '.' or '?' or '!' && count > 0)
                {
                    floor = i + 1;
                    break;
                }
                i = open;
            }
            else if (page.IsMark(i, ',') || page.IsDash(i))
            {
                commas[count++] = i;
            }
            else if (page.IsMark(i, ';') || page.IsMark(i, ':'))
            {
                floor = i + 1;
                break;
            }
        }
        Phrase? candidate = null;
        for (var k = count - 1; k >= 0; k--)
        {
            var start = k == count - 1 ? floor : commas[k + 1] + 1;
            var end = commas[k];
            while (start < end && (page.Has(start, WordClass.Coordinator | WordClass.Adverb) || page.IsMark(start)) && !page.IsName(start))
                start++;
            if (start >= end)
                continue;
            if (page.Has(start, WordClass.Wh) || page.Has(start, WordClass.Preposition) && !page.IsName(start))
                continue;
            var clause = start;
            for (var i = start; i < end; i++)
            {
                if (page.Has(i, WordClass.Subordinator) && !page.Has(i, WordClass.Preposition | WordClass.Determiner) || page.Is(i, "that"))
                    clause = i + 1;
            }
            if (HasFinite(page, clause, end))
            {
                candidate = null;
                continue;
            }
            if (page.Page.Word(start).EndsWith("ing", StringComparison.Ordinal) || page.Has(start, WordClass.Finite))
                continue;
            candidate ??= NounPhrases.Before(page, end, clause) is { } phrase && phrase.First - clause <= 2 ? phrase : null;
        }
        return candidate;
    }

    private static bool HasFinite(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (page.Has(i, WordClass.Auxiliary) && !page.IsName(i) || page.Has(i, WordClass.Finite) && i > first && !page.Has(i - 1, WordClass.Determiner))
                return true;
            if (page.CueAt(i) is { Form: VerbForm.Past or VerbForm.Third } && i > first && !page.Has(i, WordClass.SpeechNoun | WordClass.Capital))
                return true;
        }
        return false;
    }

    /// <summary>Past "on Monday", "last week" between subject and verb.</summary>
    private static int SkipTimeBack(Reading page, int last, int floor)
    {
        var i = last;
        while (i > floor && page.Has(i, WordClass.Time) && !page.InQuote(i))
            i--;
        if (i == last)
            return last;
        if (page.Has(i, WordClass.Preposition | WordClass.Determiner))
            i--;
        // What is left must be able to end a subject; otherwise the time word was part of it ("the next president").
        return i >= floor && (page.IsNominal(i) || page.Has(i, WordClass.Pronoun) || page.IsMark(i, ',') || page.IsMark(i, ')')) ? i : last;
    }
}
