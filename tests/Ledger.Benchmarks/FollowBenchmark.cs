using System.Diagnostics;
using System.Globalization;
using Ledger.Sqlite;

namespace Ledger.Benchmarks;

/// <summary>How long after an append was acknowledged a subscriber has the entry: in this process, and in a second one.</summary>
internal static class FollowBenchmark
{
    private const int Appends = 400;

    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        await using var bench = await Bench.OpenAsync(folder, keepViews: false);
        var place = await bench.StoryAsync(0);
        var first = (await bench.Ledger.HeadAsync()).Size;

        var here = new Dictionary<long, long>();
        var following = Task.Run(async () =>
        {
            await foreach (var entry in bench.Ledger.FollowAsync(first))
            {
                here[entry.Index] = Stopwatch.GetTimestamp();
                if (entry.Index == first + Appends - 1)
                {
                    break;
                }
            }
        });
        using var second = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Arguments(bench.Ledger.Path)) { RedirectStandardOutput = true })!;
        await second.StandardOutput.ReadLineAsync();

        var acknowledged = new Dictionary<long, long>();
        for (var i = 0; i < Appends; i++)
        {
            var receipt = await bench.NoteAsync(place, "A remark.");
            acknowledged[receipt.LastIndex!.Value] = Stopwatch.GetTimestamp();
            // At a person's pace, not the machine's: every append finds the follower waiting.
            await Task.Delay(7);
        }

        await following;
        yield return Row("in process", acknowledged, here);
        var there = new Dictionary<long, long>();
        while (there.Count < acknowledged.Count && (await second.StandardOutput.ReadLineAsync())?.Split(' ') is [var index, var at])
        {
            var entry = long.Parse(index, CultureInfo.InvariantCulture);
            if (acknowledged.ContainsKey(entry))
            {
                there[entry] = long.Parse(at, CultureInfo.InvariantCulture);
            }
        }

        second.Kill();
        yield return Row("from a second process", acknowledged, there);
    }

    /// <summary>The second process: tells when it saw each entry, by the clock that all processes of a machine share.</summary>
    internal static async Task<int> FollowerAsync(string path)
    {
        await using var ledger = SqliteLedger.Open(path, SqliteAccess.Read);
        var head = (await ledger.HeadAsync()).Size;
        Console.WriteLine("open");
        await foreach (var entry in ledger.FollowAsync(head))
        {
            var at = Stopwatch.GetTimestamp();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Index} {at}"));
        }

        return 0;
    }

    private static string[] Arguments(string path) =>
        [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(FollowBenchmark).Assembly.Location] : Array.Empty<string>(), "follower", path];

    private static Row Row(string what, Dictionary<long, long> acknowledged, Dictionary<long, long> seen)
    {
        // A follower may have it before the writer's thread goes on: that is no time at all.
        var times = acknowledged.Select(entry => Math.Max(0, Stopwatch.GetElapsedTime(entry.Value, seen[entry.Key]).TotalMilliseconds)).ToList();
        return new(
            $"append to subscriber, {what}", $"p50 {Figures.Milliseconds(Figures.Percentile(times, 0.5))}, p99 {Figures.Milliseconds(Figures.Percentile(times, 0.99))}", Goal: "p99 ≤ 5 ms");
    }
}
