using System.Collections.Frozen;
using Ledger.Core.Entries;
using Ledger.Extraction.Attribution;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>
/// What is not known, not decided, not disclosed, as a state or a passive: "it is not known whether …", "the cause remains unclear", "has yet to be approved", "no date has been set".
/// A word of this kind before a noun ("a previously unknown species") describes the noun and states nothing.
/// </summary>
internal static class StateRule
{
    private static readonly FrozenDictionary<string, (QuestionKind Kind, bool Negative)>.AlternateLookup<ReadOnlySpan<char>> States = Build(
        (QuestionKind.Unknown, true, OpenWords.NotKnown),
        (QuestionKind.Unknown, false, OpenWords.Known),
        (QuestionKind.Undisclosed, true, OpenWords.NotTold),
        (QuestionKind.Undisclosed, false, OpenWords.Told),
        (QuestionKind.Pending, true, OpenWords.NotDecided),
        (QuestionKind.Pending, false, OpenWords.Decided));

    private static readonly WordSet Resolving = new("later now since eventually today finally subsequently");
    private static readonly WordSet Degree = new("relatively largely little widely virtually generally previously hitherto well");
    private static readonly WordSet Claimed = new("suspects suspect arrests arrest");

    public static void Read(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (!States.TryGetValue(page.Page.Word(token), out var state) || page.Has(token, WordClass.Capital))
            return;
        var group = VerbGroup.Before(page, token, floor);
        if (!group.Linking || page.Is(token + 1, "as") || page.Is(token + 1, "to") && !group.Yet && !page.Is(token, "known"))
            return;
        if (page.Has(token - 1, WordClass.Adverb) && Degree.Has(page, token - 1) || page.Is(token + 1, "about"))
            return;
        if (page.Is(token, "sure") | page.Is(token, "unsure") | page.Is(token, "certain") | page.Is(token, "uncertain") && (group.Past || page.Is(group.First - 1, "i")) && !group.Impersonal)
            return;
        var denied = group.First > floor && NoSubject(page, group.First, floor) is { } nothing ? nothing : (Phrase?)null;
        if (!(state.Negative || group.Open || denied is not null) || state.Negative && group.Negated || IsResolved(page, token, end))
            return;
        // "had not been known": it is now.
        if (group.Have && group.Past && !group.Yet && state.Kind == QuestionKind.Unknown)
            return;
        var asked = Complement.After(page, token + 1, end, reach: 4);
        if (asked >= 0 && denied is null && (group.Impersonal || state.Kind == QuestionKind.Unknown || state.Negative))
        {
            var last = Complement.EndOf(page, asked, end);
            found.Add(new(group.Impersonal ? group.First - 1 : SubjectStart(page, group.First, floor), last, "open-state-clause", state.Kind, QuestionText.OfClause(page, asked, last)));
            return;
        }
        if (page.Is(token, "sure") || page.Is(token, "unsure") || page.Is(token, "certain") || group.Impersonal || page.Is(token + 1, "that") || page.Is(token + 1, "about") && !group.Open)
            return;
        if (denied is null && ClauseSubject(page, group.First, floor) is { } clause)
        {
            found.Add(new(clause.First, token + 1, "open-state-of-clause", state.Kind, QuestionText.OfClause(page, clause.First, clause.End)));
            return;
        }
        if ((denied ?? Subject(page, group.First, floor)) is not { } subject)
            return;
        var participle = state.Negative ? null : QuestionText.Words(page, token, token + 1);
        if (page.Is(token, "made") && (page.Is(token + 1, "on") || page.Is(token + 1, "about")) && denied is not null && NounPhrases.After(page, token + 2, end) is { } topic && NounQuestion.Of(page, topic) is { } about)
        {
            found.Add(new(subject.First, topic.End, "open-none", QuestionKind.Undisclosed, about));
            return;
        }
        if (denied is null && page.IsName(subject.First) && subject.Length <= 2 && state.Kind == QuestionKind.Unknown || Conditional(page, subject.First, floor))
            return;
        if (denied is not null && state.Kind == QuestionKind.Pending && (!group.Have || group.Past))
            return;
        if (page.Is(token, "made") && page.Is(token + 1, "public"))
            (participle, state) = (null, (QuestionKind.Undisclosed, false));
        else if (participle is "made" or "taken" && denied is null || participle is "found")
            return;
        if (NounQuestion.Of(page, subject, participle) is { } text && !(denied is { } d && Claimed.Has(page, d.End - 1) && participle is "made" && page.Has(d.End, WordClass.Preposition)))
            found.Add(new(subject.First, End(page, token, end), denied is null ? "open-state" : "open-none", state.Kind, text));
    }

