using System.CommandLine;
using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Reading;

namespace Ledger.Cli;

/// <summary>The two clocks on the command line.</summary>
internal static class AsOfOptions
{
    internal static readonly Option<string?> AsOf = new("--as-of")
    {
        Description = "As the ledger stood: at an index (1204), at the end of a day (2022-11-23, UTC) or at a time (2022-11-23T18:00Z).",
        HelpName = "INDEX|TIME",
    };

    internal static readonly Option<string?> PublishedBy = new("--published-by")
    {
        Description = "Only what had been published by the end of this day (UTC), whenever it was recorded.",
        HelpName = "DATE",
    };

    /// <exception cref="UsageException">One of them does not read.</exception>
    internal static AsOf Read(Run run)
    {
        var asOf = new AsOf(PublishedBy: run.Get(PublishedBy) is { } published ? Day("--published-by", published) : null);
        return run.Get(AsOf) switch
        {
            null => asOf,
            var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => asOf with { Index = index },
            var text => asOf with { Time = Time("--as-of", text, endOfDay: true) },
        };
    }

    /// <summary>The day that a point stands for: what should have been known before it is overdue.</summary>
    internal static async Task<DateOnly> DayOfAsync(Session session, AsOf asOf, CancellationToken cancellation)
    {
        if (asOf.PublishedBy is { } published)
        {
            return published;
        }

        if (asOf.Index is { } index)
        {
            await foreach (var entry in session.Ledger.ReadAsync(index, index + 1, cancellation: cancellation).ConfigureAwait(false))
            {
                return entry.Envelope.RecordedAt.Day;
            }
        }

        return asOf.Time?.Day ?? Today;
    }

    internal static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    internal static Timestamp Time(string option, string text, bool endOfDay)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return endOfDay ? Timestamp.EndOf(day) : Timestamp.StartOf(day);
        }

        return text.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Timestamp.From(time)
            : throw new UsageException($"{option} does not take '{text}'.", "It takes a day (2022-11-23) or a time (2022-11-23T18:00Z)" + (endOfDay ? ", or an index (1204)." : "."));
    }

    internal static DateOnly Day(string option, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new UsageException($"{option} does not take '{text}'.", "A day is written 2022-11-23, and must exist.");
}
