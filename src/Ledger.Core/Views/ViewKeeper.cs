using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>
/// Keeps views: reads the log forward, applies every entry to every view that has not seen it, and writes records and progress together.
/// An entry that a view cannot handle stops that view alone, and the view says so. Of several keepers of one store, in one process or many, one works at a time; each is for use by one thread.
/// </summary>
public sealed class ViewKeeper(ILedgerLog log, IViewStore store, IReadOnlyList<View> views)
{
    private const int MaxBatch = 1000;

    // States of stories that appear again soon are kept, up to so many entries in all; one that was let go is folded again when it is next seen.
    private const int MaxStoryEntries = 500_000;

    // Records that change again soon are kept, so that they are not read back for each change.
    private const int MaxRecords = 20_000;

    // Between two looks at how far another keeper has come.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    // So often another keeper is given time to make a view that it does not have.
    private const int WaitsForView = 20;

    private readonly Recent<StoryId, StoryState> stories = new(MaxStoryEntries);

    /// <summary>
    /// Brings every view up to an index that is in the log, and returns. While another keeper keeps them, waits until they have come there; when it has died, goes on in its place.
    /// </summary>
    /// <param name="next">The index after the last entry to apply; null for the head.</param>
    /// <param name="progress">Told how far the furthest behind has come, now and then.</param>
    /// <param name="cancellation">Stops between two batches; what was written stays.</param>
    /// <exception cref="LedgerException">Another keeper keeps the views, and one of these not at all or in another version (<c>view-kept-otherwise</c>).</exception>
    public async Task CatchUpAsync(long? next = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var target = next ?? (await log.HeadAsync(cancellation).ConfigureAwait(false)).Size;
        var otherwise = 0;
        for (var wait = ShortestWait; ;)
        {
            if (await TryKeepAsync(kept => First(kept, target) is var from && from < target ? KeepAsync(kept, log.ReadAsync(from, target, cancellation: cancellation), progress, cancellation) : Task.CompletedTask, cancellation)
                .ConfigureAwait(false))
            {
                return;
            }

            var kept = await store.ProgressAsync(cancellation).ConfigureAwait(false);
            if (views.FirstOrDefault(view => kept.GetValueOrDefault(view.Name)?.Version != view.Version) is { } other)
            {
                // A keeper that has only begun makes its views soon.
                if (++otherwise > WaitsForView)
                {
                    throw new LedgerException(ViewErrors.KeptOtherwise(other));
                }
            }
            else if (views.All(view => kept[view.Name].Error is not null || kept[view.Name].Next >= target))
            {
                return;
            }

            await Task.Delay(wait, cancellation).ConfigureAwait(false);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
        }
    }

