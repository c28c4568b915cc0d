using System.Globalization;

namespace Ledger.Extraction.Dates;

/// <summary>Dates in figures alone: 2022-10-29, 10/29/2022, 29.10.2022, 2022-10, 2022-W43, 10/29.</summary>
internal static class NumericDate
{
    internal static DateValue? Read(ReadOnlySpan<char> word, DateOnly published)
    {
        var separator = word.IndexOfAny('-', '/', '.');
        if (separator < 1 || word.Length > 14)
        {
            return null;
        }

        var mark = word[separator];
        Span<Range> parts = stackalloc Range[4];
        var count = word.Split(parts, mark);
        if (count is < 2 or > 3 || !Number(word[parts[0]], out var first))
        {
            return null;
        }

        var second = word[parts[1]];
        if (second is ['W', ..] && parts[0].GetOffsetAndLength(word.Length).Length == 4 && Number(second[1..], out var week) && week is >= 1 and <= 53)
        {
            return first is >= 1 and <= 9998 ? Days.Week(DateOnly.FromDateTime(ISOWeek.ToDateTime(first, week, DayOfWeek.Monday)), 0) : null;
        }

        if (CalendarWords.Month(second) is > 0 and var named && count == 3 && Number(word[parts[2]], out var year4) && first is >= 1 and <= 31)
        {
            return Days.Day(word[parts[2]].Length == 4 ? year4 : year4 + (year4 < 70 ? 2000 : 1900), named, first);
        }

        if (!Number(second, out var middle))
        {
            return null;
        }

        var yearFirst = parts[0].GetOffsetAndLength(word.Length).Length == 4;
        if (count == 2)
        {
            // "3.5" and "1-0" are no dates; "10/29" is, when a month can be read.
            return yearFirst && second.Length <= 2 && mark != '.' ? Days.Month(first, middle)
                : yearFirst && second.Length == 4 && mark == '-' && first is >= 1500 and <= 2200 && middle is <= 2200 && Days.Year(first) is { Days: { } from } && Days.Year(middle) is { Days: { } to } ? Days.Between(from, to)
                : mark == '/' && first is >= 1 and <= 12 && middle is > 12 and <= 31 ? Days.Day(Nearest(first, middle, published), first, middle)
                : mark == '/' && middle is >= 1 and <= 12 && first is > 12 and <= 31 ? Days.Day(Nearest(middle, first, published), middle, first)
                : null;
        }

        if (!Number(word[parts[2]], out var last))
        {
            return null;
        }

        if (yearFirst)
        {
            return Days.Day(first, middle, last);
        }

        var year = parts[2].GetOffsetAndLength(word.Length).Length switch { 4 => last, 2 => last + (last < 70 ? 2000 : 1900), _ => 0 };
        // Points put the day first, slashes the month unless it cannot be one.
        return mark == '.' || first > 12 ? Days.Day(year, middle, first) : Days.Day(year, first, middle);
    }

    private static int Nearest(int month, int day, DateOnly published) =>
        published.Year - ((month * 100) + day > (published.Month * 100) + published.Day ? 1 : 0);

    private static bool Number(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, null, out number) && text.Length <= 4;
}
