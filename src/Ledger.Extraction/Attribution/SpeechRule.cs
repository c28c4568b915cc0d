using Ledger.Core.Entries;
using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Attribution;

/// <summary>Attributions made by a verb: content, verb and source in any order, within one sentence.</summary>
internal sealed class SpeechRule(Reading page, List<Draft> drafts)
{
    private Sentence _sentence;
    private int _index;

    /// <summary>The last draft of this sentence, whose source a verb without a subject shares.</summary>
    private Draft? _last;

    /// <summary>The end of the last content or cue, before which no other content of this sentence begins.</summary>
    private int _taken;

    public void Read(int sentence)
    {
        _index = sentence;
        _sentence = page.Page.Sentences[sentence];
        _last = null;
        _taken = _sentence.FirstToken;
        for (var i = _sentence.FirstToken; i < _sentence.EndToken; i++)
        {
            if (page.InQuote(i))
            {
                i = Clauses.AfterQuote(page, i) - 1;
                continue;
            }
            if (page.Has(i, WordClass.Cue) && Cue.At(page, i, _sentence.FirstToken) is { } cue)
                Take(cue);
        }
    }

    private void Take(Cue cue)
    {
        if (cue.Infinitive || cue.Participial && page.Is(cue.First - 1, "without"))
            return;
        if (cue.Passive)
        {
            TakePassive(cue);
            return;
        }
        if (Inverted(cue))
            return;
        var source = cue.Participial ? ParticipleSubject(cue) : Subjects.Before(page, cue.First, _sentence.FirstToken);
        var after = Clauses.StartAfter(page, cue, _sentence.EndToken);
        if (!cue.Participial && Preceding(cue, source, after))
            return;
        if (after is not { } found)
            return;
        var shared = source is null;
        if (source is null && !Shares(cue))
            return;
        if (source is null && _last is null)
            source = Subjects.OfSentence(page, _sentence.FirstToken, cue.First) is { } subject && subject.End <= cue.First ? subject : null;
        if (source is null && _last is null && !(page.IsFirst(cue.First) && cue.Participial))
            return;
        if (found.Kind == ContentKind.Phrase && !Convincing(cue, source, shared))
            return;
        var end = Clauses.End(page, found.Start, _sentence.EndToken, found.Kind);
        if (end <= found.Start)
            return;
        var draft = Add("verb-" + found.Kind.ToString().ToLowerInvariant(), source, cue, shared);
        Append(draft, found.Start, end);
        _last = draft;
    }

    /// <summary>“…,” said the minister.</summary>
    private bool Inverted(Cue cue)
    {
        if (!cue.Entry.Can(Takes.Inverts) || cue.Entry.Form is not (VerbForm.Past or VerbForm.Third) || cue.Particle)
            return false;
        var before = cue.First - 1;
        var afterMark = cue.First == _sentence.FirstToken || page.IsMark(before, ',') || page.InQuote(before) || page.IsDash(before);
        if (!afterMark || cue.End >= _sentence.EndToken)
            return false;
        if (NounPhrases.After(page, cue.End, _sentence.EndToken) is not { } source || page.Has(cue.End, WordClass.Object))
            return false;
        if (cue.Entry.Can(Takes.Addressee))
            return false;
        var content = ContentBefore(cue.First);
        if (content is not { } range)
            return false;
        // "…, said it would" has its content after the verb.
        if (page.Has(source.End, WordClass.Auxiliary | WordClass.Finite) && !page.InQuote(before) && !(page.IsMark(before, ',') && page.InQuote(before - 1)))
            return false;
        var draft = Add("verb-inverted", source, cue, false);
        Append(draft, range.First, range.End);
        Resume(draft, source.End);
        _last = draft;
        return true;
    }

    /// <summary>Content that stands before its subject and verb: “…,” the minister said.</summary>
    private bool Preceding(Cue cue, Phrase? source, (int Start, ContentKind Kind)? after)
    {
        if (source is not { } subject || cue.Entry.Form == VerbForm.Ing && !cue.Progressive || !cue.Entry.Can(Takes.Quote | Takes.Clause))
            return false;
        if (page.Has(subject.First, WordClass.Wh))
            return false;
        if (ContentBefore(subject.First) is not { } content)
            return false;
        var quoted = page.InQuote(content.End - 1);
        if (after is { Kind: not ContentKind.Quote } && !quoted)
            return false;
        // The cue has a clause of its own, and the words in marks before it were said to somebody else or are a title.
        if (after is { Kind: ContentKind.Clause } && !page.IsMark(cue.End, ',') && !Ends(content.End - 1))
            return false;
        if (!quoted && (!cue.Entry.Can(Takes.Inverts) || after is not null))
            return false;
        var draft = Add("verb-after", source, cue, false);
        Append(draft, content.First, content.End);
        var rest = cue.End;
        if (after is { Kind: ContentKind.Quote } more)
        {
            Append(draft, more.Start, Clauses.End(page, more.Start, _sentence.EndToken, ContentKind.Quote));
            rest = -1;
        }
        if (rest >= 0)
            Resume(draft, rest);
        _last = draft;
        return true;
    }

