using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Views;

namespace Ledger.Core.Reading;

/// <summary>One entry of a story, and what it changed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Published">When it counts as published.</param>
/// <param name="Changes">The records that it began, changed or ended.</param>
public sealed record ReplayStep(Entry Entry, Timestamp Published, ImmutableArray<RecordChange> Changes);

/// <summary>Steps through a story as it evolved, by either clock.</summary>
public static class Replay
{
    /// <summary>The steps of a story.</summary>
    /// <param name="log">The log.</param>
    /// <param name="story">The story.</param>
    /// <param name="byPublication">In order of publication; else as recorded.</param>
    /// <param name="through">The last index that counts; null for the head.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async IAsyncEnumerable<ReplayStep> StepsAsync(
        ILedgerLog log, StoryId story, bool byPublication, long? through = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var fold = new ViewFold(RecordChange.Views);
        if (byPublication)
        {
            foreach (var (published, entry) in await PublishedOrder.ReadAsync(log, story, through, DateOnly.MaxValue, cancellation).ConfigureAwait(false))
            {
                yield return new(entry, published, fold.Apply(entry));
            }

            yield break;
        }

        await foreach (var entry in log.ReadStoryAsync(story, 0, cancellation).ConfigureAwait(false))
        {
            if (entry.Index > through)
            {
                yield break;
            }

            var changes = fold.Apply(entry);
            yield return new(entry, fold.Story(story).Find(entry.Id)!.Published, changes);
        }
    }
}
