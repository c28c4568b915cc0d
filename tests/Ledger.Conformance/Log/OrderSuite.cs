using System.Collections.Concurrent;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>One order without gaps, however many write; nobody who reads or follows meanwhile misses, repeats or reorders an entry.</summary>
public abstract class OrderSuite(Store store) : EngineSuite(store)
{
    private const int Writers = 8;
    private const int CommandsEach = 40;
    private const int Total = 1 + (Writers * CommandsEach * 2);

    [SkippableFact]
    public async Task Writers_on_many_stories_leave_no_gap()
    {
        var receipts = await WriteAsync();

        var entries = await Given.AllAsync(Log);
        entries.Select(entry => entry.Index).ShouldBe(Enumerable.Range(0, Total).Select(i => (long)i));
        foreach (var story in entries.GroupBy(entry => entry.Story))
        {
            story.Select(entry => entry.Envelope.Revision).ShouldBe(Enumerable.Range(0, story.Count()).Select(i => (long)i));
        }

        foreach (var promised in receipts.SelectMany(receipt => receipt.Entries))
        {
            entries[(int)promised.Index].Hash.ShouldBe(promised.Hash);
        }

        (await Verification.VerifyAsync(Log)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Writers_on_one_story_get_every_revision_once()
    {
        var story = Given.NewStory();
        var revisions = new ConcurrentBag<long>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            var expected = AppendRequest.NoStory;
            for (var done = 0; done < 15;)
            {
                switch (await Log.AppendAsync(Given.Notes(Log, story, expected)))
                {
                    case AppendResult.Appended { Receipt: var receipt }:
                        revisions.Add(expected = receipt.Entries[0].Revision);
                        done++;
                        break;
                    case AppendResult.Conflict conflict:
                        conflict.ActualRevision.ShouldNotBe(expected);
                        expected = conflict.ActualRevision;
                        break;
                    case var refused:
                        throw new InvalidOperationException($"{refused}");
                }
            }
        })));

        revisions.Order().ShouldBe(Enumerable.Range(0, Writers * 15).Select(i => (long)i));
        (await Given.StoryAsync(Log, story)).Count.ShouldBe(Writers * 15);
    }

    [SkippableFact]
    public async Task Readers_racing_writers_see_a_beginning_of_the_one_order()
    {
        var writing = WriteAsync();
        await using var other = await Store.OpenReaderAsync();
        var readings = new ConcurrentBag<List<Entry>>();
        await Task.WhenAll(new[] { Log, other.Log, Log }.Select(log => Task.Run(async () =>
        {
            do
            {
                readings.Add(await Given.AllAsync(log));
            }
            while (!writing.IsCompleted);
        })));
        await writing;

        var order = (await Given.AllAsync(Log)).ConvertAll(entry => entry.Hash);
        foreach (var reading in readings)
        {
            reading.Select(entry => entry.Hash).ShouldBe(order.Take(reading.Count));
            // A command is seen whole: the head never stands within one.
            (reading.Count % 2).ShouldBe(1);
        }
    }

    [SkippableFact]
    public async Task Followers_racing_writers_get_every_entry_once_in_the_one_order()
    {
        await using var other = await Store.OpenReaderAsync();
        long[] starts = [0, 1, 5, 100, Total - 1];
        var following = starts.SelectMany(from => new[] { Log, other.Log }, (from, log) =>
            Task.Run(async () => (From: from, Entries: await Given.FollowAsync(log, from, (int)(Total - from), Patience)))).ToList();
        await WriteAsync();

        var order = (await Given.AllAsync(Log)).ConvertAll(entry => entry.Hash);
        foreach (var (from, entries) in await Task.WhenAll(following))
        {
            entries.Select(entry => entry.Index).ShouldBe(Enumerable.Range((int)from, Total - (int)from).Select(i => (long)i));
            entries.Select(entry => entry.Hash).ShouldBe(order.Skip((int)from));
        }
    }

    [SkippableFact]
    public async Task A_follower_that_stopped_goes_on_from_any_index()
    {
        await FillAsync(700);
        var seen = new List<Entry>();
        for (var from = 0; from < 701; from += 89)
        {
            seen.AddRange(await Given.FollowAsync(Log, from, Math.Min(89, 701 - from), Patience));
        }

        seen.Select(entry => entry.Hash).ShouldBe((await Given.AllAsync(Log)).Select(entry => entry.Hash));
    }

    [SkippableTheory]
    [InlineData(0, null, 701)]
    [InlineData(0, 0L, 0)]
    [InlineData(511, 513L, 2)]
    [InlineData(700, 9000L, 1)]
    [InlineData(701, null, 0)]
    [InlineData(5000, 6000L, 0)]
    [InlineData(20, 10L, 0)]
    public async Task Reading_gives_the_entries_between_two_indexes(long from, long? to, int count)
    {
        await FillAsync(700);
        var read = new List<long>();
        await foreach (var entry in Log.ReadAsync(from, to))
        {
            read.Add(entry.Index);
        }

        read.ShouldBe(Enumerable.Range((int)from, count).Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Reading_ends_at_the_head_as_it_was_at_the_first_entry()
    {
        var story = await FillAsync(10);
        var read = 0;
        await foreach (var entry in Log.ReadAsync(0))
        {
            read++;
            await AppendAsync(Given.Notes(Log, story, 8 + read));
        }

        read.ShouldBe(11);
    }

    [SkippableFact]
    public async Task A_story_is_read_from_any_revision_and_what_is_not_there_is_empty()
    {
        var story = await FillAsync(600);
        await FillAsync(5);
        foreach (var from in (int[])[0, 1, 511, 512, 599, 600, 9000])
        {
            (await Given.StoryAsync(Log, story, from)).Select(entry => entry.Envelope.Revision).ShouldBe(Enumerable.Range(from, Math.Max(0, 600 - from)).Select(i => (long)i));
        }

        (await Given.StoryAsync(Log, Given.NewStory())).ShouldBeEmpty();
    }

    /// <summary>Each writer takes turns on a story of its own and one it shares; two entries a command.</summary>
    private async Task<List<Receipt>> WriteAsync()
    {
        StoryId[] shared = [Given.NewStory(), Given.NewStory()];
        var receipts = new ConcurrentBag<Receipt>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            StoryId[] stories = [Given.NewStory(), shared[writer % 2]];
            long[] revisions = [AppendRequest.NoStory, AppendRequest.NoStory];
            for (var done = 0; done < CommandsEach;)
            {
                var turn = done % 2;
                switch (await Log.AppendAsync(Given.Notes(Log, stories[turn], revisions[turn], 2)))
                {
                    case AppendResult.Appended { Receipt: var receipt }:
                        receipts.Add(receipt);
                        revisions[turn] = receipt.Entries[^1].Revision;
                        done++;
                        break;
                    case AppendResult.Conflict conflict:
                        revisions[turn] = conflict.ActualRevision;
                        break;
                    case var refused:
                        throw new InvalidOperationException($"{refused}");
                }
            }
        })));
        return [.. receipts];
    }
}
