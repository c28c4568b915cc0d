
namespace Ledger.Extraction.Dates;

/// <summary>Days told from the day of publication.</summary>
internal sealed partial class DateReader
{
    private DateReading? Relative(int i)
    {
        if (Is(i, "today") || Is(i, "tonight"))
            return At(i + 1, Days.Day(published));
        if (Is(i, "yesterday"))
            return Shifted(i + 1, -1);
        if (Is(i, "tomorrow") || Is(i, "tmrw") || Is(i, "tmr"))
            return Shifted(i + 1, 1);
        var day = Is(i, "the") ? i + 1 : i;
        if (Is(day, "day") && (Is(day + 1, "after") && (Is(day + 2, "tomorrow") || Is(day + 2, "tmrw")) || Is(day + 1, "before") && Is(day + 2, "yesterday")))
            return Shifted(day + 3, Is(day + 1, "after") ? 2 : -2);
        if (CalendarWords.TryUnit(Word(day), out var whole) && Is(day + 1, "after") && Is(day + 2, "next"))
            return At(day + 3, UnitAt(whole, 2));
        return Named(i) ?? Counted(i);
    }

    /// <summary>"this week", "next month", "last year", "next Tuesday", "last October", "this summer", "next week Monday".</summary>
    private DateReading? Named(int i)
    {
        var at = Is(i, "the") ? i + 1 : i;
        var offset = Is(at, "this") || Is(at, "current") || Is(at, "same") && at > i ? 0
            : Is(at, "next") || Is(at, "coming") || Is(at, "upcoming") || Is(at, "following") ? 1
            : Is(at, "last") || Is(at, "past") || Is(at, "previous") ? -1 : 2;
        if (offset == 2)
            return null;
        if (offset == 0 && (Is(at + 1, "coming") || Is(at + 1, "past") || Is(at + 1, "working") || Is(at + 1, "current") || Is(at + 1, "upcoming")))
        {
            offset = Is(at + 1, "coming") || Is(at + 1, "upcoming") ? 1 : Is(at + 1, "past") ? -1 : 0;
            at++;
        }

        var word = Word(at + 1);
        if (CalendarWords.Weekday(word) is >= 0 and var weekday && word.Length > 2)
        {
            // "this Friday, 12 May": the date says more than the weekday.
            if (MonthDay(Is(at + 2, ",") ? at + 3 : at + 2) is { Value.Days: { } exact } dated && exact.From == exact.To)
                return dated;
            var plain = Is(at - 1, "the") || offset != 0;
            return At(Daytime(at + 2), offset switch
            {
                0 => OnWeekday(weekday, Days.Week(published, 0)),
                1 when Is(at, "coming") || Is(at, "upcoming") => Days.Add(published, 1 + (((weekday - (int)published.DayOfWeek) + 6) % 7)) is { } soon ? Days.Day(soon) : null,
                -1 when Is(at, "past") => Days.Add(published, -1 - ((((int)published.DayOfWeek - weekday) + 6) % 7)) is { } before ? Days.Day(before) : null,
                _ => plain ? OnWeekday(weekday, Days.Week(published, offset)) : null,
            });
        }

        if (CalendarWords.Month(word) is > 0 and var month && word.Length > 2)
        {
            if (DayOfMonth(at + 2) > 0 && offset == 0)
                return MonthDay(at + 1);
            var year = published.Year + (offset == 1 && month <= published.Month ? 1 : offset == -1 && month >= published.Month ? -1 : 0);
            return At(at + 2, Days.Month(year, month));
        }

        if (CalendarWords.Season(word) is { } season)
        {
            var first = season switch { "SP" => 3, "SU" => 6, "FA" => 9, _ => 12 };
            var year = published.Year + (offset == 1 && first <= published.Month ? 1 : offset == -1 && first + 2 >= published.Month ? -1 : 0);
            return At(at + 2, Days.Season(year, season));
        }

        if (!CalendarWords.TryUnit(word, out var unit) || word[^1] == 's')
            return null;
        if (unit == Unit.Fortnight)
            return At(at + 2, Span(Unit.Week, offset < 0 ? -2 : 2));
        if (unit == Unit.Week && Weekday(IsDash(at + 2) || Is(at + 2, "on") ? at + 3 : at + 2) is { } day)
            return At(day.End, OnWeekday(day.Weekday, Days.Week(published, offset)));
        // "next year's first quarter"
        if (unit == Unit.Year && IsGenitive(at + 2) && CalendarWords.Ordinal(Word(at + 3)) is >= 1 and <= 4 and var ordinal && (Is(at + 4, "quarter") || Is(at + 4, "half")))
            return At(at + 5, Is(at + 4, "quarter") ? Days.Quarter(published.Year + offset, ordinal) : Days.Half(published.Year + offset, ordinal));
        return At(at + 2, UnitAt(unit, offset));
    }

