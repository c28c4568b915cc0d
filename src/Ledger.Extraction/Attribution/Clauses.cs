using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>What kind of words a cue has as its content.</summary>
internal enum ContentKind
{
    Quote,
    Clause,
    Infinitive,
    Phrase,
}

/// <summary>Finds where content begins after a cue, and where it ends.</summary>
internal static class Clauses
{
    /// <summary>No rule looks further than this many tokens, so that a sentence without end costs no more than others.</summary>
    public const int Reach = 240;

    /// <summary>The token at which content begins, and its kind; null where the cue has none after it.</summary>
    public static (int Start, ContentKind Kind)? StartAfter(Reading page, Cue cue, int end)
    {
        var verb = cue.Entry;
        var i = cue.End;
        while (i < end && page.Has(i, WordClass.Adverb) && !page.Has(i, WordClass.Determiner | WordClass.Capital) && !page.Is(i, "there") && !page.Is(i, "here"))
            i++;
        if (AtQuote(page, i, end) is { } quote && verb.Can(Takes.Quote | Takes.Judgement | Takes.That))
            return (quote, ContentKind.Quote);
        if (i >= end)
            return null;
        if (cue.Particle)
        {
            if (FirstQuote(page, i, end, 14, closely: true) is { } said && verb.Can(Takes.Quote))
                return (said, ContentKind.Quote);
            return StartsPhrase(page, i) || page.Has(i, WordClass.Wh) || page.InQuote(i) ? (i, ContentKind.Phrase) : null;
        }
        if (IsComplementizer(page, i) && verb.Can(Takes.That))
            return (i, ContentKind.Clause);
        if (page.Has(i, WordClass.Wh) && verb.Can(Takes.Question) && !cue.Entry.Can(Takes.Inverts) | !page.Is(i, "when"))
            return (i, ContentKind.Clause);
        if (page.Is(i, "to") && page.Has(i + 1, ~WordClass.Capital) | IsLower(page, i + 1) && !page.Has(i + 1, WordClass.Determiner | WordClass.Possessive | WordClass.Object | WordClass.Capital))
            return verb.Can(Takes.Infinitive) || cue.Passive ? (i, ContentKind.Infinitive) : null;
        if (verb.Can(Takes.Judgement))
            return StartsPhrase(page, i) || page.Has(i, WordClass.Object) ? (i, ContentKind.Phrase) : null;
        if (verb.Can(Takes.PersonInfinitive) && PersonInfinitive(page, i, end))
            return (i, ContentKind.Phrase);
        if (verb.Can(Takes.Addressee) && !page.Has(i, WordClass.Preposition))
        {
            if (NounPhrases.After(page, i, end) is not { } addressee)
                return null;
            return AfterAdjunct(page, addressee.End, end, verb) ?? (SoftClause(page, i, addressee, end) is { } soft ? (soft, ContentKind.Clause) : null);
        }
        if (page.Has(i, WordClass.Preposition | WordClass.Time) && !page.Has(i, WordClass.Determiner | WordClass.Pronoun) || page.IsMark(i, ','))
            return AfterAdjunct(page, i, end, verb);
        if (verb.Can(Takes.Clause) && StartsPhrase(page, i) && HasFinite(page, i, end))
            return (i, ContentKind.Clause);
        if (verb.Can(Takes.Phrase) && StartsPhrase(page, i))
            return (i, ContentKind.Phrase);
        return null;
    }

