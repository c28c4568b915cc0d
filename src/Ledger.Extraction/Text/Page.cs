using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Text;

/// <summary>
/// A document prepared once for all rules: its paragraphs, quote regions, tokens and sentences, each in order of the text.
/// Every offset counts UTF-16 units of <see cref="Text"/>; no range cuts a surrogate pair. Preparing takes time linear in the text, whatever the text is.
/// </summary>
internal sealed class Page
{
    private readonly Token[] _tokens;
    private readonly int[] _quoteAt;

    private Page(string text, Token[] tokens, int[] quoteAt, ImmutableArray<Paragraph> paragraphs, ImmutableArray<Sentence> sentences, ImmutableArray<QuoteRegion> quotes)
    {
        Text = text;
        _tokens = tokens;
        _quoteAt = quoteAt;
        Paragraphs = paragraphs;
        Sentences = sentences;
        Quotes = quotes;
    }

    public string Text { get; }

    public ReadOnlySpan<Token> Tokens => _tokens;

    public ImmutableArray<Paragraph> Paragraphs { get; }

    /// <summary>The sentences of all paragraphs, headings too. A sentence never ends inside a quote region.</summary>
    public ImmutableArray<Sentence> Sentences { get; }

    public ImmutableArray<QuoteRegion> Quotes { get; }

    public static Page Of(string text)
    {
        var blocks = ParagraphSplitter.Split(text);
        var quotes = QuoteScanner.Scan(text, blocks);
        var tokens = Tokenizer.Tokenize(text, blocks);
        var quoteAt = InnermostQuotes(tokens, quotes);
        var (paragraphs, sentences) = SentenceSplitter.Split(text, tokens, quoteAt, quotes, blocks);
        return new Page(text, tokens, quoteAt, paragraphs, sentences, quotes);
    }

    /// <summary>The words of a token.</summary>
    public ReadOnlySpan<char> Word(int token) => Text.AsSpan(_tokens[token].Start, _tokens[token].Length);

    /// <summary>Whether a token is this word, in capitals or not. False beyond either end of the page.</summary>
    public bool Is(int token, ReadOnlySpan<char> word) =>
        (uint)token < (uint)_tokens.Length && Word(token).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The index of the innermost quote region that holds a token, the region's own marks included; -1 outside.</summary>
    public int QuoteAt(int token) => _quoteAt[token];

    /// <summary>The index of the outermost quote region that holds a token; -1 outside.</summary>
    public int OuterQuoteAt(int token)
    {
        var quote = _quoteAt[token];
        while (quote >= 0 && Quotes[quote].Parent >= 0)
            quote = Quotes[quote].Parent;
        return quote;
    }

    /// <summary>The first token that ends after <paramref name="offset"/>; the number of tokens where there is none.</summary>
    public int TokenAt(int offset)
    {
        int low = 0, high = _tokens.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_tokens[middle].End <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The range from the first unit of <paramref name="first"/> to the last of the token before <paramref name="end"/>.</summary>
    public TextRange Range(int first, int end) => new(_tokens[first].Start, _tokens[end - 1].End);

    private static int[] InnermostQuotes(Token[] tokens, ImmutableArray<QuoteRegion> quotes)
    {
        var at = new int[tokens.Length];
        var current = -1;
        var next = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            while (current >= 0 && quotes[current].Outer.End <= tokens[i].Start)
                current = quotes[current].Parent;
            while (next < quotes.Length && quotes[next].Outer.Start <= tokens[i].Start)
            {
                if (quotes[next].Outer.End > tokens[i].Start)
                    current = next;
                next++;
            }
            at[i] = current;
        }
        return at;
    }
}
