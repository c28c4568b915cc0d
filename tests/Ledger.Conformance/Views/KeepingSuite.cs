using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Views;

namespace Ledger.Conformance.Views;

/// <summary>Keeping views: what stops one does not stop another; what was killed or interrupted is taken up without loss or doubling.</summary>
public abstract class KeepingSuite(Store store) : EngineSuite(store)
{
    private static readonly View Activity = ActivityView.View;

    [SkippableFact]
    public async Task A_view_that_throws_on_an_entry_stops_alone_and_visibly()
    {
        await FillAsync(30);
        await new ViewKeeper(Log, Views, [BrokenAt(12), Activity]).CatchUpAsync();

        var progress = await Views.ProgressAsync();
        progress["activity"].ShouldBe(new ViewProgress(Activity.Version, 31, null));
        progress["broken"].Next.ShouldBe(12);
        progress["broken"].Error.ShouldNotBeNull().ShouldContain("12");
        (await CountAsync(Activity)).ShouldBe(31);
        (await CountAsync(BrokenAt(12))).ShouldBe(12);
    }

    [SkippableFact]
    public async Task A_view_that_stopped_stays_so_until_it_is_rebuilt()
    {
        var story = await FillAsync(30);
        await new ViewKeeper(Log, Views, [BrokenAt(12), Activity]).CatchUpAsync();
        await AppendAsync(Given.Notes(Log, story, 29, 5));
        await new ViewKeeper(Log, Views, [BrokenAt(null), Activity]).CatchUpAsync();
        (await Views.ProgressAsync())["broken"].Next.ShouldBe(12);
        (await Views.ProgressAsync())["activity"].Next.ShouldBe(36);

        var keeper = new ViewKeeper(Log, Views, [BrokenAt(null), Activity]);
        await keeper.RebuildAsync(BrokenAt(null));
        await AppendAsync(Given.Notes(Log, story, 34, 5));
        await keeper.CatchUpAsync();

        (await Views.ProgressAsync())["broken"].ShouldBe(new ViewProgress(1, 41, null, Made: 2));
        (await CountAsync(BrokenAt(null))).ShouldBe(41);
    }

