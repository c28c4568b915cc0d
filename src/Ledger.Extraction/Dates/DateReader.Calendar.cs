using System.Globalization;

namespace Ledger.Extraction.Dates;

/// <summary>Points of the calendar: days, months, years, seasons and feasts.</summary>
internal sealed partial class DateReader
{
    private DateReading? Point(int i)
    {
        var word = Word(i);
        if (word.IsEmpty)
            return null;
        if (char.IsAsciiDigit(word[0]))
            return Is(i - 1, "$") || Is(i - 1, "€") || Is(i - 1, "£") ? null : Longest(Numeric(i), DayMonth(i));
        if (CalendarWords.Weekday(word) is >= 0 and var weekday && (word.Length > 5 || char.IsUpper(word[0]) && (word.Length > 3 || word[^1] == '.' || DayOfMonth(i + 1) > 0)))
            return OfWeekday(i, weekday);
        if (Is(i, "the") && (DayMonth(i + 1) ?? SeasonYear(i + 1) ?? DayOfSome(i + 1)) is { } named)
            return named;
        return MonthDay(i) ?? SeasonYear(i) ?? Decade(i) ?? Feast(i) ?? (CalendarWords.Ordinal(word) > 0 ? DayMonth(i) : null);
    }

    /// <summary>"Monday, 3 October" is the date; "Monday of next week" is in it; "Monday" is the nearest one in the direction of the sentence.</summary>
    private DateReading? OfWeekday(int i, int weekday)
    {
        var next = Is(i + 1, ",") ? i + 2 : i + 1;
        if ((MonthDay(next) ?? DayMonth(Is(next, "the") ? next + 1 : next)) is { Value.Days: { } exact } dated && exact.From == exact.To)
            return dated;
        if (Word(i + 1) is { Length: >= 3 } text && CalendarWords.Ordinal(text) is >= 1 and <= 31 and var day || Is(i + 1, "the") && (day = CalendarWords.Ordinal(Word(i + 2))) is >= 1 and <= 31)
            return At(Is(i + 1, "the") ? i + 3 : i + 2, NearestOn(weekday, day));
        var of = Is(i + 1, "of") || Is(i + 1, "in") ? i + 2 : i + 1;
        if (Named(of) is { Value.Days: { } week } named && week.To.DayNumber - week.From.DayNumber == 6 && week.From.DayOfWeek == DayOfWeek.Monday)
            return At(named.End, OnWeekday(weekday, Days.Week(week.From, 0)));
        var distance = Future ? (weekday - (int)published.DayOfWeek + 7) % 7 : -(((int)published.DayOfWeek - weekday + 7) % 7);
        return At(Daytime(i + 1), Days.Add(published, distance) is { } near ? Days.Day(near) : null);
    }

    /// <summary>"Friday the 13th": the nearest month whose 13th is a Friday.</summary>
    private DateValue? NearestOn(int weekday, int day)
    {
        for (var offset = 0; offset < 14; offset++)
        {
            if (Days.Month(published, Future ? offset : -offset) is { Days: { } month } && Days.Day(month.From.Year, month.From.Month, day) is { Days: { } on } value
                && (int)on.From.DayOfWeek == weekday && (Future ? on.From >= published : on.From <= published))
                return value;
        }

        return null;
    }

    /// <summary>"October 29", "Oct. 29, 2022", "October 13-14", "October 2022", "October" by itself.</summary>
    private DateReading? MonthDay(int i)
    {
        var word = Word(i);
        var month = CalendarWords.Month(word);
        if (month == 0)
            return null;
        var at = Is(i + 1, "the") || Is(i + 1, "/") ? i + 2 : i + 1;
        var next = Word(at);
        if (DayRange(next, out var first, out var last) && Capital(i))
        {
            var comma = Is(at + 1, ",") ? at + 2 : at + 1;
            var year = YearAt(comma);
            return At(year > 0 ? comma + 1 : at + 1, StretchIn(year > 0 ? year : NearestYear(month, first), month, first, last), year == 0);
        }

        var day = DayOfMonth(at);
        if (day > 0 && (Capital(i) || month is not (3 or 5)) && !next.Contains(':') && !Is(at + 1, "%"))
        {
            var comma = Is(at + 1, ",") || Is(at + 1, "of") ? at + 2 : at + 1;
            var year = YearAt(comma);
            return At(year > 0 ? comma + 1 : at + 1, DayOf(year, month, day), year == 0);
        }

        return Bare(i);
    }

