using System.Diagnostics;
using System.Globalization;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Ledger.Core.Views;
using Ledger.TestServers;
using Marten;

namespace Ledger.Benchmarks;

/// <summary>
/// The ledger beside plain Marten, as its documentation has it used, on a PostgreSQL of this machine that forces writes to the same disk: durable appends of one event, and
/// records rebuilt, one an event. Both with bodies of 900 letters.
/// </summary>
internal static class MartenBenchmark
{
    private const int Writers = 64;
    private const int Rebuilt = 20_000;

    internal static async IAsyncEnumerable<Row> RunAsync(BenchmarkOptions options, string folder)
    {
        var server = await PostgresServer.StartAsync(durable: true);
        if (server is null)
        {
            Console.Error.WriteLine(PostgresServer.Missing);
            yield return new("beside plain Marten", "NOT MEASURED", PostgresServer.Missing);
            yield break;
        }

        await using var _ = server;
        var database = await server.CreateDatabaseAsync();
        await using (var store = DocumentStore.For(marten =>
        {
            marten.Connection(database);
            marten.Events.AppendMode = EventAppendMode.Quick;
            marten.Projections.Add(new Remarks(), ProjectionLifecycle.Async, nameof(Remarks));
        }))
        {
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            var marten = await AppendAsync(store, options.Seconds);
            var (here, _) = await AppendBenchmark.LedgerAsync(folder, Writers, Writers, 1, options.Seconds, views: false);
            yield return new($"append, {Writers} writers, a story each", AppendBenchmark.Rate(here), $"Marten {AppendBenchmark.Rate(marten)}", Figures.Ratio(here, marten), "≥ 10");

            var rebuilt = await RebuildAsync(store);
            var records = await RebuildHereAsync(folder);
            yield return new("rebuild, one record an entry", $"{AppendBenchmark.Rate(records)} records", $"Marten {AppendBenchmark.Rate(rebuilt)}", Figures.Ratio(records, rebuilt), "≥ 10");
        }

        await server.DropDatabaseAsync(database);
    }

    private static async Task<double> AppendAsync(DocumentStore store, int seconds)
    {
        var streams = Enumerable.Range(0, Writers).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var stream in streams)
        {
            await using var session = store.LightweightSession();
            session.Events.StartStream(stream, new Remarked("The first."));
            await session.SaveChangesAsync();
        }

        await RateAsync(store, streams, 1.5);
        return await RateAsync(store, streams, seconds);
    }

    private static async Task<double> RateAsync(DocumentStore store, Guid[] streams, double seconds)
    {
        long appended = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(streams.Select(stream => Task.Run(async () =>
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                await using var session = store.LightweightSession();
                session.Events.Append(stream, new Remarked(AppendBenchmark.Body));
                await session.SaveChangesAsync();
                Interlocked.Increment(ref appended);
            }
        })));
        return appended / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Records a second: of as many events as the ledger's, appended many at once.</summary>
    private static async Task<double> RebuildAsync(DocumentStore store)
    {
        await store.Advanced.Clean.DeleteAllEventDataAsync();
        for (var stream = 0; stream < Rebuilt / 100; stream++)
        {
            await using var session = store.LightweightSession();
            session.Events.StartStream(Guid.NewGuid(), Enumerable.Range(0, 100).Select(_ => (object)new Remarked(AppendBenchmark.Body)));
            await session.SaveChangesAsync();
        }

        using var daemon = await store.BuildProjectionDaemonAsync();
        var clock = Stopwatch.StartNew();
        await daemon.RebuildProjectionAsync(nameof(Remarks), CancellationToken.None);
        var elapsed = clock.Elapsed.TotalSeconds;
        await using var query = store.QuerySession();
        var count = await query.Query<Remark>().CountAsync();
        return count == Rebuilt ? count / elapsed : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Marten rebuilt {count} records of {Rebuilt}."));
    }

    private static async Task<double> RebuildHereAsync(string folder)
    {
        await using var bench = await Bench.OpenAsync(folder, keepViews: false);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Run(async () =>
        {
            var place = await bench.StoryAsync(number);
            for (var i = 0; i < Rebuilt / Writers; i++)
            {
                await bench.NoteAsync(place, AppendBenchmark.Body);
            }
        })));
        var keeper = new ViewKeeper(bench.Ledger, bench.Ledger.Views, [ActivityView.View]);
        await keeper.CatchUpAsync();
        var clock = Stopwatch.StartNew();
        await keeper.RebuildAsync(ActivityView.View);
        var elapsed = clock.Elapsed.TotalSeconds;
        return await bench.Ledger.Views.CountAsync(ActivityView.View, new()) / elapsed;
    }
}

/// <summary>The event that is appended beside.</summary>
public sealed record Remarked(string Text);

/// <summary>The record that is made of it.</summary>
public sealed record Remark(Guid Id, Guid Story, long Revision, DateTimeOffset RecordedAt, string Text);

/// <summary>One record an event.</summary>
public sealed class Remarks : Marten.Events.Projections.IProjection
{
    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        operations.Store(events.Where(entry => entry.Data is Remarked).Select(entry => new Remark(entry.Id, entry.StreamId, entry.Version, entry.Timestamp, ((Remarked)entry.Data).Text)).ToArray());
        return Task.CompletedTask;
    }
}
