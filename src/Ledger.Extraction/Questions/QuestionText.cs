using System.Text;
using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Questions;

/// <summary>
/// Makes a question of a clause's own words. "What these steps might be" becomes "What might these steps be?" where subject and verb can be told apart;
/// otherwise the clause is kept as it stands, which is clumsy but says nothing that the document did not say.
/// </summary>
internal static class QuestionText
{
    /// <summary>The question that a clause beginning with whether, who, what … asks.</summary>
    public static string OfClause(Reading page, int first, int end)
    {
        var text = new StringBuilder();
        var start = first;
        for (var i = first + 1; i <= end; i++)
        {
            var next = i < end && page.Has(i, WordClass.Coordinator) && !page.Is(i, "but") && Complement.ContinuesAfter(page, i + 1, end) ? i : -1;
            if (next < 0 && i < end)
                continue;
            var stop = i;
            while (stop > start && page.IsMark(stop - 1, ','))
                stop--;
            text.Append(Clause(page, start, stop));
            if (next < 0)
                break;
            text.Append(stop < i || page.Is(i, "nor") ? ", " : " ").Append(page.Is(i, "nor") ? "and" : Words(page, i, i + 1));
            start = i + 1;
            if (page.IsMark(start, ','))
            {
                text.Append(',');
                start++;
            }
            if (page.Is(start, "if") && (page.Is(start + 1, "so") || page.Is(start + 1, "not")))
            {
                text.Append(' ').Append(Words(page, start, start + 2));
                start += 2;
                if (page.IsMark(start, ','))
                {
                    text.Append(',');
                    start++;
                }
            }
            text.Append(' ');
            i = start;
        }
        return Asked(text.ToString());
    }

