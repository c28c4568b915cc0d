using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ledger.Extraction.Text;

/// <summary>Cuts paragraphs into words, numbers and marks, in one pass. Blanks belong to no token.</summary>
internal static class Tokenizer
{
    /// <summary>Written with a point that does not end a sentence by itself; a title is always followed by a name.</summary>
    private static readonly FrozenSet<string> Titles = FrozenSet.Create(
        StringComparer.Ordinal,
        "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Rev", "Fr", "Hon", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Maj", "Capt", "Cmdr", "Cpl", "Sgt", "Adm",
        "Pres", "Sec", "Supt", "Insp", "Det", "Amb", "Atty", "Messrs", "Sens", "Reps", "Govs", "Gens", "Drs", "St", "Ste", "Mt", "Ft", "Msgr", "Dep");

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.Create(
        StringComparer.Ordinal,
        "Jr", "Sr", "Inc", "Co", "Corp", "Ltd", "Bros", "Dept", "No", "Nos", "vs", "Vol", "pp", "est", "approx", "etc", "Ave", "Blvd", "Rd", "al", "cf", "ca",
        "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga",
        "Ill", "Ind", "Kan", "Ky", "La", "Md", "Mass", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore", "Pa", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wyo");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TitleLookup = Titles.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> AbbreviationLookup = Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>();

    public static Token[] Tokenize(string text, ImmutableArray<Block> blocks)
    {
        var tokens = new List<Token>(text.Length / 5 + 8);
        foreach (var block in blocks)
        {
            for (var i = block.Body.Start; i < block.Body.End;)
            {
                if (ParagraphSplitter.IsBlank(text[i]))
                    i++;
                else
                    i = Take(text, i, block.Body.End, tokens);
            }
        }
        return [.. tokens];
    }

    /// <summary>Whether a token is a title before a name, written with a point ("Mr.").</summary>
    public static bool IsTitle(ReadOnlySpan<char> word) => word is [.., '.'] && TitleLookup.Contains(word[..^1]);

    private static int Take(string text, int start, int end, List<Token> tokens)
    {
        var first = text[start];
        if (char.IsAsciiDigit(first) || char.IsDigit(first))
            return TakeNumber(text, start, end, tokens);
        if (IsWordAt(text, start))
            return TakeWord(text, start, end, tokens);
        var length = char.IsHighSurrogate(first) && start + 1 < end && char.IsLowSurrogate(text[start + 1]) ? 2 : 1;
        if (first is '.' or '-' or '—' or '?' or '!')
        {
            while (start + length < end && (text[start + length] == first || (first is '?' or '!' && text[start + length] is '?' or '!')))
                length++;
        }
        tokens.Add(new Token(start, length, TokenKind.Mark));
        return start + length;
    }

    private static int TakeWord(string text, int start, int end, List<Token> tokens)
    {
        var i = start;
        var piece = start;
        while (i < end)
        {
            if (IsWordAt(text, i) || char.IsDigit(text[i]))
            {
                i += char.IsHighSurrogate(text[i]) ? 2 : 1;
                continue;
            }
            if (i + 1 >= end)
                break;
            var next = text[i + 1];
            if (text[i] is '\'' or '’' && IsWordAt(text, i + 1))
            {
                if (next is 's' or 'S' && (i + 2 >= end || !(IsWordAt(text, i + 2) || char.IsDigit(text[i + 2]))))
                {
                    tokens.Add(new Token(start, i - start, TokenKind.Word));
                    tokens.Add(new Token(i, 2, TokenKind.Genitive));
                    return i + 2;
                }
                i++;
            }
            else if (text[i] is '-' or '\u2011' or '\u00AD' && (IsWordAt(text, i + 1) || char.IsDigit(next)))
            {
                piece = ++i;
            }
            else if (text[i] is '.' or '@' && (char.IsAsciiLetterLower(next) || (i - piece == 1 && IsWordAt(text, i + 1) && IsPoint(text, i + 2, end))))
            {
                piece = ++i;
            }
            else if (text[i] == '&' && char.IsAsciiLetterUpper(next))
            {
                i++;
            }
            else
            {
                break;
            }
        }
        if (i < end && text[i] == '.' && TakesPoint(text, start, piece, i))
            i++;
        tokens.Add(new Token(start, i - start, TokenKind.Word));
        return i;
    }

    /// <summary>Whether the point after a word belongs to it: initials (J.), points before (U.S.), known abbreviations.</summary>
    private static bool TakesPoint(string text, int start, int piece, int end)
    {
        if (end - piece == 1 && piece > start && text[piece - 1] == '.')
            return true;
        var word = text.AsSpan(start, end - start);
        if (word.Length == 1)
            return char.IsUpper(word[0]) && word[0] != 'I';
        return word.Length <= 6 && (TitleLookup.Contains(word) || AbbreviationLookup.Contains(word));
    }

    private static int TakeNumber(string text, int start, int end, List<Token> tokens)
    {
        var i = start;
        while (i < end)
        {
            if (char.IsDigit(text[i]) || IsWordAt(text, i))
            {
                i += char.IsHighSurrogate(text[i]) ? 2 : 1;
                continue;
            }
            var joins = text[i] is '.' or ',' or ':' or '/' && i + 1 < end && char.IsDigit(text[i + 1]);
            joins |= text[i] == '-' && i + 1 < end && (char.IsDigit(text[i + 1]) || IsWordAt(text, i + 1));
            joins |= text[i] == '.' && IsPoint(text, i + 2, end) && text[i + 1] == 'm' && text[i - 1] is 'a' or 'p';
            if (!joins)
                break;
            i++;
        }
        tokens.Add(new Token(start, i - start, TokenKind.Number));
        return i;
    }

    private static bool IsPoint(string text, int i, int end) => i < end && text[i] == '.';

    private static bool IsWordAt(string text, int i)
    {
        var c = text[i];
        if (c < 0x80)
            return char.IsAsciiLetter(c) || c == '_';
        if (char.IsHighSurrogate(c))
            return i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) && char.IsLetter(text, i);
        return char.IsLetter(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
    }
}
