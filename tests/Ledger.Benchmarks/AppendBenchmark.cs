using System.Diagnostics;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Microsoft.Data.Sqlite;

namespace Ledger.Benchmarks;

/// <summary>Durable appends through the full command path, beside a bare loop that inserts rows of the same size and forces the disk as often.</summary>
internal static class AppendBenchmark
{
    internal static readonly string Body = new('x', 900);

    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        foreach (var writers in (int[])[1, 64, 512])
        {
            foreach (var views in (bool[])[false, true])
            {
                var bare = Bare(folder, writers, options.Seconds);
                var (rate, lag) = await LedgerAsync(folder, writers, writers, 1, options.Seconds, views);
                yield return new(
                    $"append, {writers} writers, a story each{(views ? ", views kept" : "")}", Rate(rate) + (views ? $" (views {Figures.Percentile(lag, 0.5):N0} entries behind, at most {lag[^1]:N0})" : ""),
                    $"bare SQLite {Rate(bare)}", Figures.Ratio(rate, bare), writers == 64 ? "≥ 0.70" : "");
            }
        }

        var bareOne = Bare(folder, 64, options.Seconds);
        var (one, _) = await LedgerAsync(folder, 64, 1, 1, options.Seconds, views: false);
        yield return new("append, 64 writers, one story", Rate(one), $"bare SQLite {Rate(bareOne)}", Figures.Ratio(one, bareOne));
        var bareBatch = Bare(folder, 100, options.Seconds);
        var (batch, _) = await LedgerAsync(folder, 1, 1, 100, options.Seconds, views: false);
        yield return new("append, 1 writer, 100 entries a command", Rate(batch), $"bare SQLite {Rate(bareBatch)}", Figures.Ratio(batch, bareBatch));
    }

    internal static string Rate(double rate) => Figures.PerSecond(rate, TimeSpan.FromSeconds(1));

    /// <summary>Entries a second, and how many the view furthest behind was behind meanwhile, ten times a second.</summary>
    internal static async Task<(double Rate, List<double> Lag)> LedgerAsync(string folder, int writers, int stories, int perCommand, int seconds, bool views)
    {
        await using var bench = await Bench.OpenAsync(folder, views);
        var places = new (StoryId Story, EntryId Document)[stories];
        for (var i = 0; i < stories; i++)
        {
            places[i] = await bench.StoryAsync(i);
        }

        // What is compiled on the way is no part of the figure.
        var warm = Stopwatch.StartNew();
        await Task.WhenAll(places.Select(place => Task.Run(async () =>
        {
            while (warm.Elapsed.TotalSeconds < 1.5)
            {
                await bench.NoteAsync(place, Body);
            }
        })));

        long appended = 0;
        var lag = new List<double> { 0 };
        var clock = Stopwatch.StartNew();
        var watching = views ? WatchAsync(bench, lag, () => clock.Elapsed.TotalSeconds < seconds) : Task.CompletedTask;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var place = places[writer % stories];
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                Interlocked.Add(ref appended, perCommand == 1
                    ? (await bench.NoteAsync(place, Body)).Entries.Length
                    : await BatchAsync(bench, place, perCommand));
            }
        })));
        var elapsed = clock.Elapsed.TotalSeconds;
        await watching;
        return (appended / elapsed, lag);
    }

    private static async Task WatchAsync(Bench bench, List<double> lag, Func<bool> more)
    {
        lag.Clear();
        do
        {
            await Task.Delay(100);
            ViewProgress[] progress = [.. (await bench.Ledger.Views.ProgressAsync()).Values];
            var seen = progress.Length == 0 ? 0 : progress.Min(view => view.Next);
            lag.Add((await bench.Ledger.HeadAsync()).Size - seen);
        }
        while (more());
    }

    private static async Task<int> BatchAsync(Bench bench, (StoryId Story, EntryId Document) place, int count)
    {
        // A document a command is not what is measured: findings with spans of their own text.
        var text = Body + Guid.NewGuid();
        var filed = await bench.SendAsync(place.Story, new StoryCommand.FileDocument(
            new("Batch", "Desk", null, null, null, "en", new PublicationDate(new DateOnly(2024, 1, 1)), null, "text/plain", null, null, []), text, System.Text.Encoding.UTF8.GetBytes(text)));
        var document = filed.Entries[0].Id;
        var receipt = await bench.SendAsync(place.Story, new StoryCommand.RecordFindings(
            document, new("bench", "1"),
            [.. Enumerable.Range(0, count).Select(i => new ProposedFinding(new ClaimRecorded(
                Span.In(document, text, new TextRange(i, i + 300)), Body[..300], Modality.Asserted, Directness.Indirect, null, null, null, "bench")))], null));
        return receipt.Entries.Length + 1;
    }

    /// <summary>What SQLite does at best: one thread, one prepared insert, rows of a key and 1 KB, a forced commit every so many.</summary>
    private static double Bare(string folder, int batch, int seconds)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, $"{Guid.NewGuid():N}.db")};Pooling=False");
        connection.Open();
        using var setup = connection.CreateCommand();
        setup.CommandText = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows(id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
        setup.ExecuteNonQuery();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO rows(body) VALUES ($body)";
        insert.Parameters.AddWithValue("$body", new byte[1024]);
        insert.Prepare();
        long rows = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var i = 0; i < batch; i++)
            {
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
            rows += batch;
        }

        return rows / clock.Elapsed.TotalSeconds;
    }
}
