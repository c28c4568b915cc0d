using System.Collections.Frozen;
using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Text;

/// <summary>Cuts paragraphs into sentences, never inside a quote region: what stands between one pair of marks is one speaker's, and is read as a whole.</summary>
internal static class SentenceSplitter
{
    /// <summary>After an abbreviation a capital may be a name; these words, capitalised, start a sentence.</summary>
    private static readonly FrozenSet<string> Starters = FrozenSet.Create(
        StringComparer.Ordinal,
        "The", "A", "An", "In", "On", "At", "It", "He", "She", "They", "We", "But", "And", "This", "That", "These", "Those", "His", "Her", "Their", "Its", "There",
        "If", "When", "While", "After", "Before", "Since", "For", "From", "As", "With", "By", "To", "Some", "Many", "Most", "Both", "Several", "However", "Meanwhile",
        "According", "Also", "Not", "No", "What", "Who", "Why", "How", "Where", "You", "I", "So", "Yet", "Even", "Then", "Now", "One", "Two", "Officials", "Police");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StarterLookup = Starters.GetAlternateLookup<ReadOnlySpan<char>>();

    public static (ImmutableArray<Paragraph>, ImmutableArray<Sentence>) Split(
        string text, Token[] tokens, int[] quoteAt, ImmutableArray<QuoteRegion> quotes, ImmutableArray<Block> blocks)
    {
        var paragraphs = ImmutableArray.CreateBuilder<Paragraph>(blocks.Length);
        var sentences = ImmutableArray.CreateBuilder<Sentence>(blocks.Length * 3);
        var token = 0;
        foreach (var block in blocks)
        {
            var firstSentence = sentences.Count;
            var end = token;
            while (end < tokens.Length && tokens[end].Start < block.Body.End)
                end++;
            while (token < end)
            {
                var last = EndOfSentence(text, tokens, quoteAt, quotes, token, end);
                var range = new TextRange(tokens[token].Start, tokens[last - 1].End);
                sentences.Add(new Sentence(range, token, last, paragraphs.Count, block.Kind == ParagraphKind.Heading));
                token = last;
            }
            paragraphs.Add(new Paragraph(block.Range, block.Kind, firstSentence, sentences.Count));
        }
        return (paragraphs.ToImmutable(), sentences.ToImmutable());
    }

    private static int EndOfSentence(string text, Token[] tokens, int[] quoteAt, ImmutableArray<QuoteRegion> quotes, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            var token = tokens[i];
            var last = text[token.End - 1];
            if (last is not ('.' or '!' or '?' or '…'))
                continue;
            var after = i + 1;
            while (after < end && tokens[after].Start == tokens[after - 1].End && IsCloser(text[tokens[after].Start]))
                after++;
            if (after >= end)
                return end;
            var next = tokens[after];
            if (next.Start == tokens[after - 1].End || IsInOneQuote(tokens, quoteAt, quotes, after))
                continue;
            if (token.IsWord ? EndsAfterAbbreviation(text, token, next) : StartsSentence(text, tokens, after, end))
                return after;
        }
        return end;
    }

    private static bool IsCloser(char c) => c is ')' or ']' or '}' || QuoteScanner.IsQuoteMark(c);

    /// <summary>Whether the token and the one before it stand in one quote region.</summary>
    private static bool IsInOneQuote(Token[] tokens, int[] quoteAt, ImmutableArray<QuoteRegion> quotes, int token)
    {
        for (var quote = quoteAt[token]; quote >= 0; quote = quotes[quote].Parent)
        {
            if (quotes[quote].Outer.Start < tokens[token].Start)
                return true;
        }
        return false;
    }

    private static bool StartsSentence(string text, Token[] tokens, int token, int end)
    {
        var c = text[tokens[token].Start];
        if (IsOpener(c) && token + 1 < end)
            c = text[tokens[token + 1].Start];
        return char.IsUpper(c) || char.IsDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.OtherLetter;
    }

    private static bool IsOpener(char c) => c is '(' or '[' or '-' or '—' or '–' or '*' or '•' or '●' || QuoteScanner.IsQuoteMark(c);

    private static bool EndsAfterAbbreviation(string text, Token abbreviation, Token next)
    {
        var word = text.AsSpan(abbreviation.Start, abbreviation.Length);
        if (Tokenizer.IsTitle(word) || (word.Length == 2 && char.IsUpper(word[0])))
            return false;
        return QuoteScanner.IsQuoteMark(text[next.Start]) || StarterLookup.Contains(text.AsSpan(next.Start, next.Length));
    }
}