    /// <summary>The end of content that starts at <paramref name="start"/>: the token after its last.</summary>
    public static int End(Reading page, int start, int end, ContentKind kind)
    {
        var limit = Math.Min(end, start + Reach);
        var brackets = 0;
        var i = start;
        while (i < limit)
        {
            if (page.InQuote(i))
            {
                i = AfterQuote(page, i);
                if (kind == ContentKind.Quote && !RunsOn(page, i, end))
                    return i;
                continue;
            }
            if (page.IsMark(i, '(') || page.IsMark(i, '['))
                brackets++;
            else if ((page.IsMark(i, ')') || page.IsMark(i, ']')) && --brackets < 0)
                return i;
            else if (page.IsMark(i, ','))
            {
                if (EndsAtComma(page, i, end, kind))
                    return i;
            }
            else if (page.IsMark(i, ';') && NextCue(page, i + 1, Math.Min(end, i + 12)))
                return i;
            else if (page.IsDash(i) && (kind == ContentKind.Phrase || NextCue(page, i + 1, Math.Min(end, i + 6))))
                return i;
            else if (i > start && page.Is(i, "according") && page.Is(i + 1, "to"))
                return i;
            else if (i > start && page.Is(i, "and") && StartsNewAttribution(page, i + 1, end))
                return i;
            else if (i > start + 1 && kind is ContentKind.Phrase or ContentKind.Infinitive && page.Is(i, "and") && page.Is(i + 1, "that") && page.Has(i + 2, WordClass.Determiner) | page.IsNominal(i + 2))
                return i;
            else if (i > start + 1 && kind == ContentKind.Phrase && EndsPhrase(page, i))
                return i;
            i++;
        }
        return Trim(page, start, Math.Min(i, limit));
    }

    /// <summary>The token after the outermost region that holds <paramref name="token"/>.</summary>
    public static int AfterQuote(Reading page, int token)
    {
        var after = page.Page.TokenAt(page.Page.Quotes[page.OuterQuote(token)].Outer.End - 1) + 1;
        return Math.Max(after, token + 1);
    }

