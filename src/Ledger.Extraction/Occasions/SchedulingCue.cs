using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Occasions;

/// <summary>How a cue ties a date to what will happen.</summary>
internal enum CueKind
{
    /// <summary>A plain plan after its subject: "is scheduled for", "will be held", "is on": the subject is what will happen.</summary>
    Subject,

    /// <summary>A verb group with a verb of its own: "will discuss", "is to open": subject and verb are what will happen.</summary>
    Clause,

    /// <summary>A participle after the noun: "a debate scheduled for", "the election due next year".</summary>
    Participle,

    /// <summary>"the deadline", "has until".</summary>
    Deadline,
}

/// <summary>Words that say that something lies ahead.</summary>
/// <param name="First">The first token of the verb group or the participle.</param>
/// <param name="End">The token after it.</param>
internal readonly record struct SchedulingCue(int First, int End, CueKind Kind)
{
    internal const string Words =
        "scheduled rescheduled slated due set planned expected forecast poised will would shall may might could to deadline until effective starts begins opens ends expires meets returns convenes resumes takes "
        + "expect expects predict predicts plans plan intends hopes postponed moved delayed is are i'll we'll they'll he'll she'll it'll apply applies declared remains";

    private static readonly WordSet Plans = new("scheduled rescheduled slated due set planned expected forecast poised supposed");
    private static readonly WordSet Holding = new("held take open begin start convene");
    private static readonly WordSet Starting = new("starts begins opens ends expires meets returns convenes resumes apply applies");
    private static readonly WordSet Intending = new("plans plan intends intend hopes hope expects expect vowed pledged promised agreed");
    private static readonly WordSet Moving = new("postponed moved delayed rescheduled pushed");
    private static readonly WordSet Foretelling = new("predict predicts expect expects forecast");

    /// <summary>Reads the cue at a token; null where the word there says nothing about what lies ahead.</summary>
    internal static SchedulingCue? At(Reading page, int i, int floor, int end)
    {
        if (page.Has(i, WordClass.Capital) && i > floor && !page.Has(i, WordClass.Modal))
            return null;
        if (Moving.Has(page, i) && (!page.Has(i - 1, WordClass.Be) || page.Is(i - 1, "been") || page.Is(i - 1, "is") || page.Is(i + 1, "until")) && (page.Is(i + 1, "until") || To(page, i, end) > 0 && !page.Is(i + 1, "to") || page.Is(i + 1, "to") && page.Has(i + 2, WordClass.Dating)))
            return new(i, i + 1, page.Has(i - 1, WordClass.Be) ? CueKind.Subject : CueKind.Clause);
        if (Plans.Has(page, i))
            return Planned(page, i, floor, end);
        if (page.Has(i, WordClass.Modal))
            return Modal(page, i, end);
        if (page.Is(i, "to") && page.Is(i + 1, "be") && Verb(page, i + 2) && page.IsNominal(i - 1) && !page.Has(i - 1, WordClass.Cue | WordClass.Finite))
            return new(i, i + 3, CueKind.Clause);
        if (page.Is(i, "until") && page.Has(i - 1, WordClass.Have) && !page.Is(i - 1, "had"))
            return new(i - 1, i + 1, CueKind.Deadline);
        if (page.Is(i, "deadline"))
            return new(i, i + 1, CueKind.Deadline);
        if (page.Is(i, "effective"))
            return new(i, i + 1, CueKind.Participle);
        if (Starting.Has(page, i) || page.Is(i, "takes") && (page.Is(i + 1, "effect") || page.Is(i + 1, "place")))
            return new(i, i + 1, CueKind.Subject);
        if (Intending.Has(page, i) && !page.Has(i - 1, WordClass.Negation) && (page.Is(i + 1, "to") || Foretelling.Has(page, i) && !page.Has(i + 1, WordClass.Subordinator)))
            return new(i, i + 2, CueKind.Clause);
        if (Foretelling.Has(page, i))
            return new(i, i + 1, CueKind.Clause);
        if ((page.Is(i, "is") || page.Is(i, "are")) && page.Is(i + 1, "to") && !page.InQuote(i))
            return new(i, i + 2, page.Is(i + 2, "be") && Holding.Has(page, i + 3) ? CueKind.Subject : CueKind.Clause);
        return null;
    }

    private static SchedulingCue? Planned(Reading page, int i, int floor, int end)
    {
        int first = i, steps = 0;
        bool be = false, past = false, negated = false, have = false;
        while (first > floor && steps++ < 5 && (page.Has(first - 1, WordClass.Auxiliary | WordClass.Adverb | WordClass.Negation) || page.Is(first - 1, "already")) && !page.IsName(first - 1))
        {
            first--;
            past |= page.Is(first, "was") || page.Is(first, "were") || page.Is(first, "had");
            be |= page.Has(first, WordClass.Be);
            have |= page.Is(first, "has") || page.Is(first, "have");
            negated |= page.Has(first, WordClass.Negation);
        }
        if (past && !Ahead(page, i, end) || negated || page.Is(i, "due") && page.Is(i + 1, "to") && !Verb(page, i + 2) || page.Is(i, "set") && !be && !page.Is(i + 1, "for") && !page.Is(i + 1, "to"))
            return null;
        if (!be && !have)
        {
            // After its noun; or "and expected in June" after another predicate.
            var noun = page.IsNominal(i - 1) || page.IsMark(i - 1, ',') || page.IsDash(i - 1) || page.IsMark(i - 1, '(');
            var and = page.Is(i - 1, "and");
            return (noun || and) && (page.Is(i + 1, "for") || page.Is(i + 1, "on") || page.Is(i + 1, "in") || page.Is(i + 1, "to") || page.Has(i + 1, WordClass.Dating)) ? new(i, i + 1, CueKind.Participle) : null;
        }
        var next = i + 1;
        if (!page.Is(next, "to"))
            return new(first, next, CueKind.Subject);
        var held = page.Is(next + 1, "be") && Holding.Has(page, next + 2) || page.Is(next + 1, "take") && page.Is(next + 2, "place") || page.Is(next + 1, "begin") || page.Is(next + 1, "start") || page.Is(next + 1, "open");
        return next + 1 < end ? new(first, next + 1, held ? CueKind.Subject : CueKind.Clause) : null;
    }

    private static SchedulingCue? Modal(Reading page, int i, int end)
    {
        var next = i + 1;
        while (next < end && page.Has(next, WordClass.Adverb) && !page.Has(next, WordClass.Determiner | WordClass.Capital))
            next++;
        // "will not be counted until Tuesday" is a plan; "will not come on Tuesday" is none.
        if ((page.Has(i, WordClass.Negation) || page.Has(next, WordClass.Negation)) && !Until(page, next, end) || page.Is(next, "have") || page.Is(next, "be") && page.Is(next + 1, "no") || next >= end || page.IsMark(next) || page.Is(i, "should") || page.Is(i, "must") || page.Is(i, "can") || page.Is(i, "cannot"))
            return null;
        if (page.Is(i, "would") && (page.Is(i - 1, "that") || page.Is(i - 1, "which") || page.Is(i - 1, "who")) && page.IsNominal(i - 2) && page.CueAt(i - 2) is null)
            return null;
        var held = page.Is(next, "be") && Holding.Has(page, next + 1) || page.Is(next, "take") && page.Is(next + 1, "place");
        return new(i, next, held ? CueKind.Subject : CueKind.Clause);
    }

    /// <summary>"was scheduled to meet this weekend": told in the past, of days that are told from now.</summary>
    private static bool Ahead(Reading page, int i, int end)
    {
        for (var k = i + 1; k < Math.Min(end, i + 14); k++)
        {
            if (page.Is(k, "tomorrow") || (page.Is(k, "this") || page.Is(k, "next")) && page.Has(k + 1, WordClass.Time | WordClass.Dating))
                return true;
            if (page.IsMark(k))
                return false;
        }
        return false;
    }

    private static bool Until(Reading page, int i, int end)
    {
        for (var k = i; k < Math.Min(end, i + 8); k++)
        {
            if (page.Is(k, "until"))
                return true;
        }
        return false;
    }

    private static int To(Reading page, int i, int end)
    {
        for (var k = i + 1; k < Math.Min(end, i + 9); k++)
        {
            if (page.Is(k, "to") || page.Is(k, "until"))
                return k;
            if (page.IsMark(k))
                return -1;
        }
        return -1;
    }

    private static bool Verb(Reading page, int i) =>
        page.Has(i, WordClass.Be | WordClass.Have | WordClass.Finite) || page.CueAt(i) is not null || BaseForm.Is(page.Page.Word(Math.Min(i, page.Count - 1))) || BaseForm.Of(page.Page.Word(Math.Min(i, page.Count - 1))) is not null
        || !page.Has(i, WordClass.Determiner | WordClass.Possessive | WordClass.Capital | WordClass.Object) && page.Has(i + 1, WordClass.Determiner | WordClass.Preposition | WordClass.Possessive) && !page.Has(i + 1, WordClass.Coordinator);
}
