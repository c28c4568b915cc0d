using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Attribution;

/// <summary>
/// Quotes whose sentence has no verb of attribution: announced by a colon in the sentence before, signed with a name, going on from the quote before,
/// or standing alone. Short words in marks without any of these are titles, nicknames or scare quotes and stay nobody's.
/// </summary>
internal sealed class LooseQuotes(Reading page, List<Draft> drafts)
{
    private const int FewestWords = 4;

    /// <summary>The draft that holds a region, by region.</summary>
    private readonly Draft?[] _holder = new Draft?[page.Page.Quotes.Length];

    private readonly List<Draft> _added = [];

    /// <summary>The draft that a quote may go on from, and the sentence it ends in.</summary>
    private (Draft Draft, int Sentence)? _current;

    public void Read()
    {
        foreach (var draft in drafts)
            Hold(draft);
        foreach (var draft in drafts)
            draft.Sentence = page.Page.Sentences.Length == 0 ? 0 : page.SentenceOf(page.Page.TokenAt(draft.Cue?.Start ?? draft.Start));
        var bySentence = drafts.Where(d => d.Modality != Modality.ReportedAbsent).ToLookup(d => d.Sentence);
        for (var s = 0; s < page.Page.Sentences.Length; s++)
        {
            var sentence = page.Page.Sentences[s];
            if (sentence.IsHeading)
                continue;
            ReadSentence(s, sentence);
            foreach (var draft in bySentence[s])
            {
                if (HasQuote(draft))
                    _current = (draft, s);
            }
        }
        drafts.AddRange(_added);
    }

    private void ReadSentence(int index, Sentence sentence)
    {
        if (Signed(index, sentence))
            return;
        var quote = page.OuterQuote(sentence.FirstToken);
        if (quote < 0 || _holder[quote] is not null || !CoversSentence(quote, sentence))
            return;
        var region = page.Page.Quotes[quote];
        if (region.Continues >= 0 && _holder[Outermost(region.Continues)] is { } opened)
        {
            Join(opened, quote, index);
            return;
        }
        if (Announced(index, quote))
            return;
        if (WordsIn(region.Inner) < FewestWords && _current?.Sentence != index - 1)
            return;
        var goesOn = _current is { } current && current.Sentence >= index - 1 && current.Draft.Modality != Modality.ReportedAbsent;
        if (goesOn && page.Page.Sentences[index - 1].Paragraph == sentence.Paragraph)
        {
            Join(_current!.Value.Draft, quote, index);
            return;
        }
        var draft = new Draft(goesOn ? "quote-goes-on" : "quote-alone") { SpeaksAs = goesOn ? _current!.Value.Draft : Next(index, sentence), Sentence = index };
        draft.Content.Add(region.Outer);
        Keep(draft, quote, index);
    }

    /// <summary>“First.” “Second,” she said: the speaker comes with the next sentence of the paragraph.</summary>
    private Draft? Next(int index, Sentence sentence)
    {
        if (index + 1 >= page.Page.Sentences.Length || page.Page.Sentences[index + 1].Paragraph != sentence.Paragraph)
            return null;
        var quote = page.OuterQuote(page.Page.Sentences[index + 1].FirstToken);
        return quote >= 0 ? _holder[quote] : null;
    }

    /// <summary>Smith: “…”, or “…” — Smith.</summary>
    private bool Signed(int index, Sentence sentence)
    {
        var first = sentence.FirstToken;
        if (page.OuterQuote(first) is >= 0 and var quote)
        {
            var dash = Clauses.AfterQuote(page, first);
            if (_holder[quote] is null && dash + 1 < sentence.EndToken && page.IsDash(dash) && NounPhrases.After(page, dash + 1, sentence.EndToken) is { } name
                && name.End >= sentence.EndToken - 1 && page.IsName(name.First))
            {
                var signed = new Draft("name-dash") { Source = name, Cue = page.Page.Range(dash, dash + 1), Sentence = index };
                signed.Content.Add(page.Page.Quotes[quote].Outer);
                Keep(signed, quote, index);
                return true;
            }
            return false;
        }
        if (NounPhrases.After(page, first, Math.Min(sentence.EndToken, first + 8)) is not { } phrase || !page.IsMark(phrase.End, ':') || phrase.End + 1 >= sentence.EndToken || !page.IsName(phrase.End - 1))
            return false;
        var start = phrase.End + 1;
        quote = page.OuterQuote(start);
        if (quote < 0 || _holder[quote] is not null)
            return false;
        var draft = new Draft("name-colon") { Source = phrase, Cue = page.Page.Range(phrase.End, phrase.End + 1), Sentence = index };
        draft.Content.Add(page.Page.Range(start, Clauses.End(page, start, sentence.EndToken, ContentKind.Quote)));
        Keep(draft, quote, index);
        return true;
    }