    /// <summary>"no date", "neither motive": what has not been set, given or found.</summary>
    private static Phrase? NoSubject(Reading page, int group, int floor)
    {
        if (NounPhrases.Before(page, group, floor) is not { } phrase)
            return null;
        for (var i = phrase.First; i < phrase.End; i++)
        {
            if (page.Is(i, "no"))
                return new Phrase(i, phrase.End);
        }
        return page.Is(phrase.First - 1, "no") && phrase.First > floor ? new Phrase(phrase.First - 1, phrase.End) : null;
    }

    private static Phrase? Subject(Reading page, int group, int floor)
    {
        // "…, which was not identified": what stands before the relative pronoun.
        if (page.Is(group - 1, "which") && page.IsMark(group - 2, ','))
            group -= 2;
        // "The number — as far as counted — is unknown": what stands before the aside.
        if (page.IsDash(group - 1))
        {
            for (var i = group - 2; i > floor && group - i < 40; i--)
            {
                if (page.IsDash(i))
                    return NounPhrases.Before(page, i, floor);
            }
        }
        return NounPhrases.Before(page, group, floor);
    }

    /// <summary>"even if no agreement is reached": supposed, not reported.</summary>
    private static bool Conditional(Reading page, int subject, int floor) =>
        subject > floor && (page.Is(subject - 1, "if") || page.Is(subject - 1, "unless") || page.Is(subject - 1, "until") || page.Is(subject - 1, "when") || page.Is(subject - 1, "because"));

    private static int SubjectStart(Reading page, int group, int floor) => NounPhrases.Before(page, group, floor)?.First ?? group;

    /// <summary>A question clause as the subject: "what these steps might be", "whether the text was agreed".</summary>
    private static Phrase? ClauseSubject(Reading page, int group, int floor)
    {
        for (var i = group - 1; i >= floor && group - i < 30; i--)
        {
            if (page.InQuote(i) || page.IsMark(i, ';') || page.IsMark(i, ':'))
                return null;
            var begins = i == floor || page.IsMark(i - 1, ',') || page.Has(i - 1, WordClass.Coordinator | WordClass.Subordinator);
            if (begins && Complement.StartsAt(page, i, takesIf: false) && Clauses.HasFinite(page, i, group))
            {
                var stop = page.IsMark(group - 1, ',') ? group - 1 : group;
                // "When the list will be published is …" only without a comma: "When he arrived, it was unclear".
                return (page.Is(i, "when") || page.Is(i, "where") || page.Is(i, "which")) && HasComma(page, i, group) ? null : new Phrase(i, stop);
            }
        }
        return null;
    }

    private static bool HasComma(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (page.IsMark(i, ','))
                return true;
        }
        return false;
    }

    /// <summary>", but it was later found …", "until yesterday", "at the time": no longer open.</summary>
    private static bool IsResolved(Reading page, int token, int end)
    {
        for (var i = token + 1; i < Math.Min(end, token + 40); i++)
        {
            if (page.Is(i, "until") && i < token + 4 && !page.Is(i + 1, "further"))
                return true;
            if (page.Is(i, "but") && Resolving.In(page, i + 1, Math.Min(end, i + 6)) >= 0)
                return true;
            if (page.Is(i, "at") && page.Is(i + 1, "the") && page.Is(i + 2, "time") && i < token + 3 && !Complement.StartsAt(page, i + 3))
                return true;
        }
        return false;
    }

    private static int End(Reading page, int token, int end)
    {
        var i = token + 1;
        while (i < end && page.Has(i, WordClass.Adverb | WordClass.Time) && !page.IsMark(i))
            i++;
        return i;
    }

    private static FrozenDictionary<string, (QuestionKind, bool)>.AlternateLookup<ReadOnlySpan<char>> Build(params ReadOnlySpan<(QuestionKind Kind, bool Negative, string Words)> lists)
    {
        var states = new Dictionary<string, (QuestionKind, bool)>(StringComparer.OrdinalIgnoreCase);
        foreach (var (kind, negative, words) in lists)
        {
            foreach (var word in words.Split(' '))
                states[word] = (kind, negative);
        }
        return states.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
