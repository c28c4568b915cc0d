using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>What is being found out: "police are investigating whether …", "an inquiry was opened", "is under investigation", "trying to establish who". Inquiries that are over, asked for or only named are not.</summary>
internal static class InvestigationRule
{
    private static readonly WordSet Nouns = new(OpenWords.Inquiries);
    private static readonly WordSet Starting = new("launched opened ordered started begun initiated began launch open start begin order conducting performing carrying continuing beginning opening");
    private static readonly WordSet Running = new("ongoing underway continuing open");
    private static readonly WordSet Finding = new(OpenWords.Finding);
    private static readonly WordSet Attempting = new("trying attempting working seeking attempt effort efforts investigation investigating continue continues continued continuing ordered instructed asked tasked investigators were sent");
    private static readonly WordSet Searched = new("cause causes reason reasons motive motives circumstances conditions origin origins identity identities source whereabouts");
    private static readonly WordSet Owned = new("his her its their own the that");

    public static void Read(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (page.Is(token, "investigating") || page.Is(token, "probing") || page.Is(token, "examining") && Complement.StartsAt(page, token + 1))
            Investigating(page, token, floor, end, found);
        else if (Nouns.Has(page, token))
            Noun(page, token, floor, end, found);
        else if (page.Is(token, "investigated") && page.Is(token - 1, "being") && NounPhrases.Before(page, VerbGroup.Before(page, token, floor).First, floor) is { } subject)
            Add(page, subject.First, token + 1, Of(page, subject), found);
        else if (Finding.Has(page, token) && page.Is(token - 1, "to"))
            ToFind(page, token, floor, end, found);
    }

    private static void Investigating(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        var group = VerbGroup.Before(page, token, floor);
        var sentenceFirst = page.Is(token - 1, "also") && token - 1 == floor;
        if (!group.Be || group.Negated || sentenceFirst || group.Have && group.Past || page.Is(group.First - 1, "nobody") || page.Is(group.First - 1, "who"))
            return;
        var start = NounPhrases.Before(page, group.First, floor)?.First ?? group.First;
        if (Asked(page, token + 1, end) is { } asked)
            Add(page, start, asked.End, asked.Text, found);
        else
            Add(page, start, token + 1, null, found);
    }

    private static void Noun(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (page.IsName(token) && token > floor)
            return;
        var first = token;
        while (first > floor && token - first < 6 && (page.IsNominal(first - 1) || page.Has(first - 1, WordClass.Determiner | WordClass.Possessive | WordClass.Finite) && !Starting.Has(page, first - 1) && !page.Has(first - 1, WordClass.Pronoun & ~WordClass.Determiner)))
        {
            first--;
            if (page.Has(first, WordClass.Determiner | WordClass.Possessive))
                break;
        }
        if (page.Is(token - 1, "pending") || page.Is(token - 2, "pending"))
        {
            Add(page, page.Is(token - 1, "pending") ? token - 1 : token - 2, token + 1, null, found);
            return;
        }
        // "is under police investigation"
        if (page.Is(first - 1, "under") || page.Is(first, "under"))
        {
            var under = page.Is(first, "under") ? first : first - 1;
            if (VerbGroup.Before(page, under, floor) is { Linking: true, Negated: false, Past: false } state)
                Add(page, NounPhrases.Before(page, state.First, floor)?.First ?? state.First, token + 1, NounPhrases.Before(page, state.First, floor) is { } subject ? Of(page, subject) : null, found);
            return;
        }
        var phrase = new Phrase(first, About(page, token, end));
        // "an investigation is ongoing", "inquiries have been opened": what follows the noun and what it is about.
        for (var i = token + 1; i < Math.Min(end, token + 14); i++)
        {
            if (page.IsMark(i) || page.Has(i, WordClass.Subordinator | WordClass.Wh) && !page.Has(i, WordClass.Preposition))
                break;
            if (!page.Has(i, WordClass.Auxiliary) && !page.Is(i, "remains"))
                continue;
            var at = i + 1;
            while (at < end && page.Has(at, WordClass.Auxiliary | WordClass.Adverb | WordClass.Negation) && !Running.Has(page, at))
                at++;
            if (VerbGroup.Before(page, at, floor).Negated)
                return;
            if (Running.Has(page, at) || page.Is(at, "under") && page.Is(at + 1, "way") || Starting.Has(page, at) && page.Has(at - 1, WordClass.Be))
                Add(page, first, at + 1, Will(page, new Phrase(first, Math.Min(phrase.End, i))), found);
            return;
        }
        // "opened an investigation of the crash", not "its own"; not "after launching an investigation".
        var verb = first - 1;
        if (page.Is(verb, "out"))
            verb--;
        if (Owned.Has(page, first) || !Starting.Has(page, verb) && !page.Is(verb, "conducts") && !page.Is(verb, "conduct") && !page.Is(verb, "conducted"))
            return;
        var verbGroup = VerbGroup.Before(page, verb, floor);
        var form = page.Page.Word(verb);
        if (verbGroup.Negated || form.EndsWith("ing", StringComparison.Ordinal) && !verbGroup.Be || form is "conducted" || page.Is(verb - 1, "to") && !page.Is(verb - 2, "were") || page.Is(verb - 2, "nobody"))
            return;
        // "would be launching an impeachment inquiry": a political act, and borderline at best; kept as the document's statement that something will be found out.
        Add(page, NounPhrases.Before(page, verbGroup.First, floor)?.First ?? verbGroup.First, phrase.End, Will(page, phrase), found);
    }

