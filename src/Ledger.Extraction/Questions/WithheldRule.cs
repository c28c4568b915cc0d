using Ledger.Core.Entries;
using Ledger.Extraction.Attribution;
using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>What somebody knows and did not say, has not decided, or nobody knows: "did not say which", "declined to name the buyer", "has yet to decide", "no one knows who".</summary>
internal static class WithheldRule
{
    private static readonly WordSet Tellers = new(OpenWords.Tellers);

    private static readonly WordSet Deciders = new(OpenWords.Deciders);

    private static readonly WordSet Knowers = new(OpenWords.Knowers);
    private static readonly WordSet Nobody = new("nobody none");

    private static readonly WordSet Withheld = new(
        "detail details identity identities name names cause causes reason reasons motive motives date dates number numbers location information explanation figure figures amount price terms timetable timeline "
        + "schedule nature content contents destination nationality nationalities whereabouts cost age ages party candidate successor buyer victim victims suspect suspects");

    public static void Read(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (page.Has(token, WordClass.Capital) || page.Has(token, WordClass.Adverb | WordClass.Preposition))
            return;
        var tells = Tellers.Has(page, token);
        var decides = Deciders.Has(page, token);
        if (page.Is(token, "claimed") || page.Is(token, "claim"))
        {
            Unclaimed(page, token, floor, end, found);
            return;
        }
        if (!tells && !decides && !Knowers.Has(page, token))
            return;
        if (decides && page.Is(token - 1, "to") && (page.Is(token - 2, "has") || page.Is(token - 2, "have")) && !page.InQuote(token) && !page.Is(token, "respond") && !page.Is(token, "choose"))
        {
            if (NounPhrases.Before(page, token - 2, floor) is { } must)
                WillIt(page, token, must, must.First, end, found);
            return;
        }
        var group = VerbGroup.Before(page, token, floor);
        if (group.Be && !group.Yet)
            return;
        if (Knowers.Has(page, token))
        {
            Knowing(page, token, group, floor, end, found);
            return;
        }
        var unwilling = page.Is(token - 1, "to") && Unwilling(page, token - 2) ? token - 2 : -1;
        var none = tells && Nobodies(page, group.First, floor);
        var open = group.Open && (group.Do || group.Have || group.Modal && !page.Is(token - 1, "be") || group.Yet) || unwilling >= 0 || none;
        if (!open)
        {
            Nothing(page, token, floor, end, tells, found);
            return;
        }
        var start = unwilling >= 0 ? unwilling : group.First;
        var subject = NounPhrases.Before(page, VerbGroup.Before(page, start, floor).First, floor);
        var from = subject?.First ?? start;
        var kind = tells && !(decides && (group.Yet || Yet(page, token, start, end))) ? QuestionKind.Undisclosed : QuestionKind.Pending;
        if (Complement.After(page, token + 1, end, reach: 6) is >= 0 and var asked && !page.Is(asked, "if") | tells | page.Is(token, "decide") | page.Is(token, "decided"))
        {
            var last = Complement.EndOf(page, asked, end);
            if (last - asked > 1)
                found.Add(new(from, last, "open-withheld", kind, QuestionText.OfClause(page, asked, last)));
            return;
        }
        if (none)
            return;
        if (tells && Object(page, token, end) is { } told && Withheld.Has(page, NounQuestion.Head(page, told.First, told.End)) && NounQuestion.Of(page, told) is { } text)
        {
            found.Add(new(from, told.End, "open-withheld", kind, text));
            return;
        }
        if (decides && (group.Yet || Yet(page, token, start, end)) && !group.Modal)
            WillIt(page, token, subject ?? Subjects.OfSentence(page, floor, start), from, end, found);
    }

    /// <summary>"No one knows who owns it", "police do not yet know why".</summary>
    private static void Knowing(Reading page, int token, VerbGroup group, int floor, int end, List<OpenStatement> found)
    {
        var nobody = Nobodies(page, group.First, floor);
        // "We do not know …" outside quotation marks is somebody thinking aloud, as in an interview.
        if (!page.InQuote(token) && page.Has(group.First - 1, WordClass.Pronoun) && !nobody)
            return;
        var negated = group.Negated && group.Do && !page.Is(group.First, "did") && !page.Is(group.First, "didn't") && !page.Is(group.First, "didn’t") && !page.Is(group.First - 1, "i") && !page.Is(group.First - 1, "you");
        if (!nobody && !negated || Complement.After(page, token + 1, end, reach: 3) is not (>= 0 and var asked))
            return;
        var last = Complement.EndOf(page, asked, end);
        found.Add(new(NounPhrases.Before(page, group.First, floor)?.First ?? group.First, last, "open-nobody-knows", QuestionKind.Unknown, QuestionText.OfClause(page, asked, last)));
    }