    /// <summary>Words as a question: a capital first, a question mark last.</summary>
    public static string Asked(string words)
    {
        var text = words.Trim().TrimEnd('.', ',', ';', ':', '?', '!', ' ', '-', '–', '—', '"', '”', '’', '»');
        if (text.Length == 0)
            return "";
        return char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] + "?" : text + "?";
    }

    /// <summary>The text of <c>[first, end)</c> on one line.</summary>
    public static string Words(Reading page, int first, int end)
    {
        if (end <= first)
            return "";
        var text = new StringBuilder();
        var blank = false;
        foreach (var c in page.Page.Text.AsSpan(page.Page.Tokens[first].Start, page.Page.Tokens[end - 1].End - page.Page.Tokens[first].Start))
        {
            if (ParagraphSplitter.IsBlank(c))
            {
                blank = true;
                continue;
            }
            if (blank)
                text.Append(' ');
            blank = false;
            text.Append(c);
        }
        return text.ToString();
    }

    private static string Clause(Reading page, int first, int end)
    {
        if (page.Is(first, "whether") || page.Is(first, "if"))
        {
            var subject = page.Is(first + 1, "or") && page.Is(first + 2, "not") ? first + 3 : first + 1;
            // Without its closing "or not" too: "Will he come?" asks both.
            if (end - subject > 2 && page.Is(end - 2, "or") && page.Is(end - 1, "not"))
                end -= 2;
            return page.Is(subject, "to") ? ToDo(page, first, subject + 1, end) : Inverted(page, subject, end) ?? Words(page, first, end);
        }
        var asked = AfterWh(page, first, end);
        if (asked < 0)
            return $"What {Words(page, end - 1, end)} the {Words(page, first + 1, -asked)}";
        if (asked >= end)
            return Words(page, first, end);
        return Inverted(page, asked, end) is { } turned ? Words(page, first, asked) + " " + turned : Words(page, first, end);
    }

    /// <summary>"Prosecutors have yet to decide whether to bring charges": will prosecutors bring charges? Where it is not said who decides, it will be decided.</summary>
    private static string ToDo(Reading page, int first, int deed, int end)
    {
        var floor = page.FirstOf(first);
        // "will decide next week whether", "is expected to decide on Friday whether": the verb stands a few words before.
        for (var verb = first - 1; verb > floor && first - verb < 6; verb--)
        {
            var expected = page.Is(verb - 1, "to") && (page.Is(verb - 2, "expected") || page.Is(verb - 2, "due") || page.Is(verb - 2, "set") || page.Is(verb - 2, "scheduled"));
            if (!expected && !page.Is(verb - 1, "to") && !page.Has(verb - 1, WordClass.Auxiliary))
                continue;
            var group = VerbGroup.Before(page, expected ? verb - 2 : verb, floor);
            if (!group.Impersonal && !(group.Be && !expected) && NounPhrases.Before(page, group.First, floor) is { } subject && !page.Has(subject.First, WordClass.Pronoun | WordClass.Wh | WordClass.Preposition))
                return $"Will {Subject(page, subject)} {Words(page, deed, end)}";
            break;
        }
        return $"Will it be decided to {Words(page, deed, end)}";
    }

    private static string Subject(Reading page, Phrase subject)
    {
        var words = Words(page, subject.First, subject.End);
        var common = page.Has(subject.First, WordClass.Determiner | WordClass.Possessive) || subject.Length == 1 && words[^1] == 's';
        return page.IsFirst(subject.First) && common ? char.ToLowerInvariant(words[0]) + words[1..] : words;
    }

    /// <summary>The token after the words asked with ("with what mandate", "how many people", "what else"); the clause's end where these words are its subject.</summary>
    private static int AfterWh(Reading page, int first, int end)
    {
        var wh = page.Has(first, WordClass.Wh) ? first : first + 1;
        var i = wh + 1;
        if (page.Is(i, "else") || page.Is(i, "exactly"))
            i++;
        if (page.IsMark(i, ',') && page.Is(i + 1, "if"))
            return end;
        if (page.Is(wh, "what") || page.Is(wh, "which") || page.Is(wh, "whose"))
        {
            var noun = i;
            while (noun < end && (page.IsNominal(noun) && !page.IsName(noun) && !page.Has(noun, WordClass.Determiner | WordClass.Pronoun) || page.Has(noun, WordClass.Adverb) && page.IsNominal(noun + 1)))
                noun++;
            // "which steps they are" asks for the steps.
            if (noun > i && noun + 2 == end && page.Has(noun, WordClass.Pronoun) && page.Has(noun + 1, WordClass.Be))
                return -noun;
            // "what observers might do": the noun is the subject, as the verb at the end has no object otherwise.
            if (noun < end && StartsVerb(page, noun) && page.Is(wh, "what") && noun - i == 1 && page.Has(noun, WordClass.Modal) && noun + 2 == end && page.Page.Word(i) is [.., 's'])
                return i;
            i = noun;
        }
        else if (page.Is(wh, "how"))
        {
            if (page.Is(i, "many") || page.Is(i, "much"))
            {
                i++;
                while (i < end && page.IsNominal(i) && !page.Has(i, WordClass.Determiner | WordClass.Pronoun) || page.Is(i, "more") || page.Is(i, "of") && page.Has(i + 1, WordClass.Determiner | WordClass.Possessive | WordClass.Object))
                    i += page.Is(i, "of") ? 2 : 1;
            }
            else if (page.Page.Tokens[i].IsWord && !page.IsName(i) && !page.Has(i, WordClass.Determiner | WordClass.Possessive | WordClass.Pronoun | WordClass.Auxiliary)
                && page.Has(i + 1, WordClass.Determiner | WordClass.Possessive | WordClass.Pronoun) && !page.Has(i + 1, WordClass.Wh) && page.Page.Word(i) is not [.., 's'])
            {
                i++;
            }
        }
        return StartsVerb(page, i) || page.Is(i, "to") ? end : i;
    }

    private static bool StartsVerb(Reading page, int token)
    {
        while (page.Has(token, WordClass.Adverb) && !page.Has(token, WordClass.Determiner | WordClass.Capital) && !page.Is(token, "there"))
            token++;
        return page.Has(token, WordClass.Auxiliary) || page.Has(token, WordClass.Finite) || page.CueAt(token) is { Form: not VerbForm.Ing } && !page.Has(token, WordClass.Capital) && !page.IsNominal(token);
    }

    /// <summary>Subject and verb exchanged ("the council agreed" → "did the council agree"); null where they cannot be told apart.</summary>
    private static string? Inverted(Reading page, int first, int end)
    {
        var verb = -1;
        var quote = page.OuterQuote(first);
        for (var i = first; i < end; i++)
        {
            if (page.OuterQuote(i) != quote || page.IsMark(i) || page.Has(i, WordClass.Wh) || page.Is(i, "that") && i > first)
                return null;
            if (page.Page.Tokens[i].Kind == TokenKind.Genitive && page.Has(i - 1, WordClass.Pronoun))
                return null;
            if (page.IsName(i))
                continue;
            if (page.Has(i, WordClass.Auxiliary) || i > first && page.Has(i, WordClass.Finite) || i > first && page.CueAt(i) is { Form: not VerbForm.Ing } && !NounLike(page, i))
            {
                verb = i;
                break;
            }
        }
        if (verb <= first || page.Has(verb - 1, WordClass.Coordinator))
            return null;
        // "a letter posted online was written": the participle belongs to the subject.
        for (var i = verb + 1; i < end && !page.Has(verb, WordClass.Auxiliary); i++)
        {
            if (page.IsMark(i) || page.Has(i, WordClass.Wh | WordClass.Coordinator | WordClass.Pronoun) || page.Is(i, "that"))
                break;
            if (page.Has(i, WordClass.Auxiliary) && !page.IsName(i))
                verb = i;
        }
        var adverb = verb;
        while (adverb > first + 1 && page.Has(adverb - 1, WordClass.Adverb) && !page.Has(adverb - 1, WordClass.Determiner | WordClass.Capital))
            adverb--;
        var subject = Words(page, first, adverb);
        var between = Words(page, adverb, verb);
        var rest = Words(page, verb + 1, end);
        var helper = Words(page, verb, verb + 1);
        if (page.Has(verb, WordClass.Be | WordClass.Modal) || page.Has(verb, WordClass.Have) && IsPerfect(page, verb, end) || page.Has(verb, WordClass.Do) && verb + 1 < end && page.Has(verb + 1, WordClass.Negation | WordClass.Adverb))
            return Joined(helper, subject, between, rest);
        if (helper is "has" or "have" or "had")
            return Joined(helper == "has" ? "does" : helper == "had" ? "did" : "do", subject, between, "have " + rest);
        if (BaseForm.Of(page.Page.Word(verb)) is not { } plain)
            return null;
        var support = string.Equals(plain, helper, StringComparison.OrdinalIgnoreCase) ? page.CueAt(verb) is { Form: VerbForm.Past } ? "did" : "do" : helper is [.., 's'] ? "does" : "did";
        return Joined(support, subject, between, plain + " " + rest);
    }

    private static bool NounLike(Reading page, int token) =>
        page.Has(token, WordClass.SpeechNoun) || page.Has(token - 1, WordClass.Determiner | WordClass.Possessive | WordClass.Preposition) || page.Page.Tokens[token - 1].Kind == TokenKind.Genitive;

    /// <summary>"has been", "has agreed"; not "has a mandate".</summary>
    private static bool IsPerfect(Reading page, int have, int end)
    {
        var i = have + 1;
        while (i < end && page.Has(i, WordClass.Adverb | WordClass.Negation))
            i++;
        return i < end && (page.Has(i, WordClass.Be) || page.Has(i, WordClass.Finite) || page.CueAt(i) is { Form: VerbForm.Past or VerbForm.Participle }
            || page.Page.Word(i) is [.., 'e', 'n'] or [.., 'w', 'n'] || BaseForm.Of(page.Page.Word(i)) is not null);
    }

    private static string Joined(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var piece = part.Trim();
            if (piece.Length > 0)
                text.Append(text.Length > 0 ? " " : "").Append(piece);
        }
        return text.ToString();
    }
}