    /// <summary>Keeps every view up to date until cancelled; while another keeper does, waits to take its place.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await TryKeepAsync(kept => KeepAsync(kept, log.FollowAsync(First(kept, 0), cancellation), null, cancellation), cancellation).ConfigureAwait(false);
            await Task.Delay(LongestWait, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a view's records anew beside the live ones, which may go on being kept, and swaps them in. Nobody is notified of anything again.</summary>
    public async Task RebuildAsync(View view, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        await store.PrepareAsync(view, cancellation).ConfigureAwait(false);
        await store.BeginRebuildAsync(view, cancellation).ConfigureAwait(false);
        stories.Clear();
        var copy = new KeptView(view, new(view.Version, 0, null)) { Rebuilding = true };
        do
        {
            var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
            await KeepAsync([copy], log.ReadAsync(copy.Next, head.Size, cancellation: cancellation), progress, cancellation).ConfigureAwait(false);
            if (copy.Error is { } error)
            {
                throw new LedgerException(LedgerError.Refused("view-stopped", $"The view {view.Name} cannot be rebuilt: {error}", "The live view is as it was."));
            }
        }
        while (!await store.SwapAsync(view, copy.Next, cancellation).ConfigureAwait(false));
    }

    /// <summary>Does what only the one keeper does; false when another is it, or was found to have come first.</summary>
    private async Task<bool> TryKeepAsync(Func<List<KeptView>, Task> keep, CancellationToken cancellation)
    {
        if (await store.TryKeepAsync(cancellation).ConfigureAwait(false) is not { } keeping)
        {
            return false;
        }

        await using var _ = keeping.ConfigureAwait(false);
        try
        {
            await keep(await BeginAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            return true;
        }
        catch (LedgerException error) when (error.Error.Code == ViewErrors.KeptElsewhereCode)
        {
            // A view was rebuilt, perhaps because entries lost their words: states that were folded before are not gone on from either.
            stories.Clear();
            return false;
        }
    }

    /// <summary>The first index that a view has not seen.</summary>
    private static long First(List<KeptView> kept, long none) => kept.Where(view => view.Error is null).Select(view => view.Next).DefaultIfEmpty(none).Min();

    /// <summary>Gives a state of a story that was folded from the stored entries, so that it is not folded again.</summary>
    public void Remember(StoryId story, StoryState state) => stories.Set(story, state, state.Revision + 1);

    private async Task<List<KeptView>> BeginAsync(CancellationToken cancellation)
    {
        var progress = await store.ProgressAsync(cancellation).ConfigureAwait(false);
        if (views.Where(view => progress.GetValueOrDefault(view.Name)?.Version != view.Version).ToList() is { Count: > 0 } missing)
        {
            foreach (var view in missing)
            {
                await store.PrepareAsync(view, cancellation).ConfigureAwait(false);
            }

            progress = await store.ProgressAsync(cancellation).ConfigureAwait(false);
        }

        return [.. views.Select(view => new KeptView(view, progress[view.Name]))];
    }

    private async Task KeepAsync(List<KeptView> kept, IAsyncEnumerable<Entry> entries, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var enumerator = entries.GetAsyncEnumerator(stop.Token);
        await using var _ = enumerator.ConfigureAwait(false);
        var waiting = 0;
        // A full batch is written while the next one is applied: what it changed is remembered until then.
        var writing = Task.CompletedTask;
        try
        {
            while (true)
            {
                // Written when the batch is full, or when the log has nothing more at hand.
                var next = enumerator.MoveNextAsync();
                if (waiting > 0 && (waiting >= MaxBatch || !next.IsCompleted))
                {
                    var reading = next.IsCompleted ? null : next.AsTask();
                    try
                    {
                        await writing.ConfigureAwait(false);
                        writing = WriteAsync(kept, progress, cancellation);
                        waiting = 0;
                        if (reading is not null || kept.Any(view => view.Records.Count > MaxRecords))
                        {
                            await writing.ConfigureAwait(false);
                            Forget(kept);
                        }
                    }
                    catch when (reading is not null)
                    {
                        // Reading on has begun, and must have ended before it can be given up.
                        await stop.CancelAsync().ConfigureAwait(false);
                        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        throw;
                    }

                    next = reading is null ? next : new(reading);
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                await ApplyAsync(kept, enumerator.Current, cancellation).ConfigureAwait(false);
                waiting++;
            }

            await writing.ConfigureAwait(false);
            writing = WriteAsync(kept, progress, cancellation);
            await writing.ConfigureAwait(false);
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ApplyAsync(List<KeptView> kept, Entry entry, CancellationToken cancellation)
    {
        StoryState? story = null;
        Entry? whole = null;
        foreach (var view in kept)
        {
            if (view.Error is not null || view.Next != entry.Index)
            {
                continue;
            }

            var versions = view.Versions.Count;
            try
            {
                story ??= await EvolveStoryAsync(entry, cancellation).ConfigureAwait(false);
                foreach (var key in view.View.Keys(story, entry))
                {
                    var before = await FindAsync(view, key, entry, cancellation).ConfigureAwait(false);
                    var after = view.View.Evolve(key, before, story, entry);
                    if (!ReferenceEquals(before, after))
                    {
                        var words = after is null ? null : view.View.WordsOf(after, view.View.IsSearched ? whole ??= await WithTextsAsync(entry, cancellation).ConfigureAwait(false) : entry);
                        view.Versions.Add(new(key, entry.Index, after, Replaces: before is not null, words));
                        view.Records[key] = after;
                    }
                }

                view.Next = entry.Index + 1;
            }
            catch (Exception error) when (error is not OperationCanceledException && error is not LedgerException { Error.Code: "engine-failed" or "ledger-closed" })
            {
                // What this entry had begun to change is dropped: the view stops just before it.
                view.Versions.RemoveRange(versions, view.Versions.Count - versions);
                view.Error = $"It stopped at entry {entry.Index} ({entry.Hash}): {error.Message}";
            }
        }
    }

    private async Task WriteAsync(List<KeptView> kept, IProgress<long>? progress, CancellationToken cancellation)
    {
        var come = kept.Min(view => view.Next);
        ViewWrite[] writes = [.. kept.Select(view => new ViewWrite(view.View, view.Versions.ToArray(), view.Next, view.Error, view.Rebuilding, view.Since))];
        foreach (var view in kept)
        {
            view.Since = view.Since with { Next = view.Next };
            view.Versions.Clear();
        }

        await store.WriteAsync(writes, cancellation).ConfigureAwait(false);
        progress?.Report(come);
    }

    /// <summary>Lets go of records that were written, once they are many.</summary>
    private static void Forget(List<KeptView> kept)
    {
        foreach (var view in kept.Where(view => view.Records.Count > MaxRecords))
        {
            view.Records.Clear();
        }
    }

    /// <summary>The entry with its text, where it has one; of one that puts a document right, the document's.</summary>
    private async ValueTask<Entry> WithTextsAsync(Entry entry, CancellationToken cancellation) =>
        entry.Body is EntryCorrected { Corrected: DocumentFiled or DocumentRevised } corrected ? await log.FindAsync(corrected.Entry, PartSelection.All, cancellation).ConfigureAwait(false) ?? entry
        : entry.Envelope.Parts.ContainsKey(Part.Text)
            ? await log.FindAsync(entry.Id, PartSelection.All, cancellation).ConfigureAwait(false) ?? entry
            : entry;

    private async ValueTask<ViewRecord?> FindAsync(KeptView view, Guid key, Entry entry, CancellationToken cancellation) =>
        view.Records.TryGetValue(key, out var record) ? record
            // No entry before this one knew of it.
            : key == entry.Id.Value ? null
            : await store.FindAsync(view.View, key, null, view.Rebuilding, cancellation).ConfigureAwait(false);

    private async ValueTask<StoryState> EvolveStoryAsync(Entry entry, CancellationToken cancellation)
    {
        if (!stories.TryGet(entry.Story, out var state) || state.Revision != entry.Envelope.Revision - 1)
        {
            state = StoryState.Empty;
            if (entry.Envelope.Revision > 0)
            {
                await foreach (var before in log.ReadStoryAsync(entry.Story, 0, cancellation).ConfigureAwait(false))
                {
                    if (before.Index >= entry.Index)
                    {
                        break;
                    }

                    state = state.Evolve(before);
                }
            }
        }

        state = state.Evolve(entry);
        stories.Set(entry.Story, state, 1);
        return state;
    }

    private sealed class KeptView(View view, ViewProgress since)
    {
        internal View View { get; } = view;

        /// <summary>As it was written last.</summary>
        internal ViewProgress Since { get; set; } = since;

        internal long Next { get; set; } = since.Next;

        internal string? Error { get; set; } = since.Error;

        internal bool Rebuilding { get; init; }

        internal List<ViewVersion> Versions { get; } = [];

        internal Dictionary<Guid, ViewRecord?> Records { get; } = [];
    }
}
