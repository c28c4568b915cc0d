using System.Collections.Immutable;
using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Dates;

/// <summary>
/// Finds date expressions and resolves them against the day of publication. At each token the longest reading counts; what could be another word
/// (may, march, second, fall) needs its context. Linear in the text: a reading looks at a few tokens only.
/// </summary>
internal static class DateExpressions
{
    internal static ImmutableArray<DateMention> Find(Page page, DateOnly published)
    {
        var found = ImmutableArray.CreateBuilder<DateMention>();
        for (var s = 0; s < page.Sentences.Length; s++)
        {
            var sentence = page.Sentences[s];
            var reader = new DateReader(page, published, sentence.FirstToken, sentence.EndToken);
            for (var i = sentence.FirstToken; i < sentence.EndToken;)
            {
                if (reader.Read(i) is { } read && read.End > i)
                {
                    found.Add(new(i, read.End, page.Range(i, read.End), read.Value));
                    i = read.End;
                }
                else
                {
                    i++;
                }
            }
        }

        return found.ToImmutable();
    }
}

/// <summary>A reading from some token to before <paramref name="End"/>.</summary>
internal readonly record struct DateReading(int End, DateValue Value);

/// <summary>Reads date expressions of one sentence.</summary>
internal sealed class DateReader
{
    private readonly Page page;
    private readonly DateOnly published;
    private readonly int floor;
    private readonly int end;
    private readonly bool future;

    internal DateReader(Page page, DateOnly published, int first, int end)
    {
        (this.page, this.published, floor, this.end) = (page, published, first, end);
        future = Tense.IsFuture(page, first, end);
    }

    /// <summary>The longest expression that begins at a token.</summary>
    internal DateReading? Read(int i)
    {
        if (Range(i) is { } range)
        {
            return range;
        }

        return Single(i);
    }

    private DateReading? Single(int i) => Part(i) ?? Relative(i) ?? Point(i);

    /// <summary>"from X to Y", "between X and Y", "X to Y", "X–Y".</summary>
    private DateReading? Range(int i)
    {
        var from = Is(i, "from") || Is(i, "between") ? i + 1 : i;
        if (Single(from) is not { Value.Days: { } first } start)
        {
            return from > i ? DayNumbers(i) : null;
        }

        var joint = start.End;
        var joins = from > i && page.Is(i, "between") ? Is(joint, "and") : Is(joint, "to") || Is(joint, "through") || Is(joint, "until") || Is(joint, "till") || IsDash(joint);
        if (joins && Single(joint + 1) is { Value.Days: { } second } last && Days.Between(first, second) is { } value)
        {
            return new(last.End, value);
        }

        return null;
    }

    /// <summary>"from 4 to 22 January", "between the 4th and the 22nd of January".</summary>
    private DateReading? DayNumbers(int i)
    {
        var at = Is(i + 1, "the") ? i + 2 : i + 1;
        var first = DayOfMonth(at);
        if (first <= 0 || !(Is(at + 1, "to") || Is(at + 1, "and") || IsDash(at + 1)))
        {
            return null;
        }

        var next = Is(at + 2, "the") ? at + 3 : at + 2;
        return Single(next) is { Value.Days: { } days } last && Days.Day(days.From.Year, days.From.Month, first) is { Days: { } start } && Days.Between(start, days) is { } value
            ? new(last.End, value)
            : null;
    }

    /// <summary>"the end of November", "early next week", "late 2019", "mid-October", "later this month".</summary>
    private DateReading? Part(int i)
    {
        var at = Is(i, "the") || Is(i, "at") && Is(i + 1, "the") ? Is(i, "at") ? i + 2 : i + 1 : i;
        var third = Third(at);
        int next;
        if (third != 0 && Is(at + 1, "of"))
        {
            next = Is(at + 2, "the") ? at + 3 : at + 2;
        }
        else if (at == i && (Is(i, "early") || Is(i, "late") || Is(i, "mid")))
        {
            third = Is(i, "early") ? 1 : Is(i, "mid") ? 2 : 3;
            next = IsDash(i + 1) || Is(i + 1, "in") ? i + 2 : i + 1;
        }
        else if (at == i && Word(i) is var word && word.Length > 4 && word[3] == '-' && word.StartsWith("mid", StringComparison.OrdinalIgnoreCase) && CalendarWords.Month(word[4..]) is > 0 and var month)
        {
            var year = YearAt(i + 1);
            return new(year > 0 ? i + 2 : i + 1, Thirds(Days.MonthDays(year > 0 ? year : NearestYear(month, 15), month), 2));
        }
        else if (at == i && (Is(i, "later") || Is(i, "earlier")) && Relative(i + 1) is { Value.Days: { } period } rest && (Is(i + 1, "this") || Is(i + 1, "that")))
        {
            return Is(i, "later")
                ? new(rest.End, Days.Stretch(published > period.From ? published : period.From, period.To))
                : new(rest.End, Days.Stretch(period.From, published < period.To ? published : period.To));
        }
        else
        {
            return null;
        }

        var whole = Bare(next) ?? Relative(next) ?? Point(next);
        return whole is { Value.Days: { } days } && days.From != days.To ? new(whole.Value.End, Thirds(days, third)) : null;
    }

