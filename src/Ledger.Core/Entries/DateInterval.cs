using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>An interval of whole days, both ends included (proleptic Gregorian calendar, no time zone). One day has <c>From == To</c>.</summary>
/// <exception cref="ArgumentOutOfRangeException">The last day is before the first.</exception>
public readonly record struct DateInterval
{
    // A struct is read through its empty constructor unless this says otherwise.
    [JsonConstructor]
    public DateInterval(DateOnly from, DateOnly to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        From = from;
        To = to;
    }

    public DateOnly From { get; }

    public DateOnly To { get; }

    public override string ToString() => From == To ? $"{From:yyyy-MM-dd}" : $"{From:yyyy-MM-dd}…{To:yyyy-MM-dd}";
}
