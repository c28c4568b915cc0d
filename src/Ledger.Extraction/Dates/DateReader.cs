using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Dates;

/// <summary>Reads the date expressions of one sentence. Its parts: points of the calendar, days relative to publication, parts of longer stretches, and ranges.</summary>
internal sealed partial class DateReader(Reading page, DateOnly published, int floor, int end)
{
    private int tensed = -1;
    private bool ahead;

    /// <summary>The longest expression that begins at a token.</summary>
    internal DateReading? Read(int i)
    {
        at = i;
        return Range(i) ?? Single(i);
    }

    /// <summary>Where the expression being read began: its tense is looked for around there.</summary>
    private int at;

    private bool Future
    {
        get
        {
            if (tensed != at)
            {
                tensed = at;
                ahead = Tense.IsFuture(page, at, floor, end);
            }

            return ahead;
        }
    }

    private DateReading? Single(int i) => Longest(Offset(i), Longest(Part(i), Longest(Relative(i), Point(i))));

    private static DateReading? Longest(DateReading? first, DateReading? second) => first is null ? second : second is null || first.Value.End >= second.Value.End ? first : second;

    private static DateReading? At(int next, DateValue? value, bool yearless = false) => value is { } known ? new(next, known, yearless) : null;

    /// <summary>The year of a date without one: the nearest in the direction of the sentence.</summary>
    private int NearestYear(int month, int day)
    {
        var here = (published.Month * 100) + published.Day;
        var there = (month * 100) + day;
        return published.Year + (Future ? there < here ? 1 : 0 : there > here ? -1 : 0);
    }

    /// <summary>A day of a month without its year; 29 February in the nearest leap year.</summary>
    private DateValue? DayOf(int year, int month, int day)
    {
        if (year > 0)
            return Days.Day(year, month, day);
        year = NearestYear(month, day);
        for (var tries = 0; tries < 8 && (month, day) == (2, 29) && year is >= 1 and <= 9999 && !DateTime.IsLeapYear(year); tries++)
            year += Future ? 1 : -1;
        return Days.Day(year, month, day);
    }

    private int YearAt(int i) => Number(i, 4) is >= 1000 and <= 2200 and var year ? year : 0;

    private int Number(int i, int digits) => Word(i) is var word && word.Length == digits && int.TryParse(word, System.Globalization.NumberStyles.None, null, out var number) ? number : -1;

    private bool IsDash(int i) => Is(i, "–") || Is(i, "-") || Is(i, "—") || Is(i, "~");

    private bool Is(int i, ReadOnlySpan<char> word) => i >= floor && i < end && page.Is(i, word);

    private bool IsGenitive(int i) => i < end && i >= floor && page.Page.Tokens[i].Kind == Text.TokenKind.Genitive;

    private ReadOnlySpan<char> Word(int i) => i >= floor && i < end ? page.Page.Word(i) : default;
}