    private int Third(int i) => Is(i, "beginning") || Is(i, "start") ? 1 : Is(i, "middle") ? 2 : Is(i, "end") || Is(i, "close") ? 3 : 0;

    /// <summary>A third of a stretch: of a month its days 1–10, 11–20 and from 21 on.</summary>
    private static DateValue Thirds(DateInterval days, int third)
    {
        var length = days.To.DayNumber - days.From.DayNumber + 1;
        if (days.From.Day == 1 && length is >= 28 and <= 31)
        {
            return third switch
            {
                1 => Days.Stretch(days.From, days.From.AddDays(9)),
                2 => Days.Stretch(days.From.AddDays(10), days.From.AddDays(19)),
                _ => Days.Stretch(days.From.AddDays(20), days.To),
            };
        }

        var part = Math.Max(1, length / 3);
        return third switch
        {
            1 => Days.Stretch(days.From, days.From.AddDays(part - 1)),
            2 => Days.Stretch(days.From.AddDays(part), days.To.AddDays(-part)),
            _ => Days.Stretch(days.To.AddDays(-(part - 1)), days.To),
        };
    }

    private DateReading? Relative(int i)
    {
        if (Is(i, "today") || Is(i, "tonight"))
        {
            return At(i + 1, Days.Day(published));
        }

        if (Is(i, "yesterday") || Is(i, "tomorrow"))
        {
            return Shifted(i + 1, Is(i, "tomorrow") ? 1 : -1);
        }

        if (Is(i, "the") && Is(i + 1, "day") && (Is(i + 2, "after") && Is(i + 3, "tomorrow") || Is(i + 2, "before") && Is(i + 3, "yesterday")))
        {
            return Shifted(i + 4, Is(i + 2, "after") ? 2 : -2);
        }

        return Named(i) ?? Counted(i);
    }

    /// <summary>"this week", "next month", "last year", "next Tuesday", "last October", "this summer".</summary>
    private DateReading? Named(int i)
    {
        var at = Is(i, "the") ? i + 1 : i;
        var offset = Is(at, "this") || Is(at, "current") ? 0
            : Is(at, "next") || Is(at, "coming") || Is(at, "upcoming") || Is(at, "following") ? 1
            : Is(at, "last") || Is(at, "past") || Is(at, "previous") ? -1 : 2;
        if (offset == 2)
        {
            return null;
        }

        if (offset == 0 && (Is(at + 1, "coming") || Is(at + 1, "past")))
        {
            offset = Is(at + 1, "coming") ? 1 : -1;
            at++;
        }

        var word = Word(at + 1);
        if (CalendarWords.Weekday(word) is >= 0 and var weekday)
        {
            return At(Daytime(at + 2), offset switch
            {
                0 => Weekday(weekday, Days.Week(published, 0)),
                1 => Days.Add(published, 1 + (((weekday - (int)published.DayOfWeek + 7 - 1) % 7))) is { } next ? Days.Day(next) : null,
                _ => Days.Add(published, -1 - (((int)published.DayOfWeek - weekday + 7 - 1) % 7)) is { } last ? Days.Day(last) : null,
            });
        }

        if (CalendarWords.Month(word) is > 0 and var month && char.IsUpper(word[0]))
        {
            var year = published.Year + (offset == 1 && month <= published.Month ? 1 : offset == -1 && month >= published.Month ? -1 : 0);
            return At(at + 2, Days.Month(year, month));
        }

        if (CalendarWords.Season(word) is { } season)
        {
            var first = season switch { "SP" => 3, "SU" => 6, "FA" => 9, _ => 12 };
            var year = published.Year + (offset == 1 && first <= published.Month ? 1 : offset == -1 && first + 2 >= published.Month ? -1 : 0);
            return At(at + 2, Days.Season(year, season));
        }

        return CalendarWords.TryUnit(word, out var unit) ? At(at + 2, UnitAt(unit, offset)) : null;
    }

