using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Grammar;

/// <summary>A page with every token looked up once. Indexes beyond the page have no class, so that rules may look around freely.</summary>
internal sealed class Reading
{
    private readonly WordClass[] _classes;
    private readonly int[] _sentenceOf;

    public Reading(Page page)
    {
        Page = page;
        var tokens = page.Tokens;
        _classes = new WordClass[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
            _classes[i] = Classify(page, tokens[i], page.Word(i));
        _sentenceOf = new int[tokens.Length];
        for (var s = 0; s < page.Sentences.Length; s++)
            _sentenceOf.AsSpan(page.Sentences[s].FirstToken, page.Sentences[s].EndToken - page.Sentences[s].FirstToken).Fill(s);
    }

    public Page Page { get; }

    public int Count => _classes.Length;

    public WordClass ClassOf(int token) => (uint)token < (uint)_classes.Length ? _classes[token] : WordClass.None;

    public bool Has(int token, WordClass any) => (ClassOf(token) & any) != 0;

    public bool Is(int token, ReadOnlySpan<char> word) => Page.Is(token, word);

    public int SentenceOf(int token) => _sentenceOf[token];

    public bool InQuote(int token) => (uint)token < (uint)_classes.Length && Page.QuoteAt(token) >= 0;

    /// <summary>The outermost region at a token; -1 outside and beyond the page.</summary>
    public int OuterQuote(int token) => (uint)token < (uint)_classes.Length ? Page.OuterQuoteAt(token) : -1;

    public bool IsMark(int token, char mark) =>
        (uint)token < (uint)_classes.Length && Page.Tokens[token] is { Kind: TokenKind.Mark, Length: 1 } t && Page.Text[t.Start] == mark;

    public bool IsDash(int token)
    {
        if ((uint)token >= (uint)_classes.Length || Page.Tokens[token].Kind != TokenKind.Mark)
            return false;
        return Page.Text[Page.Tokens[token].Start] is '—' or '–' or '―' || Page.Word(token) is "--" or "---" || (Page.Word(token) is "-");
    }

    public bool IsMark(int token) => (uint)token < (uint)_classes.Length && Page.Tokens[token].Kind == TokenKind.Mark;

    /// <summary>A word or number that may stand inside a noun phrase: not of a closed class and no known verb.</summary>
    public bool IsNominal(int token)
    {
        if ((uint)token >= (uint)_classes.Length || Page.Tokens[token].Kind is not (TokenKind.Word or TokenKind.Number))
            return false;
        var kind = _classes[token];
        if ((kind & (WordClass.Pronoun | WordClass.Object)) != 0 && (kind & WordClass.Capital) == 0)
            return (kind & WordClass.Determiner) != 0;
        const WordClass never = WordClass.Auxiliary | WordClass.Preposition | WordClass.Coordinator | WordClass.Subordinator | WordClass.Wh | WordClass.Negation;
        if ((kind & never) != 0)
            return (kind & WordClass.Capital) != 0 && !IsFirst(token) && (kind & (WordClass.Modal | WordClass.Title)) != 0;
        return (kind & WordClass.Capital) != 0 || (kind & (WordClass.Finite | WordClass.Adverb | WordClass.Cue)) == 0 || (kind & WordClass.SpeechNoun) != 0;
    }

    /// <summary>A capitalised word that is a name or part of one: not a function word that starts its sentence.</summary>
    public bool IsName(int token)
    {
        if ((uint)token >= (uint)_classes.Length || !Page.Tokens[token].IsWord)
            return false;
        const WordClass closed = WordClass.Auxiliary | WordClass.Preposition | WordClass.Coordinator | WordClass.Subordinator | WordClass.Wh | WordClass.Negation
            | WordClass.Determiner | WordClass.Possessive | WordClass.Pronoun | WordClass.Adverb;
        var kind = _classes[token];
        return (kind & WordClass.Capital) != 0 && ((kind & closed) == 0 || ((kind & WordClass.Modal) != 0 && !IsFirst(token)));
    }

    /// <summary>The first token of a token's sentence.</summary>
    public int FirstOf(int token) => Page.Sentences[_sentenceOf[token]].FirstToken;

    public bool IsFirst(int token) => Page.Sentences[_sentenceOf[token]].FirstToken == token;

    /// <summary>The verb of attribution that a token may be a form of.</summary>
    public CueVerb? CueAt(int token) =>
        Has(token, WordClass.Cue) && CueLookup.TryGetValue(Page.Word(token), out var verb) ? verb : null;

    private static readonly System.Collections.Frozen.FrozenDictionary<string, CueVerb>.AlternateLookup<ReadOnlySpan<char>> CueLookup =
        CueVerbs.Forms.GetAlternateLookup<ReadOnlySpan<char>>();

    private static WordClass Classify(Page page, Token token, ReadOnlySpan<char> word)
    {
        if (token.Kind is TokenKind.Mark or TokenKind.Genitive)
            return WordClass.None;
        var kind = word.Length <= 20 && Words.Lookup.TryGetValue(word, out var known) ? known : WordClass.None;
        if (token.Kind == TokenKind.Number)
            return kind;
        if (char.IsUpper(page.Text[token.Start]))
            return kind | WordClass.Capital;
        var plain = (kind & ~WordClass.Anchor) == 0;
        if (plain && word.EndsWith("ly", StringComparison.Ordinal) && word.Length > 4)
            return kind | WordClass.Adverb;
        if (plain && word.EndsWith("ed", StringComparison.Ordinal) && word.Length > 4)
            return kind | WordClass.Finite;
        return kind;
    }
}
