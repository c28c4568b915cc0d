using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Intake;

/// <summary>A day, or an instant in UTC where the source gave a time and an offset. A day carries no zone.</summary>
/// <param name="Day">The day as given; of an instant, its day in UTC.</param>
/// <param name="Instant">UTC, offset zero; null where only the day is known.</param>
public sealed partial record PublicationTime(DateOnly Day, DateTimeOffset? Instant)
{
    public static PublicationTime OfDay(DateOnly day) => new(day, null);

    public override string ToString() => Instant is { } instant
        ? instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
        : Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Reads ISO 8601: a date, or a date and time. A time without an offset counts as the day alone, since its zone is unknown.</summary>
    internal static PublicationTime? Parse(string? text)
    {
        text = text?.Trim() ?? "";
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return OfDay(day);
        if (!IsoTime().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return null;
        if (!Offset().IsMatch(text))
            return OfDay(DateOnly.FromDateTime(time.DateTime));
        var utc = time.ToUniversalTime();
        return new(DateOnly.FromDateTime(utc.DateTime), utc);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d", RegexOptions.CultureInvariant)]
    private static partial Regex IsoTime();

    [GeneratedRegex(@"(Z|[+-]\d\d:?\d\d)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Offset();
}
