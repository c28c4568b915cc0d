using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>
/// A stretch of a frozen text: <c>[Start, End)</c> in UTF-16 code units. Neither end may fall inside a surrogate pair
/// of the text it refers to (a span is checked against its text when it is recorded); an empty range is not a range.
/// </summary>
/// <exception cref="ArgumentOutOfRangeException">The start is negative, or the end is not after it.</exception>
[JsonConverter(typeof(TextRangeConverter))]
public readonly record struct TextRange : IComparable<TextRange>
{
    public TextRange(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        Start = start;
        End = end;
    }

    public int Start { get; }

    public int End { get; }

    public int Length => End - Start;

    public bool Contains(TextRange other) => Start <= other.Start && other.End <= End;

    public bool Overlaps(TextRange other) => Start < other.End && other.Start < End;

    /// <summary>The words at this range. The range must lie within <paramref name="text"/>.</summary>
    public string Of(string text) => text[Start..End];

    public int CompareTo(TextRange other) => Start != other.Start ? Start.CompareTo(other.Start) : End.CompareTo(other.End);

    public override string ToString() => $"{Start}–{End}";

    public static bool operator <(TextRange left, TextRange right) => left.CompareTo(right) < 0;

    public static bool operator >(TextRange left, TextRange right) => left.CompareTo(right) > 0;

    public static bool operator <=(TextRange left, TextRange right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TextRange left, TextRange right) => left.CompareTo(right) >= 0;
}
