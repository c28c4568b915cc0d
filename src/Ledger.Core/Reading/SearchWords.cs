using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ledger.Core.Entries;

namespace Ledger.Core.Reading;

/// <summary>A word of a text, as search compares it.</summary>
/// <param name="Folded">Without case and accents.</param>
/// <param name="Range">Where it stands, in UTF-16 units.</param>
public readonly record struct SearchWord(string Folded, TextRange Range);

/// <summary>
/// The words that search goes by, the same for every engine: runs of letters, digits and their marks; case and accents folded (<see cref="Letters"/>); no stemming, no
/// stop words. An apostrophe, however it is written, divides words. Scripts written without spaces give a word a character. What a query writes together is a phrase, so that
/// <c>don't</c> and <c>東京</c> are found as they are written.
/// </summary>
public static class SearchWords
{
    /// <summary>The words of a text, in order.</summary>
    public static IEnumerable<SearchWord> Of(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!IsWord(text, i, out var length))
            {
                i += length;
                continue;
            }

            var start = i;
            var alone = IsUnspaced(text, i);
            i += length;
            while (!alone && i < text.Length && IsWord(text, i, out length) && !IsUnspaced(text, i))
            {
                i += length;
            }

            // Marks belong to the character before them, whatever its script.
            while (alone && i < text.Length && IsMark(text, i, out length))
            {
                i += length;
            }

            if (Fold(text.AsSpan(start, i - start)) is { Length: > 0 } folded)
            {
                yield return new(folded, new(start, i));
            }
        }
    }

    /// <summary>The words of a text with a space between them: what engines index.</summary>
    public static string Line(string text) => string.Join(' ', Of(text).Select(word => word.Folded));

    /// <summary>Reads a query: words, and phrases in double quotation marks (straight, curly or low). Everything in it must be found. Empty when it has no words.</summary>
    public static ImmutableArray<ImmutableArray<string>> Query(string query)
    {
        var phrases = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var parts = query.Split('"', '“', '”', '„');
        for (var i = 0; i < parts.Length; i++)
        {
            // Every other part stands between marks; a mark that is not closed marks nothing.
            if (i % 2 == 1 && i < parts.Length - 1)
            {
                ImmutableArray<string> words = [.. Of(parts[i]).Select(word => word.Folded)];
                if (!words.IsEmpty)
                {
                    phrases.Add(words);
                }
            }
            else
            {
                phrases.AddRange(parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    .Select(together => ImmutableArray.CreateRange(Of(together).Select(word => word.Folded)))
                    .Where(phrase => !phrase.IsEmpty));
            }
        }

        return phrases.DrainToImmutable();
    }

    /// <summary>Where the phrases of a query stand in a text, in order of the text; empty unless all of them do.</summary>
    public static ImmutableArray<TextRange> Find(string text, ImmutableArray<ImmutableArray<string>> phrases)
    {
        List<SearchWord> words = [.. Of(text)];
        var found = new SortedSet<TextRange>();
        foreach (var phrase in phrases)
        {
            var any = false;
            for (var first = 0; first + phrase.Length <= words.Count; first++)
            {
                if (Stands(phrase, words, first))
                {
                    found.Add(new(words[first].Range.Start, words[first + phrase.Length - 1].Range.End));
                    any = true;
                }
            }

            if (!any)
            {
                return [];
            }
        }

        return [.. found];
    }

    private static bool Stands(ImmutableArray<string> phrase, List<SearchWord> words, int first)
    {
        for (var i = 0; i < phrase.Length; i++)
        {
            if (words[first + i].Folded != phrase[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string Fold(ReadOnlySpan<char> word)
    {
        if (System.Text.Ascii.IsValid(word))
        {
            return string.Create(word.Length, word, (letters, from) => from.ToLowerInvariant(letters));
        }

        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            Letters.AppendPlain(folded, rune);
        }

        return folded.ToString();
    }

    private static bool IsWord(string text, int at, out int length)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune) || IsApostrophe(text[at]))
        {
            length = 1;
            return false;
        }

        length = rune.Utf16SequenceLength;
        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
    }

    /// <summary>Two apostrophes are letters to Unicode; written with the others, the words are the same.</summary>
    private static bool IsApostrophe(char letter) => letter is '\u02BB' or '\u02BC';

    private static bool IsMark(string text, int at, out int length)
    {
        length = Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    /// <summary>Han, kana, Thai, Lao, Khmer, Myanmar: words are not told apart by spaces.</summary>
    private static bool IsUnspaced(string text, int at) => text[at] switch
    {
        >= '\u0E00' and <= '\u0EFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF' or >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF66' and <= '\uFF9D' => true,
        // The high surrogates of the supplementary ideographic planes.
        >= '\uD840' and <= '\uD88D' => true,
        _ => false,
    };
}