    /// <summary>"specified no date", "gave no reason for the delay", "gave no details".</summary>
    private static void Nothing(Reading page, int token, int floor, int end, bool tells, List<OpenStatement> found)
    {
        if (!tells || !page.Is(token + 1, "no") || page.CueAt(token) is { Form: VerbForm.Ing })
            return;
        if (NounPhrases.After(page, token + 2, end) is not { } object_ || !Withheld.Has(page, NounQuestion.Head(page, object_.First, object_.End)))
            return;
        if (NounQuestion.Of(page, object_) is { } text)
            found.Add(new(NounPhrases.Before(page, token, floor)?.First ?? token, object_.End, "open-told-nothing", QuestionKind.Undisclosed, text));
    }

    /// <summary>"The council has yet to approve the budget" → "Will the council approve the budget?"</summary>
    private static void WillIt(Reading page, int verb, Phrase? named, int from, int end, List<OpenStatement> found)
    {
        if ((page.Is(verb - 1, "to") ? page.Page.Word(verb).ToString() : BaseForm.Of(page.Page.Word(verb))) is not { } plain)
            return;
        var stop = verb + 1;
        while (stop < end && stop - verb < 14 && !page.IsMark(stop) && !page.Has(stop, WordClass.Subordinator | WordClass.Wh | WordClass.Auxiliary) && !page.Is(stop, "but") && page.CueAt(stop) is not { Form: VerbForm.Ing })
            stop++;
        if (named is not { } subject || page.Has(subject.First, WordClass.Pronoun | WordClass.Wh | WordClass.Preposition) && !page.Has(subject.First, WordClass.Determiner))
        {
            // "We haven't yet agreed on rules": whoever they are, what will be agreed is open.
            if (plain is "agree" or "decide" && !page.Is(verb, plain))
                found.Add(new(from, stop, "open-not-yet", QuestionKind.Pending, QuestionText.Asked($"What will be {QuestionText.Words(page, verb, stop)}")));
            return;
        }
        var who = QuestionText.Words(page, subject.First, subject.End);
        if (page.IsFirst(subject.First) && page.Has(subject.First, WordClass.Determiner | WordClass.Possessive))
            who = char.ToLowerInvariant(who[0]) + who[1..];
        found.Add(new(from, stop, "open-not-yet", QuestionKind.Pending, QuestionText.Asked($"Will {who} {plain} {QuestionText.Words(page, verb + 1, stop)}")));
    }

    /// <summary>"No group has claimed responsibility for the attack".</summary>
    private static void Unclaimed(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (!(page.Is(token + 1, "responsibility") || page.Is(token + 1, "credit")) || !page.Is(token + 2, "for") || NounPhrases.After(page, token + 3, end) is not { } deed)
            return;
        var group = VerbGroup.Before(page, token, floor);
        var subject = NounPhrases.Before(page, group.First, floor);
        var none = subject is { } who && (page.Is(who.First, "no") || page.Is(who.First - 1, "no") || Nobody.Has(page, who.First));
        if (none || group.Negated)
            found.Add(new(subject?.First ?? group.First, deed.End, "open-unclaimed", QuestionKind.Unknown, QuestionText.Asked($"Who is responsible for {QuestionText.Words(page, deed.First, deed.End)}")));
    }

    private static Phrase? Object(Reading page, int verb, int end)
    {
        var i = verb + 1;
        while (i < end && i < verb + 3 && page.Has(i, WordClass.Adverb) && !page.Has(i, WordClass.Determiner))
            i++;
        if (NounPhrases.After(page, i, end) is not { } phrase)
            return null;
        return (page.Is(phrase.End, "about") || page.Is(phrase.End, "regarding")) && NounPhrases.After(page, phrase.End + 1, end) is { } about ? new Phrase(phrase.First, about.End) : phrase;
    }

    private static bool Unwilling(Reading page, int token) =>
        page.Is(token, "declined") || page.Is(token, "refused") || page.Is(token, "declines") || page.Is(token, "refuses") || page.Is(token, "declining") || page.Is(token, "refusing");

    private static bool Nobodies(Reading page, int group, int floor)
    {
        if (group <= floor)
            return false;
        return Nobody.Has(page, group - 1) || page.Is(group - 1, "one") && page.Is(group - 2, "no");
    }

    private static bool Yet(Reading page, int verb, int start, int end)
    {
        for (var i = start; i < Math.Min(end, verb + 12); i++)
        {
            if (page.Is(i, "yet"))
                return true;
        }
        return false;
    }
}
