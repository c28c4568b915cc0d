using Ledger.Extraction.Attribution.Lexicon;


namespace Ledger.Extraction.Grammar;

/// <summary>A run of tokens <c>[First, End)</c>.</summary>
internal readonly record struct Phrase(int First, int End)
{
    public int Length => End - First;
}

/// <summary>Finds noun phrases without a parser, from their closed-class borders.</summary>
internal static class NounPhrases
{
    private const int Longest = 24;

    /// <summary>The noun phrase that ends right before <paramref name="end"/>, not reaching before <paramref name="floor"/>.</summary>
    public static Phrase? Before(Reading page, int end, int floor)
    {
        floor = Math.Max(floor, end - Longest);
        if (end <= floor)
            return null;
        if (IsLonePronoun(page, end - 1))
            return new Phrase(end - 1, end);
        var i = end - 1;
        var first = end;
        while (i >= floor)
        {
            if (page.IsMark(i, ')'))
            {
                var open = OpenBracket(page, i, floor);
                if (open < 0)
                    break;
                i = open - 1;
                continue;
            }
            if (page.InQuote(i))
            {
                // A nickname between the parts of a name.
                var region = page.Page.Quotes[page.OuterQuote(i)];
                var open = page.Page.TokenAt(region.Outer.Start);
                if (first == i + 1 && page.IsName(i + 1) && page.IsName(open - 1) && i - open < 6)
                {
                    i = open - 1;
                    continue;
                }
                break;
            }
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive || (page.IsMark(i, '\'') | page.IsMark(i, '’') && page.IsNominal(i - 1) && page.Page.Tokens[i - 1].End == page.Page.Tokens[i].Start))
            {
                i--;
                continue;
            }
            if (page.Is(i, "that") && first < end && (page.IsName(first) || page.Has(i - 1, WordClass.Cue | WordClass.SpeechNoun) || page.Page.Word(end - 1) is [.., 's']))
                break;
            if (page.Has(i, WordClass.Determiner | WordClass.Possessive) && !(page.Has(i, WordClass.Subordinator) && first == end))
            {
                first = i;
                if (page.Is(i - 1, "all") || page.Is(i - 1, "both"))
                    first = i - 1;
                if (page.Has(first - 1, WordClass.Coordinator) && first - 1 > floor && page.IsName(first - 2) && JoinsPhrases(page, first - 1, floor))
                {
                    i = first - 2;
                    continue;
                }
                if (!Attaches(page, first - 1, floor))
                    break;
                i = first - 2;
                continue;
            }
            if (page.Has(i, WordClass.Preposition) && !page.Has(i, WordClass.Capital))
            {
                if (first > i + 1 || first == end || !Attaches(page, i, floor))
                    break;
                i--;
                continue;
            }
            if (page.Has(i, WordClass.Coordinator))
            {
                if (first != i + 1 || !JoinsPhrases(page, i, floor))
                    break;
                i--;
                continue;
            }
            if (!page.IsNominal(i) || (page.Has(i, WordClass.Time) && first == end && !page.IsName(i)))
            {
                // "a press note from the cabinet": after an article and a noun, what could be a verb is the noun.
                if (first < end && page.CueAt(i) is { Form: VerbForm.Base } && page.Has(i + 1, WordClass.Preposition) && (page.Has(i - 1, WordClass.Determiner | WordClass.Possessive) || !page.IsMark(i - 1) && page.Has(i - 2, WordClass.Determiner | WordClass.Possessive)))
                {
                    first = i--;
                    continue;
                }
                // A participle before a noun ("a senior elected official").
                if (page.Has(i, WordClass.Finite | WordClass.Cue | WordClass.Adverb) && first < end && (page.Has(i - 1, WordClass.Determiner | WordClass.Possessive) || IsAttributive(page, i, floor)))
                {
                    first = i--;
                    continue;
                }
                break;
            }
            if (page.Has(i, WordClass.Pronoun) && !page.Has(i, WordClass.Determiner))
                break;
            first = i--;
        }
        // "At the same session Smith": the name is the phrase, the rest dates or places the sentence.
        if (first < end && page.IsName(end - 1) && first > 0 && page.Has(first - 1, WordClass.Preposition) && page.Has(first - 1, WordClass.Capital) && page.Has(first, WordClass.Determiner))
        {
            var name = end - 1;
            while (name > first && page.IsName(name - 1))
                name--;
            if (name > first + 1 && page.IsNominal(name - 1) && !page.Has(name - 1, WordClass.Title | WordClass.Role))
                first = name;
        }
        return first < end ? new Phrase(first, end) : null;
    }

    /// <summary>The noun phrase that starts at <paramref name="first"/>; its later parts after "of", "for", "at", "with" and "from" too.</summary>
    public static Phrase? After(Reading page, int first, int ceiling)
    {
        ceiling = Math.Min(ceiling, first + Longest);
        if (first >= ceiling)
            return null;
        if (page.Has(first, WordClass.Pronoun | WordClass.Object) && !page.Has(first, WordClass.Determiner) && !page.IsNominal(first + 1))
            return new Phrase(first, first + 1);
        var i = first;
        var fresh = true;
        while (i < ceiling)
        {
            if (page.IsMark(i, '('))
            {
                var close = CloseBracket(page, i, ceiling);
                if (close < 0)
                    break;
                i = close + 1;
                continue;
            }
            if (page.InQuote(i))
            {
                var region = page.Page.Quotes[page.OuterQuote(i)];
                var close = page.Page.TokenAt(region.Outer.End - 1);
                if (i > first && page.IsName(i - 1) && page.IsName(close + 1) && close - i < 6)
                {
                    i = close + 1;
                    continue;
                }
                break;
            }
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive)
            {
                i++;
                continue;
            }
            if (page.Has(i, WordClass.Determiner | WordClass.Possessive))
            {
                if (!fresh && !page.Has(i - 1, WordClass.Determiner))
                    break;
                i++;
                continue;
            }
            if (i > first && page.Has(i, WordClass.Preposition) && (page.Is(i, "of") || page.Is(i, "for") || page.Is(i, "at") || page.Is(i, "with") || page.Is(i, "from") || page.Is(i, "in") || page.Is(i, "on") || page.Is(i, "by"))
                && (page.IsNominal(i + 1) || page.Has(i + 1, WordClass.Determiner | WordClass.Possessive)) && !page.Has(i + 1, WordClass.Time))
            {
                fresh = true;
                i++;
                continue;
            }
            if (page.Has(i, WordClass.Coordinator) && i > first && (page.IsName(i - 1) && page.IsName(i + 1) || page.IsNominal(i - 1) && page.IsNominal(i + 1) && !page.Has(i + 1, WordClass.Verb)))
            {
                fresh = true;
                i++;
                continue;
            }
            if (!page.IsNominal(i) || (page.Has(i, WordClass.Time) && i > first && page.Has(i, WordClass.Capital)))
            {
                // "an electrical fault": after an article and adjectives, what could be a verb is the noun.
                var noun = page.CueAt(i) is { Form: VerbForm.Base } && page.Has(i - 1, WordClass.Determiner | WordClass.Possessive) && !page.Has(i - 1, WordClass.Pronoun) || !fresh && i - first < 12 && page.IsNominal(i - 1) && (page.Is(i - 2, "a") || page.Is(i - 2, "an")) && page.CueAt(i) is { Form: VerbForm.Base };
                if (noun || fresh && page.Has(i, WordClass.Finite | WordClass.Cue | WordClass.Adverb) && page.IsNominal(i + 1))
                {
                    i++;
                    continue;
                }
                break;
            }
            // "The decision concerns its own mission": a verb, in spite of its plural s.
            if (i > first && page.Has(i, WordClass.SpeechNoun) && page.Page.Word(i) is [.., 's'] && page.IsNominal(i - 1) && !page.Has(i, WordClass.Capital) && page.Has(i + 1, WordClass.Determiner | WordClass.Possessive))
                break;
            fresh = false;
            i++;
        }
        while (i > first && (page.Has(i - 1, WordClass.Preposition | WordClass.Determiner | WordClass.Coordinator) && !page.Has(i - 1, WordClass.Pronoun)))
            i--;
        return i > first ? new Phrase(first, i) : null;
    }

    private static bool IsLonePronoun(Reading page, int token) =>
        page.Has(token, WordClass.Pronoun) && !page.IsName(token) && !(page.Has(token, WordClass.Determiner) && page.Has(token, WordClass.Capital) && page.Is(token, "one"));

    private static bool IsAttributive(Reading page, int token, int floor) =>
        token > floor && page.Has(token, WordClass.Finite) && page.IsNominal(token - 1) && page.Has(token - 2, WordClass.Determiner) && page.Page.Word(token).EndsWith("ed", StringComparison.Ordinal)
        && !page.IsName(token - 1);

    /// <summary>Whether a preposition hangs on the noun before it, not on a verb or at the start of a clause.</summary>
    private static bool Attaches(Reading page, int preposition, int floor) =>
        preposition > floor && page.Has(preposition, WordClass.Preposition) && !page.Has(preposition, WordClass.Capital)
        && !page.InQuote(preposition - 1) && !page.Has(preposition - 1, WordClass.Pronoun | WordClass.Time)
        && (page.IsNominal(preposition - 1) || page.IsMark(preposition - 1, ')') || page.CueAt(preposition - 1) is { Form: VerbForm.Base } && (page.Has(preposition - 2, WordClass.Determiner) || page.Has(preposition - 3, WordClass.Determiner)))
        && !(page.Is(preposition, "after") || page.Is(preposition, "before") || page.Is(preposition, "during") || page.Is(preposition, "until") || page.Is(preposition, "since"));

    private static bool JoinsPhrases(Reading page, int coordinator, int floor)
    {
        if (coordinator <= floor || page.Is(coordinator, "but") || page.Is(coordinator, "yet"))
            return false;
        if (page.IsName(coordinator - 1) && page.IsName(coordinator + 1))
            return true;
        // "politicians and activists": the phrase before must reach back to a border, or it is the object of a verb.
        var i = coordinator - 1;
        while (i > floor && page.IsNominal(i) && coordinator - i < 6)
            i--;
        return i < coordinator - 1 && (i <= floor || page.IsMark(i) || page.Has(i, WordClass.Wh) || page.Has(i, WordClass.Determiner) && (i <= floor + 1 || page.IsMark(i - 1) || page.Has(i - 1, WordClass.Subordinator)));
    }

    private static int OpenBracket(Reading page, int close, int floor)
    {
        for (var i = close - 1; i >= floor && close - i < 12; i--)
        {
            if (page.IsMark(i, '('))
                return i;
        }
        return -1;
    }

    private static int CloseBracket(Reading page, int open, int ceiling)
    {
        for (var i = open + 1; i < ceiling && i - open < 12; i++)
        {
            if (page.IsMark(i, ')'))
                return i;
        }
        return -1;
    }
}
