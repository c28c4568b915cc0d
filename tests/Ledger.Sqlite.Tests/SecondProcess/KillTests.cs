using System.Globalization;
using System.Text;
using Ledger.Conformance;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Views;
using Xunit.Abstractions;

namespace Ledger.Sqlite.Tests.SecondProcess;

/// <summary><c>kill -9</c> at random moments of concurrent recording, view keeping included.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Each ledger lives through some of the rounds, so that none grows so large that looking at it takes longer than making it.
    private const int RoundsEach = 10;

    /// <summary>How many rounds: fifty, or as many as <c>ops/kill-test.sh</c> asks for.</summary>
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("LEDGER_KILL_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 50;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_or_doubled_when_the_writer_is_killed()
    {
        var acknowledged = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (Rounds + RoundsEach - 1) / RoundsEach).Select(ledger => Math.Min(RoundsEach, Rounds - (ledger * RoundsEach))),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (rounds, _) => Interlocked.Add(ref acknowledged, await LiveAsync(rounds)));
        acknowledged.ShouldBeGreaterThan(Rounds);
        output.WriteLine($"{Rounds} rounds, {acknowledged} commands acknowledged: none lost, none doubled, none torn; every ledger verified, every view as the entries give it.");
    }

    /// <summary>One ledger's life: how many commands were acknowledged in it.</summary>
    private static async Task<int> LiveAsync(int rounds)
    {
        await using var store = new SqliteStore();
        var random = new Random();
        var acknowledged = new Dictionary<(int Writer, int Number), (long Index, string Hash)>();
        for (var round = 1; round <= rounds; round++)
        {
            await using (var child = Child.Start("record", store.FilePath))
            {
                for (var left = random.Next(1, 150); left > 0 && await child.ReadLineAsync() is { } line; left--)
                {
                    Remember(line);
                }

                child.Kill();
                // What it had said before it died counts, too.
                foreach (var line in await child.ReadToEndAsync())
                {
                    Remember(line);
                }
            }

            await CheckAsync(store, acknowledged, last: round == rounds);
        }

        return acknowledged.Count;

        void Remember(string line)
        {
            if (line.Split(' ') is [var writer, var number, var index, { Length: 43 } hash])
            {
                var key = (int.Parse(writer, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture));
                var place = (long.Parse(index, CultureInfo.InvariantCulture), hash);
                // A writer starts over in every round: the same command must get the same receipt.
                acknowledged.TryAdd(key, place);
                acknowledged[key].ShouldBe(place);
            }
        }
    }

    private static async Task CheckAsync(SqliteStore store, Dictionary<(int Writer, int Number), (long Index, string Hash)> acknowledged, bool last)
    {
        await using var opened = await store.OpenAsync();
        var (log, views) = (opened.Log, opened.Views);
        var report = await Verification.VerifyAsync(log);
        report.Failure.ShouldBeNull();

        foreach (var ((writer, number), (index, hash)) in acknowledged)
        {
            var (story, id, _) = Host.Command(log.Naming, writer, number);
            var receipt = (await log.FindReceiptAsync(story, id)).ShouldNotBeNull();
            (receipt.Entries[0].Index, receipt.Entries[0].Hash.ToString()).ShouldBe((index, hash));
        }

        var entries = await Given.AllAsync(log);
        entries.Select(entry => (entry.Envelope.Command, entry.Envelope.Ordinal, entry.Story)).ShouldBeUnique();
        foreach (var (writer, number) in acknowledged.Keys.GroupBy(key => key.Writer, (writer, keys) => (writer, keys.Max(key => key.Number))))
        {
            // Sent, perhaps, and not acknowledged: there or not, sending it again makes it once.
            for (var next = number; next < number + 2; next++)
            {
                var (story, id, command) = Host.Command(log.Naming, writer, next);
                (await new Appender(log).AppendAsync(story, id, Given.Ada, command)).Error.ShouldBeNull();
                var made = (await Given.StoryAsync(log, story)).Where(entry => entry.Envelope.Command == id).ToList();
                made.Select(entry => entry.Envelope.Ordinal).ShouldBe(Enumerable.Range(0, made[0].Envelope.Of));
            }
        }

        var keeper = new ViewKeeper(log, views, AllViews.List);
        await keeper.CatchUpAsync();
        (await ViewVerification.VerifyAsync(log, views, AllViews.List)).Failure.ShouldBeNull();
        foreach (var view in last ? AllViews.List : [])
        {
            var live = await EverythingAsync(views, view);
            await keeper.RebuildAsync(view);
            live.ShouldBe(await EverythingAsync(views, view));
        }
    }

    private static async Task<List<string>> EverythingAsync(IViewStore views, View view)
    {
        var records = new List<string>();
        var query = new ViewQuery { Limit = ViewQuery.MaxLimit };
        do
        {
            var page = await views.ListAsync(view, query);
            records.AddRange(page.Records.Select(record => Encoding.UTF8.GetString(view.Write(record))));
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return records;
    }
}
