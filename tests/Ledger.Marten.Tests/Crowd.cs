using System.Collections.Concurrent;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Marten.Tests;

/// <summary>
/// Writers who append to a log that fails under them, each command again until it is acknowledged, and a follower beside them; and what must hold afterwards: nothing acknowledged is lost,
/// nothing is there twice, the follower has seen every index once and in order, and the ledger verifies.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly ILedgerLog[] logs;
    private readonly ILedgerLog follows;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<(StoryId, CommandId), Digest> acknowledged = [];
    private readonly ConcurrentBag<string> failures = [];
    private readonly List<Task> writing = [];
    private readonly CancellationTokenSource enough = new();
    private readonly ConcurrentQueue<Digest> seen = [];
    private readonly Task following;
    private int acknowledgements;

    internal Crowd(ILedgerLog follows, params ILedgerLog[] logs)
    {
        this.logs = logs;
        this.follows = follows;
        for (var writer = 0; writer < 6; writer++)
        {
            var log = logs[writer % logs.Length];
            writing.Add(Task.Run(() => WriteAsync(log)));
        }

        following = Task.Run(FollowAsync);
    }

    internal int Acknowledged => Volatile.Read(ref acknowledgements);

    /// <summary>The codes of what failed on the way.</summary>
    internal IReadOnlyCollection<string> Failures => failures;

    /// <summary>Waits until so many more commands were acknowledged.</summary>
    internal async Task AcknowledgedAsync(int more)
    {
        var enough = Acknowledged + more;
        while (Acknowledged < enough)
        {
            await Task.WhenAny([Task.Delay(5), .. writing.Where(writer => writer.IsFaulted)]);
            if (writing.FirstOrDefault(writer => writer.IsFaulted) is { } failed)
            {
                await failed;
            }
        }
    }

    /// <summary>Lets everybody come to an end, and checks.</summary>
    internal async Task CheckAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        var log = logs[0];
        var all = await Given.AllAsync(log);
        all.Select(entry => entry.Index).ShouldBe(Enumerable.Range(0, all.Count).Select(i => (long)i));
        // Two entries a command, and the opening.
        all.Count.ShouldBe(1 + (2 * acknowledged.Count));
        var commands = all.Skip(1).GroupBy(entry => (entry.Story, entry.Envelope.Command)).ToDictionary(command => command.Key, command => command.ToList());
        foreach (var (command, hash) in acknowledged)
        {
            commands[command].Count.ShouldBe(2);
            commands[command][0].Hash.ShouldBe(hash);
        }

        for (var patience = System.Diagnostics.Stopwatch.StartNew(); seen.Count < all.Count && patience.Elapsed < TimeSpan.FromMinutes(2) && !following.IsCompleted;)
        {
            await Task.Delay(5);
        }

        await enough.CancelAsync();
        await following;
        seen.ShouldBe(all.ConvertAll(entry => entry.Hash));
        (await Verification.VerifyAsync(log)).Failure.ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await enough.CancelAsync();
        await Task.WhenAll([.. writing, following]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        enough.Dispose();
    }

    private async Task WriteAsync(ILedgerLog log)
    {
        var (story, revision) = (Given.NewStory(), AppendRequest.NoStory);
        while (!stop.IsCancellationRequested)
        {
            var request = Given.Notes(log, story, revision, 2);
            for (Receipt? receipt = null; receipt is null;)
            {
                try
                {
                    receipt = (await log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;
                    receipt.Entries.Length.ShouldBe(2);
                    revision = receipt.Entries[1].Revision;
                    acknowledged[(story, request.Command)] = receipt.Entries[0].Hash;
                    Interlocked.Increment(ref acknowledgements);
                }
                catch (LedgerException error) when (error.Error.Code is "engine-failed" or "outcome-unknown")
                {
                    failures.Add(error.Error.Code);
                    await Task.Delay(20);
                }
            }
        }
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            try
            {
                await foreach (var entry in follows.FollowAsync(seen.Count, enough.Token))
                {
                    entry.Index.ShouldBe(seen.Count);
                    seen.Enqueue(entry.Hash);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (LedgerException error) when (error.Error.Code == "engine-failed")
            {
                // It ended with an error, as promised, and is taken up where it ended.
            }
        }
    }
}
