using System.CommandLine;
using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary>The clock that a story is read by: when things were recorded, or when they were published.</summary>
internal static class Clock
{
    internal static Option<string?> Option() => ListVerbs.Choice("--clock", "By when things were published or recorded", "published", "recorded");

    internal static bool IsPublished(this Run run, Option<string?> clock, bool otherwise) =>
        run.Get(clock) is { } given ? given.Equals("published", StringComparison.OrdinalIgnoreCase) : otherwise;

    /// <summary>A stretch of either clock: days or times, or indexes where things are told by recording.</summary>
    /// <exception cref="UsageException">An end does not read.</exception>
    internal static Stretch Stretch(Run run, Option<string?> from, Option<string?> to, bool published)
    {
        var (first, last) = (run.Get(from), run.Get(to));
        return new(
            published,
            published ? null : Index(first),
            published ? null : Index(last),
            first is null || (!published && Index(first) is not null) ? null : AsOfOptions.Time("--from", first, endOfDay: false),
            last is null || (!published && Index(last) is not null) ? null : AsOfOptions.Time("--to", last, endOfDay: true));
    }

    private static long? Index(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}

/// <summary>Both ends are included; null is open.</summary>
internal sealed record Stretch(bool Published, long? FromIndex, long? ToIndex, Timestamp? From, Timestamp? To)
{
    internal bool Contains(long index, Timestamp recorded, Timestamp published)
    {
        var time = Published ? published : recorded;
        return index >= (FromIndex ?? 0) && index <= (ToIndex ?? long.MaxValue) && (From is not { } from || time >= from) && (To is not { } to || time <= to);
    }

    internal bool Contains(ViewRecord record) => Contains(record.Index, record.RecordedAt, record.PublishedAt);
}
