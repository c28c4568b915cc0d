using System.Collections.Frozen;

namespace Ledger.Extraction.Dates;

/// <summary>The words of the calendar, in English.</summary>
internal static class CalendarWords
{
    private static readonly string[] MonthNames =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] NumberNames =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private static readonly string[] OrdinalNames =
        ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
            "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
            "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first"];

    private static readonly string[] DecadeNames = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Months = Lookup(
        MonthNames.Select((name, i) => (name, i + 1))
            .Concat([("jan", 1), ("feb", 2), ("mar", 3), ("apr", 4), ("jun", 6), ("jul", 7), ("aug", 8), ("sep", 9), ("sept", 9), ("oct", 10), ("nov", 11), ("dec", 12)]));

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Days = Lookup(
        DayNames.Select((name, i) => (name, i)).Concat([("mon", 1), ("tues", 2), ("weds", 3), ("thurs", 4), ("thur", 4), ("thu", 4), ("tue", 2), ("wed", 3), ("fri", 5), ("sat", 6), ("sun", 0)]));

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Numbers = Lookup(
        NumberNames.Select((name, i) => (name, i)).Concat([("a", 1), ("an", 1), ("couple", 2), ("twenty", 20), ("thirty", 30), ("fifteen", 15), ("hundred", 100)]));

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Ordinals = Lookup(
        OrdinalNames.Select((name, i) => (name, i)).Where(pair => pair.i > 0));

    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> Units = Lookup<Unit>(
        ((string, Unit)[])
        [
            ("day", Unit.Day), ("days", Unit.Day), ("week", Unit.Week), ("weeks", Unit.Week), ("fortnight", Unit.Fortnight), ("weekend", Unit.Weekend), ("month", Unit.Month),
            ("months", Unit.Month), ("quarter", Unit.Quarter), ("quarters", Unit.Quarter), ("year", Unit.Year), ("years", Unit.Year), ("decade", Unit.Decade), ("decades", Unit.Decade),
            ("century", Unit.Century), ("centuries", Unit.Century),
        ]);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Seasons = Lookup<string>(
        ((string, string)[])[("spring", "SP"), ("summer", "SU"), ("autumn", "FA"), ("fall", "FA"), ("winter", "WI")]);

    /// <summary>1 to 12; 0 for no month.</summary>
    internal static int Month(ReadOnlySpan<char> word) => Months.TryGetValue(Trimmed(word), out var month) ? month : 0;

    /// <summary>0 (Sunday) to 6; −1 for no weekday.</summary>
    internal static int Weekday(ReadOnlySpan<char> word) => Days.TryGetValue(Trimmed(word), out var day) ? day : -1;

    /// <summary>What a number word or digits count; −1 for neither.</summary>
    internal static int Count(ReadOnlySpan<char> word)
    {
        if (Numbers.TryGetValue(word, out var count))
        {
            return count;
        }

        return word.Length is > 0 and <= 3 && int.TryParse(word, System.Globalization.NumberStyles.None, null, out var digits) ? digits : -1;
    }

    /// <summary>What "first" or "3rd" counts; −1 for neither.</summary>
    internal static int Ordinal(ReadOnlySpan<char> word)
    {
        if (Ordinals.TryGetValue(word, out var ordinal))
        {
            return ordinal;
        }

        return word.Length is 3 or 4 && word[^2..] is "st" or "nd" or "rd" or "th" or "ST" or "ND" or "RD" or "TH"
            && int.TryParse(word[..^2], System.Globalization.NumberStyles.None, null, out var number) ? number : -1;
    }

    /// <summary>20 for "twenties" to 90 for "nineties" and "90s"; 0 for no decade.</summary>
    internal static int Decade(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < DecadeNames.Length; i++)
        {
            if (word.Equals(DecadeNames[i], StringComparison.OrdinalIgnoreCase))
                return 20 + (10 * i);
        }

        return 0;
    }

    /// <summary>The words with which a date may begin, for the lexicon.</summary>
    internal const string Starters =
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. "
        + "sunday monday tuesday wednesday thursday friday saturday mon tues tue wed weds thu thurs thur fri sat sun mon. tues. wed. thurs. fri. sat. sun. "
        + "today tonight tomorrow tmrw tmr yesterday the this next last past previous coming upcoming following current same from between at early late mid later earlier beginning start middle end close rest "
        + "remainder within in a an one two three four five six seven eight nine ten eleven twelve twenty thirty fifteen hundred couple few several q1 q2 q3 q4 h1 h2 week first second third fourth fifth sixth "
        + "seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth "
        + "twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first final spring summer autumn fall winter twenties thirties forties fifties sixties seventies eighties nineties day year month "
        + "christmas boxing new valentine halloween independence labor memorial thanksgiving good easter mid-january mid-february mid-march mid-april mid-may mid-june mid-july mid-august mid-september mid-october "
        + "mid-november mid-december";

    /// <summary>The words without one of which, or a number, no date stands.</summary>
    internal const string Core =
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. "
        + "sunday monday tuesday wednesday thursday friday saturday mon tues tue wed weds thu thurs thur fri sat sun mon. tues. wed. thurs. fri. sat. sun. today tonight tomorrow tmrw tmr yesterday now "
        + "day days week weeks fortnight weekend month months quarter quarters year years decade decades century centuries spring summer autumn fall winter twenties thirties forties fifties sixties seventies "
        + "eighties nineties half q1 q2 q3 q4 h1 h2 christmas boxing valentine halloween independence labor memorial thanksgiving easter mid-january mid-february mid-march mid-april mid-may mid-june mid-july "
        + "mid-august mid-september mid-october mid-november mid-december";

    internal static bool TryUnit(ReadOnlySpan<char> word, out Unit unit) => Units.TryGetValue(word, out unit);

    /// <summary>The TIMEX3 name of a season; null for none.</summary>
    internal static string? Season(ReadOnlySpan<char> word) => Seasons.TryGetValue(word, out var season) ? season : null;

    private static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> word) => word is [.., '.'] ? word[..^1] : word;

    private static FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup(IEnumerable<(string Word, int Value)> words) => Lookup<int>(words);

    private static FrozenDictionary<string, TValue>.AlternateLookup<ReadOnlySpan<char>> Lookup<TValue>(IEnumerable<(string Word, TValue Value)> words) =>
        words.ToFrozenDictionary(pair => pair.Word, pair => pair.Value, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}

internal enum Unit
{
    Day,
    Week,
    Fortnight,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}
