using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>
/// Keeps views: reads the log forward, applies every entry to every view that has not seen it, and writes records and progress together.
/// An entry that a view cannot handle stops that view alone, and the view says so. One keeper a store; not for use by several threads.
/// </summary>
public sealed class ViewKeeper(ILedgerLog log, IViewStore store, IReadOnlyList<View> views)
{
    private const int MaxBatch = 1000;

    // States of stories that appear again soon are kept, up to so many entries in all; one that was let go is folded again when it is next seen.
    private const int MaxStoryEntries = 500_000;

    // Records that change again soon are kept, so that they are not read back for each change.
    private const int MaxRecords = 20_000;

    private readonly Recent<StoryId, StoryState> stories = new(MaxStoryEntries);

    /// <summary>Brings every view up to an index that is in the log, and returns.</summary>
    /// <param name="next">The index after the last entry to apply; null for the head.</param>
    /// <param name="progress">Told how far the furthest behind has come, now and then.</param>
    /// <param name="cancellation">Stops between two batches; what was written stays.</param>
    public async Task CatchUpAsync(long? next = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var target = next ?? (await log.HeadAsync(cancellation).ConfigureAwait(false)).Size;
        var kept = await BeginAsync(cancellation).ConfigureAwait(false);
        var from = kept.Where(view => view.Error is null).Select(view => view.Next).DefaultIfEmpty(target).Min();
        if (from < target)
        {
            await KeepAsync(kept, log.ReadAsync(from, target, cancellation: cancellation), progress, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps every view up to date until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var kept = await BeginAsync(cancellation).ConfigureAwait(false);
        var from = kept.Where(view => view.Error is null).Select(view => view.Next).DefaultIfEmpty(0).Min();
        await KeepAsync(kept, log.FollowAsync(from, cancellation), null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a view's records anew beside the live ones, and swaps them in. Nobody is notified of anything again.</summary>
    public async Task RebuildAsync(View view, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        await store.PrepareAsync(view, cancellation).ConfigureAwait(false);
        await store.BeginRebuildAsync(view, cancellation).ConfigureAwait(false);
        stories.Clear();
        var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
        var copy = new KeptView(view, 0, null) { Rebuilding = true };
        await KeepAsync([copy], log.ReadAsync(0, head.Size, cancellation: cancellation), progress, cancellation).ConfigureAwait(false);
        if (copy.Error is { } error)
        {
            throw new LedgerException(LedgerError.Refused("view-stopped", $"The view {view.Name} cannot be rebuilt: {error}", "The live view is as it was."));
        }

        await store.SwapAsync(view, head.Size, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives a state of a story that was folded from the stored entries, so that it is not folded again.</summary>
    public void Remember(StoryId story, StoryState state) => stories.Set(story, state, state.Revision + 1);

    private async Task<List<KeptView>> BeginAsync(CancellationToken cancellation)
    {
        foreach (var view in views)
        {
            await store.PrepareAsync(view, cancellation).ConfigureAwait(false);
        }

        var progress = await store.ProgressAsync(cancellation).ConfigureAwait(false);
        return [.. views.Select(view => new KeptView(view, progress[view.Name].Next, progress[view.Name].Error))];
    }

    private async Task KeepAsync(List<KeptView> kept, IAsyncEnumerable<Entry> entries, IProgress<long>? progress, CancellationToken cancellation)
    {
        var enumerator = entries.GetAsyncEnumerator(cancellation);
        await using var _ = enumerator.ConfigureAwait(false);
        var waiting = 0;
        while (true)
        {
            // Written when the batch is full, or when the log has nothing more at hand.
            var next = enumerator.MoveNextAsync();
            if (waiting > 0 && (waiting >= MaxBatch || !next.IsCompleted))
            {
                await WriteAsync(kept, cancellation).ConfigureAwait(false);
                waiting = 0;
                progress?.Report(kept.Min(view => view.Next));
            }

            if (!await next.ConfigureAwait(false))
            {
                break;
            }

            await ApplyAsync(kept, enumerator.Current, cancellation).ConfigureAwait(false);
            waiting++;
        }

        await WriteAsync(kept, cancellation).ConfigureAwait(false);
        progress?.Report(kept.Min(view => view.Next));
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
                    var before = await FindAsync(view, key, cancellation).ConfigureAwait(false);
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

    private async Task WriteAsync(List<KeptView> kept, CancellationToken cancellation)
    {
        await store.WriteAsync(
            [.. kept.Select(view => new ViewWrite(view.View, view.Versions.ToArray(), view.Next, view.Error, view.Rebuilding))], cancellation).ConfigureAwait(false);
        foreach (var view in kept)
        {
            view.Versions.Clear();
            if (view.Records.Count > MaxRecords)
            {
                view.Records.Clear();
            }
        }
    }

    /// <summary>The entry with its text, where it has one; of one that puts a document right, the document's.</summary>
    private async ValueTask<Entry> WithTextsAsync(Entry entry, CancellationToken cancellation) =>
        entry.Body is EntryCorrected { Corrected: DocumentFiled or DocumentRevised } corrected ? await log.FindAsync(corrected.Entry, PartSelection.All, cancellation).ConfigureAwait(false) ?? entry
        : entry.Envelope.Parts.ContainsKey(Part.Text)
            ? await log.FindAsync(entry.Id, PartSelection.All, cancellation).ConfigureAwait(false) ?? entry
            : entry;

    private async ValueTask<ViewRecord?> FindAsync(KeptView view, Guid key, CancellationToken cancellation) =>
        view.Records.TryGetValue(key, out var record)
            ? record
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

    private sealed class KeptView(View view, long next, string? error)
    {
        internal View View { get; } = view;

        internal long Next { get; set; } = next;

        internal string? Error { get; set; } = error;

        internal bool Rebuilding { get; init; }

        internal List<ViewVersion> Versions { get; } = [];

        internal Dictionary<Guid, ViewRecord?> Records { get; } = [];
    }
}
