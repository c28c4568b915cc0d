using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Core.Views;

/// <summary>What a verification of views found.</summary>
/// <param name="Records">How many records were compared as they are at the end.</param>
/// <param name="Versions">How many were compared as they were earlier, before and after an entry changed them.</param>
/// <param name="NotKept">Views that were not compared, and why not: never made, of another version, stopped.</param>
/// <param name="Failure">The first record that is not what the entries give; null when all are.</param>
public sealed record ViewReport(long Records, long Versions, ImmutableArray<string> NotKept, ViewFailure? Failure)
{
    /// <summary>Of every so many entries, what one changed was compared as it was before and after; 1 for all.</summary>
    public long OfEvery { get; init; } = 1;
}

/// <summary>A record that is not what the entries give.</summary>
/// <param name="View">The view.</param>
/// <param name="Key">The record's key.</param>
/// <param name="Index">As of which index.</param>
/// <param name="Entry">The entry that began the record, or changed it there; null where no entry did.</param>
/// <param name="Reason">What is wrong, in a sentence.</param>
public sealed record ViewFailure(string View, Guid Key, long Index, EntryId? Entry, string Reason);

/// <summary>
/// Compares what is kept of views with a fresh fold of the entries: every record, its place in lists and the values it is filtered by, as of the last entry that all views have seen;
/// and, of every so many entries, what each changed, before and after. Folds a story at a time, since every record belongs to one; memory is that of the largest story.
/// The words by which a record is searched are not compared.
/// </summary>
public static class ViewVerification
{
    // Every change of a ledger up to so many entries is compared; of a larger one, as many, spread evenly.
    private const int Sampled = 10_000;

