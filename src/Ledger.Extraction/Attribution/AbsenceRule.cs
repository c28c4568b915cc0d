using System.Collections.Frozen;
using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>The document's own report that something was not said: "there is no word on …", "makes no mention of …", "without saying who …".</summary>
internal static class AbsenceRule
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Wordings = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "wording", "word", "words", "mention", "mentions", "report", "reports", "reference", "references", "statement", "statements", "comment", "comments", "information", "indication", "indications",
        "details", "detail", "confirmation", "explanation", "assessment", "assessments", "message", "messages", "answer", "answers", "clarification", "clause", "phrase", "language", "commitment",
        "commitments", "guarantee", "guarantees", "hint", "suggestion", "specifics", "acknowledgment", "acknowledgement", "evidence", "data", "figures").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Telling = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "mentioning", "saying", "specifying", "naming", "indicating", "explaining", "stating", "identifying", "disclosing", "revealing", "elaborating", "clarifying", "detailing", "giving", "providing",
        "offering", "citing", "assigning", "attributing", "describing").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Holding = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "contain", "contains", "contained", "include", "includes", "included", "make", "makes", "made", "give", "gives", "gave", "offer", "offers", "offered", "provide", "provides", "provided",
        "has", "have", "had", "carry", "carries", "carried", "mention", "mentions", "mentioned").GetAlternateLookup<ReadOnlySpan<char>>();

    public static void Read(Reading page, int index, List<Draft> drafts)
    {
        var sentence = page.Page.Sentences[index];
        for (var i = sentence.FirstToken; i + 1 < sentence.EndToken; i++)
        {
            if (page.InQuote(i))
            {
                i = Clauses.AfterQuote(page, i) - 1;
                continue;
            }
            if (page.Is(i, "there") && page.Has(i + 1, WordClass.Be | WordClass.Have) && NoWording(page, i + 2, sentence.EndToken))
            {
                Add(page, index, "absent-there", i, sentence.EndToken, drafts);
                return;
            }
            if (page.Is(i, "without") && Telling.Contains(page.Page.Word(i + 1)) && i + 2 < sentence.EndToken)
            {
                Add(page, index, "absent-without", i, sentence.EndToken, drafts);
                return;
            }
            if (Holding.Contains(page.Page.Word(i)) && !page.Has(i, WordClass.Capital) && i > sentence.FirstToken && NoWording(page, i + 1, sentence.EndToken, needsNo: true)
                && Subjects.OfSentence(page, sentence.FirstToken, i) is { } subject && subject.End <= i)
            {
                Add(page, index, "absent-holds", subject.First, sentence.EndToken, drafts);
                return;
            }
        }
    }

    /// <summary>"no", and within a few words one of the nouns for what is said.</summary>
    private static bool NoWording(Reading page, int first, int end, bool needsNo = false)
    {
        var i = first;
        while (i < end && (page.Has(i, WordClass.Adverb | WordClass.Be) || page.Is(i, "not")) && i - first < 3)
        {
            if (page.Is(i, "not") && page.Is(i + 1, "any") | page.Is(i + 1, "a") && !needsNo)
                break;
            i++;
        }
        if (!(page.Is(i, "no") || page.Is(i, "not") && !needsNo))
            return false;
        var limit = Math.Min(end, i + 9);
        for (var k = i + 1; k < limit && !page.InQuote(k); k++)
        {
            if (Wordings.Contains(page.Page.Word(k)))
                return true;
            if (page.IsMark(k) || page.Has(k, WordClass.Auxiliary | WordClass.Preposition | WordClass.Wh) || page.Is(k, "that"))
                return false;
        }
        return false;
    }

    private static void Add(Reading page, int index, string rule, int start, int end, List<Draft> drafts)
    {
        var to = Clauses.End(page, start, end, ContentKind.Clause);
        if (to <= start)
            return;
        var draft = new Draft(rule) { Sentence = index, Modality = Modality.ReportedAbsent };
        draft.Content.Add(page.Page.Range(start, to));
        drafts.Add(draft);
    }
}
