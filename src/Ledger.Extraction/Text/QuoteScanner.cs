using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Text;

/// <summary>
/// Finds quote regions in the raw text, one pass a paragraph with a small stack: straight, curly, low-high, guillemets, doubled and single marks,
/// glyphs mixed as writers mix them. Whether a mark opens or closes is read from its glyph and its neighbours; apostrophes, elisions and measures do neither.
/// </summary>
internal sealed class QuoteScanner
{
    /// <summary>Deeper marks are taken as ordinary characters: nobody reads four levels, and depth must not cost.</summary>
    private const int Deepest = 3;

    private enum Family : byte
    {
        Double,
        Guillemet,
        Single,
    }

    /// <summary>A region being read. <see cref="Tentative"/> is where a single region may have ended, if no better mark follows ("the workers' day").</summary>
    private record struct Open(Family Family, int Start, int MarkLength, int Index, bool Reversed, int Tentative, bool Nesting);

    private readonly string _text;
    private readonly List<(TextRange Outer, TextRange Inner, int Parent, int Continues, bool Closed, bool Single, bool Dropped)> _regions = [];
    private readonly Stack<Open> _stack = new();
    private int _leftOpen = -1;

    private QuoteScanner(string text) => _text = text;

    public static bool IsQuoteMark(char c) =>
        c is '"' or '\'' or '“' or '”' or '„' or '‟' or '«' or '»' or '‘' or '’' or '‚' or '‛' or '‹' or '›' or '`' or '＂' or '「' or '」' or '『' or '』';

    public static ImmutableArray<QuoteRegion> Scan(string text, ImmutableArray<Block> blocks)
    {
        var scanner = new QuoteScanner(text);
        foreach (var block in blocks)
            scanner.ScanBlock(block.Body);
        return scanner.Kept();
    }

    private void ScanBlock(TextRange body)
    {
        var reopens = _leftOpen;
        _leftOpen = -1;
        for (var i = body.Start; i < body.End;)
        {
            var length = MarkAt(i, body.End, out var family);
            if (length == 0)
            {
                i++;
                continue;
            }
            var first = _stack.Count == 0 && i == body.Start && family != Family.Single;
            var opened = Take(i, length, family, body);
            if (first && opened && reopens >= 0)
                _regions[^1] = _regions[^1] with { Continues = reopens };
            i += length;
        }
        EndBlock(body);
    }

    private int MarkAt(int i, int end, out Family family)
    {
        family = Family.Double;
        switch (_text[i])
        {
            case '"' or '“' or '”' or '„' or '‟' or '＂' or '「' or '」' or '『' or '』':
                return 1;
            case '«' or '»':
                family = Family.Guillemet;
                return 1;
            case '\'' or '‘' or '’' or '‚' or '‛' or '`' or '‹' or '›':
                if (i + 1 < end && _text[i + 1] == _text[i] && _text[i] is '\'' or '`' or '‘' or '’' or '‚')
                    return 2;
                family = Family.Single;
                return 1;
            default:
                return 0;
        }
    }

    /// <summary>Takes one mark as opening, closing or neither; true when it opened a region.</summary>
    private bool Take(int i, int length, Family family, TextRange body)
    {
        var before = i > body.Start ? _text[i - 1] : ' ';
        var after = i + length < body.End ? _text[i + length] : ' ';
        var looksOpening = OpensAfter(before) && !ParagraphSplitter.IsBlank(after) && !(after is '.' or ',' or ';' or '!' or '?' or ')');
        var looksClosing = !ParagraphSplitter.IsBlank(before) && !char.IsLetterOrDigit(after);
        var open = family == Family.Single ? IsOnTop(family) : IsOpen(family);
        var glyph = _text[i];
        if (family == Family.Single)
            return TakeSingle(i, glyph, before, after, looksOpening, looksClosing, open);
        if (length == 2 && glyph is '\'' or '’' && !open && !looksOpening)
            return false;
        if (glyph == '"' && char.IsDigit(before) && IsMeasure(i, open))
            return false;
        if (!open)
            return IsClosingGlyph(glyph) && !looksOpening ? false : (looksOpening || IsOpeningGlyph(glyph)) && Push(family, i, length, glyph);
        var reversed = IsReversed(family);
        if (family == Family.Guillemet)
        {
            if (glyph == (reversed ? '«' : '»'))
                Close(family, i, length);
            else
                return Push(family, i, length, glyph);
            return false;
        }
        // A mark that can only open, while a region is open: nested, or the open one lost its closing mark. Decided when the paragraph ends.
        if (glyph is '„' || (looksOpening && !looksClosing && char.IsLetterOrDigit(after) && !IsClosingGlyph(glyph) && !(reversed && glyph == '“')))
            return Push(family, i, length, glyph);
        Close(family, i, length);
        return false;
    }