    private DateValue? UnitAt(Unit unit, int offset) => unit switch
    {
        Unit.Week => Days.Week(published, offset),
        Unit.Weekend => Days.Weekend(published, offset),
        Unit.Month => Days.Month(published, offset),
        Unit.Quarter => Days.Month(published, 3 * offset) is { Days: { } days } ? Days.Quarter(days.From.Year, ((days.From.Month - 1) / 3) + 1) : null,
        Unit.Year => Days.Year(published.Year + offset),
        Unit.Decade => Days.Decade(((published.Year / 10) + offset) * 10),
        Unit.Century => Days.Century((published.Year / 100) + 1 + offset),
        _ => null,
    };

    /// <summary>"three days ago", "in two weeks", "two weeks from now", "the past five years", "the next ten days", "within a month".</summary>
    private DateReading? Counted(int i)
    {
        var within = Is(i, "within");
        var inFront = within || Is(i, "in") ? i + 1 : i;
        var at = Is(inFront, "the") ? inFront + 1 : inFront;
        var direction = Is(at, "next") || Is(at, "coming") || Is(at, "following") ? 1 : Is(at, "past") || Is(at, "last") || Is(at, "previous") ? -1 : 0;
        at += direction == 0 ? 0 : 1;
        if (direction == 0 && at != inFront && !within)
        {
            return null;
        }

        var count = CalendarWords.Count(Word(at));
        if (count < 0 || (direction != 0 && Word(at) is "a" or "an"))
        {
            return null;
        }

        var unitAt = at + 1;
        if (Is(at, "a") && Is(at + 1, "couple"))
        {
            count = 2;
            unitAt = at + 2;
        }

        unitAt += Is(unitAt, "of") || Is(unitAt, "more") ? 1 : 0;
        if (!CalendarWords.TryUnit(Word(unitAt), out var unit))
        {
            return null;
        }

        var after = unitAt + 1;
        if (Is(after, "ago") || Is(after, "earlier") && Is(after + 1, "today"))
        {
            return At(after + 1, Away(unit, -count));
        }

        if (Is(after, "from") && (Is(after + 1, "now") || Is(after + 1, "today")))
        {
            return At(after + 2, Away(unit, count));
        }

        if (direction != 0 || within)
        {
            return At(after, Span(unit, (within ? 1 : direction) * count));
        }

        // "in two weeks" looks ahead; "in two weeks of talks" and "in a day of" do not.
        return inFront > i && future && !Is(after, "of") ? At(after, Away(unit, count)) : null;
    }

    /// <summary>A day, week, month or year so many away: as exact as the unit.</summary>
    private DateValue? Away(Unit unit, int count) => unit switch
    {
        Unit.Day => Days.Add(published, count) is { } day ? Days.Day(day) : null,
        Unit.Week or Unit.Fortnight => Days.Add(published, 7L * count * (unit == Unit.Fortnight ? 2 : 1)) is { } day ? Days.Day(day) : null,
        Unit.Month => Shift(count) is { } day ? Days.Day(day) : null,
        Unit.Year => Days.Year(published.Year + count),
        Unit.Decade => Days.Decade(((published.Year / 10) + count) * 10),
        _ => null,
    };

    private DateValue? Span(Unit unit, int count)
    {
        var other = unit switch
        {
            Unit.Day => Days.Add(published, count),
            Unit.Week => Days.Add(published, 7L * count),
            Unit.Fortnight => Days.Add(published, 14L * count),
            Unit.Month => Shift(count),
            Unit.Quarter => Shift(3 * count),
            Unit.Year => Shift(12 * count),
            Unit.Decade => Shift(120 * count),
            _ => null,
        };
        return other is not { } day ? null : count < 0 ? Days.Stretch(day, published) : Days.Stretch(published, day);
    }

    private DateOnly? Shift(int months)
    {
        var index = (published.Year * 12L) + published.Month - 1 + months;
        return index is >= 12 and < 9999 * 12 ? published.AddMonths(months) : null;
    }