    private DateValue? UnitAt(Unit unit, int offset) => unit switch
    {
        Unit.Day => Days.Add(published, offset) is { } day ? Days.Day(day) : null,
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
        var direction = Direction(at);
        at += direction == 0 ? 0 : 1;
        if (direction == 0 && at != inFront && !within)
            return null;
        if (!Amount(at, out var count, out var unitAt) || (direction != 0 && Word(at) is "a" or "an"))
            return null;
        if (direction == 0 && Direction(unitAt) is not 0 and var inside)
        {
            direction = inside;
            unitAt++;
        }

        var business = Is(unitAt, "business") || Is(unitAt, "working");
        unitAt += business ? 1 : 0;
        if (!CalendarWords.TryUnit(Word(unitAt), out var unit))
            return null;
        var after = unitAt + 1;
        if (Is(after, "ago") || Is(after, "back") || Is(after, "earlier") && Is(after + 1, "today"))
            return At(after + 1, business ? Workdays(-count) : Away(published, unit, -count));
        if (Is(after, "from") && (Is(after + 1, "now") || Is(after + 1, "today")) || Is(after, "after") && Is(after + 1, "today"))
            return At(after + 2, business ? Workdays(count) : Away(published, unit, count));
        if (direction != 0 || within)
            return At(after, business && Workdays(direction * count) is { Days: { } far } ? direction > 0 ? Days.Stretch(published.AddDays(1), far.To) : Days.Stretch(far.From, published) : Span(unit, (within ? 1 : direction) * count, within));
        // "in two weeks" looks ahead; "in two weeks of talks" and "in a day of" do not.
        var apostrophe = IsGenitive(after) || Is(after, "'") || Is(after, "’");
        return inFront > i && (Future || apostrophe || Is(after, "time")) && !Is(after, "of") ? At(apostrophe && Is(after + 1, "time") ? after + 2 : after, business ? Workdays(count) : Away(published, unit, count)) : null;
    }

    /// <summary>"two weeks from January 15", "a week before Christmas", "three days after next Friday", "two weeks from tomorrow".</summary>
    private DateReading? Offset(int i)
    {
        if (!Amount(i, out var count, out var unitAt) || !CalendarWords.TryUnit(Word(unitAt), out var unit))
            return null;
        var after = unitAt + 1;
        var sign = Is(after, "from") || Is(after, "after") || Is(after, "following") ? 1 : Is(after, "before") ? -1 : 0;
        if (sign == 0 || Is(after + 1, "now") || (Longest(Relative(after + 1), Point(after + 1)) is not { Value.Days: { } anchor } to) || anchor.From != anchor.To)
            return null;
        return At(to.End, Away(anchor.From, unit, sign * count), to.Yearless);
    }

    private int Direction(int i) => Is(i, "next") || Is(i, "coming") || Is(i, "following") || Is(i, "upcoming") ? 1 : Is(i, "past") || Is(i, "last") || Is(i, "previous") ? -1 : 0;

    /// <summary>"three", "a couple of", "a few", "12".</summary>
    private bool Amount(int i, out int count, out int next)
    {
        count = CalendarWords.Count(Word(i));
        next = i + 1;
        if (Is(i, "a") && (Is(i + 1, "couple") || Is(i + 1, "few")))
        {
            count = Is(i + 1, "couple") ? 2 : 3;
            next = i + 2;
        }
        else if (Is(i, "few") || Is(i, "several"))
        {
            count = 3;
        }

        next += count >= 0 && (Is(next, "of") || Is(next, "more")) ? 1 : 0;
        return count >= 0;
    }

    /// <summary>A day, week, month or year so many away: as exact as the unit.</summary>
    private static DateValue? Away(DateOnly from, Unit unit, int count) => unit switch
    {
        Unit.Day => Days.Add(from, count) is { } day ? Days.Day(day) : null,
        Unit.Week or Unit.Fortnight => Days.Add(from, 7L * count * (unit == Unit.Fortnight ? 2 : 1)) is { } day ? Days.Day(day) : null,
        Unit.Month => Shift(from, count) is { } day ? Days.Day(day) : null,
        Unit.Year => Days.Year(from.Year + count),
        Unit.Decade => Days.Decade(((from.Year / 10) + count) * 10),
        _ => null,
    };

    /// <summary>So many days, weeks … on from the day after publication, or back from it; "within" counts publication in.</summary>
    private DateValue? Span(Unit unit, int count, bool within = false)
    {
        var other = unit switch
        {
            Unit.Day => Days.Add(published, count),
            Unit.Week => Days.Add(published, 7L * count),
            Unit.Fortnight => Days.Add(published, 14L * count),
            Unit.Month => Shift(published, count),
            Unit.Quarter => Shift(published, 3 * count),
            Unit.Year => Shift(published, 12 * count),
            Unit.Decade => Shift(published, 120 * count),
            _ => null,
        };
        return other is not { } day ? null
            : count < 0 ? Days.Stretch(day, published)
            : Days.Stretch(within || count == 0 ? published : published.AddDays(1), day);
    }

    private DateValue? Workdays(int count)
    {
        var day = published;
        for (var left = Math.Min(Math.Abs(count), 400); left > 0;)
        {
            if (Days.Add(day, Math.Sign(count)) is not { } next)
                return null;
            day = next;
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                left--;
        }

        return Days.Day(day);
    }

    private static DateOnly? Shift(DateOnly from, int months)
    {
        var index = (from.Year * 12L) + from.Month - 1 + months;
        return index is >= 12 and < 9999 * 12 ? from.AddMonths(months) : null;
    }

    private DateReading? Shifted(int next, int days) => Days.Add(published, days) is { } day ? At(Daytime(next), Days.Day(day)) : null;

    /// <summary>After "morning", "evening" and so on.</summary>
    private int Daytime(int i) => Is(i, "morning") || Is(i, "afternoon") || Is(i, "evening") || Is(i, "night") ? i + 1 : i;

    private (int Weekday, int End)? Weekday(int i) => CalendarWords.Weekday(Word(i)) is >= 0 and var weekday && Word(i).Length > 2 ? (weekday, Daytime(i + 1)) : null;

    private static DateValue? OnWeekday(int weekday, DateValue? week) => week is { Days: { } days } ? Days.Day(days.From.AddDays((weekday + 6) % 7)) : null;
}
