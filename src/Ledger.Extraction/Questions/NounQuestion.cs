using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>Makes a question of the name of what is not known: "the cause of the fire" → "What is the cause of the fire?".</summary>
internal static class NounQuestion
{
    private static readonly WordSet People = new(
        "victim victims suspect suspects attacker attackers gunman gunmen perpetrator perpetrators driver drivers winner winners successor candidate candidates killer killers assailant assailants culprit culprits "
        + "buyer buyers bidder owner owners passenger passengers dead bodies body man woman men women players player");

    private static readonly WordSet Outcomes = new("decision verdict ruling outcome result results vote judgment judgement sentence answer response responses reply");
    private static readonly WordSet Reached = new("agreement deal consensus compromise solution settlement accord arrangement resolution approval");
    private static readonly WordSet Plural = new("people children men women police media dead data circumstances");

    private static readonly WordSet Undetermined = new("a an any no some further");

    /// <summary>What a noun phrase leaves open; null where it names nothing (a pronoun, a bare number).</summary>
    /// <param name="participle">The verb of which it is the object ("reached", "approved"), for what will only exist once it happens; null otherwise.</param>
    public static string? Of(Reading page, Phrase phrase, string? participle = null)
    {
        var first = phrase.First;
        while (first < phrase.End && (page.Has(first, WordClass.Coordinator | WordClass.Adverb) || page.IsMark(first)) && !page.IsName(first))
            first++;
        if (first >= phrase.End || !page.Page.Tokens[first].IsWord || page.Has(first, WordClass.Pronoun | WordClass.Object) && phrase.End - first == 1)
            return null;
        var head = Head(page, first, phrase.End);
        if (head < 0)
            return null;
        var bare = Undetermined.Has(page, first);
        var noun = QuestionText.Words(page, bare ? first + 1 : first, phrase.End);
        if (noun.Length == 0)
            return null;
        var determined = !bare && (page.Has(first, WordClass.Determiner | WordClass.Possessive) || HasGenitive(page, first, head));
        // A capital at the start of the sentence says nothing; one elsewhere is a name's.
        if (page.IsFirst(first) && !bare && !IsAcronym(noun) && !(page.IsName(first) && (phrase.End - first == 1 || page.IsName(first + 1))) && !(HasGenitive(page, first, head) && !page.Has(first, WordClass.Determiner | WordClass.Possessive)))
            noun = char.ToLowerInvariant(noun[0]) + noun[1..];
        var plural = Plural.Has(page, head) || page.Page.Word(head) is [.., not ('s' or 'u' or 'i'), 's'];
        var named = determined || page.IsName(first) && !page.IsFirst(first) ? noun : "the " + noun;
        if (Outcomes.Has(page, head))
            return QuestionText.Asked($"What will {named} be");
        if (participle is not null && Reached.Has(page, head) || participle is "approved" or "adopted" or "signed" or "ratified" or "held" or "completed" or "confirmed" or "certified" or "made")
            return QuestionText.Asked($"Will {(bare && !plural ? (page.Is(first, "a") || !"aeiou".Contains(noun[0], StringComparison.Ordinal) ? "a " : "an ") + noun : bare ? noun : named)} be {participle}");
        var who = People.Has(page, head) || page.Has(head, WordClass.Role);
        return QuestionText.Asked($"{(who ? "Who" : "What")} {(plural ? "are" : "is")} {named}");
    }

    /// <summary>The last noun before "of", "for", "on" …: what the phrase is about.</summary>
    public static int Head(Reading page, int first, int end)
    {
        var head = -1;
        for (var i = first; i < end; i++)
        {
            if (head >= 0 && (page.Has(i, WordClass.Preposition) || page.IsMark(i)))
                break;
            if (page.IsNominal(i) && !page.Has(i, WordClass.Determiner | WordClass.Pronoun) || page.Page.Tokens[i].IsWord && head < 0 && (i == end - 1 || i == first && page.Has(i + 1, WordClass.Preposition)))
                head = i;
        }
        return head;
    }

    private static bool HasGenitive(Reading page, int first, int head)
    {
        for (var i = first; i < head; i++)
        {
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive)
                return true;
        }
        return false;
    }

    private static bool IsAcronym(string words) => words.Length > 1 && char.IsUpper(words[1]);
}
