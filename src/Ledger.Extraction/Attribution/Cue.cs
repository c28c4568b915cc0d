using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>A verb of attribution in its place: auxiliaries and adverbs from <see cref="First"/>, particle up to <see cref="End"/>.</summary>
/// <param name="First">The first token of the verb group.</param>
/// <param name="Verb">The verb itself.</param>
/// <param name="End">The token after the verb and its particle.</param>
/// <param name="Entry">The verb's entry.</param>
/// <param name="Particle">Whether a preposition of its own follows ("called for"), so that a phrase is what is said.</param>
internal readonly record struct Cue(int First, int Verb, int End, CueVerb Entry, bool Passive, bool Negated, bool Infinitive, bool Progressive, bool Auxiliary, bool Particle)
{
    /// <summary>saying, adding: hangs on a clause that has its verb elsewhere.</summary>
    public bool Participial => Entry.Form == VerbForm.Ing && !Progressive;

    public static Cue? At(Reading page, int verb, int floor)
    {
        if (page.CueAt(verb) is not { } entry || page.InQuote(verb))
            return null;
        if (page.Has(verb, WordClass.Capital) && verb > floor)
            return null;
        bool be = false, have = false, supports = false, negated = false;
        var first = verb;
        while (first > floor)
        {
            var before = page.ClassOf(first - 1);
            if ((before & WordClass.Auxiliary) != 0 && (before & WordClass.Capital) == 0)
            {
                be |= (before & WordClass.Be) != 0;
                have |= (before & WordClass.Have) != 0;
                supports |= (before & (WordClass.Do | WordClass.Modal)) != 0;
                negated |= (before & WordClass.Negation) != 0;
            }
            else if ((before & WordClass.Negation) != 0)
            {
                negated = true;
            }
            else if ((before & WordClass.Adverb) == 0 || (before & (WordClass.Capital | WordClass.Subordinator | WordClass.Determiner)) != 0)
            {
                break;
            }
            first--;
        }
        if (page.Page.Tokens[first - 1 < floor ? first : first - 1].Kind == Text.TokenKind.Genitive && first > floor && entry.Form is VerbForm.Ing or VerbForm.Past
            && (page.Has(first - 2, WordClass.Pronoun) || entry.Form == VerbForm.Ing))
        {
            // "he's saying", "she's said".
            be |= entry.Form == VerbForm.Ing;
            have |= entry.Form == VerbForm.Past;
            first--;
        }
        var infinitive = entry.Form == VerbForm.Base && page.Is(first - 1, "to");
        var passive = be && entry.Form is VerbForm.Past or VerbForm.Participle;
        var end = verb + 1;
        var particle = false;
        if (page.Is(end, "out") || page.Is(end, "back"))
            end++;
        foreach (var name in entry.Particles)
        {
            if (page.Is(end, name))
            {
                end++;
                particle = true;
                break;
            }
        }
        var cue = new Cue(first, verb, end, entry, passive, negated, infinitive, be && entry.Form == VerbForm.Ing, be | have | supports, particle);
        return entry.Form switch
        {
            VerbForm.Participle when !(be | have) => null,
            VerbForm.Base when !(supports | infinitive) && !HasPluralBefore(page, first) && first > floor => null,
            VerbForm.Base when first == verb && verb == floor => null,
            VerbForm.Past or VerbForm.Third or VerbForm.Base when first == verb && IsNounOrAdjective(page, verb, floor) => null,
            _ => cue,
        };
    }

    private static bool HasPluralBefore(Reading page, int first)
    {
        var word = page.Page.Word(first - 1 < 0 ? 0 : first - 1);
        if (page.Has(first - 1, WordClass.Pronoun))
            return !(page.Is(first - 1, "he") || page.Is(first - 1, "she") || page.Is(first - 1, "it"));
        if (page.IsMark(first - 1) || page.Has(first - 1, WordClass.Coordinator))
            return true;
        return page.IsNominal(first - 1) && (word is [.., 's'] || word is "people" or "police" or "men" or "women" or "media" || page.Has(first - 1, WordClass.Capital) && word is [.., 's']);
    }

    /// <summary>"the claims", "a reported attack", "in reports": not verbs.</summary>
    private static bool IsNounOrAdjective(Reading page, int verb, int floor)
    {
        if (verb <= floor)
            return false;
        var before = verb - 1;
        if (page.Has(before, WordClass.Pronoun))
            return false;
        if (page.Has(before, WordClass.Determiner | WordClass.Possessive) || page.Page.Tokens[before].Kind == Text.TokenKind.Genitive)
            return !page.Has(before, WordClass.Pronoun);
        return page.Has(before, WordClass.Preposition) && !page.Has(before, WordClass.Subordinator);
    }
}
