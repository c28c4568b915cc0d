using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Reading;

/// <summary>
/// Words as a person types them, found in a frozen text. White space between words counts as one space, straight quotation marks stand for curly ones, and case does
/// not count; the ranges are exact. What begins or ends in a letter or digit is found only where a word begins or ends.
/// </summary>
public static class WordsInText
{
    /// <summary>Every place where the words stand, in order; places may overlap. None for words that are blank.</summary>
    public static ImmutableArray<TextRange> Find(string text, string words)
    {
        var wanted = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
        {
            return [];
        }

        var places = ImmutableArray.CreateBuilder<TextRange>();
        for (var start = 0; start < text.Length; start++)
        {
            if (EndAt(text, start, wanted) is { } end && IsEdge(text, start) && IsEdge(text, end))
            {
                places.Add(new(start, end));
            }
        }

        return places.ToImmutable();
    }

    /// <summary>What was probably meant: the stretch of as many words that has the most of them; null when it has less than half.</summary>
    public static TextRange? Nearest(string text, string words)
    {
        var wanted = Tokens(words).Select(range => Letters(range.Of(words))).Where(word => word.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tokens = Tokens(text).ToList();
        var length = Math.Min(tokens.Count, words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        if (wanted.Count == 0 || length == 0)
        {
            return null;
        }

        var letters = tokens.Select(range => Letters(range.Of(text))).ToArray();
        var (best, most) = (0, 0);
        for (var i = 0; i + length <= tokens.Count; i++)
        {
            var stretch = letters.AsMemory(i, length);
            var common = wanted.Count(word => Has(stretch.Span, word));
            (best, most) = common > most ? (i, common) : (best, most);
        }

        return most * 2 >= wanted.Count ? new(tokens[best].Start, tokens[best + length - 1].End) : null;
    }

    /// <summary>What words are compared by.</summary>
    public static string Fold(string words) =>
        new([.. string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Select(Fold)]);

    /// <summary>The 1-based line on which a place begins.</summary>
    public static int LineOf(string text, int at) => text.AsSpan(0, at).Count('\n') + 1;

    private static int? EndAt(string text, int start, string[] wanted)
    {
        var at = start;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (i > 0)
            {
                var gap = at;
                while (at < text.Length && char.IsWhiteSpace(text[at]))
                {
                    at++;
                }

                if (at == gap)
                {
                    return null;
                }
            }

            foreach (var letter in wanted[i])
            {
                if (at >= text.Length || Fold(text[at]) != Fold(letter))
                {
                    return null;
                }

                at++;
            }
        }

        return at;
    }

    /// <summary>Whether a range may begin or end here: not between two letters or digits.</summary>
    private static bool IsEdge(string text, int at) => at == 0 || at == text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]);

    /// <summary>Whether a word is there, or one that begins with it or that it begins with.</summary>
    private static bool Has(ReadOnlySpan<string> tokens, string word)
    {
        foreach (var token in tokens)
        {
            if (token.Equals(word, StringComparison.OrdinalIgnoreCase)
                || (Math.Min(token.Length, word.Length) > 3 && (token.StartsWith(word, StringComparison.OrdinalIgnoreCase) || word.StartsWith(token, StringComparison.OrdinalIgnoreCase))))
            {
                return true;
            }
        }

        return false;
    }

    private static char Fold(char letter) => letter switch { '“' or '”' or '„' => '"', '’' or '‘' => '\'', _ => char.ToUpperInvariant(letter) };

    private static string Letters(string token) => new([.. token.Where(char.IsLetterOrDigit)]);

    private static IEnumerable<TextRange> Tokens(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                yield return new(start, at);
            }

            at++;
        }
    }
}
