using Ledger.Core.Entries;

namespace Ledger.Extraction.Dates;

/// <summary>From one day to another.</summary>
internal sealed partial class DateReader
{
    /// <summary>"from X to Y", "between X and Y", "X to Y", "X–Y", "from 4 to 22 January", "18 and 19 June".</summary>
    private DateReading? Range(int i)
    {
        var opened = Is(i, "from") || Is(i, "between");
        var from = opened ? i + 1 : i;
        var first = Is(from, "now") ? new DateReading(from + 1, Days.Day(published)) : (opened || Joins(from + 1) && YearAt(from + 2) > 0) && YearAt(from) is > 0 and var bare ? At(from + 1, Days.Year(bare)) : Single(from);
        if (first is not { Value.Days: { } start } begun)
            return DayNumbers(i, from);
        var joint = begun.End;
        var and = opened && Is(i, "between") && Is(joint, "and") || Joins(joint);
        if (!and && !(opened && IsDash(joint)))
            return opened && Is(joint, "to") && Is(joint + 1, "date") ? At(joint + 2, Days.Between(start, new(published, published))) : null;
        var to = Is(joint + 1, "the") && CalendarWords.Ordinal(Word(joint + 2)) > 0 ? joint + 2 : joint + 1;
        if (Is(joint + 1, "date") || Is(joint + 1, "now") || Is(joint + 1, "present"))
            return At(joint + 2, Days.Between(start, new(published, published)));
        var second = YearAt(joint + 1) is > 0 and var year && begun.Value.Timex.Length == 4 ? At(joint + 2, Days.Year(year)) : Single(joint + 1);
        if (second is not { Value.Days: { } stop } ended)
        {
            // "May 13 to 15", "April ninth through the 17th": the second day is in the first's month, or the next.
            if (start.From == start.To && DayOfMonth(to) is > 0 and var day && !CalendarWords.TryUnit(Word(to + 1), out _))
            {
                var month = day > start.From.Day ? start.From : Days.Add(Days.MonthDays(start.From.Year, start.From.Month).To, 1) ?? start.From;
                return Days.Day(month.Year, month.Month, day) is { Days: { } last } ? At(to + 1, Days.Between(start, last)) : null;
            }
            return null;
        }
        return At(ended.End, Days.Between(Aligned(start, stop, begun, ended), Later(start, stop, begun, ended)));
    }

    /// <summary>A first day without year takes the second's, so that it comes before it ("from April to June 2017").</summary>
    private static DateInterval Aligned(DateInterval first, DateInterval second, DateReading begun, DateReading ended)
    {
        if (!begun.Yearless || ended.Yearless)
            return first;
        var year = second.From.Year;
        while (year > 1 && InYear(first, year).From > second.To)
            year--;
        return InYear(first, year);
    }

    /// <summary>A second day without year is the next one after the first ("from Nov to March").</summary>
    private static DateInterval Later(DateInterval first, DateInterval second, DateReading begun, DateReading ended)
    {
        if (!ended.Yearless)
            return second;
        var year = first.From.Year;
        while (year < 9999 && InYear(second, year).To < first.From)
            year++;
        return InYear(second, year);
    }

    private static DateInterval InYear(DateInterval days, int year)
    {
        if (days.From.Day == 1 && days.To == Days.MonthDays(days.From.Year, days.From.Month).To)
            return Days.MonthDays(year, days.From.Month);
        var from = new DateOnly(year, days.From.Month, Math.Min(days.From.Day, DateTime.DaysInMonth(year, days.From.Month)));
        return Days.Add(from, days.To.DayNumber - days.From.DayNumber) is { } to ? new(from, to) : new(from, from);
    }

    /// <summary>"from 4 to 22 January", "between the 4th and the 22nd of January", "4-22 January" in two tokens, "18 and 19 June".</summary>
    private DateReading? DayNumbers(int i, int from)
    {
        var at = Is(from, "the") ? from + 1 : from;
        var first = DayOfMonth(at);
        if (first <= 0 || !(Joins(at + 1) || IsDash(at + 1) || Is(at + 1, "and")))
            return null;
        var next = Is(at + 2, "the") ? at + 3 : at + 2;
        if (DayMonth(next) is not { Value.Days: { } days } last || days.From.Day <= first || days.From != days.To)
            return null;
        return Days.Day(days.From.Year, days.From.Month, first) is { Days: { } start } ? At(last.End, Days.Between(start, days)) : null;
    }

    private bool Joins(int i) => Is(i, "to") || Is(i, "through") || Is(i, "until") || Is(i, "till") || Is(i, "thru") || IsDash(i);
}