    private static void ToFind(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        var tried = -1;
        for (var i = token - 2; i >= floor && token - i < 8 && tried < 0; i--)
        {
            if (Attempting.Has(page, i))
                tried = i;
            else if (page.IsMark(i))
                break;
        }
        if (tried < 0)
            return;
        if (page.Is(token, "investigate") && page.Page.Word(tried).StartsWith("continu", StringComparison.OrdinalIgnoreCase))
        {
            var what = NounPhrases.After(page, token + 1, end);
            Add(page, tried, what?.End ?? token + 1, what is { } known ? Of(page, known) : null, found);
            return;
        }
        var after = page.Is(token + 1, "out") ? token + 2 : token + 1;
        if (Asked(page, after, end) is { } asked && asked.Exact)
            Add(page, tried, asked.End, asked.Text, found);
    }

    /// <summary>What is asked after "investigating" or "to establish": a question clause, a cause or motive, or a matter.</summary>
    private static (string Text, int End, bool Exact)? Asked(Reading page, int token, int end)
    {
        if (Complement.After(page, token, end, 3) is >= 0 and var clause)
        {
            var last = Complement.EndOf(page, clause, end);
            return last - clause > 1 ? (QuestionText.OfClause(page, clause, last), last, true) : null;
        }
        if (page.Is(token, "into"))
            token++;
        if (NounPhrases.After(page, token, end) is not { } matter)
            return null;
        if (page.Page.Word(matter.End - 1) is "up" or "out")
            matter = new Phrase(matter.First, Math.Max(matter.End, Complement.EndOf(page, matter.First, end)));
        if (Searched.Has(page, NounQuestion.Head(page, matter.First, matter.End)) && NounQuestion.Of(page, matter) is { } text)
            return (text, matter.End, true);
        if (page.Page.Word(matter.End - 1).EndsWith("ing", StringComparison.Ordinal) || page.Page.Word(Math.Min(matter.End, end - 1)).EndsWith("ing", StringComparison.Ordinal))
            matter = new Phrase(matter.First, Math.Max(matter.End, Complement.EndOf(page, matter.First, end)));
        return Of(page, matter) is { } other ? (other, matter.End, false) : null;
    }

    /// <summary>"the inquiry into the crash": the noun with what it is about.</summary>
    private static int About(Reading page, int noun, int end) =>
        (page.Is(noun + 1, "of") || page.Is(noun + 1, "into")) && NounPhrases.After(page, noun + 2, end) is { } matter ? matter.End : noun + 1;

    private static string? Of(Reading page, Phrase matter)
    {
        var words = Lowered(page, matter);
        return words is null ? null : $"What will the investigation of {words} find?";
    }

    private static string? Will(Reading page, Phrase inquiry)
    {
        var first = inquiry.First;
        while (first < inquiry.End && (page.Is(first, "a") || page.Is(first, "an") || page.Is(first, "the") || page.Is(first, "another")))
            first++;
        return Lowered(page, new Phrase(first, inquiry.End)) is { } words ? $"What will the {words} find?" : null;
    }

    private static string? Lowered(Reading page, Phrase phrase)
    {
        if (phrase.Length <= 0 || page.Has(phrase.First, WordClass.Pronoun | WordClass.Object) && phrase.Length == 1)
            return null;
        var words = QuestionText.Words(page, phrase.First, phrase.End);
        var plain = page.IsFirst(phrase.First) && !page.IsName(phrase.First) || page.IsFirst(phrase.First) && Nouns.Has(page, phrase.First);
        return plain ? char.ToLowerInvariant(words[0]) + words[1..] : words;
    }

    private static void Add(Reading page, int first, int end, string? text, List<OpenStatement> found) =>
        found.Add(new(first, Math.Max(end, first + 1), "open-investigation", QuestionKind.UnderInvestigation, text ?? "What will the investigation find?"));
}
