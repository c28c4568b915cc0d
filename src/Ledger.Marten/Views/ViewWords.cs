using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Reading;

namespace Ledger.Marten;

/// <summary>
/// Words for PostgreSQL's full-text search. A text's words go in as <see cref="SearchWords"/> folds them, past PostgreSQL's own parser, and without positions: a vector holds 16,383 of
/// them and 256 a word, and would lose phrases of a long text. The vector says which texts have every word; whether they stand together is read from the text's line of words.
/// A text whose words no vector can hold has <see cref="Rough"/> in it, and is always read.
/// </summary>
internal static class ViewWords
{
    /// <summary>The one thing in the vector of a text whose words do not fit one. It can be no word.</summary>
    internal const string Rough = "!";

    // PostgreSQL's: 2 KiB a word, less one byte; 1 MiB a vector, with its overhead.
    private const int MaxWordBytes = 2046;
    private const int MaxVectorBytes = 900_000;

    /// <summary>The words of a text, each between spaces, and whether they do not fit a vector.</summary>
    internal static (string Line, bool Rough) Of(string text)
    {
        var words = new HashSet<string>();
        var line = new StringBuilder(" ");
        var (bytes, rough) = (0L, false);
        foreach (var word in SearchWords.Of(text))
        {
            line.Append(word.Folded).Append(' ');
            if (words.Add(word.Folded))
            {
                var length = Encoding.UTF8.GetByteCount(word.Folded);
                bytes += length + 4;
                rough |= length > MaxWordBytes || bytes > MaxVectorBytes;
            }
        }

        return (line.ToString(), rough);
    }

    /// <summary>What a vector must match to have every word of some phrases. Folded words hold no mark that would have to be escaped.</summary>
    internal static string Query(ImmutableArray<ImmutableArray<string>> phrases)
    {
        var words = phrases.SelectMany(phrase => phrase).Distinct().ToList();
        return words.Exists(word => Encoding.UTF8.GetByteCount(word) > MaxWordBytes)
            ? $"'{Rough}'"
            : $"({string.Join(" & ", words.Select(word => $"'{word}'"))}) | '{Rough}'";
    }

    /// <summary>A phrase as it stands in a line.</summary>
    internal static string InLine(ImmutableArray<string> phrase) => $" {string.Join(' ', phrase)} ";
}
