using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution.Speaking;

/// <summary>Somebody or something that a document names.</summary>
/// <param name="First">The first token, titles included.</param>
/// <param name="Name">The name without titles and articles; for a role without a name ("the Prime Minister of Belgium") the role.</param>
/// <param name="Head">The word by which it is named again: the surname, or the noun of the role ("Minister").</param>
/// <param name="IsPerson">Whether it is surely or probably a person.</param>
/// <param name="Gender">'m' or 'f' where a title or role tells; otherwise ' '.</param>
internal sealed record Mention(int First, int Sentence, string Name, string Head, bool IsPerson, char Gender);

/// <summary>Reads a noun phrase as somebody's name.</summary>
internal static class Naming
{
    private static readonly WordSet Bodies = new(
        "council ministry union party committee agency court bank university organization organisation department house senate press news times post group company association institute commission parliament assembly "
        + "office board force forces army police league club team state states kingdom city county island islands river street government administration treaty federation republic services service center centre "
        + "hospital church school college foundation fund network radio television society secretariat authority bureau congress campaign journal tribune herald website report statement");

    private static readonly WordSet Women = new("mrs mrs. ms ms. lady dame queen princess congresswoman spokeswoman chairwoman councilwoman mother sister wife daughter actress businesswoman woman");
    private static readonly WordSet Men = new("mr mr. sir lord king prince congressman spokesman chairman councilman father brother husband son actor businessman man");
    private static readonly WordSet Articles = new("the a an this that these those");
    private static readonly WordSet Ranks = new("general president minister");

    /// <summary>What a phrase names; null where it is only marks.</summary>
    public static Mention? Of(Reading page, Phrase phrase)
    {
        var first = phrase.First;
        while (first < phrase.End - 1 && (Articles.Has(page, first) || page.IsMark(first)))
            first++;
        var end = phrase.End;
        while (end > first && page.IsMark(end - 1))
            end--;
        if (end <= first)
            return null;
        var sentence = page.SentenceOf(phrase.First);
        var gender = Gender(page, first, end);
        var start = PersonStart(page, first, end);
        if (start >= 0)
            return new(phrase.First, sentence, Text(page, start, end), Text(page, end - 1, end), true, gender);
        var role = Role(page, first, end);
        var bare = role < 0 && end - first <= 4 && AllNames(page, first, end) && Bodies.In(page, first, end) < 0 && !Articles.Has(page, phrase.First);
        return new(phrase.First, sentence, Text(page, first, end), Text(page, role >= 0 ? role : Head(page, first, end), (role >= 0 ? role : Head(page, first, end)) + 1), role >= 0 || bare, gender);
    }

    /// <summary>The text of tokens on one line.</summary>
    public static string Text(Reading page, int first, int end) => Questions.QuestionText.Words(page, first, end);

    /// <summary>The first token of a person's name after titles and roles ("Prime Minister", "President of Chile", "union leader"); -1 where the phrase does not end in such a name.</summary>
    private static int PersonStart(Reading page, int first, int end)
    {
        var start = end;
        while (start > first && IsNamePart(page, start - 1))
            start--;
        if (start == end || Bodies.In(page, start, end) >= 0)
            return -1;
        // Titles are capitalised too: the name begins after the last of them.
        for (var i = end - 1; i >= start; i--)
        {
            if (page.Has(i, WordClass.Title | WordClass.Role))
                return i + 1 < end ? i + 1 : -1;
        }
        if (start == first)
            return -1;
        if (page.Has(start - 1, WordClass.Role | WordClass.Title) || page.Page.Tokens[start - 1].IsWord && Ranks.Has(page, start - 1))
            return start;
        // "President of Chile Gabriel Boric": what the title is of, and then two names.
        if (page.Is(start - 1, "of") && end - start >= 3 && Titled(page, first, start - 1))
            return end - 2;
        return -1;
    }

    private static bool Titled(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (page.Has(i, WordClass.Title | WordClass.Role))
                return true;
        }
        return false;
    }

    /// <summary>The noun of a role without a name: the last one before "of", or the last word.</summary>
    private static int Role(Reading page, int first, int end)
    {
        var of = first;
        while (of < end && !page.Has(of, WordClass.Preposition))
            of++;
        return of > first && page.Has(of - 1, WordClass.Role) ? of - 1 : -1;
    }

    private static int Head(Reading page, int first, int end)
    {
        var of = first + 1;
        while (of < end && !page.Has(of, WordClass.Preposition) && !page.IsMark(of))
            of++;
        return of - 1;
    }

    private static bool AllNames(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (!IsNamePart(page, i))
                return false;
        }
        return true;
    }

    private static bool IsNamePart(Reading page, int i) => page.IsName(i) || page.Page.Word(i) is "de" or "von" or "van" or "der" or "bin" or "al" or "da" or "di" or "la" && page.IsName(i + 1);

    private static char Gender(Reading page, int first, int end) => Women.In(page, first, end) >= 0 ? 'f' : Men.In(page, first, end) >= 0 ? 'm' : ' ';
}
