using Ledger.Extraction.Grammar;
using Ledger.Extraction.Questions;

namespace Ledger.Extraction.Occasions;

/// <summary>What a scheduled event leaves open: a body that meets decides something, a vote has a result, a ruling says something. A launch or a feast leaves nothing open.</summary>
internal static class Outcome
{
    private static readonly WordSet Deciding = new("summit meeting session council conference talks negotiations assembly congress cabinet committee gathering consultations");
    private static readonly WordSet Ruling = new("ruling verdict decision judgment judgement sentence sentencing");
    private static readonly WordSet Contested = new("vote election elections referendum hearing trial primary runoff ballot by-election tender");
    private static readonly WordSet Acting = new("decide discuss consider vote rule debate review meet convene");
    private static readonly WordSet Articles = new("a an another the this that");
    private static readonly WordSet Bodies = new(
        "council parliament court committee commission cabinet government board senate assembly congress ministers minister leaders summit members union ministry tribunal jury judge judges panel lawmakers house "
        + "delegates envoys negotiators parties voters regulators regulator bank");

    /// <summary>The question of the outcome; null where nothing is decided there.</summary>
    public static string? Question(Reading page, ScheduledEvent occasion)
    {
        if (!occasion.Named)
            return Acts(page, occasion);
        var head = NounQuestion.Head(page, occasion.What.First, occasion.What.End);
        if (head < 0)
            return null;
        var name = The(page, occasion.What);
        return Deciding.Has(page, head) ? $"What will {name} decide?"
            : Ruling.Has(page, head) ? $"What will {name} be?"
            : Contested.Has(page, head) ? $"What will be the outcome of {name}?"
            : null;
    }

    /// <summary>"The commission is scheduled to discuss the results": what will the commission decide?</summary>
    private static string? Acts(Reading page, ScheduledEvent occasion)
    {
        if (occasion.Verb < 0 || !Acting.Has(page, occasion.Verb) || NounPhrases.After(page, occasion.What.First, occasion.Verb) is not { } subject)
            return null;
        return Bodies.Has(page, NounQuestion.Head(page, subject.First, subject.End)) ? $"What will {The(page, subject)} decide?" : null;
    }

    private static string The(Reading page, Phrase phrase)
    {
        if (Articles.Has(page, phrase.First) && phrase.Length > 1)
            return "the " + QuestionText.Words(page, phrase.First + 1, phrase.End);
        var words = QuestionText.Words(page, phrase.First, phrase.End);
        if (page.Has(phrase.First, WordClass.Possessive))
            return char.ToLowerInvariant(words[0]) + words[1..];
        if (Genitive(page, phrase))
            return words;
        var common = page.IsFirst(phrase.First) && !(words.Length > 1 && char.IsUpper(words[1])) && !page.IsName(phrase.First + 1);
        return page.Page.Word(phrase.First) is [.., 's'] && phrase.Length == 1 ? char.ToLowerInvariant(words[0]) + words[1..] : "the " + (common ? char.ToLowerInvariant(words[0]) + words[1..] : words);
    }

    private static bool Genitive(Reading page, Phrase phrase)
    {
        for (var i = phrase.First; i < phrase.End; i++)
        {
            if (page.Page.Tokens[i].Kind == Text.TokenKind.Genitive)
                return true;
        }
        return false;
    }
}