    /// <param name="log">The log, which holds in itself.</param>
    /// <param name="store">The views.</param>
    /// <param name="views">Which of them.</param>
    /// <param name="progress">Told the number of entries folded, now and then.</param>
    /// <param name="all">Whether what every entry changed is compared, however many there are.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async ValueTask<ViewReport> VerifyAsync(
        ILedgerLog log, IViewStore store, IReadOnlyList<View> views, IProgress<long>? progress = null, bool all = false, CancellationToken cancellation = default)
    {
        var kept = await store.ProgressAsync(cancellation).ConfigureAwait(false);
        var notKept = views.Select(view => (View: view, Why: WhyNot(view, kept))).Where(pair => pair.Why is not null).ToList();
        views = [.. views.Except(notKept.Select(pair => pair.View))];
        var size = views.Select(view => kept[view.Name].Next).DefaultIfEmpty(0).Min();
        var ofEvery = all ? 1 : Math.Max(1, size / Sampled);
        var check = new Check(store, views, size - 1, ofEvery, progress, cancellation);
        var stories = new HashSet<StoryId>();
        await foreach (var entry in log.ReadAsync(0, size, cancellation: cancellation).ConfigureAwait(false))
        {
            stories.Add(entry.Story);
        }

        var failure = (ViewFailure?)null;
        foreach (var story in stories)
        {
            failure = await check.StoryAsync(story, log).ConfigureAwait(false);
            if (failure is not null)
            {
                break;
            }
        }

        failure ??= size == 0 ? null : await check.OthersAsync().ConfigureAwait(false);
        return new(check.Records, check.Versions, [.. notKept.Select(pair => $"{pair.View.Name}: {pair.Why}")], failure) { OfEvery = ofEvery };
    }

    private static string? WhyNot(View view, IReadOnlyDictionary<string, ViewProgress> kept) => kept.GetValueOrDefault(view.Name) switch
    {
        null => "was never made",
        { } progress when progress.Version != view.Version => $"is of version {progress.Version}, and this program makes {view.Version}",
        { Error: { } error } => error,
        _ => null,
    };

    private sealed class Check(IViewStore store, IReadOnlyList<View> views, long asOf, long stride, IProgress<long>? progress, CancellationToken cancellation)
    {
        private readonly Dictionary<View, long> counts = views.ToDictionary(view => view, _ => 0L);
        private long folded;

        internal long Records { get; private set; }

        internal long Versions { get; private set; }

        internal async ValueTask<ViewFailure?> StoryAsync(StoryId story, ILedgerLog log)
        {
            var fold = new ViewFold(views);
            await foreach (var entry in log.ReadStoryAsync(story, 0, cancellation).ConfigureAwait(false))
            {
                if (entry.Index > asOf)
                {
                    break;
                }

                var changes = fold.Apply(entry);
                if (entry.Index % stride == 0 && await ChangesAsync(entry, changes).ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }

                if (++folded % 1000 == 0)
                {
                    progress?.Report(folded);
                }
            }

            foreach (var view in views)
            {
                if (await ListAsync(view, story, fold).ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }
            }

            return null;
        }

        /// <summary>Records in a story that no entry has.</summary>
        internal async ValueTask<ViewFailure?> OthersAsync()
        {
            foreach (var view in views)
            {
                var count = await store.CountAsync(view, new ViewQuery { AsOf = asOf }, cancellation).ConfigureAwait(false);
                if (count != counts[view])
                {
                    return new(view.Name, default, asOf, null, $"It has {count} records, and the entries give {counts[view]}: one stands under a story that is not its own.");
                }
            }

            return null;
        }

        /// <summary>What an entry changed, as of it and as of the entry before.</summary>
        private async ValueTask<ViewFailure?> ChangesAsync(Entry entry, ImmutableArray<RecordChange> changes)
        {
            foreach (var change in changes)
            {
                foreach (var (index, expected) in new[] { (entry.Index - 1, change.Before), (entry.Index, change.After) })
                {
                    Versions++;
                    if (await OneAsync(change.View, change.Key, index, expected, entry.Id).ConfigureAwait(false) is { } failure)
                    {
                        return failure;
                    }
                }
            }

            return null;
        }

        private async ValueTask<ViewFailure?> OneAsync(View view, Guid key, long index, ViewRecord? expected, EntryId entry)
        {
            ViewRecord? stored;
            try
            {
                stored = await store.FindAsync(view, key, index, cancellation: cancellation).ConfigureAwait(false);
            }
            catch (JsonException error)
            {
                return new(view.Name, key, index, entry, $"It does not read: {error.Message}");
            }

            return (stored, expected) switch
            {
                (null, null) => null,
                (null, _) => new(view.Name, key, index, entry, "It is missing."),
                (_, null) => new(view.Name, key, index, entry, "It is there, and no entry made it."),
                _ => view.Write(stored).AsSpan().SequenceEqual(view.Write(expected)) ? null : new(view.Name, key, index, entry, "It is not what the entries give."),
            };
        }

        /// <summary>A story's records at the end, in their order, and how many are found by each value that they are filtered by.</summary>
        private async ValueTask<ViewFailure?> ListAsync(View view, StoryId story, ViewFold fold)
        {
            var expected = fold.Matching(view, new ViewQuery { Story = story }).ToList();
            counts[view] += expected.Count;
            foreach (var (place, record) in expected)
            {
                Records++;
                if (await OneAsync(view, place.Key, asOf, record, record.Id).ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }
            }

            try
            {
                return await PlacesAsync(view, story, expected).ConfigureAwait(false) ?? await FacetsAsync(view, story, expected).ConfigureAwait(false);
            }
            catch (JsonException error)
            {
                // Those that the entries give were read one by one.
                return new(view.Name, default, asOf, null, $"It lists a record that no entry made, and that does not read: {error.Message}");
            }
        }

        private async ValueTask<ViewFailure?> PlacesAsync(View view, StoryId story, List<(ViewCursor Place, ViewRecord Record)> expected)
        {
            // One by one, because only the end of a page tells where it stands.
            var query = new ViewQuery { AsOf = asOf, Story = story, Limit = 1 };
            foreach (var (place, own) in expected)
            {
                var page = await store.ListAsync(view, query, cancellation).ConfigureAwait(false);
                var stands = page.Records is [var record] && view.Write(record).AsSpan().SequenceEqual(view.Write(own))
                    && (page.Next is { } next
                        ? next == place
                        : place == expected[^1].Place && await store.CountAsync(view, query with { BeganFrom = place.Began, BeganTo = place.Began }, cancellation).ConfigureAwait(false) > 0);
                if (!stands)
                {
                    return new(view.Name, place.Key, asOf, own.Id, "It is not in its place in the list.");
                }

                query = query with { After = place };
            }

            return (await store.ListAsync(view, query, cancellation).ConfigureAwait(false)).Records is [var extra]
                ? new(view.Name, extra.Id.Value, asOf, extra.Id, "It is listed, and no entry made it.")
                : null;
        }

        private async ValueTask<ViewFailure?> FacetsAsync(View view, StoryId story, List<(ViewCursor Place, ViewRecord Record)> expected)
        {
            foreach (var (facet, position) in view.Facets.Select((facet, position) => (facet, position)))
            {
                var valued = expected.Where(item => view.FacetsOf(item.Record)[position] is not null).ToList();
                var found = valued.GroupBy(item => view.FacetsOf(item.Record)[position]!).Select(group => (Filter: new FacetFilter(facet, group.Key), Items: group.ToList()));
                // Every value holds the empty text: records that should have none are not found by any.
                foreach (var (filter, items) in found.Append((new(facet, "", Contains: true), valued)))
                {
                    if (await FilteredAsync(view, story, filter, items).ConfigureAwait(false) is { } failure)
                    {
                        return failure;
                    }
                }
            }

            return null;
        }

        private async ValueTask<ViewFailure?> FilteredAsync(View view, StoryId story, FacetFilter filter, List<(ViewCursor Place, ViewRecord Record)> expected)
        {
            var query = new ViewQuery { AsOf = asOf, Story = story, Where = [filter], Limit = ViewQuery.MaxLimit };
            if (await store.CountAsync(view, query, cancellation).ConfigureAwait(false) == expected.Count)
            {
                return null;
            }

            var listed = (await store.ListAsync(view, query, cancellation).ConfigureAwait(false)).Records;
            var wrong = expected.Select(item => item.Record).ExceptBy(listed.Select(record => record.Id), record => record.Id)
                .Concat(listed.ExceptBy(expected.Select(item => item.Record.Id), record => record.Id)).FirstOrDefault();
            return new(view.Name, wrong?.Id.Value ?? default, asOf, wrong?.Id, $"It is not found by its {filter.Facet} as the entries give it.");
        }
    }
}
