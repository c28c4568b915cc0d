using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>"According to the ministry, …" and "…, according to the ministry".</summary>
internal static class AccordingToRule
{
    public static void Read(Reading page, int index, List<Draft> drafts)
    {
        var sentence = page.Page.Sentences[index];
        for (var i = sentence.FirstToken; i + 2 < sentence.EndToken; i++)
        {
            if (page.InQuote(i))
            {
                i = Clauses.AfterQuote(page, i) - 1;
                continue;
            }
            if (!page.Is(i, "according") || !page.Is(i + 1, "to") || NounPhrases.After(page, i + 2, sentence.EndToken) is not { } source)
                continue;
            var draft = new Draft("according-to") { Source = source, Cue = page.Page.Range(i, i + 2), Sentence = index };
            var end = AfterSource(page, source.End, sentence.EndToken);
            var start = ClauseBefore(page, i, sentence.FirstToken);
            if (start < i && Last(page, i, start) is var last && last > start)
                draft.Content.Add(page.Page.Range(start, last));
            var resumes = page.IsMark(end, ',') && (start >= i || !page.Has(end + 1, WordClass.Wh | WordClass.Coordinator) && page.CueAt(end + 1) is null && Clauses.HasFinite(page, end + 1, sentence.EndToken));
            if (resumes && end + 1 < sentence.EndToken)
            {
                var to = Clauses.End(page, end + 1, sentence.EndToken, ContentKind.Clause);
                if (to > end + 1)
                    draft.Content.Add(page.Page.Range(end + 1, to));
            }
            if (draft.Content.Count > 0)
                drafts.Add(draft);
            i = source.End - 1;
        }
    }

    /// <summary>The comma that closes the source with what describes it ("a report released on Monday by the ministry,").</summary>
    private static int AfterSource(Reading page, int token, int end)
    {
        var limit = Math.Min(end, token + 20);
        for (var i = token; i < limit; i++)
        {
            if (page.IsMark(i, ',') || page.InQuote(i))
                return i;
        }
        return token;
    }

    private static int ClauseBefore(Reading page, int cue, int floor)
    {
        var start = Math.Max(floor, cue - Clauses.Reach);
        for (var i = cue - 1; i >= start; i--)
        {
            if (page.InQuote(i))
            {
                i = page.Page.TokenAt(page.Page.Quotes[page.OuterQuote(i)].Outer.Start);
                continue;
            }
            if (page.IsMark(i, ';') || page.IsMark(i, '(') || page.IsMark(i, ':'))
            {
                start = i + 1;
                break;
            }
            if (page.IsMark(i, ',') && i < cue - 1 && (page.Is(i + 1, "and") || page.Is(i + 1, "but")) && Clauses.HasFinite(page, i + 2, cue))
            {
                start = i + 1;
                break;
            }
        }
        while (start < cue && page.Has(start, WordClass.Coordinator))
            start++;
        return start;
    }

    private static int Last(Reading page, int cue, int start)
    {
        var last = cue;
        while (last > start && page.IsMark(last - 1) && !page.InQuote(last - 1) && !page.IsMark(last - 1, ')'))
            last--;
        return last;
    }
}