    /// <summary>Whether words in marks end with a mark of their own, as what is said does.</summary>
    private bool Ends(int lastToken) => page.InQuote(lastToken) && page.Page.Text[page.Page.Tokens[Math.Max(lastToken - 1, 0)].End - 1] is ',' or '.' or '?' or '!' or '…' or '—';

    /// <summary>The content that ends right before a token, at a comma or a closing mark.</summary>
    private Phrase? ContentBefore(int token)
    {
        var last = token - 1;
        if (last < _sentence.FirstToken)
            return BeforeSentence();
        if (!page.IsMark(last, ',') && !page.IsDash(last) && !page.InQuote(last))
            return null;
        if (!page.InQuote(last))
            last--;
        if (last < _sentence.FirstToken || page.Page.Tokens[last].Start < 0)
            return null;
        var start = _taken;
        if (page.InQuote(last))
        {
            var region = page.Page.Quotes[page.OuterQuote(last)];
            var open = page.Page.TokenAt(region.Outer.Start);
            if (open < _taken)
                return null;
            // Words before the marks belong to what is said, except a conjunction.
            while (start < open && (page.Has(start, WordClass.Coordinator) || page.IsMark(start)))
                start++;
            if (start < open && (page.IsMark(open - 1, ':') || page.IsMark(open - 1, ',') && Ends(last) && !Clauses.HasFinite(page, start, open)))
                return new Phrase(open, last + 1);
            return new Phrase(Math.Min(start, open), last + 1);
        }
        while (start < last && (page.Has(start, WordClass.Coordinator) || page.IsMark(start) && !page.InQuote(start)) && !page.IsMark(start, '('))
            start++;
        return last + 1 - start >= 3 && last - start < Clauses.Reach && Clauses.HasFinite(page, start, last + 1) ? new Phrase(start, last + 1) : null;
    }

    /// <summary>“Why?” he asked: the marks closed the sentence before.</summary>
    private Phrase? BeforeSentence()
    {
        if (_index == 0 || page.Page.Sentences[_index - 1].Paragraph != _sentence.Paragraph)
            return null;
        var before = page.Page.Sentences[_index - 1];
        var last = before.EndToken - 1;
        if (!page.InQuote(last) || _sentence.EndToken - _sentence.FirstToken > 16)
            return null;
        var open = page.Page.TokenAt(page.Page.Quotes[page.OuterQuote(last)].Outer.Start);
        if (open != before.FirstToken || page.Page.Text[page.Page.Tokens[last - 1].End - 1] is not ('?' or '!' or '.' or ','))
            return null;
        foreach (var draft in drafts.AsEnumerable().Reverse().Take(3))
        {
            if (draft.Content.Count > 0 && draft.End >= page.Page.Tokens[open].End)
                return null;
        }
        return new Phrase(open, last + 1);
    }

    /// <summary>What goes on after the cue: “…,” he said, “…” or: It was late, he said, and cold.</summary>
    private void Resume(Draft draft, int token)
    {
        var limit = Math.Min(_sentence.EndToken, token + 24);
        for (var i = token; i < limit; i++)
        {
            if (page.InQuote(i))
            {
                if (!(page.IsMark(i - 1, ',') || page.IsMark(i - 1, ':') || page.IsDash(i - 1) || i == token))
                    return;
                var end = Clauses.End(page, i, _sentence.EndToken, ContentKind.Quote);
                Append(draft, i, end);
                return;
            }
            if (page.CueAt(i) is { Form: not VerbForm.Base } && i > token || page.IsMark(i, ';'))
                return;
        }
    }

