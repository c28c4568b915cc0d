using System.Diagnostics;
using Ledger.Core.Integrity;

namespace Ledger.Benchmarks;

/// <summary>Reading forward, and verifying, a ledger of the largest size.</summary>
internal static class ReadBenchmark
{
    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        await using var bench = await Bench.OpenAsync(folder, keepViews: false);
        await bench.FillAsync(options.Entries);
        for (var pass = 0; pass < 2; pass++)
        {
            long count = 0, bytes = 0;
            var clock = Stopwatch.StartNew();
            await foreach (var entry in bench.Ledger.ReadAsync(0))
            {
                count++;
                bytes += entry.EnvelopeBytes.Length;
            }

            if (pass == 1)
            {
                yield return new($"read forward, {count:N0} entries", Figures.PerSecond(count, clock.Elapsed), Goal: "≥ 300,000/s");
            }
        }

        var verifying = Stopwatch.StartNew();
        var report = await Verification.VerifyAsync(bench.Ledger);
        yield return new($"verify, {report.Size:N0} entries", Figures.PerSecond(report.Size, verifying.Elapsed), report.Failure?.Reason ?? "holds");
    }
}