    /// <summary>The sentence before ends in a colon: its last verb of attribution announces this quote.</summary>
    private bool Announced(int index, int quote)
    {
        if (index == 0 || page.Page.Sentences[index - 1] is not { IsHeading: false } before || !page.IsMark(before.EndToken - 1, ':'))
            return false;
        var floor = Math.Max(before.FirstToken, before.EndToken - 40);
        var draft = new Draft("announced") { Sentence = index };
        for (var i = before.EndToken - 2; i >= floor; i--)
        {
            if (page.InQuote(i) || Cue.At(page, i, before.FirstToken) is not { Infinitive: false, Passive: false } cue)
                continue;
            draft.Cue = page.Page.Range(cue.Verb, cue.End);
            draft.Source = (cue.Participial ? null : Subjects.Before(page, cue.First, before.FirstToken)) ?? Subjects.OfSentence(page, before.FirstToken, cue.First);
            break;
        }
        draft.Source ??= Subjects.OfSentence(page, before.FirstToken, before.EndToken);
        if (draft.Source is null)
            return false;
        draft.Content.Add(page.Page.Quotes[quote].Outer);
        foreach (var outer in drafts)
        {
            // "According to its website, the ministry stated:" — the website reports that the ministry did.
            if (outer.Rule == "according-to" && outer.Sentence == index - 1 && draft.Cue is { } cue && outer.Content[^1].Contains(cue))
                draft.Parent = outer;
        }
        Keep(draft, quote, index);
        return true;
    }

    private void Join(Draft draft, int quote, int sentence)
    {
        var region = page.Page.Quotes[quote].Outer;
        if (region.Start < draft.End)
            return;
        draft.Content.Add(region);
        _holder[quote] = draft;
        _current = (draft, sentence);
    }

    private void Keep(Draft draft, int quote, int sentence)
    {
        _added.Add(draft);
        _holder[quote] = draft;
        _current = (draft, sentence);
    }

    private void Hold(Draft draft)
    {
        foreach (var range in draft.Content)
        {
            for (var token = page.Page.TokenAt(range.Start); token < page.Count && page.Page.Tokens[token].Start < range.End; token++)
            {
                var quote = page.OuterQuote(token);
                if (quote < 0)
                    continue;
                _holder[quote] ??= draft;
                token = Clauses.AfterQuote(page, token) - 1;
            }
        }
    }

    /// <summary>Whether a draft is a quote that others may go on from: most of it in marks.</summary>
    private bool HasQuote(Draft draft)
    {
        var range = draft.Content[^1];
        var token = page.Page.TokenAt(range.End - 1);
        return token < page.Count && page.OuterQuote(token) is >= 0 and var quote && _holder[quote] == draft && WordsIn(page.Page.Quotes[quote].Inner) >= FewestWords;
    }

    private int Outermost(int quote)
    {
        while (page.Page.Quotes[quote].Parent >= 0)
            quote = page.Page.Quotes[quote].Parent;
        return quote;
    }

    private bool CoversSentence(int quote, Sentence sentence)
    {
        var region = page.Page.Quotes[quote].Outer;
        return region.Start <= sentence.Range.Start && region.End >= sentence.Range.End - 1;
    }

    private int WordsIn(TextRange range)
    {
        var first = page.Page.TokenAt(range.Start);
        var words = 0;
        for (var i = first; i < page.Count && page.Page.Tokens[i].Start < range.End && words < FewestWords; i++)
        {
            if (!page.IsMark(i))
                words++;
        }
        return words;
    }
}
