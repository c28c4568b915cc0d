using System.Diagnostics;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Benchmarks;

/// <summary>Rebuilding views, and asking them as of the past, for what changed and by words, in ledgers of growing size.</summary>
internal static class ViewBenchmark
{
    private const int Samples = 500;

    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        for (var size = 10_000; size <= options.Entries; size *= 10)
        {
            await using var bench = await Bench.FilledAsync(folder, size);
            var keeper = new ViewKeeper(bench.Ledger, bench.Ledger.Views, AllViews.List);
            var building = Stopwatch.StartNew();
            await keeper.CatchUpAsync();
            yield return new($"build all views, {size:N0} entries", Figures.PerSecond(size, building.Elapsed) + " entries");

            building.Restart();
            await keeper.RebuildAsync(ClaimsView.View);
            yield return new($"rebuild claims, {size:N0} entries", Figures.PerSecond(size, building.Elapsed) + " entries");

            var random = new Random(7);
            var keys = (await bench.Ledger.Views.ListAsync(ClaimsView.View, new ViewQuery { Limit = 1000 })).Records.Select(record => record.Id.Value).ToArray();
            var story = bench.Ledger.Naming.Story("story-3");
            yield return await AskAsync($"as-of, one claim, {size:N0} entries", () => bench.Mediator.Send(
                new FindRecord(ClaimsView.View, keys[random.Next(keys.Length)], new AsOf(size - 1))));
            yield return await AskAsync($"as-of, 50 claims of a speaker, {size:N0} entries", () => bench.Mediator.Send(
                new ListRecords(ClaimsView.View, new ViewQuery { Where = [new("speaker", "Speaker 3")] }, new AsOf(random.Next(1000, size)))));
            yield return await AskAsync($"as-of, 50 open questions, {size:N0} entries", () => bench.Mediator.Send(
                new ListRecords(QuestionsView.View, new ViewQuery { Where = [new("status", "open")] }, new AsOf(random.Next(1000, size)))));
            yield return await AskAsync($"as-of, a story's claims, {size:N0} entries", () => bench.Mediator.Send(
                new ListRecords(ClaimsView.View, new ViewQuery { Story = story }, new AsOf(random.Next(1000, size)))));
            yield return await AskAsync($"changes over 100 entries, {size:N0} entries", () =>
            {
                var from = random.Next(1000, size - 100);
                return bench.Mediator.Send(new AskChanges(new AsOf(from), new AsOf(from + 100), null, new DateOnly(2024, 6, 1)));
            }, goal: "");
            yield return await AskAsync($"search, two words, {size:N0} entries", () => bench.Mediator.Send(
                new AskSearch("committee finding", new ViewQuery(), AsOf.Now)), goal: "");
            yield return await AskAsync($"published-by, a story's claims, {size:N0} entries", () => bench.Mediator.Send(
                new ListRecords(ClaimsView.View, new ViewQuery { Story = story }, new AsOf(PublishedBy: new DateOnly(2024, 12, 31)))), goal: "");
        }
    }

    private static async Task<Row> AskAsync<T>(string what, Func<Task<T>> ask, string goal = "p99 ≤ 10 ms")
    {
        var times = new List<double>(Samples);
        for (var i = -20; i < Samples; i++)
        {
            var clock = Stopwatch.StartNew();
            await ask();
            if (i >= 0)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        return new(what, $"p50 {Figures.Milliseconds(Figures.Percentile(times, 0.5))}, p99 {Figures.Milliseconds(Figures.Percentile(times, 0.99))}", Goal: goal);
    }
}
