using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>Turns of phrase that say that something is open: "remains to be seen", "difficult to judge what", "is pending", "awaiting a ruling", "will decide whether".</summary>
internal static class PendingRule
{
    private static readonly WordSet Hard = new("difficult hard impossible early soon");
    private static readonly WordSet Judging = new("judge say tell know predict determine assess estimate ascertain establish");
    private static readonly WordSet Awaited = new("decision ruling verdict response responses reply approval result results judgment judgement outcome confirmation answer trial");
    private static readonly WordSet Deciding = new("decide determine consider discuss debate rule vote");
    private static readonly WordSet Information = new("information word indication details detail explanation answer clarity");
    private static readonly WordSet Process = new("decided negotiated debated discussed considered decided finalized finalised reviewed");

    public static void Read(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (page.Has(token, WordClass.Capital) && token != floor)
            return;
        switch (page.Page.Word(token))
        {
            case "seen" when page.Is(token - 1, "be") && page.Is(token - 2, "to") && page.Has(token - 3, WordClass.Be) | page.Is(token - 3, "remains") | page.Is(token - 3, "remain") | page.Is(token - 3, "yet"):
                Seen(page, token, floor, end, found);
                break;
            case "to" when Hard.Has(page, token - 1) && Judging.Has(page, token + 1) && Complement.After(page, token + 2, end, 4) is >= 0 and var asked:
                Clause(page, SubjectOf(page, token - 1, floor), asked, end, "open-hard-to-tell", QuestionKind.Unknown, found);
                break;
            case "question" when page.Is(token + 1, "of") && Complement.StartsAt(page, token + 2) && Remains(page, token, end):
                Clause(page, token, token + 2, end, "open-question", QuestionKind.Unknown, found);
                break;
            case "pending" when VerbGroup.Before(page, token, floor) is { Linking: true, Negated: false } group && !page.IsNominal(token + 1) && NounPhrases.Before(page, group.First, floor) is { } subject:
                Noun(page, subject, token + 1, "open-pending", found);
                break;
            case "awaiting" or "awaits" or "await" when NounPhrases.After(page, token + 1, end) is { } awaited && Awaited.Has(page, NounQuestion.Head(page, awaited.First, awaited.End)):
                Noun(page, awaited, awaited.End, "open-awaited", found, token);
                break;
            case "whether" or "if" or "who" or "how" when Decides(page, token, floor) is >= 0 and var verb:
                Clause(page, verb, token, end, "open-to-be-decided", QuestionKind.Pending, found);
                break;
            case "no" when Information.In(page, token + 1, Math.Min(end, token + 3)) is >= 0 and var noun && page.Is(token - 1, "was") | page.Is(token - 1, "is") | page.Is(token - 1, "were") | page.Is(token - 1, "are") | page.Is(token - 1, "been") && Complement.After(page, noun + 1, end, 3) is >= 0 and var about:
                Clause(page, token, page.Has(about, WordClass.Preposition) ? about + 1 : about, end, "open-no-word", QuestionKind.Undisclosed, found);
                break;
            case "being" when Process.Has(page, token + 1) && page.Is(token - 1, "still") && NounPhrases.Before(page, VerbGroup.Before(page, token, floor).First, floor) is { } process:
                found.Add(new(process.First, token + 2, "open-in-progress", QuestionKind.Pending, InProgress(page, process)));
                break;
            case "until" when page.Is(token + 1, "further") && page.Is(token + 2, "notice"):
                break;
        }
    }

    /// <summary>"It remains to be seen whether …"; "how it will end is yet to be seen".</summary>
    private static void Seen(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        if (Complement.After(page, token + 1, end, 3) is >= 0 and var asked)
        {
            var start = token;
            while (start > floor && token - start < 6 && !page.Is(start, "it") && !page.Is(start, "remains"))
                start--;
            Clause(page, start, asked, end, "open-remains-to-be-seen", QuestionKind.Unknown, found);
            return;
        }
        for (var i = token; i >= floor && token - i < 30; i--)
        {
            if ((i == floor || page.IsMark(i - 1, ',') || page.Has(i - 1, WordClass.Coordinator)) && Complement.StartsAt(page, i, takesIf: false))
            {
                var group = VerbGroup.Before(page, token, i).First;
                found.Add(new(i, token + 1, "open-remains-to-be-seen", QuestionKind.Unknown, QuestionText.OfClause(page, i, group)));
                return;
            }
        }
    }

    private static string InProgress(Reading page, Phrase process)
    {
        var words = QuestionText.Words(page, process.First, process.End);
        if (page.IsFirst(process.First) && page.Has(process.First, WordClass.Determiner | WordClass.Possessive))
            words = char.ToLowerInvariant(words[0]) + words[1..];
        return $"What will be decided on {words}?";
    }

    private static bool Remains(Reading page, int token, int end)
    {
        for (var i = token; i < Math.Min(end, token + 40); i++)
        {
            if (page.Is(i, "remains") || page.Is(i, "open") || page.Is(i, "unanswered"))
                return true;
        }
        return false;
    }

    /// <summary>The deciding verb before "whether", where the decision lies ahead: "is to decide", "will vote on", "a vote to decide"; -1 otherwise.</summary>
    private static int Decides(Reading page, int token, int floor)
    {
        var verb = token - 1;
        for (var steps = 0; steps < 5 && verb >= floor && !Deciding.Has(page, verb); steps++)
        {
            if (page.IsMark(verb) || page.Has(verb, WordClass.Auxiliary))
                return -1;
            verb--;
        }
        if (verb <= floor || !Deciding.Has(page, verb) || page.InQuote(verb) || !(page.Is(token, "whether") || page.Is(token, "if") || verb == token - 1))
            return -1;
        var before = verb - 1;
        while (before > floor && page.Has(before, WordClass.Adverb))
            before--;
        if (page.Is(before, "will") || page.Is(before, "shall"))
            return verb;
        if (!page.Is(before, "to") || page.Is(before - 1, "order"))
            return -1;
        // "is to decide", "a vote will be held to decide", "is expected to decide"; not "designed to determine", "met to decide".
        for (var i = before - 1; i >= floor && before - i < 10; i--)
        {
            if (page.Is(i, "will") || page.Is(i, "is") || page.Is(i, "are") || page.Is(i, "scheduled") || page.Is(i, "expected") || page.Is(i, "due") || page.Is(i, "set"))
                return page.Is(i - 1, "who") || page.Is(i, "is") && page.Is(i + 1, "designed") ? -1 : verb;
            if (page.IsMark(i) || page.Is(i, "was") || page.Is(i, "were") || page.Is(i, "had"))
                return -1;
        }
        return -1;
    }

    private static int SubjectOf(Reading page, int adjective, int floor)
    {
        var group = VerbGroup.Before(page, page.Is(adjective - 1, "too") ? adjective - 1 : adjective, floor);
        return group.Impersonal ? group.First - 1 : group.First;
    }

    private static void Clause(Reading page, int start, int asked, int end, string rule, QuestionKind kind, List<OpenStatement> found)
    {
        var last = Complement.EndOf(page, asked, end);
        if (last - asked > 1)
            found.Add(new(start, last, rule, kind, QuestionText.OfClause(page, asked, last)));
    }

    private static void Noun(Reading page, Phrase noun, int last, string rule, List<OpenStatement> found, int start = -1)
    {
        if (NounQuestion.Of(page, noun) is { } text)
            found.Add(new(start < 0 ? noun.First : start, last, rule, QuestionKind.Pending, text));
    }
}
