using Ledger.Benchmarks;
using Spectre.Console;

// One run, one table: every figure beside what it is to be compared with, on this machine, now.
// dotnet run -c Release --project tests/Ledger.Benchmarks [append|follow|read|views|extract|marten] [--seconds N] [--entries N]
if (args is ["follower", var followed])
{
    return await FollowBenchmark.FollowerAsync(followed);
}

var options = BenchmarkOptions.Parse(args);
var folder = Directory.CreateTempSubdirectory("ledger-bench");
try
{
    var table = new Table { Border = TableBorder.Simple };
    table.AddColumns("what", "here", "beside it", "ratio", "goal");
    var rows = new List<Row>();
    foreach (var (name, run) in new (string, Func<BenchmarkOptions, string, IAsyncEnumerable<Row>>)[]
    {
        ("append", AppendBenchmark.RunAsync),
        ("follow", FollowBenchmark.RunAsync),
        ("read", ReadBenchmark.RunAsync),
        ("views", ViewBenchmark.RunAsync),
        ("extract", ExtractionBenchmark.RunAsync),
        ("marten", MartenBenchmark.RunAsync),
    })
    {
        if (options.Only is { } only && only != name)
        {
            continue;
        }

        await foreach (var row in run(options, folder.FullName))
        {
            Console.Error.WriteLine($"{row.What}: {row.Here}");
            rows.Add(row);
        }
    }

    foreach (var row in rows)
    {
        table.AddRow(row.What, row.Here, row.Beside, row.Ratio, row.Goal);
    }

    AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 130);
    AnsiConsole.Write(table);
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}