    /// <summary>A month by itself or with its year.</summary>
    private DateReading? Bare(int i)
    {
        var word = Word(i);
        var month = CalendarWords.Month(word);
        if (month == 0)
            return YearAt(i) is > 0 and var bare ? At(i + 1, Days.Year(bare)) : null;
        var at = Is(i + 1, ",") || Is(i + 1, "of") || Is(i + 1, "/") || IsDash(i + 1) ? i + 2 : i + 1;
        if (YearAt(at) is > 0 and var year)
            return At(at + 1, Days.Month(year, month));
        if (Is(i + 1, "of") && Named(i + 2) is { Value.Days: { } days } named && days.From is { Month: 1, Day: 1 } && days.To is { Month: 12, Day: 31 })
            return At(named.End, Days.Month(days.From.Year, month));
        // "May" and "March" are also a verb, a noun and names; small letters leave it to the word before.
        var plain = Capital(i) ? word.Length > 3 && month is not (3 or 5) : word.Length > 3 && month is not (3 or 5 or 8);
        if (IsGenitive(i + 1) && month is 3 or 5 or 4 or 6 || month is 3 or 4 or 5 or 6 or 8 && i - 1 >= floor && Capital(i - 1) && page.IsName(i - 1) && !page.IsFirst(i - 1))
            return null;
        return plain || Introduces(i - 1) && (Capital(i) || month is not (3 or 5)) ? At(i + 1, Days.Month(NearestYear(month, published.Month == month ? published.Day : 15), month), true) : null;
    }

    /// <summary>"29 October 2022", "the 29th of October", "13-14 October", "the 15th of next month", "the 3rd day of May".</summary>
    private DateReading? DayMonth(int i)
    {
        var at = Is(i + 1, "day") && Is(i + 2, "of") ? i + 3 : Is(i + 1, "of") || IsDash(i + 1) ? i + 2 : i + 1;
        var word = Word(at);
        var month = CalendarWords.Month(word);
        if (month == 0 || (word.Length <= 3 || month is 3 or 5) && !Capital(at))
        {
            return at > i + 1 && DayOfMonth(i) is > 0 and var number && Named(at) is { Value.Days: { } days } whole && days.From.Day == 1 && days.To == Days.MonthDays(days.From.Year, days.From.Month).To
                ? At(whole.End, Days.Day(days.From.Year, days.From.Month, number)) : null;
        }

        var comma = Is(at + 1, ",") || Is(at + 1, "of") ? at + 2 : at + 1;
        var year = YearAt(comma);
        var next = year > 0 ? comma + 1 : at + 1;
        if (DayRange(Word(i), out var first, out var last))
            return At(next, StretchIn(year > 0 ? year : NearestYear(month, first), month, first, last), year == 0);
        var day = DayOfMonth(i);
        return day <= 0 ? null : At(next, DayOf(year, month, day), year == 0);
    }

    /// <summary>"on the 4th": of the nearest month. Only after "on" or "by": "the 4th" is more often a rank.</summary>
    private DateReading? DayOfSome(int i)
    {
        if (Word(i) is not [.., 'h' or 't' or 'd'] || CalendarWords.Ordinal(Word(i)) is not (>= 1 and <= 31 and var day) || !char.IsAsciiDigit(Word(i)[0]) || !(Is(i - 2, "on") || Is(i - 2, "by")) || page.IsNominal(i + 1))
            return null;
        var offset = Future ? day < published.Day ? 1 : 0 : day > published.Day ? -1 : 0;
        return Days.Month(published, offset) is { Days: { } month } ? At(i + 1, Days.Day(month.From.Year, month.From.Month, day), true) : null;
    }

