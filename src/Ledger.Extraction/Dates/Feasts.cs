using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Dates;

internal enum Feast
{
    Christmas,
    ChristmasEve,
    BoxingDay,
    NewYear,
    NewYearsEve,
    Valentine,
    Halloween,
    Independence,
    Labor,
    Memorial,
    Thanksgiving,
    GoodFriday,
    Easter,
    EasterMonday,
}

/// <summary>Holidays that news dates things by: fixed ones, and those that move with Easter (Gregorian) or the week (as in the United States).</summary>
internal static class Feasts
{
    private static readonly (string[] Words, Feast Feast)[] Names =
    [
        (["Christmas", "Eve"], Feast.ChristmasEve),
        (["Christmas", "Day"], Feast.Christmas),
        (["Christmas"], Feast.Christmas),
        (["Boxing", "Day"], Feast.BoxingDay),
        (["New", "Year", "'s", "Eve"], Feast.NewYearsEve),
        (["New", "Year", "'s", "Day"], Feast.NewYear),
        (["Valentine", "'s", "Day"], Feast.Valentine),
        (["Halloween"], Feast.Halloween),
        (["Independence", "Day"], Feast.Independence),
        (["Labor", "Day"], Feast.Labor),
        (["Memorial", "Day"], Feast.Memorial),
        (["Thanksgiving", "Day"], Feast.Thanksgiving),
        (["Thanksgiving"], Feast.Thanksgiving),
        (["Good", "Friday"], Feast.GoodFriday),
        (["Easter", "Monday"], Feast.EasterMonday),
        (["Easter", "Sunday"], Feast.Easter),
        (["Easter"], Feast.Easter),
    ];

    /// <summary>The feast named at a token, and the token after its name; null for none.</summary>
    internal static Feast? Read(Reading page, int token, out int next)
    {
        foreach (var (words, feast) in Names)
        {
            var matches = true;
            for (var i = 0; i < words.Length && matches; i++)
                matches = page.Is(token + i, words[i]) || words[i] == "'s" && page.Is(token + i, "’s");
            if (matches)
            {
                next = token + words.Length;
                return feast;
            }
        }

        next = token;
        return null;
    }

    internal static DateValue? In(Feast feast, int year) => year is < 1583 or > 9998 ? null : feast switch
    {
        Feast.Christmas => Days.Day(year, 12, 25),
        Feast.ChristmasEve => Days.Day(year, 12, 24),
        Feast.BoxingDay => Days.Day(year, 12, 26),
        Feast.NewYear => Days.Day(year, 1, 1),
        Feast.NewYearsEve => Days.Day(year, 12, 31),
        Feast.Valentine => Days.Day(year, 2, 14),
        Feast.Halloween => Days.Day(year, 10, 31),
        Feast.Independence => Days.Day(year, 7, 4),
        Feast.Labor => Days.Day(Nth(year, 9, DayOfWeek.Monday, 1)),
        Feast.Memorial => Days.Day(Nth(year, 6, DayOfWeek.Monday, 1).AddDays(-7)),
        Feast.Thanksgiving => Days.Day(Nth(year, 11, DayOfWeek.Thursday, 4)),
        Feast.GoodFriday => Days.Day(EasterSunday(year).AddDays(-2)),
        Feast.EasterMonday => Days.Day(EasterSunday(year).AddDays(1)),
        _ => Days.Day(EasterSunday(year)),
    };

    private static DateOnly Nth(int year, int month, DayOfWeek day, int number)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays((((int)day - (int)first.DayOfWeek + 7) % 7) + (7 * (number - 1)));
    }

    /// <summary>The anonymous Gregorian computus.</summary>
    private static DateOnly EasterSunday(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int d = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        int e = (32 + (2 * (b % 4)) + (2 * (c / 4)) - d - (c % 4)) % 7;
        int f = d + e - (7 * ((a + (11 * d) + (22 * e)) / 451)) + 114;
        return new DateOnly(year, f / 31, (f % 31) + 1);
    }
}
