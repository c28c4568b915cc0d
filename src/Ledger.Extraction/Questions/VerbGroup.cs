using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>The auxiliaries, adverbs and negation before a word: "has not yet been" before "identified", "remains" before "unclear".</summary>
/// <param name="First">The first token of the group; the word itself where there is none.</param>
/// <param name="Impersonal">Whether its subject is "it".</param>
internal readonly record struct VerbGroup(int First, bool Be, bool Have, bool Do, bool Modal, bool Remain, bool Negated, bool Yet, bool Past, bool Impersonal)
{
    private static readonly WordSet Remaining = new("remain remains remained seem seems");

    /// <summary>Whether it is negated or says "yet to": what follows has not happened.</summary>
    public bool Open => Negated || Yet;

    public bool Linking => Be || Remain;

    /// <summary>Reads the group that ends right before <paramref name="word"/>.</summary>
    public static VerbGroup Before(Reading page, int word, int floor)
    {
        bool be = false, have = false, does = false, modal = false, remain = false, negated = false, yet = false, past = false;
        var first = word;
        var finite = false;
        for (var i = word - 1; i >= floor && word - i < 9; i--)
        {
            var kind = page.ClassOf(i);
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive && (page.Is(i - 1, "it") || page.Is(i - 1, "that")))
            {
                be = true;
            }
            else if ((kind & WordClass.Auxiliary) != 0 && !page.IsName(i))
            {
                // "what these steps might be | is unknown": another verb's.
                if (finite)
                    break;
                finite = page.Is(i, "is") || page.Is(i, "are") || page.Is(i, "was") || page.Is(i, "were") || (kind & (WordClass.Do | WordClass.Modal)) != 0;
                be |= (kind & WordClass.Be) != 0;
                have |= (kind & WordClass.Have) != 0;
                does |= (kind & WordClass.Do) != 0;
                modal |= (kind & WordClass.Modal) != 0;
                negated |= (kind & WordClass.Negation) != 0;
                past |= page.Is(i, "was") || page.Is(i, "were") || page.Is(i, "had");
            }
            else if (Remaining.Has(page, i))
            {
                if (finite)
                    break;
                remain = finite = true;
            }
            else if ((kind & WordClass.Negation) != 0 && !page.Is(i, "never"))
            {
                negated = true;
            }
            else if (page.Is(i, "to") && (page.Is(i - 1, "yet") || page.Is(i - 1, "still") || page.Is(i - 1, "remains") || page.Is(i - 1, "remain")))
            {
                yet = true;
            }
            else if (page.Is(i, "yet") || page.Is(i, "still"))
            {
                yet |= first < word && page.Is(i + 1, "to");
            }
            else if (page.IsMark(i, ',') && i > floor && (page.Is(i - 1, "yet") || page.Is(i - 1, "however")))
            {
                continue;
            }
            else if ((kind & WordClass.Adverb) == 0 || (kind & (WordClass.Capital | WordClass.Determiner | WordClass.Subordinator)) != 0 && !page.Is(i, "so"))
            {
                break;
            }
            first = i;
        }
        // Adverbs before the first verb belong to the clause, not to the group.
        return new VerbGroup(first, be, have, does, modal, remain, negated, yet, past, page.Is(first - 1, "it") && first > floor);
    }
}