    /// <summary>"2022-10-29", "10/29/2022", "29.10.2022", "05-Aug-2016", "2022", "1990s".</summary>
    private DateReading? Numeric(int i)
    {
        var word = Word(i);
        if (word is [_, _, _, '0', 's'] or [_, _, _, '0', 'S'] && int.TryParse(word[..4], NumberStyles.None, null, out var decade))
            return At(i + 1, Days.Decade(decade));
        if (word.Length == 4 && YearAt(i) is > 0 and var year)
            return Introduces(i - 1) || Is(i - 1, "year") || IsDash(i - 1) || (Is(i - 1, "(") && Is(i + 1, ")")) ? At(i + 1, Days.Year(year)) : null;
        return NumericDate.Read(word, published) is { } value ? new DateReading(i + 1, value, word.IndexOfAny('-', '/') == word.LastIndexOfAny('-', '/')) : null;
    }

    /// <summary>"summer 2023", "the winter of 2023".</summary>
    private DateReading? SeasonYear(int i)
    {
        if (CalendarWords.Season(Word(i)) is not { } season)
            return null;
        var at = Is(i + 1, "of") ? i + 2 : i + 1;
        return YearAt(at) is > 0 and var year ? At(at + 1, Days.Season(year, season)) : null;
    }

    private DateReading? Decade(int i) => CalendarWords.Decade(Word(i)) is > 0 and var decade && (Is(i - 1, "the") || Is(i - 1, "in")) ? At(i + 1, Days.Decade(1900 + decade)) : null;

    /// <summary>"Christmas", "New Year's Eve 2022", "Thanksgiving".</summary>
    private DateReading? Feast(int i)
    {
        if (!Capital(i) || Feasts.Read(page, i, out var next) is not { } feast || next < end && page.IsName(next) && CalendarWords.Weekday(Word(next)) < 0)
            return null;
        var at = Is(next, "of") || Is(next, ",") ? next + 1 : next;
        if (YearAt(at) is > 0 and var year)
            return At(at + 1, Feasts.In(feast, year));
        if (Named(at) is { Value.Days: { } days } named && days.From is { Month: 1, Day: 1 } && days.To is { Month: 12, Day: 31 })
            return At(named.End, Feasts.In(feast, days.From.Year));
        var here = Feasts.In(feast, published.Year) is { Days: { } on } ? on.From : published;
        return At(next, Feasts.In(feast, published.Year + (Future ? here < published ? 1 : 0 : here > published ? -1 : 0)), true);
    }

    private static DateValue? StretchIn(int year, int month, int first, int last) =>
        Days.Day(year, month, first) is { Days: { } start } && Days.Day(year, month, last) is { Days: { } stop } && first < last ? Days.Stretch(start.From, stop.To) : null;

    private static bool DayRange(ReadOnlySpan<char> word, out int first, out int last)
    {
        first = last = 0;
        var dash = word.IndexOf('-');
        return dash is 1 or 2 && int.TryParse(word[..dash], NumberStyles.None, null, out first) && int.TryParse(word[(dash + 1)..], NumberStyles.None, null, out last)
            && first is >= 1 and <= 31 && last is >= 1 and <= 31;
    }

    private int DayOfMonth(int i)
    {
        var word = Word(i);
        if (word.Length is 1 or 2 && int.TryParse(word, NumberStyles.None, null, out var day))
            return day is >= 1 and <= 31 ? day : 0;
        return CalendarWords.Ordinal(word) is >= 1 and <= 31 and var ordinal ? ordinal : 0;
    }

    private bool Capital(int i) => Word(i) is [var c, ..] && char.IsUpper(c);

    private bool Introduces(int i) => Is(i, "in") || Is(i, "by") || Is(i, "since") || Is(i, "until") || Is(i, "till") || Is(i, "of") || Is(i, "for") || Is(i, "from") || Is(i, "to")
        || Is(i, "during") || Is(i, "before") || Is(i, "after") || Is(i, "through") || Is(i, "early") || Is(i, "late") || Is(i, "this") || Is(i, "last") || Is(i, "next") || Is(i, "and");
}
