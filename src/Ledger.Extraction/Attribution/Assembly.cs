using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Extraction.Attribution.Speaking;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Attribution;

/// <summary>Turns drafts into findings: contents trimmed and merged, duplicates dropped, in order of the text, with parents, directness and speakers.</summary>
internal static class Assembly
{
    private const int MostNesting = 8;

    public static ImmutableArray<AttributedFinding> Of(Reading reading, List<Draft> drafts)
    {
        var page = reading.Page;
        foreach (var draft in drafts)
            Tidy(reading, draft);
        var kept = drafts.Where(d => d.Content.Count > 0)
            .OrderBy(d => d.Start).ThenByDescending(d => d.End).ThenBy(d => d.Cue?.Start ?? int.MaxValue).ThenBy(d => d.Rule, StringComparer.Ordinal)
            .ToList();
        DropDuplicates(kept);
        DropCitations(reading, kept);
        PutParentsFirst(kept);
        var index = new Dictionary<Draft, int>();
        for (var i = 0; i < kept.Count; i++)
            index[kept[i]] = i;
        var parents = Parents(kept, index);
        var findings = ImmutableArray.CreateBuilder<AttributedFinding>(kept.Count);
        var speakers = new Speakers(reading, kept);
        for (var i = 0; i < kept.Count; i++)
        {
            var draft = kept[i];
            var directness = DirectnessOf(page, draft.Content);
            var source = speakers.Of(draft);
            ImmutableArray<TextRange> content = [.. draft.Content];
            findings.Add(directness == Directness.Indirect || draft.Modality == Modality.ReportedAbsent
                ? new ClaimFinding(content, draft.Rule, directness, source, draft.Cue, parents[i], draft.Modality)
                : new QuoteFinding(content, draft.Rule, directness, source, draft.Cue, parents[i]));
        }
        return findings.MoveToImmutable();
    }

    private static void Tidy(Reading reading, Draft draft)
    {
        var page = reading.Page;
        draft.Content.Sort();
        for (var i = draft.Content.Count - 1; i > 0; i--)
        {
            if (draft.Content[i].Start < draft.Content[i - 1].End)
            {
                draft.Content[i - 1] = new TextRange(draft.Content[i - 1].Start, Math.Max(draft.Content[i].End, draft.Content[i - 1].End));
                draft.Content.RemoveAt(i);
            }
        }
        for (var i = draft.Content.Count - 1; i >= 0; i--)
        {
            if (Unwrap(reading, draft.Content[i]) is { } range)
                draft.Content[i] = range;
            else
                draft.Content.RemoveAt(i);
        }
    }

    /// <summary>A range that is one quote region, perhaps after "that", is the words inside its marks; any other stays, trimmed.</summary>
    private static TextRange? Unwrap(Reading reading, TextRange range)
    {
        var page = reading.Page;
        var first = page.TokenAt(range.Start);
        if (reading.Is(first, "that") && reading.InQuote(first + 1) && !reading.InQuote(first))
            first++;
        if (first < reading.Count && reading.OuterQuote(first) is >= 0 and var quote)
        {
            var region = page.Quotes[quote];
            if (region.Outer.Start == page.Tokens[first].Start && region.Outer.End >= range.End)
                range = region.Inner;
        }
        int start = range.Start, end = range.End;
        while (start < end && (ParagraphSplitter.IsBlank(page.Text[start]) || page.Text[start] is ',' or ';' or ':'))
            start++;
        while (end > start && (ParagraphSplitter.IsBlank(page.Text[end - 1]) || page.Text[end - 1] is ',' or ';' or ':'))
            end--;
        for (var i = start; i < end; i++)
        {
            if (char.IsLetterOrDigit(page.Text[i]) || char.IsSurrogate(page.Text[i]))
                return new TextRange(start, end);
        }
        return null;
    }

    /// <summary>Two rules may read the same words: the one that knows a source is kept, or the first.</summary>
    private static void DropDuplicates(List<Draft> drafts)
    {
        for (var i = drafts.Count - 1; i > 0; i--)
        {
            for (var k = i - 1; k >= 0 && drafts[k].Start == drafts[i].Start && i - k <= MostNesting; k--)
            {
                if (drafts[k].End != drafts[i].End || drafts[k].Parent == drafts[i] || drafts[i].Parent == drafts[k])
                    continue;
                var worse = drafts[k].Source is null && drafts[i].Source is not null ? k : i;
                Replace(drafts, drafts[worse], drafts[worse == k ? i : k]);
                drafts.RemoveAt(worse);
                break;
            }
        }
    }

