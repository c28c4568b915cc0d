using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>
/// An instant in UTC, in whole microseconds since 1970-01-01T00:00:00Z (finer parts are cut off), between years 1 and 9999.
/// Written <c>YYYY-MM-DDTHH:MM:SS.ffffffZ</c> (a profile of RFC 3339), so that text order is time order.
/// </summary>
[JsonConverter(typeof(TimestampConverter))]
public readonly record struct Timestamp : IComparable<Timestamp>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public Timestamp(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, MinValue.Microseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, MaxValue.Microseconds);
        Microseconds = microseconds;
    }

    private Timestamp(DateTime utc) => Microseconds = (utc.Ticks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    public static Timestamp MinValue { get; } = new(DateTime.MinValue);

    public static Timestamp MaxValue { get; } = new(DateTime.MaxValue);

    public long Microseconds { get; }

    public static Timestamp From(DateTimeOffset time) => new(time.UtcDateTime);

    /// <summary>The first microsecond of a day, UTC.</summary>
    public static Timestamp StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The last microsecond of a day, UTC.</summary>
    public static Timestamp EndOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MaxValue));

    public DateTimeOffset ToDateTimeOffset() => new(DateTime.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public DateOnly Day => DateOnly.FromDateTime(ToDateTimeOffset().UtcDateTime);

    /// <summary>Reads exactly the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp timestamp)
    {
        var parsed = DateTime.TryParseExact(
            text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var utc);
        timestamp = parsed ? new(utc) : default;
        return parsed;
    }

    public int CompareTo(Timestamp other) => Microseconds.CompareTo(other.Microseconds);

    public override string ToString() => ToDateTimeOffset().ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Writes <see cref="ToString"/> as ASCII; how many bytes were written.</summary>
    internal int Format(Span<byte> destination)
    {
        ToDateTimeOffset().UtcDateTime.TryFormat(destination, out var written, Pattern, CultureInfo.InvariantCulture);
        return written;
    }

    public static Timestamp Max(Timestamp a, Timestamp b) => a >= b ? a : b;

    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}

internal sealed class TimestampConverter : JsonConverter<Timestamp>
{
    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Timestamp.TryParse(reader.GetString(), out var timestamp)
            ? timestamp
            : throw new JsonException($"'{reader.GetString()}' is not a time of the form YYYY-MM-DDTHH:MM:SS.ffffffZ.");

    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>
/// When a document says it was published: a day (<c>2022-10-29</c>) or an instant. A day stands, in order and in as-of, for its first microsecond in UTC.
/// </summary>
[JsonConverter(typeof(PublicationDateConverter))]
public readonly record struct PublicationDate
{
    public PublicationDate(DateOnly day) => (At, IsDay) = (Timestamp.StartOf(day), true);

    public PublicationDate(Timestamp at) => (At, IsDay) = (at, false);

    public Timestamp At { get; }

    /// <summary>Whether only the day is known.</summary>
    public bool IsDay { get; }

    public DateOnly Day => At.Day;

    public static bool TryParse(string? text, out PublicationDate date)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            date = new(day);
            return true;
        }

        var parsed = Timestamp.TryParse(text, out var at);
        date = new(at);
        return parsed;
    }

    public override string ToString() => IsDay ? Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : At.ToString();
}

internal sealed class PublicationDateConverter : JsonConverter<PublicationDate>
{
    public override PublicationDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PublicationDate.TryParse(reader.GetString(), out var date)
            ? date
            : throw new JsonException($"'{reader.GetString()}' is neither a day (YYYY-MM-DD) nor a time (YYYY-MM-DDTHH:MM:SS.ffffffZ).");

    public override void Write(Utf8JsonWriter writer, PublicationDate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
