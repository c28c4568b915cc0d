using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Core.Reading;

/// <summary>Entries by the second clock: in order of (published, index), through the end of a day.</summary>
public static class PublishedOrder
{
    /// <summary>
    /// Folds what was recorded up to an index and published by a day. Published times are those that the recorded order gives;
    /// the views see the entries in published order, as if each had been recorded when it was published.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="views">The views to fold.</param>
    /// <param name="story">One story, or null for all.</param>
    /// <param name="throughIndex">The last index that counts; null for the head.</param>
    /// <param name="throughDay">The last day that counts.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async ValueTask<ViewFold> FoldAsync(
        ILedgerLog log, IReadOnlyList<View> views, StoryId? story, long? throughIndex, DateOnly throughDay, CancellationToken cancellation = default)
    {
        var fold = new ViewFold(views);
        foreach (var (_, entry) in await ReadAsync(log, story, throughIndex, throughDay, cancellation).ConfigureAwait(false))
        {
            fold.Apply(entry);
        }

        return fold;
    }

    /// <summary>
    /// The entries in order of (published, index). Published times are those that hold at the last index that counts: a document whose date was put right is where it should have been.
    /// </summary>
    internal static async ValueTask<IEnumerable<(Timestamp Published, Entry Entry)>> ReadAsync(
        ILedgerLog log, StoryId? story, long? throughIndex, DateOnly throughDay, CancellationToken cancellation)
    {
        var end = Timestamp.EndOf(throughDay);
        var states = new Dictionary<StoryId, StoryState>();
        var entries = new List<Entry>();
        var recorded = story is { } one ? log.ReadStoryAsync(one, 0, cancellation) : log.ReadAsync(0, throughIndex + 1, cancellation: cancellation);
        await foreach (var entry in recorded.ConfigureAwait(false))
        {
            if (entry.Index > throughIndex)
            {
                break;
            }

            states[entry.Story] = states.GetValueOrDefault(entry.Story, StoryState.Empty).Evolve(entry);
            entries.Add(entry);
        }

        return entries
            .Select(entry => (Published: states[entry.Story].Find(entry.Id)!.Published, Entry: entry))
            .Where(item => item.Published <= end)
            .OrderBy(item => item.Published)
            .ThenBy(item => item.Entry.Index);
    }
}
