using Ledger.Extraction.Attribution;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>The clause that says what is open: where a "whether …" or "what …" begins and ends.</summary>
internal static class Complement
{
    private const int Reach = 60;

    private static readonly WordSet Question = new("whether if who whom whose what which how why when where");
    private static readonly WordSet Closing = new("but although though while whereas because since however which where after before despite according unless so with following amid as");
    private static readonly WordSet Prepositions = new("with in to for on by under at from of about into until");

    /// <summary>Whether a question clause begins at a token, perhaps after its preposition ("with what mandate").</summary>
    public static bool StartsAt(Reading page, int token, bool takesIf = true)
    {
        if (Prepositions.Has(page, token) && Question.Has(page, token + 1))
            return !page.Is(token + 1, "if") && !page.Is(token + 1, "when") && !page.Is(token + 1, "where");
        return Question.Has(page, token) && (takesIf || !page.Is(token, "if"));
    }

    /// <summary>The first token at which a question clause begins, after adverbs and short phrases ("at the time", "about", "exactly"); -1 for none.</summary>
    public static int After(Reading page, int token, int end, int reach = 5)
    {
        var limit = Math.Min(end, token + reach);
        for (var i = token; i < limit; i++)
        {
            if (StartsAt(page, i, takesIf: true))
                return page.Is(i, "when") && i > token ? -1 : Prepositions.Has(page, i) && (page.Is(i, "of") || page.Is(i, "about")) ? i + 1 : i;
            if (page.IsMark(i) || page.Has(i, WordClass.Auxiliary) || page.Is(i, "that"))
                return -1;
        }
        return -1;
    }

    /// <summary>The end of a question clause: a semicolon, a turn of thought, the end of the quote it stands in or of the sentence; further question clauses after "and" or "nor" belong to it.</summary>
    public static int EndOf(Reading page, int first, int end)
    {
        var quote = page.OuterQuote(first);
        var limit = Math.Min(end, first + Reach);
        for (var i = first; i < limit; i++)
        {
            if (page.OuterQuote(i) is var at && at != quote && quote >= 0)
                return Trimmed(page, first, i);
            if (page.IsMark(i, ';') || page.IsMark(i, ':') || page.IsDash(i) || page.IsMark(i, '(') || page.IsMark(i, '?') || page.IsMark(i, '.'))
                return i;
            if (i > first && page.Is(i, "but") && !page.Is(i + 1, "also"))
                return page.IsMark(i - 1, ',') ? i - 1 : i;
            if (page.IsMark(i, ',') && EndsAt(page, i, first, limit))
                return i;
        }
        return page.OuterQuote(limit - 1) != quote ? limit : Trimmed(page, first, limit);
    }

    private static int Trimmed(Reading page, int first, int end)
    {
        while (end > first + 1 && page.IsMark(end - 1))
            end--;
        return end;
    }

    private static bool EndsAt(Reading page, int comma, int first, int end)
    {
        var next = comma + 1;
        if (next >= end || Closing.Has(page, next))
            return !(next < end && (page.Is(next, "which") || page.Is(next, "where") || page.Is(next, "with")) && ContinuesAfter(page, next, end) && page.Is(next, "with") && StartsAt(page, next));
        if (page.Has(next, WordClass.Coordinator))
            return !ContinuesAfter(page, next + 1, end) && Clauses.HasFinite(page, next + 1, Math.Min(end, next + 14)) && !NearComma(page, next, end);
        return page.Page.Word(next).EndsWith("ing", StringComparison.Ordinal) && comma > first + 4
            || page.CueAt(next) is not null && !page.Has(next, WordClass.Capital)
            || (page.IsName(next) || page.Has(next, WordClass.Determiner | WordClass.Pronoun)) && Clauses.StartsNewAttribution(page, next, end);
    }

    private static bool NearComma(Reading page, int token, int end) => page.IsMark(token + 1, ',') && token + 2 < end && StartsAt(page, token + 2);

    /// <summary>"and, if so, what …", "nor whether …": the question goes on.</summary>
    public static bool ContinuesAfter(Reading page, int token, int end)
    {
        if (page.IsMark(token, ','))
            token++;
        if (page.Is(token, "if") && (page.Is(token + 1, "so") || page.Is(token + 1, "not")))
            token += page.IsMark(token + 2, ',') ? 3 : 2;
        return token < end && StartsAt(page, token);
    }
}