    private bool TakeSingle(int i, char glyph, char before, char after, bool looksOpening, bool looksClosing, bool open)
    {
        if (glyph is '‹' or '›')
        {
            if (open && glyph == '›')
                Close(Family.Single, i, 1);
            else if (!open && glyph == '‹')
                return Push(Family.Single, i, 1, glyph);
            return false;
        }
        if (char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after))
            return false;
        if (looksOpening && glyph is not '’' && char.IsLetterOrDigit(after) | after is '“' or '"' or '[' or '(' or '…' or '.' or '$' && !IsElision(i))
        {
            if (open && Top().Tentative < 0)
            {
                // Two openings without a closing: the first was an apostrophe.
                Drop();
            }
            else if (open)
            {
                Close(Family.Single, Top().Tentative, 1);
            }
            return Push(Family.Single, i, 1, glyph);
        }
        if (!looksClosing || !open || glyph is '‘' or '‚' or '‛')
            return false;
        if (before is 's' or 'S' or 'z' && after == ' ')
        {
            var top = _stack.Pop();
            _stack.Push(top with { Tentative = i });
            return false;
        }
        Close(Family.Single, i, 1);
        return false;
    }

    private static bool OpensAfter(char before) =>
        ParagraphSplitter.IsBlank(before) || before is '(' or '[' or '{' or '—' or '–' or '-' or '/' or ':' || (IsQuoteMark(before) && !IsClosingGlyph(before));

    private static bool IsOpeningGlyph(char c) => c is '“' or '„' or '‟' or '«' or '»' or '「' or '『' or '‘';

    private static bool IsClosingGlyph(char c) => c is '”' or '’' or '」' or '』';

    /// <summary>6'2", or 5" while nothing is open: feet and inches.</summary>
    private bool IsMeasure(int i, bool open)
    {
        var digit = i - 1;
        while (digit > 0 && i - digit < 4 && char.IsDigit(_text[digit - 1]))
            digit--;
        return !open || (digit > 1 && _text[digit - 1] is '\'' or '’' && char.IsDigit(_text[digit - 2]));
    }

    /// <summary>'90s, 'em, 'til, 'tis: an apostrophe where letters are left out.</summary>
    private bool IsElision(int i)
    {
        var end = i + 1;
        while (end < _text.Length && end - i < 7 && char.IsLetterOrDigit(_text[end]))
            end++;
        var word = _text.AsSpan(i + 1, end - i - 1);
        if (word.Length >= 2 && char.IsDigit(word[0]))
            return word.Length <= 3 && (word[^1] == 's' || word.Length == 2);
        return word.Equals("em", StringComparison.OrdinalIgnoreCase) || word.Equals("til", StringComparison.OrdinalIgnoreCase)
            || word.Equals("tis", StringComparison.OrdinalIgnoreCase) || word.Equals("twas", StringComparison.OrdinalIgnoreCase)
            || word.Equals("cause", StringComparison.OrdinalIgnoreCase) || word.Equals("n", StringComparison.OrdinalIgnoreCase);
    }

    private Open Top() => _stack.Peek();

    private bool IsOnTop(Family family) => _stack.Count > 0 && _stack.Peek().Family == family;

    private bool IsOpen(Family family)
    {
        foreach (var open in _stack)
        {
            if (open.Family == family)
                return true;
        }
        return false;
    }

    private bool IsReversed(Family family)
    {
        foreach (var open in _stack)
        {
            if (open.Family == family)
                return open.Reversed;
        }
        return false;
    }

    private bool Push(Family family, int i, int length, char glyph)
    {
        if (_stack.Count >= Deepest)
            return false;
        if (_stack.TryPop(out var parent))
            _stack.Push(parent with { Nesting = true });
        _stack.Push(new Open(family, i, length, _regions.Count, glyph is '„' or '»' or '‚', -1, false));
        _regions.Add((default, default, parent.MarkLength > 0 ? parent.Index : -1, -1, false, family == Family.Single, true));
        return true;
    }

    private void Drop() => _stack.Pop();

    private void Close(Family family, int mark, int length)
    {
        while (_stack.TryPop(out var open))
        {
            if (open.Family == family)
            {
                Keep(open, mark, mark + length, closed: true);
                return;
            }
            if (open.Tentative >= 0)
                Keep(open, open.Tentative, open.Tentative + 1, closed: true);
        }
    }

    private void EndBlock(TextRange body)
    {
        while (_stack.TryPop(out var open))
        {
            if (open.Tentative >= 0)
            {
                Keep(open, open.Tentative, open.Tentative + 1, closed: true);
            }
            else if (open.Family != Family.Single && !open.Nesting)
            {
                Keep(open, body.End, body.End, closed: false);
                if (_stack.Count == 0)
                    _leftOpen = open.Index;
            }
            else if (open.Family != Family.Single && open.Start == body.Start && EndsOutside(open, body))
            {
                // Marks inside it, none at its end: a paragraph that the next one takes up again.
                Keep(open, body.End, body.End, closed: false);
                _leftOpen = open.Index;
            }
        }
    }

    /// <summary>Whether nested regions are single, so that the outer one was surely left open rather than misread.</summary>
    private bool EndsOutside(Open open, TextRange body)
    {
        for (var k = open.Index + 1; k < _regions.Count; k++)
        {
            if (!_regions[k].Dropped && !_regions[k].Single)
                return false;
        }
        return body.End > open.Start;
    }

    private void Keep(Open open, int innerEnd, int outerEnd, bool closed)
    {
        int start = open.Start + open.MarkLength, end = innerEnd;
        while (start < end && ParagraphSplitter.IsBlank(_text[start]))
            start++;
        while (end > start && ParagraphSplitter.IsBlank(_text[end - 1]))
            end--;
        var wordy = false;
        for (var k = start; k < end && !wordy; k++)
            wordy = char.IsLetterOrDigit(_text[k]) || char.IsSurrogate(_text[k]);
        if (!wordy)
            return;
        var region = _regions[open.Index];
        _regions[open.Index] = region with { Outer = new TextRange(open.Start, outerEnd), Inner = new TextRange(start, end), Closed = closed, Dropped = false };
    }

    /// <summary>The regions that came to something, with parents and continuations renumbered past those that did not.</summary>
    private ImmutableArray<QuoteRegion> Kept()
    {
        var number = new int[_regions.Count];
        var kept = ImmutableArray.CreateBuilder<QuoteRegion>();
        for (var i = 0; i < _regions.Count; i++)
        {
            var region = _regions[i];
            // A dropped parent hands its children to its own parent, which was numbered before.
            var parent = region.Parent < 0 ? -1 : number[region.Parent];
            if (parent >= 0 && !kept[parent].Outer.Contains(region.Dropped ? kept[parent].Outer : region.Outer))
                parent = -1;
            number[i] = region.Dropped ? parent : kept.Count;
            if (!region.Dropped)
                kept.Add(new QuoteRegion(region.Outer, region.Inner, parent, region.Continues < 0 ? -1 : number[region.Continues], region.Closed, region.Single));
        }
        return kept.ToImmutable();
    }
}
