using System.Collections.Concurrent;
using EventStore.Client;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.EventStore.Tests.Engine;

/// <summary>The line to the server fails. After each fault nothing acknowledged is lost, nothing is doubled, a follower has every index once and in order, and the ledger verifies.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const int Writers = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string prefix = TestServer.NewPrefix();
    private TcpProxy? proxy;
    private ILedgerLog? log;

    public Task InitializeAsync()
    {
        var server = EventStoreClientSettings.Create(TestServer.Require()).ConnectivitySettings;
        Skip.If(!server.IsSingleNode || !server.Insecure, "Faults on the line are made between the tests and one server without TLS.");
        proxy = TcpProxy.Start(server.Address!.Host, server.Address.Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        proxy?.Restore();
        await (log?.DisposeAsync() ?? default);
        await (proxy?.DisposeAsync() ?? default);
    }

    public static TheoryData<string, int> Faults => new()
    {
        { "cut for a moment", 0 },
        { "cut for a while", 3000 },
        { "held for a moment", 300 },
        { "held until calls give a try up", 4000 },
    };

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public async Task Appends_through_a_fault_are_there_once_and_followed_in_order(string fault, int milliseconds)
    {
        await OpenAsync(call: TimeSpan.FromSeconds(30), oneTry: TimeSpan.FromSeconds(1));
        var acknowledged = new ConcurrentBag<Receipt>();
        using var stop = new CancellationTokenSource();
        var followed = new List<Entry>();
        using var unfollow = new CancellationTokenSource(Patience);
        var following = Task.Run(async () =>
        {
            await foreach (var entry in log!.FollowAsync(0, unfollow.Token))
            {
                lock (followed)
                {
                    followed.Add(entry);
                }
            }
        });
        var writing = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteAsync(acknowledged, stop.Token))).ToList();
        await UntilAsync(() => acknowledged.Count > 40);

        for (var round = 0; round < 3; round++)
        {
            if (fault.StartsWith("cut", StringComparison.Ordinal))
            {
                proxy!.Cut();
            }
            else
            {
                proxy!.Hold();
            }

            await Task.Delay(milliseconds);
            proxy.Restore();
            var before = acknowledged.Count;
            await UntilAsync(() => acknowledged.Count > before + 40);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing).WaitAsync(Patience);
        var stored = await Given.AllAsync(log!);
        await UntilAsync(() =>
        {
            lock (followed)
            {
                return followed.Count >= stored.Count;
            }
        });
        await unfollow.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);

        stored.Count.ShouldBe(1 + acknowledged.Count);
        foreach (var promised in acknowledged.SelectMany(receipt => receipt.Entries))
        {
            stored[(int)promised.Index].Hash.ShouldBe(promised.Hash);
        }

        followed.Select(entry => (entry.Index, entry.Hash)).ShouldBe(stored.Select(entry => (entry.Index, entry.Hash)));
        (await Verification.VerifyAsync(log!)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task An_append_whose_outcome_is_not_known_is_found_or_appended_when_it_is_repeated()
    {
        await OpenAsync(call: TimeSpan.FromSeconds(2), oneTry: TimeSpan.FromSeconds(1));
        var request = Given.Notes(log!, Given.NewStory(), AppendRequest.NoStory, 2);
        proxy!.Hold();

        var error = (await Should.ThrowAsync<LedgerException>(async () => await log!.AppendAsync(request))).Error;
        error.Code.ShouldBeOneOf("engine-failed", "outcome-unknown");

        proxy.Restore();
        var receipt = (await log!.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;
        receipt.Entries.Length.ShouldBe(2);
        (await Given.StoryAsync(log, request.Story)).Count.ShouldBe(2);
        (await log.HeadAsync()).Size.ShouldBe(3);
    }

    [SkippableFact]
    public async Task A_server_that_is_not_there_is_said_to_be_so()
    {
        proxy!.Cut();
        (await Given.CodeAsync(() => OpenAsync(call: TimeSpan.FromSeconds(2), oneTry: TimeSpan.FromSeconds(1)))).ShouldBe("engine-failed");
    }

    private async Task OpenAsync(TimeSpan call, TimeSpan oneTry)
    {
        log = await EventStoreLedger.OpenAsync(new($"esdb://127.0.0.1:{proxy!.Port}?tls=false&keepAliveInterval=1000&keepAliveTimeout=1000") { Prefix = prefix, CallPatience = call, TryPatience = oneTry });
        await LedgerOpening.EnsureOpenedAsync(log, "example.org/faults", new Digest(new byte[32]), Given.Ada, TimeProvider.System);
    }

    /// <summary>Appends to a story of its own, and repeats what it got no receipt for until it has one.</summary>
    private async Task WriteAsync(ConcurrentBag<Receipt> acknowledged, CancellationToken stop)
    {
        var story = Given.NewStory();
        for (var revision = AppendRequest.NoStory; !stop.IsCancellationRequested; revision++)
        {
            var request = Given.Notes(log!, story, revision);
            while (true)
            {
                try
                {
                    if (await log!.AppendAsync(request, CancellationToken.None) is AppendResult.Appended { Receipt: var receipt })
                    {
                        acknowledged.Add(receipt);
                        break;
                    }
                }
                catch (LedgerException error) when (error.Error.Code is "engine-failed" or "outcome-unknown")
                {
                    await Task.Delay(50, CancellationToken.None);
                }
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
