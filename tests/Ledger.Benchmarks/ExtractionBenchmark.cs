using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ledger.Extraction;

namespace Ledger.Benchmarks;

/// <summary>How fast documents are read, on one core, in news-like text made here: MB/s of UTF-8, time to the first finding, and whether a text ten times as long takes ten times as long.</summary>
internal static class ExtractionBenchmark
{
    private static readonly string[] People =
        ["Mayor Ruth Alvarez", "Interior Minister Jonas Brekke", "union leader Mary Okafor", "Judge Elena Marković", "the ministry", "a spokesman for the port", "Prime Minister Anders Holm", "the water board"];

    private static readonly string[] Sentences =
    [
        "{0} said on Tuesday that the bridge would stay closed until the inspectors had finished their report. ",
        "“We have looked at every cable, and we are not satisfied,” {0} said, “but nobody is in danger.” ",
        "According to {0}, the repairs will cost about 40 million and are expected to begin in early March. ",
        "It is not known whether the council has approved the money and, if so, on what terms it will be paid. ",
        "The bridge was built in 1961 and carries some 30,000 vehicles a day between the two halves of the town. ",
        "A meeting of the council is scheduled for the end of next month, which will consider the plans of the engineers. ",
        "{0} denied that warnings had been ignored, and accused the previous administration of “years of neglect.” ",
        "There is no word in the report on who will pay, and the cause of the damage remains unclear. ",
        "Traffic has been led over the northern road since the storm of 14 January, when part of the railing fell into the river. ",
        "Shopkeepers near the square have complained about the detour; many of them open late or not at all. ",
    ];

    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        var extractor = new RuleExtractor();
        var day = new DateOnly(2024, 2, 1);
        var first = Stopwatch.StartNew();
        var found = await extractor.ExtractAsync(new(Text(2_000, 1), day));
        yield return new("extract, cold, to the first finding", found.All.Length > 0 ? Figures.Milliseconds(first.Elapsed.TotalMilliseconds) : "none", Goal: "< 150 ms");

        double article = 0;
        foreach (var (size, what) in new[] { (5_000, "articles of 5 KB"), (50_000, "documents of 50 KB"), (500_000, "documents of 500 KB") })
        {
            var (speed, findings) = await SpeedAsync(extractor, Text(size, size), day, options.Seconds);
            article = article == 0 ? speed : article;
            yield return new(
                $"extract, {what}", string.Create(CultureInfo.InvariantCulture, $"{speed:0.0} MB/s"), string.Create(CultureInfo.InvariantCulture, $"{findings} findings"),
                Figures.Ratio(speed, article), "≥ 10 MB/s");
        }
    }

    private static async Task<(double Speed, int Findings)> SpeedAsync(RuleExtractor extractor, string text, DateOnly day, int seconds)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        var findings = 0;
        var warming = Stopwatch.StartNew();
        while (warming.Elapsed.TotalSeconds < 3)
        {
            findings = (await extractor.ExtractAsync(new(text, day))).All.Length;
        }

        // Processor time, not the clock's: what else the machine does is no part of the figure "a core".
        long bytes = 0;
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            await extractor.ExtractAsync(new(text, day));
            bytes += size;
        }

        process.Refresh();
        return (bytes / (process.TotalProcessorTime - before).TotalSeconds / 1e6, findings);
    }

    private static string Text(int size, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(size + 500);
        while (text.Length < size)
        {
            for (var sentence = random.Next(2, 6); sentence > 0; sentence--)
            {
                text.AppendFormat(CultureInfo.InvariantCulture, Sentences[random.Next(Sentences.Length)], People[random.Next(People.Length)]);
            }

            text.Append("\n\n");
        }

        return text.ToString();
    }
}
