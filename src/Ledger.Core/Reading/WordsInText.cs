using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;

namespace Ledger.Core.Reading;

/// <summary>Finds the words a person typed in a text: without regard to case, and any white space is like any other.</summary>
public static class WordsInText
{
    /// <summary>Every place where the words stand, in order, each as the text has it; none for blank words.</summary>
    public static ImmutableArray<TextRange> Find(string text, string words)
    {
        var wanted = Fold(words);
        if (wanted.Length == 0)
        {
            return [];
        }

        var (folded, places) = FoldWithPlaces(text);
        var found = ImmutableArray.CreateBuilder<TextRange>();
        for (var at = folded.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(wanted, at + 1, StringComparison.Ordinal))
        {
            found.Add(new(places[at], places[at + wanted.Length - 1] + 1));
        }

        return found.DrainToImmutable();
    }

    /// <summary>What words are compared by.</summary>
    public static string Fold(string words) => FoldWithPlaces(words).Folded.Trim();

    private static (string Folded, List<int> Places) FoldWithPlaces(string text)
    {
        var folded = new StringBuilder(text.Length);
        var places = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = char.IsWhiteSpace(text[i]) ? ' ' : char.ToUpperInvariant(text[i]);
            if (letter == ' ' && folded.Length > 0 && folded[^1] == ' ')
            {
                continue;
            }

            folded.Append(letter);
            places.Add(i);
        }

        return (folded.ToString(), places);
    }
}
