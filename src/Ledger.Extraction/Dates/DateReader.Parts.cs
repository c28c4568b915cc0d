using Ledger.Core.Entries;

namespace Ledger.Extraction.Dates;

/// <summary>Parts of longer stretches: thirds, numbered weeks and months, quarters and halves, what is left of a month.</summary>
internal sealed partial class DateReader
{
    /// <summary>"the end of November", "early next week", "late 2019", "mid-October", "later this month", "the first week of May".</summary>
    private DateReading? Part(int i)
    {
        var at = Is(i, "at") && Is(i + 1, "the") ? i + 2 : Is(i, "the") ? i + 1 : i;
        return Third(i, at) ?? Numbered(at) ?? Left(i, at);
    }

    private DateReading? Third(int i, int at)
    {
        var third = Is(at, "beginning") || Is(at, "start") ? 1 : Is(at, "middle") ? 2 : Is(at, "end") || Is(at, "close") ? 3 : 0;
        int next;
        if (third != 0 && Is(at + 1, "of"))
        {
            next = Is(at + 2, "the") ? at + 3 : at + 2;
        }
        else if (at == i && (Is(i, "early") || Is(i, "late") || Is(i, "mid")))
        {
            third = Is(i, "early") ? 1 : Is(i, "mid") ? 2 : 3;
            next = IsDash(i + 1) || Is(i + 1, "in") ? i + 2 : i + 1;
            next += Is(next, "the") ? 1 : 0;
        }
        else if (at == i && Word(i) is var word && word.Length > 4 && word[3] == '-' && word.StartsWith("mid", StringComparison.OrdinalIgnoreCase) && CalendarWords.Month(word[4..]) is > 0 and var month)
        {
            var year = YearAt(i + 1);
            return new(year > 0 ? i + 2 : i + 1, Thirds(Days.MonthDays(year > 0 ? year : NearestYear(month, 15), month), 2), year == 0);
        }
        else
        {
            return null;
        }

        var whole = Bare(next) ?? Relative(next) ?? Point(next) ?? (CalendarWords.TryUnit(Word(next), out var unit) ? At(next + 1, UnitAt(unit, 0)) : null);
        return whole is { Value.Days: { } days } && days.From != days.To ? new(whole.Value.End, Thirds(days, third), whole.Value.Yearless) : null;
    }

    /// <summary>A third of a stretch: of a month its days 1–10, 11–20 and from 21 on.</summary>
    private static DateValue Thirds(DateInterval days, int third)
    {
        var length = days.To.DayNumber - days.From.DayNumber + 1;
        var (first, second) = days.From.Day == 1 && length is >= 28 and <= 31 ? (10, 20) : (Math.Max(1, length / 3), Math.Max(1, length - Math.Max(1, length / 3)));
        return third switch
        {
            1 => Days.Stretch(days.From, days.From.AddDays(first - 1)),
            2 when second > first => Days.Stretch(days.From.AddDays(first), days.From.AddDays(second - 1)),
            2 => Days.Stretch(days.From, days.To),
            _ => Days.Stretch(days.From.AddDays(Math.Min(second, length - 1)), days.To),
        };
    }

    /// <summary>"later this month", "earlier in the year", "the rest of the week".</summary>
    private DateReading? Left(int i, int at)
    {
        var rest = (Is(at, "rest") || Is(at, "remainder")) && Is(at + 1, "of");
        var later = at == i && Is(i, "later");
        if (!rest && !later && !(at == i && Is(i, "earlier")))
            return null;
        var next = rest ? at + 2 : Is(i + 1, "in") ? i + 2 : i + 1;
        var whole = Is(next, "the") && CalendarWords.TryUnit(Word(next + 1), out var unit) ? At(next + 2, UnitAt(unit, 0))
            : Is(next, "this") || Is(next, "that") || Is(next, "next") ? Relative(next)
            : CalendarWords.Month(Word(next)) > 0 && next > i + 1 ? Bare(next) : null;
        if (whole is not { Value.Days: { } days })
            return null;
        var from = rest || later ? Max(published, days.From) : days.From;
        var to = rest || later ? days.To : published < days.To && published >= days.From ? published : days.To;
        return from <= to ? new(whole.Value.End, Days.Stretch(from, to), whole.Value.Yearless) : whole;
    }