    private DateReading? Point(int i)
    {
        var word = Word(i);
        if (word.IsEmpty)
        {
            return null;
        }

        if (char.IsAsciiDigit(word[0]))
        {
            return Numeric(i) ?? DayMonth(i);
        }

        if (CalendarWords.Weekday(word) is >= 0 and var weekday && char.IsUpper(word[0]) && (word.Length > 3 || word[^1] == '.'))
        {
            // "Monday, 3 October" is the date; "Monday" is the nearest one in the direction of the sentence.
            var next = Is(i + 1, ",") ? i + 2 : i + 1;
            return MonthDay(next) ?? (Word(next) is { IsEmpty: false } following && char.IsAsciiDigit(following[0]) ? DayMonth(next) : null)
                ?? At(Daytime(i + 1), Nearest(weekday));
        }

        if (Is(i, "the") && (DayMonth(i + 1) ?? Ordinals(i + 1)) is { } ordinal)
        {
            return ordinal;
        }

        return MonthDay(i) ?? Ordinals(i) ?? SeasonYear(i) ?? (CalendarWords.Ordinal(word) > 0 ? DayMonth(i) : null);
    }

    /// <summary>"October 29", "Oct. 29, 2022", "October 13-14", "October 2022", "October" after a preposition.</summary>
    private DateReading? MonthDay(int i)
    {
        var word = Word(i);
        var month = CalendarWords.Month(word);
        if (month == 0 || !char.IsUpper(word[0]))
        {
            return null;
        }

        var at = Is(i + 1, "the") ? i + 2 : i + 1;
        var next = Word(at);
        if (DayRange(next, out var first, out var last))
        {
            var comma = Is(at + 1, ",") ? at + 2 : at + 1;
            var year = YearAt(comma);
            var stretch = StretchIn(year > 0 ? year : NearestYear(month, first), month, first, last);
            return stretch is null ? null : new(year > 0 ? comma + 1 : at + 1, stretch.Value);
        }

        var day = DayOfMonth(at);
        if (day > 0 && (!next.Contains(':') && !Is(at + 1, "%")))
        {
            var comma = Is(at + 1, ",") ? at + 2 : at + 1;
            var year = YearAt(comma);
            return At(year > 0 ? comma + 1 : at + 1, Days.Day(year > 0 ? year : NearestYear(month, day), month, day));
        }

        return Bare(i);
    }

    /// <summary>A month by itself or with its year.</summary>
    private DateReading? Bare(int i)
    {
        var word = Word(i);
        var month = CalendarWords.Month(word);
        if (month == 0)
        {
            return YearAt(i) is > 0 and var bare && word.Length == 4 ? At(i + 1, Days.Year(bare)) : null;
        }

        if (!char.IsUpper(word[0]))
        {
            return null;
        }

        var at = Is(i + 1, ",") || Is(i + 1, "of") ? i + 2 : i + 1;
        if (YearAt(at) is > 0 and var year)
        {
            return At(at + 1, Days.Month(year, month));
        }

        // "May" and "March" are also a verb, a noun and names.
        var plain = word.Length > 3 && month != 3 && month != 5;
        return plain || Introduces(i - 1) ? At(i + 1, Days.Month(NearestYear(month, published.Month == month ? published.Day : 15), month)) : null;
    }

    /// <summary>"29 October 2022", "the 29th of October", "13-14 October".</summary>
    private DateReading? DayMonth(int i)
    {
        var at = Is(i + 1, "of") || Is(i + 1, "-") ? i + 2 : i + 1;
        var word = Word(at);
        var month = CalendarWords.Month(word);
        if (month == 0 || !char.IsUpper(word[0]))
        {
            return null;
        }

        var comma = Is(at + 1, ",") ? at + 2 : at + 1;
        var year = YearAt(comma);
        if (DayRange(Word(i), out var first, out var last))
        {
            var stretch = StretchIn(year > 0 ? year : NearestYear(month, first), month, first, last);
            return stretch is null ? null : new(year > 0 ? comma + 1 : at + 1, stretch.Value);
        }

        var day = DayOfMonth(i);
        return day <= 0 ? null : At(year > 0 ? comma + 1 : at + 1, Days.Day(year > 0 ? year : NearestYear(month, day), month, day));
    }

    /// <summary>"2022-10-29", "10/29/2022", "29.10.2022", "2022", "1990s".</summary>
    private DateReading? Numeric(int i)
    {
        var word = Word(i);
        if (word is [_, _, _, '0', 's'] or [_, _, _, '0', 'S'] && int.TryParse(word[..4], NumberStyles.None, null, out var decade))
        {
            return At(i + 1, Days.Decade(decade));
        }

        if (word.Length == 4 && YearAt(i) is > 0 and var year)
        {
            return Introduces(i - 1) || Is(i - 1, "year") || (Is(i - 1, "(") && Is(i + 1, ")")) ? At(i + 1, Days.Year(year)) : null;
        }

        return NumericDate.Read(word, published) is { } value ? new DateReading(i + 1, value) : null;
    }

