using Ledger.Core.Entries;
using Ledger.Extraction.Dates;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>Finds what a document says is not known, undecided, undisclosed, pending or being found out.</summary>
internal static class OpenQuestions
{
    private static readonly WordSet Due = new("expected due by until before on in scheduled");

    /// <summary>The open questions in order of the text, each once, with the days by which the document says they should be known.</summary>
    public static List<QuestionFinding> Find(Reading page, IReadOnlyList<DateMention> dates, DateOnly published)
    {
        var found = new List<OpenStatement>();
        for (var s = 0; s < page.Page.Sentences.Length; s++)
        {
            var sentence = page.Page.Sentences[s];
            if (sentence.IsHeading)
                continue;
            var before = found.Count;
            for (var i = sentence.FirstToken; i < sentence.EndToken; i++)
            {
                if (page.Has(i, WordClass.Open))
                    ReadAt(page, i, sentence.FirstToken, sentence.EndToken, found);
            }
            DropOverlaps(found, before);
        }
        DirectQuestions.Read(page, found);
        found.Sort((a, b) => a.First != b.First ? a.First.CompareTo(b.First) : b.End.CompareTo(a.End));
        return [.. found.Where(f => f.Text.Length > 1).Select(f => Finding(page, f, dates, published))];
    }

    private static void ReadAt(Reading page, int token, int floor, int end, List<OpenStatement> found)
    {
        StateRule.Read(page, token, floor, end, found);
        WithheldRule.Read(page, token, floor, end, found);
        PendingRule.Read(page, token, floor, end, found);
        InvestigationRule.Read(page, token, floor, end, found);
    }

    /// <summary>Two rules may read the same words; the one that ends later knows more of what is asked.</summary>
    private static void DropOverlaps(List<OpenStatement> found, int from)
    {
        for (var i = found.Count - 1; i > from; i--)
        {
            for (var k = from; k < i; k++)
            {
                if (found[k].First >= found[i].End || found[i].First >= found[k].End)
                    continue;
                if (found[i].End > found[k].End && !found[i].Text.StartsWith("What will the investigation", StringComparison.Ordinal))
                    found[k] = found[i];
                found.RemoveAt(i);
                break;
            }
        }
    }

    private static QuestionFinding Finding(Reading page, OpenStatement open, IReadOnlyList<DateMention> dates, DateOnly published)
    {
        DateInterval? expected = null;
        if (open.Kind == QuestionKind.Pending)
        {
            var end = page.Page.Sentences[page.SentenceOf(open.First)].EndToken;
            foreach (var date in Between(dates, open.First, end))
            {
                if (date.Value.Days is { } days && days.To >= published && (Due.Has(page, date.First) || Due.Has(page, date.First - 1)))
                    expected = days;
            }
        }
        return new QuestionFinding([page.Page.Range(open.First, open.End)], open.Rule, open.Text, open.Kind, expected, null);
    }

    private static IEnumerable<DateMention> Between(IReadOnlyList<DateMention> dates, int first, int end)
    {
        int low = 0, high = dates.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (dates[middle].First < first)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < dates.Count && dates[low].First < end; low++)
            yield return dates[low];
    }
}
