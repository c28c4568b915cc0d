using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Core.Reading;

/// <summary>
/// A point that any view can be asked at: by what was recorded (an index, or a time, which stands for the last index whose ledger time is not later),
/// by what was published (the end of a day, UTC), or both. All null: now.
/// </summary>
/// <param name="Index">As of this index, it included.</param>
/// <param name="Time">As of this time; not together with an index.</param>
/// <param name="PublishedBy">Only what was published through the end of this day.</param>
public sealed record AsOf(long? Index = null, Timestamp? Time = null, DateOnly? PublishedBy = null)
{
    public static AsOf Now { get; } = new();

    /// <summary>The index that this stands for; null for the head. −1 is before the first entry.</summary>
    internal async ValueTask<Outcome<long?>> ResolveAsync(ILedgerLog log, CancellationToken cancellation)
    {
        if (Time is { } time)
        {
            return await log.IndexAtAsync(time, cancellation).ConfigureAwait(false);
        }

        if (Index is not { } index)
        {
            return (long?)null;
        }

        var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
        return index >= 0 && index < head.Size
            ? index
            : LedgerError.NotFound("index-not-there", $"There is no index {index}: the ledger has {head.Size} entries.", head.Size == 0 ? null : $"The last is {head.LastIndex}.");
    }
}
