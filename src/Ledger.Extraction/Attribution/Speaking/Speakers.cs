using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution.Speaking;

/// <summary>
/// Names the source of each attribution: surnames by the full name used elsewhere, "the minister" by the minister named before, "he" by the one last spoken of.
/// Where nobody fits, the words stay without a name.
/// </summary>
internal sealed class Speakers
{
    private const int Back = 6;

    private readonly Reading _page;
    private readonly Dictionary<string, string> _fullNames = new(StringComparer.Ordinal);
    private readonly List<Mention> _mentions = [];
    private readonly Dictionary<Draft, string?> _names = [];

    public Speakers(Reading page, List<Draft> drafts)
    {
        _page = page;
        CollectNames();
        foreach (var draft in drafts)
        {
            if (draft.Source is { } phrase && !IsPronoun(phrase) && Naming.Of(page, phrase) is { } mention)
                _mentions.Add(mention);
        }
        _mentions.Sort((a, b) => a.First.CompareTo(b.First));
    }

    public Source? Of(Draft draft)
    {
        if (draft.Source is { } phrase)
        {
            var name = NameOf(phrase);
            _names[draft] = name;
            return new Source(_page.Page.Range(phrase.First, phrase.End), name);
        }
        if (draft.SpeaksAs is not { } other)
            return null;
        // The quote it goes on from may stand later in the text ("“Yes.” “Never again,” she said").
        var shared = _names.GetValueOrDefault(other) ?? (other.Source is { } later ? NameOf(later) : null);
        _names[draft] = shared;
        return shared is null ? null : new Source(null, shared);
    }

    private string? NameOf(Phrase phrase)
    {
        if (IsPronoun(phrase))
            return Antecedent(phrase);
        if (Naming.Of(_page, phrase) is not { } mention)
            return null;
        if (_fullNames.TryGetValue(mention.Name, out var full))
            return full;
        return _page.Is(phrase.First, "the") || _page.Is(phrase.First, "that") || _page.Is(phrase.First, "its") ? Named(mention, phrase) ?? mention.Name : mention.Name;
    }

    /// <summary>"the ministry", "the minister": what was named before with the same noun and more words.</summary>
    private string? Named(Mention mention, Phrase phrase)
    {
        if (mention.Name.Contains(' ', StringComparison.Ordinal))
            return null;
        for (var i = Last(phrase.First); i >= 0 && _mentions[i].Sentence >= mention.Sentence - 20; i--)
        {
            var before = _mentions[i];
            if (before.First == phrase.First || before.Name.Length <= mention.Name.Length)
                continue;
            if (before.Head.Equals(mention.Head, StringComparison.OrdinalIgnoreCase) || before.IsPerson && TitleHas(before, mention.Head))
                return _fullNames.GetValueOrDefault(before.Name, before.Name);
        }
        return null;
    }

    /// <summary>Whether a person was introduced with this role ("Interior Minister Ana Ruiz", later "the minister").</summary>
    private bool TitleHas(Mention person, string role)
    {
        for (var i = person.First; i < person.First + 8 && i < _page.Count; i++)
        {
            if (_page.Is(i, role))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Whom a pronoun stands for: the first fitting one named earlier in its sentence, otherwise in the sentence before, and so on a few sentences back.
    /// The first of a sentence is mostly its subject, and subjects go on.
    /// </summary>
    private string? Antecedent(Phrase pronoun)
    {
        var person = _page.Is(pronoun.First, "he") || _page.Is(pronoun.First, "she") || _page.Is(pronoun.First, "his") || _page.Is(pronoun.First, "her") || _page.Is(pronoun.First, "him");
        var gender = _page.Is(pronoun.First, "he") || _page.Is(pronoun.First, "his") || _page.Is(pronoun.First, "him") ? 'm' : 'f';
        if (!person && !_page.Is(pronoun.First, "it") && !_page.Is(pronoun.First, "they"))
            return null;
        var sentence = _page.SentenceOf(pronoun.First);
        var i = Last(pronoun.First);
        while (i >= 0 && _mentions[i].Sentence >= sentence - Back)
        {
            var at = _mentions[i].Sentence;
            Mention? first = null;
            for (; i >= 0 && _mentions[i].Sentence == at; i--)
            {
                if (Fits(_mentions[i], person, gender))
                    first = _mentions[i];
            }
            if (first is not null)
                return _fullNames.GetValueOrDefault(first.Name, first.Name);
        }
        return null;
    }

    private static bool Fits(Mention mention, bool person, char gender) => person ? mention.IsPerson && (mention.Gender == ' ' || mention.Gender == gender) : !mention.IsPerson;

    /// <summary>The last mention before a token.</summary>
    private int Last(int token)
    {
        int low = 0, high = _mentions.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_mentions[middle].First < token)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private bool IsPronoun(Phrase phrase) => phrase.Length == 1 && _page.Has(phrase.First, WordClass.Pronoun | WordClass.Possessive | WordClass.Object | WordClass.Wh) && !_page.IsName(phrase.First);

    /// <summary>Full names by surname, and the people and roles that a pronoun may go back to, from the whole text outside headings.</summary>
    private void CollectNames()
    {
        foreach (var sentence in _page.Page.Sentences)
        {
            if (sentence.IsHeading)
                continue;
            for (var i = sentence.FirstToken; i < sentence.EndToken; i++)
            {
                if (_page.InQuote(i) || !_page.IsName(i) && !_page.Has(i, WordClass.Role))
                    continue;
                var start = i;
                while (start > sentence.FirstToken && (_page.Has(start - 1, WordClass.Determiner) || _page.Has(start - 1, WordClass.Title | WordClass.Role)) && i - start < 4)
                    start--;
                if (NounPhrases.After(_page, start, Math.Min(sentence.EndToken, start + 10)) is not { } phrase || phrase.End <= i)
                    continue;
                var cut = Cut(phrase);
                if (Naming.Of(_page, cut) is { IsPerson: true } person)
                {
                    var spaced = person.Name.Contains(' ', StringComparison.Ordinal);
                    if (spaced && char.IsUpper(person.Name[0]) && !_page.Has(cut.End - 1, WordClass.Role))
                        _fullNames.TryAdd(person.Head, person.Name);
                    if (_page.Has(cut.First, WordClass.Determiner | WordClass.Title | WordClass.Role) || spaced || _fullNames.ContainsKey(person.Name))
                        _mentions.Add(person);
                    i = Math.Max(i, cut.End - 1);
                }
                else
                {
                    while (i + 1 < sentence.EndToken && _page.IsName(i) && _page.IsName(i + 1))
                        i++;
                }
            }
        }
    }

    /// <summary>A phrase up to "for", "in" or "and": one name at a time.</summary>
    private Phrase Cut(Phrase phrase)
    {
        for (var i = phrase.First + 1; i < phrase.End; i++)
        {
            if (_page.Page.Tokens[i].Kind == Text.TokenKind.Genitive || _page.Has(i, WordClass.Coordinator) || _page.Has(i, WordClass.Preposition) && !_page.Is(i, "of"))
                return new Phrase(phrase.First, i);
        }
        return phrase;
    }
}