    /// <summary>"the first quarter of 2023", "Q3 2023", "the second half of the year", "the 21st century".</summary>
    private DateReading? Ordinals(int i)
    {
        var word = Word(i);
        if (word.Length == 2 && word[0] is 'Q' or 'H' && word[1] is >= '1' and <= '4')
        {
            var at = Is(i + 1, "of") ? i + 2 : i + 1;
            var year = YearAt(at);
            var number = word[1] - '0';
            var whole = year > 0 ? year : published.Year;
            return At(year > 0 ? at + 1 : i + 1, word[0] == 'Q' ? Days.Quarter(whole, number) : Days.Half(whole, number));
        }

        var ordinal = CalendarWords.Ordinal(word);
        if (ordinal <= 0)
        {
            return null;
        }

        if (Is(i + 1, "century"))
        {
            return At(i + 2, Days.Century(ordinal));
        }

        var half = Is(i + 1, "half");
        if (!half && !Is(i + 1, "quarter"))
        {
            return null;
        }

        var next = Is(i + 2, "of") ? i + 3 : i + 2;
        var (whichYear, after) = YearAt(next) is > 0 and var given ? (given, next + 1)
            : Named(next) is { Value.Days: { } days } named && days.From is { Month: 1, Day: 1 } ? (days.From.Year, named.End)
            : Is(next, "the") && Is(next + 1, "year") ? (published.Year, next + 2)
            : half ? (0, 0) : (published.Year, i + 2);
        return whichYear == 0 ? null : At(after, half ? Days.Half(whichYear, ordinal) : Days.Quarter(whichYear, ordinal));
    }

    /// <summary>"summer 2023", "the winter of 2023".</summary>
    private DateReading? SeasonYear(int i)
    {
        if (CalendarWords.Season(Word(i)) is not { } season)
        {
            return null;
        }

        var at = Is(i + 1, "of") ? i + 2 : i + 1;
        return YearAt(at) is > 0 and var year ? At(at + 1, Days.Season(year, season)) : null;
    }

    private DateReading? Shifted(int next, int days) => Days.Add(published, days) is { } day ? At(Daytime(next), Days.Day(day)) : null;

    private static DateReading? At(int next, DateValue? value) => value is { } known ? new(next, known) : null;

    /// <summary>After "morning", "evening" and so on.</summary>
    private int Daytime(int i) => Is(i, "morning") || Is(i, "afternoon") || Is(i, "evening") || Is(i, "night") ? i + 1 : i;

    private DateValue? Nearest(int weekday)
    {
        var distance = future ? (weekday - (int)published.DayOfWeek + 7) % 7 : -(((int)published.DayOfWeek - weekday + 7) % 7);
        return Days.Add(published, distance) is { } day ? Days.Day(day) : null;
    }

    private static DateValue? Weekday(int weekday, DateValue? week) => week is { Days: { } days } ? Days.Day(days.From.AddDays((weekday + 6) % 7)) : null;

    /// <summary>The year of a date without one: the nearest in the direction of the sentence.</summary>
    private int NearestYear(int month, int day)
    {
        var here = (published.Month * 100) + published.Day;
        var there = (month * 100) + day;
        return published.Year + (future ? there < here ? 1 : 0 : there > here ? -1 : 0);
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
        {
            return day is >= 1 and <= 31 ? day : 0;
        }

        return CalendarWords.Ordinal(word) is >= 1 and <= 31 and var ordinal ? ordinal : 0;
    }

    private int YearAt(int i)
    {
        var word = Word(i);
        return word.Length == 4 && int.TryParse(word, NumberStyles.None, null, out var year) && year is >= 1000 and <= 2200 ? year : 0;
    }

    private bool Introduces(int i) => Is(i, "in") || Is(i, "by") || Is(i, "since") || Is(i, "until") || Is(i, "till") || Is(i, "of") || Is(i, "for") || Is(i, "from") || Is(i, "to")
        || Is(i, "during") || Is(i, "before") || Is(i, "after") || Is(i, "through") || Is(i, "early") || Is(i, "late") || Is(i, "this") || Is(i, "last") || Is(i, "next") || Is(i, "and");

    private bool IsDash(int i) => Is(i, "–") || Is(i, "-") || Is(i, "—");

    private bool Is(int i, ReadOnlySpan<char> word) => i >= floor && i < end && page.Is(i, word);

    private ReadOnlySpan<char> Word(int i) => i >= floor && i < end ? page.Word(i) : default;
}