    /// <summary>It was reported that …; was accused by prosecutors of …; is said to ….</summary>
    private void TakePassive(Cue cue)
    {
        if (!cue.Entry.Can(Takes.That | Takes.Judgement | Takes.Clause) || cue.Entry.Can(Takes.Addressee))
            return;
        var end = _sentence.EndToken;
        if (page.Is(cue.End, "by") && NounPhrases.After(page, cue.End + 1, end) is { } agent && cue.Entry.Can(Takes.Judgement | Takes.Quote)
            && Subjects.Before(page, cue.First, _sentence.FirstToken) is { } patient && !page.Has(patient.First, WordClass.Wh))
        {
            var draft = Add("verb-passive", agent, cue, false);
            Append(draft, patient.First, patient.End);
            if (agent.End < end && (page.Is(agent.End, "of") || page.Is(agent.End, "as") || page.Is(agent.End, "for")))
                Append(draft, agent.End, Clauses.End(page, agent.End, end, ContentKind.Phrase));
            _last = draft;
            return;
        }
        if (page.Is(cue.First - 1, "it") && page.Is(cue.End, "that") && cue.Entry.Can(Takes.That))
        {
            var draft = Add("verb-impersonal", null, cue, false);
            Append(draft, cue.End, Clauses.End(page, cue.End, end, ContentKind.Clause));
            _last = draft;
        }
    }

    /// <summary>Who "saying" hangs on: the noun right before it, unless a comma or preposition stands between.</summary>
    private Phrase? ParticipleSubject(Cue cue)
    {
        var before = cue.First - 1;
        if (before < _sentence.FirstToken || page.IsMark(before) || page.Has(before, WordClass.Preposition | WordClass.Coordinator | WordClass.Subordinator | WordClass.Verb) || page.InQuote(before))
            return null;
        return NounPhrases.Before(page, before + 1, Math.Max(_sentence.FirstToken, _taken));
    }

    /// <summary>Whether a verb without its own subject shares the one before: after "and", a comma, "by" or "in".</summary>
    private bool Shares(Cue cue)
    {
        var before = cue.First - 1;
        return before < _sentence.FirstToken || page.IsMark(before) || page.InQuote(before)
            || page.Has(before, WordClass.Coordinator | WordClass.Adverb) || (cue.Participial && (page.Has(before, WordClass.Subordinator | WordClass.Time) || page.Has(before, WordClass.Preposition) && !page.Is(before, "on")))
            || page.IsNominal(before);
    }

    /// <summary>Whether a verb with a bare phrase as content attributes at all: its subject must be able to speak.</summary>
    private bool Convincing(Cue cue, Phrase? source, bool shared)
    {
        if (shared)
            return cue.Entry.Form is VerbForm.Ing or VerbForm.Past && cue.Entry.Can(Takes.Judgement) | cue.Particle;
        if (source is not { } subject)
            return false;
        if (page.Is(subject.First, "it") || page.Is(subject.First, "that") && subject.Length == 1)
            return false;
        return cue.Entry.Form != VerbForm.Base || cue.Auxiliary || cue.Entry.Can(Takes.Judgement);
    }

    private Draft Add(string rule, Phrase? source, Cue cue, bool shared)
    {
        var draft = new Draft(rule)
        {
            Source = source ?? _last?.Source,
            SpeaksAs = source is null ? _last : null,
            Cue = page.Page.Range(cue.Verb, cue.End),
            Sentence = _index,
            Modality = ModalityOf(cue),
            Stand = cue.Entry.Lemma is "support" or "oppose" or "defend" or "endorse" or "welcome" or "reject" or "condemn",
        };
        drafts.Add(draft);
        _taken = Math.Max(_taken, cue.End);
        return draft;
    }

    private void Append(Draft draft, int first, int end)
    {
        if (end <= first)
            return;
        draft.Content.Add(page.Page.Range(first, end));
        draft.Content.Sort();
        if (draft.Content[^1].End <= _sentence.Range.End && first >= _sentence.FirstToken)
            _taken = Math.Max(_taken, draft.Content[^1].Start == page.Page.Tokens[first].Start && first > page.Page.TokenAt(draft.Cue!.Value.Start) ? _taken : end);
    }

    private static Modality ModalityOf(Cue cue) => cue.Entry.Lemma switch
    {
        "deny" or "refute" or "dispute" or "rebut" or "reject" or "refuse" or "decline" => Modality.Denied,
        "ask" or "wonder" or "inquire" or "question" => Modality.Asked,
        "expect" or "predict" or "hope" or "forecast" or "anticipate" or "project" => Modality.Expected,
        "say" or "mention" or "specify" or "disclose" or "reveal" or "confirm" or "explain" or "announce" or "comment" when cue.Negated => Modality.ReportedAbsent,
        _ when cue.Negated => Modality.Denied,
        _ => Modality.Asserted,
    };
}
