using System.Diagnostics;
using Ledger.Core.Integrity;

namespace Ledger.Benchmarks;

/// <summary>Reading forward, and verifying, ledgers of growing size, and what memory that takes.</summary>
internal static class ReadBenchmark
{
    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        for (var size = 10_000; size <= options.Entries; size *= 10)
        {
            await using var bench = await Bench.FilledAsync(folder, size);
            await foreach (var row in MeasureAsync(bench))
            {
                yield return row;
            }
        }
    }

    /// <summary>Looks at the heap whenever it is told of progress.</summary>
    private sealed class Heap : IProgress<long>
    {
        internal long Most { get; private set; }

        public void Report(long value) => Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: false));
    }

    private static async IAsyncEnumerable<Row> MeasureAsync(Bench bench)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            long count = 0, bytes = 0, most = 0;
            var allocated = GC.GetTotalAllocatedBytes();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var clock = Stopwatch.StartNew();
            await foreach (var entry in bench.Ledger.ReadAsync(0))
            {
                count++;
                bytes += entry.EnvelopeBytes.Length;
                most = count % 4096 == 0 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before) : most;
            }

            if (pass == 1)
            {
                var each = (GC.GetTotalAllocatedBytes() - allocated) / count;
                yield return new(
                    $"read forward, {count:N0} entries", Figures.PerSecond(count, clock.Elapsed),
                    $"{each:N0} bytes allocated an entry, heap at most {most / 1e6:N0} MB more", Goal: "≥ 300,000/s");
            }
        }

        var least = GC.GetTotalMemory(forceFullCollection: true);
        var heap = new Heap();
        var verifying = Stopwatch.StartNew();
        var report = await Verification.VerifyAsync(bench.Ledger, progress: heap);
        yield return new(
            $"verify, {report.Size:N0} entries", Figures.PerSecond(report.Size, verifying.Elapsed), $"{report.Failure?.Reason ?? "holds"}, heap at most {Math.Max(0, heap.Most - least) / 1e6:N0} MB more");
    }
}
