using System.Collections.Frozen;

namespace Ledger.Extraction.Grammar;

/// <summary>A set of words that a rule asks for, in capitals or not.</summary>
internal sealed class WordSet
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _words;

    /// <param name="words">The words, separated by blanks.</param>
    public WordSet(string words) =>
        _words = words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a token is one of the words. False beyond either end of the page.</summary>
    public bool Has(Reading page, int token) => (uint)token < (uint)page.Count && _words.Contains(page.Page.Word(token));

    /// <summary>The first of the words in <c>[first, end)</c>; -1 for none.</summary>
    public int In(Reading page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (Has(page, i))
                return i;
        }
        return -1;
    }
}
