using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Questions;

/// <summary>
/// Questions that the document asks in its own voice ("Will the council send observers, and with what mandate?"). Those in quotation marks are somebody's;
/// those that address somebody, or follow one another through the whole text, are an interview's or rhetoric.
/// </summary>
internal static class DirectQuestions
{
    private const int Most = 6;

    private static readonly WordSet Personal = new("you your we us our i me my let");
    private static readonly WordSet Ahead = new("will");
    private static readonly WordSet Openness = new("question questions open unclear unknown uncertain unanswered remains remain unresolved");
    private static readonly WordSet Undecided = new("will would can could has have is are was were did does do may might should");

    public static void Read(Reading page, List<OpenStatement> found)
    {
        var asked = new List<OpenStatement>();
        foreach (var sentence in page.Page.Sentences)
        {
            if (!sentence.IsHeading && Asks(page, sentence))
                asked.Add(new(sentence.FirstToken, sentence.EndToken, "open-asked", QuestionKind.Unknown, Text(page, sentence)));
        }
        if (asked.Count <= Most)
            found.AddRange(asked);
    }

    private static bool Asks(Reading page, Sentence sentence)
    {
        var last = sentence.EndToken - 1;
        if (last - sentence.FirstToken < 3 || !page.IsMark(last, '?'))
            return false;
        var first = First(page, sentence);
        if (!Undecided.Has(page, first) && !(Complement.StartsAt(page, first, takesIf: false) && !page.Is(first, "when") && !page.Is(first, "where")))
            return false;
        for (var i = sentence.FirstToken; i < sentence.EndToken; i++)
        {
            if (page.InQuote(i) || Personal.Has(page, i) || page.IsMark(i, '('))
                return false;
        }
        return Opens(page, sentence, first);
    }

    /// <summary>Whether the question looks ahead, or the sentence before it says that something is open.</summary>
    private static bool Opens(Reading page, Sentence sentence, int first)
    {
        if (Ahead.In(page, first, Math.Min(sentence.EndToken, first + 6)) >= 0)
            return true;
        var before = page.SentenceOf(sentence.FirstToken) - 1;
        if (before < 0 || page.Page.Sentences[before].Paragraph != sentence.Paragraph)
            return false;
        return Openness.In(page, page.Page.Sentences[before].FirstToken, page.Page.Sentences[before].EndToken) >= 0;
    }

    private static int First(Reading page, Sentence sentence)
    {
        var first = sentence.FirstToken;
        while (first < sentence.EndToken && page.Has(first, WordClass.Coordinator))
            first++;
        return first;
    }

    private static string Text(Reading page, Sentence sentence) => QuestionText.Asked(QuestionText.Words(page, First(page, sentence), sentence.EndToken));
}
