using System.Text;
using Ledger.Core.Views;

namespace Ledger.Conformance.Views;

/// <summary>One keeper at a time: whoever else asks waits, takes its place when it is gone, and nobody writes what does not follow on what is there.</summary>
public abstract class KeeperSuite(Store store) : EngineSuite(store)
{
    private static readonly View Activity = ActivityView.View;

    [Fact]
    public async Task One_keeps_and_others_are_refused_until_it_ends()
    {
        var first = (await Views.TryKeepAsync()).ShouldNotBeNull();
        (await Views.TryKeepAsync()).ShouldBeNull();
        await first.DisposeAsync();
        await first.DisposeAsync();
        var second = (await Views.TryKeepAsync()).ShouldNotBeNull();
        await first.DisposeAsync();
        (await Views.TryKeepAsync()).ShouldBeNull("it was given to another meanwhile");
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Who_does_not_keep_waits_until_the_keeper_has_come_there()
    {
        await FillAsync(20);
        await new ViewKeeper(Log, Views, [Activity]).CatchUpAsync();
        var keeping = await Views.TryKeepAsync();
        await FillAsync(5);
        var waiting = new ViewKeeper(Log, Views, [Activity]).CatchUpAsync();
        await Task.Delay(50);
        waiting.IsCompleted.ShouldBeFalse();
        await ByHandAsync();
        await waiting.WaitAsync(Patience);
        (await Views.TryKeepAsync()).ShouldBeNull("the other still keeps");
        await keeping!.DisposeAsync();
    }

    [Fact]
    public async Task Who_waits_takes_the_place_of_a_keeper_that_ends()
    {
        await FillAsync(20);
        await new ViewKeeper(Log, Views, [Activity]).CatchUpAsync();
        var keeping = await Views.TryKeepAsync();
        await FillAsync(5);
        var waiting = new ViewKeeper(Log, Views, [Activity]).CatchUpAsync();
        await Task.Delay(50);
        waiting.IsCompleted.ShouldBeFalse();
        await keeping!.DisposeAsync();
        await waiting.WaitAsync(Patience);
        (await Views.ProgressAsync())["activity"].Next.ShouldBe(26);
    }

    [Fact]
    public async Task A_keeper_of_other_views_does_not_let_one_wait_for_ever()
    {
        await FillAsync(5);
        await using var keeping = await Views.TryKeepAsync();
        (await Given.CodeAsync(() => new ViewKeeper(Log, Views, [Activity]).CatchUpAsync())).ShouldBe("view-kept-otherwise");
    }

    [Fact]
    public async Task A_write_that_does_not_follow_on_what_is_there_is_refused_whole()
    {
        await FillAsync(20);
        await new ViewKeeper(Log, Views, [Activity, StoriesView.View]).CatchUpAsync();
        var kept = await Views.ProgressAsync();
        var (since, stories) = (kept["activity"], kept["stories"]);
        foreach (var stale in (ViewProgress[])[since with { Next = 20 }, since with { Next = 22 }, since with { Made = 2 }, since with { Version = 99 }])
        {
            (await Given.CodeAsync(() => Views.WriteAsync([new(StoriesView.View, [], 25, Since: stories), new(Activity, [], 25, Since: stale)]).AsTask())).ShouldBe("kept-elsewhere");
            (await Views.ProgressAsync()).ShouldBe(kept, ignoreOrder: true);
        }

        await Views.WriteAsync([new(StoriesView.View, [], 25, Since: stories), new(Activity, [], 25, Since: since)]);
        (await Views.ProgressAsync())["activity"].Next.ShouldBe(25);
    }

    [Fact]
    public async Task A_copy_that_has_not_come_as_far_as_the_live_view_does_not_take_its_place()
    {
        await FillAsync(20);
        await new ViewKeeper(Log, Views, [Activity]).CatchUpAsync();
        await Views.BeginRebuildAsync(Activity);
        (await Views.SwapAsync(Activity, 20)).ShouldBeFalse();
        (await Views.CountAsync(Activity, new ViewQuery())).ShouldBe(21);
        (await Views.SwapAsync(Activity, 21)).ShouldBeTrue();
        (await Views.CountAsync(Activity, new ViewQuery())).ShouldBe(0, "the copy was empty");
    }

    [Fact]
    public async Task Many_keepers_at_once_make_the_views_that_one_makes()
    {
        using var cancel = new CancellationTokenSource(Patience);
        var keepers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => new ViewKeeper(Log, Views, AllViews.List).RunAsync(cancel.Token))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await FillAsync(40);
                await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync(cancellation: cancel.Token);
                // What was recorded before is in.
                (await Views.ProgressAsync())["activity"].Next.ShouldBeGreaterThanOrEqualTo(41 + (40 * i));
            }
        })));
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync(cancellation: cancel.Token);
        await cancel.CancelAsync();
        foreach (var keeper in keepers)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => keeper);
        }

        await ShouldBeTheFoldAsync(601);
    }

    [Fact]
    public async Task A_rebuild_beside_a_running_keeper_loses_nothing()
    {
        using var cancel = new CancellationTokenSource(Patience);
        var running = Task.Run(() => new ViewKeeper(Log, Views, AllViews.List).RunAsync(cancel.Token));
        var filling = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await FillAsync(20);
            }
        });
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync(cancellation: cancel.Token);
        for (var i = 0; i < 5; i++)
        {
            await new ViewKeeper(Log, Views, AllViews.List).RebuildAsync(Activity, cancellation: cancel.Token);
        }

        await filling;
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync(cancellation: cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await ShouldBeTheFoldAsync(401);
        (await Views.ProgressAsync())["activity"].Made.ShouldBe(6);
    }

    [Fact]
    public async Task A_keeper_does_not_go_on_from_records_of_before_a_rebuild()
    {
        // A record that counts the entries of its story, and forgets what it counted when it is made anew from erased words.
        var story = await FillAsync(3);
        using var cancel = new CancellationTokenSource(Patience);
        var running = Task.Run(() => new ViewKeeper(Log, Views, [Told]).RunAsync(cancel.Token));
        await new ViewKeeper(Log, Views, [Told]).CatchUpAsync(cancellation: cancel.Token);
        await Log.EraseAsync((await Given.StoryAsync(Log, story))[0].Id, Core.Entries.Part.Body);
        await new ViewKeeper(Log, Views, [Told]).RebuildAsync(Told, cancellation: cancel.Token);
        await AppendAsync(Given.Notes(Log, story, 2));
        await new ViewKeeper(Log, Views, [Told]).CatchUpAsync(cancellation: cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        ((ActivityRecord)(await Views.FindAsync(Told, story.Value))!).Summary.ShouldBe("?|a note 0|a note 1|a note 0");
    }

    /// <summary>One record a story, with the words of all its notes.</summary>
    private static View<ActivityRecord> Told => new(
        "told", 1, ViewJson.Default.ActivityRecord,
        (_, entry) => [entry.Story.Value],
        (_, record, story, entry) => ((ActivityRecord)Activity.Evolve(entry.Id.Value, null, story, entry)!) with
        {
            Summary = string.Join('|', ((string?[])[record?.Summary, entry.Body is Core.Entries.NoteAdded note ? note.Text : "?"]).OfType<string>()),
        });

    /// <summary>Does what a keeper does, without asking to be one.</summary>
    private async Task ByHandAsync()
    {
        var since = (await Views.ProgressAsync())["activity"];
        var fold = new ViewFold(Activity);
        var versions = (await Given.AllAsync(Log)).SelectMany(entry => fold.Apply(entry).Select(change => new ViewVersion(change.Key, entry.Index, change.After, change.Before is not null)))
            .Where(version => version.From >= since.Next).ToList();
        await Views.WriteAsync([new(Activity, versions, (await Log.HeadAsync()).Size, Since: since)]);
    }

    private async Task ShouldBeTheFoldAsync(long size)
    {
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in await Given.AllAsync(Log))
        {
            fold.Apply(entry);
        }

        foreach (var view in AllViews.List)
        {
            var progress = (await Views.ProgressAsync())[view.Name];
            (progress.Next, progress.Error).ShouldBe((size, null));
            var query = new ViewQuery { Limit = ViewQuery.MaxLimit };
            var (actual, expected) = (await Views.ListAsync(view, query), fold.List(view, query));
            actual.Records.Select(record => Encoding.UTF8.GetString(view.Write(record))).ShouldBe(expected.Records.Select(record => Encoding.UTF8.GetString(view.Write(record))));
            (await Views.CountAsync(view, query)).ShouldBe(fold.Matching(view, query).Count());
        }
    }
}
