using System.Buffers;
using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Text;

/// <summary>A paragraph before its sentences are known. <paramref name="Body"/> is the range without the bullet.</summary>
internal readonly record struct Block(TextRange Range, TextRange Body, ParagraphKind Kind);

/// <summary>
/// Cuts a text at line ends. In a hard-wrapped text a single line end is a blank; elsewhere it ends the paragraph, unless the sentence visibly runs on.
/// </summary>
internal static class ParagraphSplitter
{
    private const int LongestHeading = 120;
    private const int MostHeadingWords = 16;
    private const int ShortestWrappedLine = 45;
    private const int LongestWrappedLine = 110;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u2028\u2029\f\v\u0085");

    public static ImmutableArray<Block> Split(string text)
    {
        var lines = Lines(text);
        var wrapped = IsHardWrapped(lines);
        var blocks = ImmutableArray.CreateBuilder<Block>();
        for (var i = 0; i < lines.Count;)
        {
            var start = lines[i].Start;
            var end = lines[i].End;
            var first = i++;
            while (i < lines.Count && RunsOn(text, lines[i - 1], lines[i], wrapped))
                end = lines[i++].End;
            blocks.Add(Classify(text, new TextRange(start, end), i - first));
        }
        // One line alone is a sentence that somebody pasted, not a heading of nothing.
        if (blocks is [{ Kind: ParagraphKind.Heading } only])
            blocks[0] = only with { Kind = ParagraphKind.Prose };
        return blocks.ToImmutable();
    }

    /// <summary>A line that is not blank, trimmed, and whether blank lines stand before it.</summary>
    private readonly record struct Line(int Start, int End, bool AfterBlank);

    private static List<Line> Lines(string text)
    {
        var lines = new List<Line>();
        var blank = true;
        for (var start = 0; start <= text.Length;)
        {
            var length = text.AsSpan(start).IndexOfAny(LineEnds);
            var end = length < 0 ? text.Length : start + length;
            int first = start, last = end;
            while (first < last && IsBlank(text[first]))
                first++;
            while (last > first && IsBlank(text[last - 1]))
                last--;
            if (first < last)
            {
                lines.Add(new Line(first, last, blank));
                blank = false;
            }
            else
            {
                blank = true;
            }
            start = end + 1;
        }
        return lines;
    }

    internal static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\u200B' or '\uFEFF';

    private static bool IsHardWrapped(List<Line> lines)
    {
        int single = 0, full = 0;
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].AfterBlank)
                continue;
            single++;
            if (lines[i - 1].End - lines[i - 1].Start is >= ShortestWrappedLine and <= LongestWrappedLine)
                full++;
        }
        return single >= 3 && full * 10 >= single * 8;
    }

    private static bool RunsOn(string text, Line before, Line line, bool wrapped)
    {
        if (line.AfterBlank || BulletLength(text, line.Start, line.End) > 0)
            return false;
        if (wrapped && before.End - before.Start >= ShortestWrappedLine)
            return true;
        return char.IsLower(text[line.Start]) && !IsFinal(text[before.End - 1]);
    }

    private static Block Classify(string text, TextRange range, int lines)
    {
        var bullet = BulletLength(text, range.Start, range.End);
        if (bullet > 0)
            return new Block(range, new TextRange(range.Start + bullet, range.End), ParagraphKind.Item);
        var heading = lines == 1 && range.Length <= LongestHeading && !EndsSentence(text, range) && Words(text, range) <= MostHeadingWords;
        return new Block(range, range, heading ? ParagraphKind.Heading : ParagraphKind.Prose);
    }

    /// <summary>The length of a bullet and the blanks after it; 0 where the line has none.</summary>
    private static int BulletLength(string text, int start, int end)
    {
        if (text[start] is not ('●' or '•' or '◦' or '▪' or '■' or '‣' or '·' or '-' or '*' or '–' or '—'))
            return 0;
        var body = start + 1;
        while (body < end && IsBlank(text[body]))
            body++;
        var spaced = body > start + 1;
        return body < end && (spaced || text[start] is '●' or '•' or '▪' or '■' or '‣') ? body - start : 0;
    }

    private static bool EndsSentence(string text, TextRange range)
    {
        var last = range.End - 1;
        while (last > range.Start && QuoteScanner.IsQuoteMark(text[last]) | text[last] is ')' or ']')
            last--;
        return IsFinal(text[last]);
    }

    private static bool IsFinal(char c) => c is '.' or '!' or '?' or ':' or ';' or ',' or '…' or '—' or '–';

    private static int Words(string text, TextRange range)
    {
        var words = 1;
        for (var i = range.Start; i < range.End; i++)
        {
            if (text[i] == ' ')
                words++;
        }
        return words;
    }
}
