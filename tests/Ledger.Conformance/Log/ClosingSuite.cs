using System.Collections.Concurrent;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>Cancelled or closed half-way, everybody learns what became of what they asked for, and nobody is left waiting.</summary>
public abstract class ClosingSuite(Store store) : EngineSuite(store)
{
    [SkippableFact]
    public async Task An_append_that_is_cancelled_beforehand_appends_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Log.AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory), new CancellationToken(canceled: true)));
        (await Log.HeadAsync()).Size.ShouldBe(1);
    }

    [SkippableFact]
    public async Task An_append_that_is_cancelled_half_way_is_there_or_was_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 600).Select(_ => Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 2)).ToList();
        var started = 0;
        var outcomes = await Task.WhenAll(requests.Select(async request =>
        {
            await Task.Yield();
            if (Interlocked.Increment(ref started) == 300)
            {
                await cancel.CancelAsync();
            }

            try
            {
                return (request, Appended: await Log.AppendAsync(request, cancel.Token) is AppendResult.Appended);
            }
            catch (OperationCanceledException)
            {
                return (request, Appended: false);
            }
        }));

        foreach (var (request, appended) in outcomes)
        {
            (await Given.StoryAsync(Log, request.Story)).Count.ShouldBe(appended ? 2 : 0);
        }

        (await Verification.VerifyAsync(Log)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Closing_while_appending_leaves_every_call_with_a_durable_entry_or_ledger_closed()
    {
        var acknowledged = new ConcurrentBag<(Receipt Receipt, StoryId Story)>();
        var refused = new ConcurrentBag<StoryId>();
        var writers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var request = Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 3);
                try
                {
                    acknowledged.Add((((AppendResult.Appended)await Log.AppendAsync(request)).Receipt, request.Story));
                }
                catch (LedgerException error)
                {
                    error.Error.Code.ShouldBe("ledger-closed");
                    refused.Add(request.Story);
                    return;
                }
            }
        })).ToList();
        while (acknowledged.Count < 50)
        {
            await Task.Yield();
        }

        await Log.DisposeAsync();
        await Task.WhenAll(writers);
        await ReopenAsync();

        foreach (var (receipt, story) in acknowledged)
        {
            (await Given.StoryAsync(Log, story)).Select(entry => entry.Hash).ShouldBe(receipt.Entries.Select(entry => entry.Hash));
        }

        foreach (var story in refused)
        {
            (await Given.StoryAsync(Log, story)).ShouldBeEmpty();
        }

        (await Log.HeadAsync()).Size.ShouldBe(1 + (3 * acknowledged.Count));
        (await Verification.VerifyAsync(Log)).Failure.ShouldBeNull();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_follower_ends_with_an_error_when_the_ledger_is_closed(bool beside)
    {
        await FillAsync(20);
        await using var reader = await Store.OpenReaderAsync();
        var log = beside ? reader.Log : Log;
        var caughtUp = new TaskCompletionSource();
        var following = Task.Run(async () =>
        {
            await foreach (var entry in log.FollowAsync(0))
            {
                if (entry.Index == 20)
                {
                    caughtUp.SetResult();
                }
            }
        });
        await caughtUp.Task.WaitAsync(Patience);

        await log.DisposeAsync();

        (await Given.CodeAsync(() => following.WaitAsync(Patience))).ShouldBe("ledger-closed");
    }

    [SkippableFact]
    public async Task Followers_who_are_still_reading_when_the_ledger_is_closed_end_with_an_error()
    {
        await FillAsync(2000);
        var started = new CountdownEvent(8);
        var following = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await foreach (var entry in Log.FollowAsync(0))
            {
                if (entry.Index == 0)
                {
                    started.Signal();
                }
            }
        })).ToList();
        started.Wait(Patience).ShouldBeTrue();

        await Log.DisposeAsync();

        foreach (var follower in following)
        {
            (await Given.CodeAsync(() => follower.WaitAsync(Patience))).ShouldBe("ledger-closed");
        }
    }

    [SkippableFact]
    public async Task A_follower_that_is_cancelled_ends_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var entry in Log.FollowAsync(0, cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });
        await Should.ThrowAsync<OperationCanceledException>(() => following.WaitAsync(Patience));
    }

    [SkippableFact]
    public async Task A_closed_ledger_says_so_whatever_it_is_asked()
    {
        var story = await FillAsync(1);
        var request = Given.Notes(Log, story, 0);
        await Log.DisposeAsync();
        await Log.DisposeAsync();

        Func<Task>[] calls =
        [
            () => Log.HeadAsync().AsTask(),
            () => Log.AppendAsync(request).AsTask(),
            () => Log.FindAsync(default).AsTask(),
            () => Log.FindReceiptAsync(story, request.Command).AsTask(),
            () => Log.IndexAtAsync(Timestamp.MaxValue).AsTask(),
            () => Log.EraseAsync(default, Part.Body).AsTask(),
            () => Log.ReadTileAsync(0, 0, 1).AsTask(),
            () => Given.AllAsync(Log),
            () => Given.StoryAsync(Log, story),
            () => Given.FollowAsync(Log, 0, 1, Patience),
            () => Views.ProgressAsync().AsTask(),
        ];
        foreach (var call in calls)
        {
            (await Given.CodeAsync(call)).ShouldBe("ledger-closed");
        }
    }
}
