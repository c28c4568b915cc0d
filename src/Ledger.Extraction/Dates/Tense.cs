using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Dates;

/// <summary>Whether a date's clause looks ahead: what decides between the Monday before and the Monday after.</summary>
internal static class Tense
{
    private const int Reach = 25;

    private static readonly WordSet Planned = new(
        "scheduled rescheduled slated due expected planned set forecast poised plans plan intends intend hopes hope upcoming forthcoming expects expect predict predicts effective tomorrow going");

    private static readonly WordSet Moved = new("moved postponed delayed rescheduled pushed deferred adjourned");

    /// <summary>Looks for the nearest verb before the date, and where there is none for the first one after it.</summary>
    internal static bool IsFuture(Reading page, int date, int first, int end)
    {
        for (var i = date; i < Math.Min(end, date + 4); i++)
        {
            if (page.Is(i, "deadline"))
                return true;
        }
        for (var i = date - 1; i >= Math.Max(first, date - Reach); i--)
        {
            if (Ahead(page, i, first, date) is { } ahead)
                return ahead;
        }
        for (var i = date + 1; i < Math.Min(end, date + Reach); i++)
        {
            if (Ahead(page, i, first, date) is { } ahead)
                return ahead;
        }
        return false;
    }

    /// <summary>What a token says: true ahead, false past, null nothing.</summary>
    private static bool? Ahead(Reading page, int i, int first, int date)
    {
        if (Moved.Has(page, i) && (page.Is(date - 1, "to") || page.Is(date - 1, "until")))
            return true;
        if (Planned.Has(page, i))
            return !WasBefore(page, i, first);
        if (page.IsName(i))
            return null;
        var kind = page.ClassOf(i);
        if ((kind & WordClass.Modal) != 0)
            return !(page.Is(i + 1, "have") || page.Is(i, "could") && page.Is(i + 1, "not"));
        if ((kind & WordClass.Be) != 0)
            return page.Is(i, "is") || page.Is(i, "are") || page.Is(i, "be") && !page.Is(i - 1, "to") ? true
                : page.Is(i, "be") ? !WasBefore(page, i - 1, first) : page.Is(i, "was") || page.Is(i, "were") ? false : null;
        // "will have a meeting": the modal says when.
        if ((kind & WordClass.Have) != 0 && (page.Has(i - 1, WordClass.Modal) || page.Has(i - 2, WordClass.Modal)))
            return null;
        if ((kind & (WordClass.Have | WordClass.Do)) != 0)
            return page.Is(i + 1, "until") || page.Is(i + 1, "to") ? true : page.Is(i, "do") || page.Is(i, "does") ? null : false;
        // "will be buried": the auxiliary says when.
        if (page.Page.Word(i) is [.., 'e', 'd'] && page.Has(i - 1, WordClass.Be | WordClass.Adverb) && (page.Has(i - 1, WordClass.Be) || page.Has(i - 2, WordClass.Be)))
            return null;
        if ((kind & WordClass.Finite) != 0)
            return page.Page.Word(i) is [.., 's'] ? true : page.Page.Word(i) is [.., 'e', 'd'] && page.IsNominal(i + 1) && page.Has(i - 1, WordClass.Determiner) ? null : false;
        return page.CueAt(i) switch
        {
            { Form: VerbForm.Past } when !page.Has(i - 1, WordClass.Determiner) => false,
            { Form: VerbForm.Base } when page.Is(i - 1, "to") => !WasBefore(page, i - 1, first),
            _ => null,
        };
    }

    private static bool WasBefore(Reading page, int token, int first)
    {
        for (var i = token - 1; i >= Math.Max(first, token - 4); i--)
        {
            if (page.Is(i, "was") || page.Is(i, "were") || page.Is(i, "had"))
                return true;
            if (page.IsMark(i) || page.Has(i, WordClass.Auxiliary) && !page.Is(i, "been"))
                return false;
        }
        return false;
    }
}
