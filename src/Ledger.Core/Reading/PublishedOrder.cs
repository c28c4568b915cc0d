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
        var end = Timestamp.EndOf(throughDay);
        var states = new Dictionary<StoryId, StoryState>();
        var entries = new List<(Timestamp Published, Entry Entry)>();
        var recorded = story is { } one ? log.ReadStoryAsync(one, 0, cancellation) : log.ReadAsync(0, throughIndex + 1, cancellation: cancellation);
        await foreach (var entry in recorded.ConfigureAwait(false))
        {
            if (entry.Index > throughIndex)
            {
                break;
            }

            var state = states[entry.Story] = states.GetValueOrDefault(entry.Story, StoryState.Empty).Evolve(entry);
            var published = state.Find(entry.Id)!.Published;
            if (published <= end)
            {
                entries.Add((published, entry));
            }
        }

        var fold = new ViewFold(views);
        foreach (var (_, entry) in entries.OrderBy(item => item.Published).ThenBy(item => item.Entry.Index))
        {
            fold.Apply(entry);
        }

        return fold;
    }
}
