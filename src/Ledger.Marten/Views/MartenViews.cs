using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using Marten;
using Marten.Linq.MatchesSql;
using Marten.Services.BatchQuerying;
using Npgsql;
using Polly;

namespace Ledger.Marten;

/// <summary>
/// Views in PostgreSQL, as Marten documents: one a version of a record. Questions are asked in Marten's LINQ; each takes the series of its view from what was known last, and asks in the same
/// round trip whether it still is the live one: if a rebuild has swapped it meanwhile, it is asked again. So nobody waits for a rebuild or sees half of one.
/// </summary>
public sealed class MartenViews : IViewStore, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> known = [];
    private readonly ConcurrentDictionary<string, long> copies = [];
    private readonly MartenStore store;
    private readonly ViewTables tables;
    private readonly ResiliencePipeline pipeline;

    private readonly MartenStore? own;

    /// <param name="store">The database; it stays its owner's.</param>
    internal MartenViews(MartenStore store) => (this.store, tables, pipeline) = (store, new(store), Resilience.Calling("postgres-views", TimeSpan.FromSeconds(Math.Max(1, store.Settings.CommandTimeout))));

    /// <summary>Opens views whose log is elsewhere, in a database that needs nothing but room for them; makes the room where there is none.</summary>
    /// <exception cref="LedgerException"><c>connection-not-valid</c>, or the database could not be reached or changed (<c>engine-failed</c>).</exception>
    public static async ValueTask<MartenViews> OpenAsync(string connectionString, CancellationToken cancellation = default)
    {
        var store = MartenStore.Open(connectionString);
        try
        {
            var views = new MartenViews(store, store);
            await views.RunAsync(views.tables.EnsureAsync, cancellation).ConfigureAwait(false);
            return views;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private MartenViews(MartenStore store, MartenStore own)
        : this(store) => this.own = own;

    /// <summary>Makes the views' documents known to Marten.</summary>
    internal static void Configure(StoreOptions options) => ViewTables.Configure(options);

    public ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation = default) => RunAsync(async token =>
    {
        await using var session = store.Documents.QuerySession();
        var views = await session.Query<KeptView>().ToListAsync(token).ConfigureAwait(false);
        return (IReadOnlyDictionary<string, ViewProgress>)views.ToDictionary(view => view.Id, view => view.Progress);
    }, cancellation);

    public ValueTask PrepareAsync(View view, CancellationToken cancellation = default) => RunAsync(async token =>
    {
        await using var session = store.Documents.QuerySession();
        if ((await session.LoadAsync<KeptView>(view.Name, token).ConfigureAwait(false))?.Version != view.Version)
        {
            await tables.PrepareAsync(view, token).ConfigureAwait(false);
        }
    }, cancellation);

    public ValueTask<IAsyncDisposable?> TryKeepAsync(CancellationToken cancellation = default) =>
        RunAsync(token => ViewLease.TryTakeAsync(store, tables.Lock("keeper"), token), cancellation);

    public ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation = default) => RunAsync(async token =>
    {
        var prepared = writes.Select(write => (Write: write, Rows: new ViewRows(write.View, write.Versions))).ToList();
        await using var connection = await store.Source.OpenConnectionAsync(token).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
        var kept = await tables.LockAsync(connection, [.. writes.Select(write => write.View.Name)], token).ConfigureAwait(false);
        await using var batch = connection.CreateBatch();
        foreach (var (write, rows) in prepared)
        {
            var number = Check(write, kept.GetValueOrDefault(write.View.Name));
            if (write.Versions.Count > 0)
            {
                rows.AddTo(batch, tables, ViewTables.Series(write.View, number));
            }
        }

        batch.BatchCommands.Add(Advance(writes));
        await using (var results = await batch.ExecuteReaderAsync(token).ConfigureAwait(false))
        {
            foreach (var (write, rows) in prepared.Where(item => item.Write.Versions.Count > 0))
            {
                await results.ReadAsync(token).ConfigureAwait(false);
                if (results.GetInt64(0) != rows.Closing)
                {
                    throw new LedgerException(LedgerError.Integrity("view-damaged", $"The view {write.View.Name} lacks records that entries have changed.", $"'ledger rebuild {write.View.Name}' makes it anew."));
                }

                await results.NextResultAsync(token).ConfigureAwait(false);
            }
        }

        // Once it is sent, the answer is waited for: what was written is not to be called cancelled.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }, cancellation);

    public ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf = null, bool rebuilding = false, CancellationToken cancellation = default)
    {
        var at = asOf ?? ViewRecordDocument.Open - 1;
        Expression<Func<ViewRecordDocument, bool>> valid = version => version.Key == key && version.FromIndex <= at && version.ToIndex > at;
        return RunAsync(async token =>
        {
            if (rebuilding)
            {
                await using var session = store.Documents.QuerySession();
                return Read(view, await session.Query<ViewRecordDocument>().Where(In(ViewTables.Series(view, Copy(view)))).Where(valid).FirstOrDefaultAsync(token).ConfigureAwait(false));
            }

            return Read(view, await ReadAsync(view, (batch, series) => batch.Query<ViewRecordDocument>().Where(In(series)).Where(valid).FirstOrDefault(), token).ConfigureAwait(false));
        }, cancellation);
    }

    public ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ViewQuery.MaxLimit);
        return RunAsync(async token =>
        {
            var rows = await ReadAsync(view, (batch, series) => List(batch, view, series, query), token).ConfigureAwait(false);
            var page = rows.Take(query.Limit).ToList();
            return new ViewPage(page.ConvertAll(row => Read(view, row)!), rows.Count > query.Limit ? new(page[^1].Began, page[^1].Key) : null);
        }, cancellation);
    }

    public ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation = default) => RunAsync(async token =>
        await ReadAsync(view, (batch, series) => Matching(batch, view, series, query).Count(), token).ConfigureAwait(false), cancellation);

    public ValueTask<IReadOnlyList<Guid>> ChangedAsync(View view, long after, long through, StoryId? story = null, CancellationToken cancellation = default) => RunAsync(async token =>
    {
        // What began has no earlier version; what changed or ended has a version that was closed.
        var keys = await ReadAsync(view, (batch, series) =>
        {
            var changed = batch.Query<ViewRecordDocument>().Where(In(series)).Where(version => (version.Began > after && version.Began <= through)
                || (version.ToIndex > after && version.ToIndex <= through && version.ToIndex != ViewRecordDocument.Open));
            return (story is { Value: var id } ? changed.Where(version => version.Story == id) : changed).Select(version => version.Key).ToList();
        }, token).ConfigureAwait(false);
        return (IReadOnlyList<Guid>)[.. keys.Distinct()];
    }, cancellation);

    public ValueTask BeginRebuildAsync(View view, CancellationToken cancellation = default) =>
        RunAsync(async token => { copies[view.Name] = await tables.BeginCopyAsync(view, token).ConfigureAwait(false); }, cancellation);

    public ValueTask<bool> SwapAsync(View view, long progress, CancellationToken cancellation = default) =>
        RunAsync(token => tables.SwapAsync(view, Copy(view), progress, token), cancellation);

    public ValueTask<ReaderPlace?> PlaceAsync(string reader, StoryId? story, CancellationToken cancellation = default) => RunAsync(async token =>
    {
        await using var session = store.Documents.QuerySession();
        return await session.LoadAsync<ReaderPlaceDocument>(PlaceId(reader, story), token).ConfigureAwait(false) is { } place ? new ReaderPlace(place.Seen, new(place.At)) : null;
    }, cancellation);

    public ValueTask SetPlaceAsync(string reader, StoryId? story, ReaderPlace place, CancellationToken cancellation = default) => RunAsync(async token =>
    {
        await using var session = store.Documents.LightweightSession();
        session.Store(new ReaderPlaceDocument { Id = PlaceId(reader, story), Seen = place.Seen, At = place.At.Microseconds });
        await session.SaveChangesAsync(token).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Closes what <see cref="OpenAsync"/> opened.</summary>
    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? default;

    private static string PlaceId(string reader, StoryId? story) => $"{story?.ToString() ?? "all"}/{reader}";

    private static ViewRecord? Read(View view, ViewRecordDocument? version) =>
        version is null ? null : view.Read(JsonMarshal.GetRawUtf8Value(version.Record));

    /// <summary>Does something, again where the server was in the way, and tells its failures, however Marten wraps them, as the ledger's.</summary>
    private async ValueTask<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.CheckOpen();
        try
        {
            return await pipeline.ExecuteAsync(
                static async (work, token) =>
                {
                    try
                    {
                        return await work(token).ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is not NpgsqlException && Cause(error) is { } cause)
                    {
                        ExceptionDispatchInfo.Throw(cause);
                        throw;
                    }
                },
                work,
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (MartenErrors.Wrap(error, store) is var wrapped && wrapped != error)
        {
            throw MartenErrors.Wrap(error, store);
        }
    }

    private async ValueTask RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellation) => await RunAsync(
        async token =>
        {
            await work(token).ConfigureAwait(false);
            return true;
        },
        cancellation).ConfigureAwait(false);

    private static NpgsqlException? Cause(Exception? error) => error is null ? null : error as NpgsqlException ?? Cause(error.InnerException);

    /// <summary>The number of the series that a write goes to, where it may.</summary>
    private long Check(ViewWrite write, KeptView? kept)
    {
        if (kept is null)
        {
            throw new LedgerException(ViewErrors.NotKept(write.View));
        }

        if (write.Rebuilding)
        {
            return kept.Copy == Copy(write.View) ? kept.Copy : throw new LedgerException(ViewErrors.KeptElsewhere(write.View));
        }

        return write.Since is { } since && kept.Progress != since with { Error = kept.Error }
            ? throw new LedgerException(ViewErrors.KeptElsewhere(write.View))
            : kept.Series;
    }

    private NpgsqlBatchCommand Advance(IReadOnlyList<ViewWrite> writes)
    {
        List<ViewWrite> live = [.. writes.Where(write => !write.Rebuilding)];
        return new($"UPDATE {tables.Views} AS v SET data = v.data || jsonb_build_object('next', w.next, 'error', w.error) FROM unnest($1::text[], $2::bigint[], $3::text[]) AS w(name, next, error) WHERE v.id = w.name")
        {
            Parameters =
            {
                new() { Value = live.ConvertAll(write => write.View.Name) },
                new() { Value = live.ConvertAll(write => write.Next) },
                new() { Value = live.ConvertAll(write => write.Error?.Replace('\0', ' ')), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text },
            },
        };
    }

    /// <summary>The number of the copy that this store began.</summary>
    private long Copy(View view) => copies.TryGetValue(view.Name, out var copy) ? copy : throw new LedgerException(ViewErrors.KeptElsewhere(view));

    /// <summary>Asks the live series of a view, again if it was not the live one when it answered.</summary>
    private async Task<T> ReadAsync<T>(View view, Func<IBatchedQuery, string, Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            await using var session = store.Documents.QuerySession();
            if (!known.TryGetValue(view.Name, out var series))
            {
                series = known[view.Name] = SeriesOf(view, await session.LoadAsync<KeptView>(view.Name, cancellation).ConfigureAwait(false));
            }

            var batch = session.CreateBatchQuery();
            var answer = ask(batch, series);
            var after = batch.Load<KeptView>(view.Name);
            try
            {
                await batch.Execute(cancellation).ConfigureAwait(false);
                if (SeriesOf(view, await after.ConfigureAwait(false)) == series)
                {
                    return await answer.ConfigureAwait(false);
                }
            }
            catch (Exception error) when (Cause(error) is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
            {
                // The table of a series' words goes with it.
                if (SeriesOf(view, await session.LoadAsync<KeptView>(view.Name, cancellation).ConfigureAwait(false)) == series)
                {
                    throw;
                }
            }

            known.TryRemove(view.Name, out _);
        }
    }

    private static string SeriesOf(View view, KeptView? kept) => ViewTables.Series(view, kept?.Series ?? throw new LedgerException(ViewErrors.NotKept(view)));

    private Task<IReadOnlyList<ViewRecordDocument>> List(IBatchedQuery batch, View view, string series, ViewQuery query)
    {
        var rows = Matching(batch, view, series, query);
        if (query.After is { Began: var began, Key: var key })
        {
            rows = query.OldestFirst
                ? rows.Where(version => version.Began >= began && (version.Began > began || version.Key.CompareTo(key) > 0))
                : rows.Where(version => version.Began <= began && (version.Began < began || version.Key.CompareTo(key) < 0));
        }

        var ordered = query.OldestFirst
            ? rows.OrderBy(version => version.Began).ThenBy(version => version.Key)
            : rows.OrderByDescending(version => version.Began).ThenByDescending(version => version.Key);
        return ordered.Take(query.Limit + 1).ToList();
    }

    private IBatchedQueryable<ViewRecordDocument> Matching(IBatchedQuery batch, View view, string series, ViewQuery query)
    {
        var at = query.AsOf ?? ViewRecordDocument.Open - 1;
        var until = Math.Min(at, query.BeganTo ?? at);
        var rows = batch.Query<ViewRecordDocument>().Where(In(series)).Where(version => version.FromIndex <= at && version.ToIndex > at && version.Began <= until);
        if (query.BeganFrom is { } since)
        {
            rows = rows.Where(version => version.Began >= since);
        }

        if (query.Story is { Value: var story })
        {
            rows = rows.Where(version => version.Story == story);
        }

        foreach (var filter in query.Where)
        {
            rows = Holds(view, filter) is { } holds ? rows.Where(holds) : rows;
        }

        if (query.Within is { } range)
        {
            // In SQL: its order is that of bytes, whatever the database's collation.
            object[] values = [Known(view, range.Facet), range.From, range.Facet, range.Before];
            rows = rows.Where(version => version.MatchesSql("(d.data -> 'facets' ->> ?) COLLATE \"C\" >= ? AND (d.data -> 'facets' ->> ?) COLLATE \"C\" < ?", values));
        }

        if (!query.Words.IsEmpty)
        {
            // In SQL: the words stand in a table of their own, and not as PostgreSQL's parser would read them, which is all that Marten's search knows.
            var lines = string.Concat(query.Words.Select(phrase => phrase.Length > 1 ? " AND strpos(w.line, ?) > 0" : " AND (NOT w.rough OR strpos(w.line, ?) > 0)"));
            var sql = $"d.words IN (SELECT w.id FROM {tables.Words(series)} w WHERE w.vector @@ ?::tsquery{lines})";
            object[] values = [ViewWords.Query(query.Words), .. query.Words.Select(ViewWords.InLine)];
            rows = rows.Where(version => version.MatchesSql(sql, values));
        }

        return rows;
    }

    private static string Known(View view, string facet) =>
        view.Facets.Contains(facet) ? facet : throw new ArgumentException($"The view {view.Name} has no facet '{facet}'.", nameof(facet));

    /// <summary>
    /// One series. In SQL, because LINQ would make it a parameter: as it stands there, PostgreSQL sees when it plans that one partition is meant, and knows its indexes. The name is this room's own.
    /// </summary>
    private static Expression<Func<ViewRecordDocument, bool>> In(string series)
    {
        var sql = $"d.series = '{series}'";
        return version => version.MatchesSql(sql);
    }

    /// <summary>A condition in LINQ; null for one that always holds.</summary>
    private static Expression<Func<ViewRecordDocument, bool>>? Holds(View view, FacetFilter filter)
    {
        var facet = Known(view, filter.Facet);
        if (filter.Value.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL cannot be asked for it, and no text that was recorded has it.
            return filter.Not ? null : version => version.Began < 0;
        }

        var (value, folded) = (filter.Value, FacetFilter.Fold(filter.Value));
        return filter switch
        {
            { Contains: true, Not: false } => version => version.Folded[facet].Contains(folded),
            { Contains: true, Not: true } => version => version.Folded[facet] == null || !version.Folded[facet].Contains(folded),
            { Not: true } => version => version.Facets[facet] == null || version.Facets[facet] != value,
            _ => version => version.Facets[facet] == value,
        };
    }
}