    [SkippableFact]
    public async Task A_view_in_another_version_is_made_anew()
    {
        await FillAsync(30);
        await new ViewKeeper(Log, Views, [BrokenAt(12)]).CatchUpAsync();
        await new ViewKeeper(Log, Views, [BrokenAt(null, version: 2)]).CatchUpAsync();

        (await Views.ProgressAsync())["broken"].ShouldBe(new ViewProgress(2, 31, null, Made: 2));
        (await CountAsync(BrokenAt(null))).ShouldBe(31);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_keeper_killed_between_batches_goes_on_without_doubling(bool afterWriting)
    {
        for (var kill = 0; kill < 4; kill++)
        {
            await FillAsync(1500);
            var failing = new FailingStore(Views) { FailAtWrite = kill % 2, AfterWriting = afterWriting };
            await Should.ThrowAsync<IOException>(() => new ViewKeeper(Log, failing, AllViews.List).CatchUpAsync());
            await ReopenAsync();
        }

        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        await ShouldBeTheFoldAsync();
    }

    [SkippableFact]
    public async Task A_rebuild_that_is_interrupted_leaves_the_live_view_and_can_be_repeated()
    {
        await FillAsync(2500);
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        foreach (var failing in (FailingStore[])[new(Views) { FailAtWrite = 1 }, new(Views) { FailAtWrite = 1, AfterWriting = true }, new(Views) { FailAtSwap = true }])
        {
            await Should.ThrowAsync<IOException>(() => new ViewKeeper(Log, failing, AllViews.List).RebuildAsync(Activity));
            await ShouldBeTheFoldAsync();
        }

        await new ViewKeeper(Log, Views, AllViews.List).RebuildAsync(Activity);
        await ShouldBeTheFoldAsync();
        (await Views.ProgressAsync())["activity"].ShouldBe(new ViewProgress(Activity.Version, 2501, null, Made: 2));
    }

    [SkippableFact]
    public async Task A_rebuild_that_cannot_end_leaves_the_live_view_as_it_was()
    {
        await FillAsync(30);
        await new ViewKeeper(Log, Views, [BrokenAt(null)]).CatchUpAsync();

        (await Given.CodeAsync(() => new ViewKeeper(Log, Views, [BrokenAt(12)]).RebuildAsync(BrokenAt(12)))).ShouldBe("view-stopped");

        (await CountAsync(BrokenAt(null))).ShouldBe(31);
        (await Views.ProgressAsync())["broken"].ShouldBe(new ViewProgress(BrokenAt(null).Version, 31, null));
    }

    [SkippableFact]
    public async Task Readers_racing_a_rebuild_see_the_whole_view()
    {
        await FillAsync(400);
        var keeper = new ViewKeeper(Log, Views, AllViews.List);
        await keeper.CatchUpAsync();
        await using var other = await Store.OpenReaderAsync();
        var rebuilding = Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await keeper.RebuildAsync(Activity);
            }
        });

        await Task.WhenAll(new[] { Views, other.Views, Views, other.Views }.Select(views => Task.Run(async () =>
        {
            while (!rebuilding.IsCompleted)
            {
                (await views.CountAsync(Activity, new ViewQuery())).ShouldBe(401);
                (await views.ListAsync(Activity, new ViewQuery { Limit = 20 })).Records.Count.ShouldBe(20);
                (await views.ProgressAsync())["activity"].Next.ShouldBe(401);
            }
        })));
        await rebuilding;
    }

    [SkippableFact]
    public async Task A_running_keeper_follows_what_is_appended_until_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource(Patience);
        var running = Task.Run(() => new ViewKeeper(Log, Views, AllViews.List).RunAsync(cancel.Token));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FillAsync(200))));
        while ((await Views.ProgressAsync()).Values.Count(progress => progress.Next == 801) < AllViews.List.Length)
        {
            running.IsCompleted.ShouldBeFalse();
            await Task.Delay(1);
        }

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await ShouldBeTheFoldAsync();
    }

    [SkippableFact]
    public async Task A_write_to_several_views_is_there_or_not_and_leaves_appends_alone()
    {
        await FillAsync(3);
        await Views.PrepareAsync(Activity);
        var fold = new ViewFold(Activity);
        (await Given.AllAsync(Log)).ForEach(entry => fold.Apply(entry));
        var (place, record) = fold.Matching(Activity, new ViewQuery()).First();
        var good = new ViewWrite(Activity, [new(place.Key, place.Began, record, Replaces: false)], 4);
        var bad = new ViewWrite(BrokenAt(null), [new(place.Key, place.Began, record, Replaces: false)], 4);

        var appends = Enumerable.Range(0, 30).Select(_ => Log.AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory)).AsTask()).ToList();
        (await Given.CodeAsync(() => Views.WriteAsync([good, bad]).AsTask())).ShouldBe("view-not-kept");
        appends.AddRange(Enumerable.Range(0, 30).Select(_ => Log.AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory)).AsTask()));

        (await Task.WhenAll(appends)).ShouldAllBe(result => result is AppendResult.Appended);
        (await CountAsync(Activity)).ShouldBe(0);
        (await Views.ProgressAsync())["activity"].Next.ShouldBe(0);
        (await Log.HeadAsync()).Size.ShouldBe(64);
    }

    [SkippableFact]
    public async Task A_view_that_was_never_kept_says_so()
    {
        (await Given.CodeAsync(() => Views.ListAsync(BrokenAt(null), new ViewQuery()).AsTask())).ShouldBe("view-not-kept");
        (await Given.CodeAsync(() => Views.FindAsync(BrokenAt(null), Guid.Empty).AsTask())).ShouldBe("view-not-kept");
    }

    private async Task ShouldBeTheFoldAsync()
    {
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in await Given.AllAsync(Log))
        {
            fold.Apply(entry);
        }

        foreach (var view in AllViews.List)
        {
            var query = new ViewQuery { Limit = ViewQuery.MaxLimit };
            do
            {
                var (actual, expected) = (await Views.ListAsync(view, query), fold.List(view, query));
                actual.Records.Select(record => Encoding.UTF8.GetString(view.Write(record))).ShouldBe(expected.Records.Select(record => Encoding.UTF8.GetString(view.Write(record))));
                query = query with { After = actual.Next };
            }
            while (query.After is not null);
        }
    }

    private async Task<long> CountAsync(View view) => await Views.CountAsync(view, new ViewQuery());

    /// <summary>A record for every entry, until one it cannot handle.</summary>
    private static View<ActivityRecord> BrokenAt(long? index, int version = 1) => new(
        "broken", version, ViewJson.Default.ActivityRecord,
        (_, entry) => [entry.Id.Value],
        (key, _, story, entry) => entry.Index == index ? throw new InvalidOperationException($"I cannot handle entry {entry.Index}.") : (ActivityRecord?)Activity.Evolve(key, null, story, entry),
        new Facet<ActivityRecord>("type", record => record.Type));

    /// <summary>A store under which the process dies: before a write is done, or after.</summary>
    private sealed class FailingStore(IViewStore inner) : IViewStore
    {
        private int writes;

        internal int FailAtWrite { get; init; } = -1;

        internal bool AfterWriting { get; init; }

        internal bool FailAtSwap { get; init; }

        public ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation) => inner.ProgressAsync(cancellation);

        public ValueTask PrepareAsync(View view, CancellationToken cancellation) => inner.PrepareAsync(view, cancellation);

        public ValueTask<IAsyncDisposable?> TryKeepAsync(CancellationToken cancellation) => inner.TryKeepAsync(cancellation);

        public async ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation)
        {
            var failing = this.writes++ == FailAtWrite;
            if (!failing || AfterWriting)
            {
                await inner.WriteAsync(writes, cancellation);
            }

            if (failing)
            {
                throw new IOException("Killed.");
            }
        }

        public ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf, bool rebuilding, CancellationToken cancellation) =>
            inner.FindAsync(view, key, asOf, rebuilding, cancellation);

        public ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation) => inner.ListAsync(view, query, cancellation);

        public ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation) => inner.CountAsync(view, query, cancellation);

        public ValueTask<IReadOnlyList<Guid>> ChangedAsync(View view, long after, long through, StoryId? story, CancellationToken cancellation) =>
            inner.ChangedAsync(view, after, through, story, cancellation);

        public ValueTask BeginRebuildAsync(View view, CancellationToken cancellation) => inner.BeginRebuildAsync(view, cancellation);

        public ValueTask<bool> SwapAsync(View view, long progress, CancellationToken cancellation) =>
            FailAtSwap ? throw new IOException("Killed.") : inner.SwapAsync(view, progress, cancellation);

        public ValueTask<ReaderPlace?> PlaceAsync(string reader, StoryId? story, CancellationToken cancellation) => inner.PlaceAsync(reader, story, cancellation);

        public ValueTask SetPlaceAsync(string reader, StoryId? story, ReaderPlace place, CancellationToken cancellation) => inner.SetPlaceAsync(reader, story, place, cancellation);
    }
}
