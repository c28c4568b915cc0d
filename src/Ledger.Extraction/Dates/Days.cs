using System.Globalization;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Dates;

/// <summary>What a date expression means: its TIMEX3 value, and its days where it has a first and a last.</summary>
internal readonly record struct DateValue(string Timex, DateInterval? Days);

/// <summary>Days, weeks (ISO 8601: Monday first), months and longer, as values. Years outside 1 to 9999 have none.</summary>
internal static class Days
{
    internal static DateValue? Day(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? Day(new DateOnly(year, month, day)) : null;

    internal static DateValue Day(DateOnly day) => new(Text(day), new(day, day));

    internal static DateValue? Month(int year, int month) => year is >= 1 and <= 9999 && month is >= 1 and <= 12
        ? new(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}"), MonthDays(year, month))
        : null;

    internal static DateValue? Month(DateOnly any, int offset)
    {
        var index = (any.Year * 12) + any.Month - 1 + offset;
        return Month(Math.DivRem(index, 12, out var month), month + 1);
    }

    internal static DateValue? Year(int year) => year is >= 1 and <= 9999
        ? new(year.ToString("0000", CultureInfo.InvariantCulture), new(new(year, 1, 1), new(year, 12, 31)))
        : null;

    internal static DateValue? Decade(int first) => first is >= 10 and <= 9990
        ? new((first / 10).ToString("000", CultureInfo.InvariantCulture), new(new(first, 1, 1), new(first + 9, 12, 31)))
        : null;

    internal static DateValue? Century(int number) => number is >= 2 and <= 99
        ? new((number - 1).ToString("00", CultureInfo.InvariantCulture), new(new((number - 1) * 100, 1, 1), new(((number - 1) * 100) + 99, 12, 31)))
        : null;

    internal static DateValue? Quarter(int year, int quarter) => year is >= 1 and <= 9999 && quarter is >= 1 and <= 4
        ? new(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-Q{quarter}"), new(new(year, (quarter * 3) - 2, 1), MonthDays(year, quarter * 3).To))
        : null;

    internal static DateValue? Half(int year, int half) => year is >= 1 and <= 9999 && half is 1 or 2
        ? new(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-H{half}"), new(new(year, (half * 6) - 5, 1), MonthDays(year, half * 6).To))
        : null;

    internal static DateValue? Season(int year, string season)
    {
        var first = season switch { "SP" => 3, "SU" => 6, "FA" => 9, _ => 12 };
        if (year is < 1 or > 9998)
        {
            return null;
        }

        var last = first == 12 ? MonthDays(year + 1, 2).To : MonthDays(year, first + 2).To;
        return new(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{season}"), new(new(year, first, 1), last));
    }

    internal static DateValue? Week(DateOnly any, int offset)
    {
        if (Monday(any) is not { } monday || Add(monday, 7 * offset) is not { } first || Add(first, 6) is not { } last)
        {
            return null;
        }

        var time = first.ToDateTime(TimeOnly.MinValue);
        return new(string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(time):0000}-W{ISOWeek.GetWeekOfYear(time):00}"), new(first, last));
    }

    internal static DateValue? Weekend(DateOnly any, int offset)
    {
        if (Week(any, offset) is not { Days: { } days } week)
        {
            return null;
        }

        return new(week.Timex + "-WE", new(days.To.AddDays(-1), days.To));
    }

    /// <summary>A stretch between two values: its first day is the first's, its last the second's.</summary>
    internal static DateValue? Between(DateInterval first, DateInterval second) => second.To < first.From ? null
        : new(Text(first.From) + "/" + Text(second.To), new(first.From, second.To));

    internal static DateValue Stretch(DateOnly from, DateOnly to) => from == to ? Day(from) : new(Text(from) + "/" + Text(to), new(from, to));

    internal static DateOnly? Add(DateOnly day, long days) =>
        day.DayNumber + days is var number && number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : null;

    internal static DateInterval MonthDays(int year, int month) => new(new(year, month, 1), new(year, month, DateTime.DaysInMonth(year, month)));

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Monday(DateOnly day) => Add(day, -(((int)day.DayOfWeek + 6) % 7));
}