    /// <summary>"Papers cite the mayor's remark about “…”" is the mayor's remark: who passes it on adds nothing to it.</summary>
    private static void DropCitations(Reading reading, List<Draft> drafts)
    {
        for (var i = drafts.Count - 1; i >= 0; i--)
        {
            if (drafts[i] is { Stand: true, Rule: "verb-phrase", Cue: { } stand } && IsWithin(drafts, i, stand))
            {
                drafts.RemoveAt(i);
                continue;
            }
            if (drafts[i].Rule is not ("verb-phrase" or "verb-clause"))
                continue;
            for (var k = i + 1; k < drafts.Count && k <= i + MostNesting && drafts[k].Start < drafts[i].End; k++)
            {
                if (drafts[k].Rule != "noun-cue" || drafts[k].Source is not { } remark || reading.Page.Tokens[remark.First].Start != drafts[i].Start)
                    continue;
                Replace(drafts, drafts[i], drafts[k]);
                drafts.RemoveAt(i);
                break;
            }
        }
    }

    private static bool IsWithin(List<Draft> drafts, int inner, TextRange cue)
    {
        for (var k = inner - 1; k >= 0 && k >= inner - MostNesting; k--)
        {
            if (drafts[k].Content.Exists(range => range.Contains(cue)))
                return true;
        }
        return false;
    }

    private static void Replace(List<Draft> drafts, Draft gone, Draft kept)
    {
        foreach (var draft in drafts)
        {
            if (draft.SpeaksAs == gone)
                draft.SpeaksAs = kept == draft ? null : kept;
            if (draft.Parent == gone)
                draft.Parent = kept == draft ? null : kept;
        }
    }

    /// <summary>A parent that a rule named may start later than its child only by an article or a mark; it is put before.</summary>
    private static void PutParentsFirst(List<Draft> drafts)
    {
        for (var i = 0; i < drafts.Count; i++)
        {
            if (drafts[i].Parent is { } parent && drafts.IndexOf(parent, i, Math.Min(drafts.Count - i, MostNesting)) is > 0 and var at && at > i)
            {
                drafts.RemoveAt(at);
                drafts.Insert(i, parent);
            }
        }
    }

    private static int?[] Parents(List<Draft> drafts, Dictionary<Draft, int> index)
    {
        var parents = new int?[drafts.Count];
        var open = new List<int>();
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            open.RemoveAll(k => drafts[k].End <= draft.Start);
            if (open.Count > MostNesting)
                open.RemoveAt(0);
            if (draft.Parent is { } named && index.TryGetValue(named, out var at) && at < i)
            {
                parents[i] = at;
            }
            else
            {
                for (var k = open.Count - 1; k >= 0 && parents[i] is null; k--)
                {
                    if (Holds(drafts[open[k]], draft))
                        parents[i] = open[k];
                }
            }
            open.Add(i);
        }
        return parents;
    }

    /// <summary>Whether the whole inner attribution, its cue too, stands within the content of the outer.</summary>
    private static bool Holds(Draft outer, Draft inner)
    {
        if (inner.Cue is { } cue && !outer.Content.Exists(r => r.Contains(cue)))
            return false;
        return inner.Content.TrueForAll(range => outer.Content.Exists(r => r.Contains(range))) && outer.Cue != inner.Cue;
    }

    /// <summary>By the share of letters and digits inside quotation marks: all but a twentieth, hardly any, or between.</summary>
    private static Directness DirectnessOf(Page page, List<TextRange> content)
    {
        long inside = 0, all = 0;
        foreach (var range in content)
        {
            for (var token = page.TokenAt(range.Start); token < page.Tokens.Length && page.Tokens[token].Start < range.End; token++)
            {
                if (page.Tokens[token].Kind == TokenKind.Mark)
                    continue;
                all += page.Tokens[token].Length;
                if (page.QuoteAt(token) >= 0)
                    inside += page.Tokens[token].Length;
            }
        }
        return inside * 20 >= all * 19 ? Directness.Direct : inside * 20 <= all ? Directness.Indirect : Directness.Mixed;
    }
}