    /// <summary>"the first week of May", "the third month of 2021", "the first quarter of 2023", "Q3 2023", "2018 Q1", "the 21st century", "week 12".</summary>
    private DateReading? Numbered(int i)
    {
        var word = Word(i);
        if (word.Length == 2 && word[0] is 'Q' or 'H' or 'q' && word[1] is >= '1' and <= '4')
        {
            var at = Is(i + 1, "of") || IsDash(i + 1) ? i + 2 : i + 1;
            var year = YearAt(at);
            return Split(year > 0 ? at + 1 : i + 1, char.ToUpperInvariant(word[0]), word[1] - '0', year > 0 ? year : published.Year, year == 0);
        }

        if (YearAt(i) is > 0 and var before && Word(i + 1) is { Length: 2 } part && part[0] is 'Q' or 'H' or 'q' && part[1] is >= '1' and <= '4')
            return Split(i + 2, char.ToUpperInvariant(part[0]), part[1] - '0', before, false);
        if (Is(i, "week") && Is(i + 1, "of") && Point(i + 2) is { Value.Days: { } on } around && on.From == on.To)
            return At(around.End, Days.Week(on.From, 0), around.Yearless);
        if (Is(i, "week") && Number(i + 1, Word(i + 1).Length) is >= 1 and <= 53 and var week && Word(i + 1).Length <= 2)
            return At(i + 2, IsoWeek(YearAt(i + 2) is > 0 and var y ? y : published.Year, week));
        var last = Is(i, "last") || Is(i, "final");
        var ordinal = last ? -1 : CalendarWords.Ordinal(word);
        if (!last && ordinal <= 0)
            return null;
        if (Is(i + 1, "century"))
            return At(i + 2, Days.Century(ordinal));
        if (Is(i + 1, "half") || Is(i + 1, "quarter"))
            return Quarter(i, ordinal, last);
        var several = CalendarWords.Count(Word(i + 1)) is > 1 and <= 60 and var count ? count : 1;
        var unitAt = several > 1 ? i + 2 : i + 1;
        if (!CalendarWords.TryUnit(Word(unitAt), out var unit) || unit > Unit.Month || !(Is(unitAt + 1, "of") || Is(unitAt + 1, "in")))
            return null;
        var next = Is(unitAt + 2, "the") && CalendarWords.TryUnit(Word(unitAt + 3), out var whole) ? At(unitAt + 4, UnitAt(whole, 0)) : Bare(unitAt + 2) ?? Relative(unitAt + 2);
        return next is { Value.Days: { } days } && Slice(days, unit, ordinal, several) is { } slice ? new(next.Value.End, slice, next.Value.Yearless) : null;
    }

    private static DateReading? Split(int next, char kind, int number, int year, bool yearless) => At(next, kind == 'Q' ? Days.Quarter(year, number) : Days.Half(year, number), yearless);

    private DateReading? Quarter(int i, int ordinal, bool last)
    {
        var half = Is(i + 1, "half");
        var number = last ? half ? 2 : 4 : ordinal;
        var next = Is(i + 2, "of") ? i + 3 : i + 2;
        var (year, after) = YearAt(next) is > 0 and var given ? (given, next + 1)
            : Named(next) is { Value.Days: { } days } named && days.From is { Month: 1, Day: 1 } ? (days.From.Year, named.End)
            : Is(next, "the") && Is(next + 1, "year") ? (published.Year, next + 2)
            : half ? (0, 0) : last ? (0, 0) : (published.Year, i + 2);
        return year == 0 ? null : At(after, half ? Days.Half(year, number) : Days.Quarter(year, number));
    }

    /// <summary>The n-th day, week or month (−1: the last) of a stretch, or so many of them. A week belongs where its Thursday is.</summary>
    private static DateValue? Slice(DateInterval whole, Unit unit, int number, int several)
    {
        switch (unit)
        {
            case Unit.Day:
                var day = number < 0 ? Days.Add(whole.To, 1 - several) : Days.Add(whole.From, number - 1);
                return day is { } first && first >= whole.From && first <= whole.To ? Days.Stretch(first, Min(first.AddDays(several - 1), whole.To)) : null;
            case Unit.Week:
                var monday = number < 0 ? Days.Week(Days.Add(whole.To, -3) ?? whole.To, 1 - several) : Days.Week(Days.Add(whole.From, 3) ?? whole.From, number - 1);
                return several == 1 ? monday : monday is { Days: { } week } && Days.Add(week.From, (7 * several) - 1) is { } sunday ? Days.Stretch(week.From, sunday) : null;
            case Unit.Weekend:
                return number < 0 ? Days.Weekend(whole.To, 0) : Days.Weekend(whole.From, number - 1);
            case Unit.Month:
                var month = number < 0 ? Days.Month(whole.To, 1 - several) : Days.Month(whole.From, number - 1);
                return several == 1 ? month : month is { Days: { } one } && Days.Month(one.From, several - 1) is { Days: { } other } ? Days.Stretch(one.From, other.To) : null;
            default:
                return null;
        }
    }

    private static DateValue? IsoWeek(int year, int week) =>
        year is >= 1 and <= 9998 ? Days.Week(DateOnly.FromDateTime(System.Globalization.ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)), 0) : null;

    private static DateOnly Max(DateOnly first, DateOnly second) => first > second ? first : second;

    private static DateOnly Min(DateOnly first, DateOnly second) => first < second ? first : second;
}