    public static bool HasFinite(Reading page, int first, int end)
    {
        end = Math.Min(end, first + 60);
        for (var i = first; i < end; i++)
        {
            if (page.InQuote(i))
            {
                i = AfterQuote(page, i) - 1;
                continue;
            }
            if (i > first && (page.Has(i, WordClass.Auxiliary | WordClass.Finite) || page.CueAt(i) is { Form: VerbForm.Past or VerbForm.Third or VerbForm.Base }) && !page.Has(i, WordClass.Capital))
                return true;
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive && (page.Has(i - 1, WordClass.Pronoun) || page.Has(i + 1, WordClass.Adverb | WordClass.Determiner | WordClass.Negation)))
                return true;
            if (page.Has(i, WordClass.Pronoun) && page.Page.Word(i) is [_, _, ..] word && (word.Contains('\'') || word.Contains('’')))
                return true;
        }
        return false;
    }

    public static bool StartsPhrase(Reading page, int token) =>
        (page.IsNominal(token) || page.Has(token, WordClass.Determiner | WordClass.Possessive | WordClass.Pronoun) || page.Is(token, "there") || page.Is(token, "here")
            || page.IsMark(token, '$') || page.IsMark(token, '#') || page.IsMark(token, '@')) && !page.Has(token, WordClass.Subordinator & ~WordClass.Determiner) | page.Has(token, WordClass.Determiner | WordClass.Possessive);

    /// <summary>The opening mark of a region at a token or after its comma or colon.</summary>
    private static int? AtQuote(Reading page, int token, int end)
    {
        if (token < end && (page.IsMark(token, ',') || page.IsMark(token, ':') || page.IsDash(token)))
            token++;
        return token < end && page.InQuote(token) ? token : null;
    }

    /// <summary>A region that begins within reach, after a comma or colon where <paramref name="closely"/> is asked.</summary>
    private static int? FirstQuote(Reading page, int first, int end, int reach, bool closely)
    {
        end = Math.Min(end, first + reach);
        for (var i = first; i < end; i++)
        {
            if (page.InQuote(i))
                return !closely || page.IsMark(i - 1, ',') || page.IsMark(i - 1, ':') ? i : null;
            if (page.Has(i, WordClass.Auxiliary) || page.IsMark(i, ';') || page.IsMark(i, '.'))
                return null;
        }
        return null;
    }

    /// <summary>Content after "in a statement on Monday", or after the one spoken to.</summary>
    private static (int, ContentKind)? AfterAdjunct(Reading page, int first, int end, CueVerb verb)
    {
        var limit = Math.Min(end, first + 22);
        for (var i = first; i < limit; i++)
        {
            if (page.InQuote(i))
                return (i, ContentKind.Quote);
            if (IsComplementizer(page, i) && i > first - 1 && !(page.IsNominal(i - 1) && page.Has(i + 1, WordClass.Verb) && !page.Has(i + 1, WordClass.Capital)) && verb.Can(Takes.That))
                return (i, ContentKind.Clause);
            if (page.Has(i, WordClass.Wh) && i == first && verb.Can(Takes.Question))
                return (i, ContentKind.Clause);
            if (i == first && page.Is(i, "to") && verb.Can(Takes.PersonInfinitive))
                return (i, ContentKind.Infinitive);
            if (page.Has(i, WordClass.Pronoun) && !page.Has(i, WordClass.Determiner | WordClass.Wh) && verb.Can(Takes.Clause)
                && !(page.Has(i - 1, WordClass.Subordinator) && !page.IsMark(i - 2, ',')) && !page.Has(i - 1, WordClass.Preposition))
                return (i, ContentKind.Clause);
            if (page.Is(i, "there") && page.Has(i + 1, WordClass.Be) && verb.Can(Takes.Clause))
                return (i, ContentKind.Clause);
            if (page.IsMark(i, ',') && i > first && (page.IsName(i + 1) || page.Has(i + 1, WordClass.Wh)) && !page.InQuote(i + 1))
                continue;
            if (verb.Can(Takes.Clause) && i > first && page.Has(i - 1, WordClass.Time) && StartsPhrase(page, i) && !page.Has(i, WordClass.Time) && HasFinite(page, i, end))
                return (i, ContentKind.Clause);
            if (page.IsMark(i, ':') || page.IsMark(i, ';'))
                return page.IsMark(i, ':') && i + 1 < end ? (i + 1, ContentKind.Clause) : null;
            if (page.Has(i, WordClass.Auxiliary) && !page.IsName(i))
                return null;
        }
        return null;
    }

    /// <summary>"told reporters the plan was …": a second noun phrase with a verb after the one spoken to.</summary>
    private static int? SoftClause(Reading page, int first, Phrase addressee, int end)
    {
        for (var i = first + 1; i <= addressee.End && i < end; i++)
        {
            var begins = i == addressee.End || page.Has(i, WordClass.Determiner | WordClass.Possessive) && !page.Has(i - 1, WordClass.Preposition | WordClass.Determiner);
            if (begins && StartsPhrase(page, i) && HasFinite(page, i, end))
                return i;
        }
        return null;
    }

    private static bool PersonInfinitive(Reading page, int first, int end)
    {
        end = Math.Min(end, first + 14);
        for (var i = first; i < end; i++)
        {
            if (page.Is(i, "to") && i > first && IsLower(page, i + 1))
                return true;
            if (page.IsMark(i) || page.Has(i, WordClass.Auxiliary | WordClass.Subordinator) && !page.Has(i, WordClass.Determiner))
                return false;
        }
        return false;
    }

    private static bool IsComplementizer(Reading page, int token) => page.Is(token, "that") && !page.InQuote(token);

    private static bool IsLower(Reading page, int token) => token < page.Count && char.IsAsciiLetterLower(page.Page.Word(token)[0]);

    /// <summary>Whether words after a quote still belong to what is said ("“a hoax” that nobody believes").</summary>
    private static bool RunsOn(Reading page, int token, int end)
    {
        if (token >= end || page.IsMark(token) && !page.IsMark(token, '\'') || page.Page.Tokens[token - 1].Length == 0)
            return false;
        var inside = page.Page.Text[page.Page.Tokens[token - 2].End - 1];
        return inside is not ('.' or ',' or '!' or '?') && !page.Has(token, WordClass.Coordinator) | !StartsNewAttribution(page, token + 1, end) && !page.Is(token, "as") && !page.Is(token, "while");
    }

    private static bool EndsAtComma(Reading page, int comma, int end, ContentKind kind)
    {
        var i = comma + 1;
        if (i >= end)
            return true;
        if (page.Is(i, "according") && page.Is(i + 1, "to"))
            return true;
        while (i < end && (page.Has(i, WordClass.Coordinator | WordClass.Adverb) || page.Is(i, "while") || page.Is(i, "as") || page.Is(i, "though") || page.Is(i, "although")) && !page.IsName(i))
            i++;
        var own = i > comma + 1;
        if (page.CueAt(i) is { Form: VerbForm.Ing } ing && !ing.Can(Takes.Weak) && !page.InQuote(i))
            return ing.Can(Takes.That | Takes.Quote | Takes.Judgement);
        if (own && StartsNewAttribution(page, i, end))
            return true;
        if (!own && EndsInAttribution(page, i, end))
            return true;
        if (kind == ContentKind.Phrase && page.Is(i, "which") && StartsNewAttribution(page, i + 1, end))
            return true;
        return kind == ContentKind.Phrase && (own || page.Has(i, WordClass.Wh | WordClass.Subordinator) && !page.Is(i, "which") || page.Page.Word(i).EndsWith("ing", StringComparison.Ordinal));
    }

    /// <summary>A subject and its verb of speech within a few words: "but the minister said".</summary>
    public static bool StartsNewAttribution(Reading page, int first, int end)
    {
        end = Math.Min(end, first + 9);
        for (var i = first; i < end; i++)
        {
            if (page.InQuote(i) || page.IsMark(i) || page.Has(i, WordClass.Subordinator | WordClass.Wh) && !page.Has(i, WordClass.Determiner | WordClass.Adverb))
                return false;
            if (page.CueAt(i) is { Form: VerbForm.Past or VerbForm.Third } verb && !page.Has(i, WordClass.Capital) && verb.Can(Takes.That | Takes.Quote) && !verb.Can(Takes.Weak))
                return !page.Has(i - 1, WordClass.Be | WordClass.Determiner | WordClass.Preposition) && (i == first || NounPhrases.Before(page, i, first) is not null || page.Has(i - 1, WordClass.Adverb | WordClass.Have));
            if (page.Has(i, WordClass.Finite) || page.Has(i, WordClass.Be | WordClass.Modal | WordClass.Do))
                return false;
        }
        return false;
    }

    /// <summary>", he said." or ", the minister said, …": a cue that closes what stands before it.</summary>
    private static bool EndsInAttribution(Reading page, int first, int end)
    {
        var limit = Math.Min(end, first + 12);
        for (var i = first; i < limit; i++)
        {
            if (page.InQuote(i) || page.IsMark(i) && !page.IsMark(i, '(') && !page.IsMark(i, ')'))
                return false;
            if (page.CueAt(i) is { Form: VerbForm.Past or VerbForm.Third } verb && verb.Can(Takes.Inverts) && !page.Has(i, WordClass.Capital) && (i > first || page.Has(i, WordClass.Cue)))
            {
                if (page.Has(i - 1, WordClass.Be | WordClass.Determiner | WordClass.Preposition))
                    return false;
                var after = i + 1;
                if (i == first)
                    after = NounPhrases.After(page, after, end)?.End ?? after;
                while (after < end && page.Has(after, WordClass.Time | WordClass.Adverb))
                    after++;
                return after >= end || page.IsMark(after) && !page.IsMark(after, ':') && !page.InQuote(after);
            }
            if (page.Has(i, WordClass.Auxiliary | WordClass.Subordinator | WordClass.Wh) && !page.Has(i, WordClass.Determiner | WordClass.Have))
                return false;
        }
        return false;
    }

    private static bool EndsPhrase(Reading page, int token) =>
        page.Has(token, WordClass.Wh) && (page.Is(token, "when") || page.Is(token, "while")) || page.Is(token, "while") || page.Is(token, "because") || page.Is(token, "although") || page.Is(token, "though");

    private static bool NextCue(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (page.CueAt(i) is { } verb && verb.Can(Takes.That | Takes.Quote) && verb.Form != VerbForm.Base && !page.Has(i, WordClass.Capital))
                return true;
        }
        return false;
    }

    private static int Trim(Reading page, int start, int end)
    {
        while (end > start + 1 && page.IsMark(end - 1) && !page.InQuote(end - 1) && !page.IsMark(end - 1, ')') && !page.IsMark(end - 1, '%') && !page.IsMark(end - 1, '$') && !page.IsMark(end - 1, ']'))
            end--;
        return end;
    }
}
