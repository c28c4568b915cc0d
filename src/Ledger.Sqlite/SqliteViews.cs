using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Sqlite;

/// <summary>
/// Views in the ledger's own file: a table for each, a row for each version of a record, a column for each facet.
/// A list as of any index walks records in order of beginning, and takes of each the version that was valid then.
/// </summary>
public sealed class SqliteViews : IViewStore
{
    /// <summary>The end of a version that is still valid.</summary>
    private const long Open = long.MaxValue;

    // Words stand in their index in order of the beginning of their record: the number of a line of words is that index, and below it which of the record's lines it is.
    private const int LineBits = 20;

    private readonly Readers readers;
    private readonly Writer? writer;
    private int kept;

    internal SqliteViews(Readers readers, Writer? writer) => (this.readers, this.writer) = (readers, writer);

    public ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read<IReadOnlyDictionary<string, ViewProgress>>(database =>
        {
            var views = new Dictionary<string, ViewProgress>();
            using var rows = database.Prepare("SELECT name, version, progress, error, generation FROM views");
            while (rows.Step())
            {
                views[rows.Text(0)] = new(rows.Int32(1), rows.Int64(2), rows.IsNull(3) ? null : rows.Text(3), rows.Int64(4));
            }

            return views;
        }));
    }

    public ValueTask PrepareAsync(View view, CancellationToken cancellation = default) => QueueAsync(database =>
    {
        var known = Database.Number(database.Prepare("SELECT version FROM views WHERE name = ?1").Bind(1, view.Name));
        if (known == view.Version)
        {
            return;
        }

        if (known is not null)
        {
            Drop(database, view, Table(database, view));
        }

        database.Prepare(
            """
            INSERT INTO views(name, version, generation, progress) VALUES (?1, ?2, 1, 0)
            ON CONFLICT(name) DO UPDATE SET version = ?2, generation = generation + 1, progress = 0, error = NULL
            """).Bind(1, view.Name).Bind(2, view.Version).Run();
        // An interrupted rebuild may have left a table of this name.
        var table = Table(database, view);
        Drop(database, view, table);
        Create(database, view, table);
        foreach (var index in Indexes(view, table))
        {
            database.Execute(index);
        }
    }, cancellation);

    /// <summary>Another process is kept out by the writer's lock on the file; in this one, whoever asks first keeps.</summary>
    public ValueTask<IAsyncDisposable?> TryKeepAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (writer is null)
        {
            throw new LedgerException(ReadOnly);
        }

        return new(Interlocked.CompareExchange(ref kept, 1, 0) == 0 ? new Keeping(this) : null);
    }

    public ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation = default)
    {
        // Serialized here, on the caller's thread: the writer's is everybody's.
        var prepared = writes.Select(write => (write, Rows: write.Versions.Select(version => Row.Of(write.View, version)).ToList())).ToList();
        return QueueAsync(database =>
        {
            foreach (var (write, rows) in prepared)
            {
                var table = Table(database, write.View, write.Rebuilding);
                if (!write.Rebuilding)
                {
                    Advance(database, write);
                }

                if (rows.Count > 0)
                {
                    Write(database, write.View, table, rows);
                }
            }
        }, cancellation);
    }

    public ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf = null, bool rebuilding = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database =>
        {
            using var version = database.Prepare(
                $"SELECT json FROM {Table(database, view, rebuilding)} WHERE key = ?1 AND from_idx <= ?2 AND to_idx > ?2 ORDER BY from_idx DESC LIMIT 1")
                .Bind(1, EntryTable.Key(key)).Bind(2, asOf ?? Open - 1);
            return version.Step() ? view.Read(version.Blob(0)) : null;
        }, snapshot: true));
    }

    public ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ViewQuery.MaxLimit);
        return new(readers.Read(database =>
        {
            using var rows = Select(database, view, query, "began, key, json", limit: query.Limit + 1);
            var records = new List<ViewRecord>();
            var last = default(ViewCursor);
            while (rows.Step())
            {
                if (records.Count == query.Limit)
                {
                    return new ViewPage(records, last);
                }

                last = new(rows.Int64(0), new Guid(rows.Blob(1), bigEndian: true));
                records.Add(view.Read(rows.Blob(2)));
            }

            return new ViewPage(records, null);
        }, snapshot: true));
    }

    public ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database => Database.Number(Select(database, view, query, "count(*)"))!.Value, snapshot: true));
    }

    public ValueTask<IReadOnlyList<Guid>> ChangedAsync(View view, long after, long through, StoryId? story = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read<IReadOnlyList<Guid>>(database =>
        {
            var table = Table(database, view);
            var only = story is null ? "" : " AND story = ?3";
            // What began has no earlier version; what changed or ended has a version that was closed.
            using var rows = database.Prepare(
                $"SELECT key FROM {table} WHERE began > ?1 AND began <= ?2{only} UNION SELECT key FROM {table} INDEXED BY {table}_closed WHERE to_idx > ?1 AND to_idx <= ?2 AND to_idx <> {Open}{only}")
                .Bind(1, after).Bind(2, through);
            if (story is { } one)
            {
                rows.Bind(3, EntryTable.Key(one.Value));
            }

            var keys = new List<Guid>();
            while (rows.Step())
            {
                keys.Add(new(rows.Blob(0), bigEndian: true));
            }

            return keys;
        }));
    }

    public ValueTask BeginRebuildAsync(View view, CancellationToken cancellation = default) => QueueAsync(database =>
    {
        var table = Table(database, view, rebuilding: true);
        Drop(database, view, table);
        Create(database, view, table);
    }, cancellation);

    public async ValueTask<bool> SwapAsync(View view, long progress, CancellationToken cancellation = default)
    {
        // Made at once from all that is there, each in a transaction of its own: appends wait for one of them at most.
        foreach (var place in Enumerable.Range(0, Indexes(view, "").Length))
        {
            await QueueAsync(database => database.Execute(Indexes(view, Table(database, view, rebuilding: true))[place]), cancellation).ConfigureAwait(false);
        }

        return await QueueAsync(database => Swap(database, view, progress), cancellation).ConfigureAwait(false);
    }

    public ValueTask<ReaderPlace?> PlaceAsync(string reader, StoryId? story, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database => ReaderPlaces.Find(database, reader, story)));
    }

    public async ValueTask SetPlaceAsync(string reader, StoryId? story, ReaderPlace place, CancellationToken cancellation = default)
    {
        if (writer is not null)
        {
            await QueueAsync(database => ReaderPlaces.Set(database, reader, story, place), cancellation).ConfigureAwait(false);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        readers.WriteBeside(database => ReaderPlaces.Set(database, reader, story, place));
    }

    private static LedgerError ReadOnly => LedgerError.Refused("read-only", "The ledger was opened for reading.");

    private static void Advance(Database database, ViewWrite write)
    {
        var update = database.Prepare(
            "UPDATE views SET progress = ?1, error = ?2 WHERE name = ?3 AND (?4 IS NULL OR (version = ?4 AND progress = ?5 AND generation = ?6))")
            .Bind(1, write.Next).Bind(2, write.Error).Bind(3, write.View.Name).BindNull(4).BindNull(5).BindNull(6);
        if (write.Since is { } since)
        {
            update.Bind(4, since.Version).Bind(5, since.Next).Bind(6, since.Made);
        }

        update.Run();
        if (database.Changes == 0)
        {
            throw new LedgerException(ViewErrors.KeptElsewhere(write.View));
        }
    }

    private static bool Swap(Database database, View view, long progress)
    {
        if (Database.Number(database.Prepare("SELECT progress FROM views WHERE name = ?1").Bind(1, view.Name)) > progress)
        {
            return false;
        }

        Drop(database, view, Table(database, view));
        database.Prepare("UPDATE views SET generation = generation + 1, progress = ?1, error = NULL, version = ?2 WHERE name = ?3")
            .Bind(1, progress).Bind(2, view.Version).Bind(3, view.Name).Run();
        return true;
    }

    private static void Drop(Database database, View view, string table)
    {
        database.Execute($"DROP TABLE IF EXISTS {table}");
        if (view.IsSearched)
        {
            database.Execute($"DROP TABLE IF EXISTS {table}_words");
        }
    }

    /// <summary>Makes the tables of a view, without the indexes that lists are read by.</summary>
    private static void Create(Database database, View view, string table)
    {
        var columns = string.Concat(view.Facets.Select(facet => $", f_{facet} TEXT"));
        var words = view.IsSearched ? " words INTEGER," : "";
        database.Execute($"""
            CREATE TABLE {table}(
                key BLOB NOT NULL, from_idx INTEGER NOT NULL, to_idx INTEGER NOT NULL, began INTEGER NOT NULL, story BLOB NOT NULL{columns}, json BLOB NOT NULL,{words}
                PRIMARY KEY(key, from_idx));
            """);
        if (view.IsSearched)
        {
            // The words come folded, with a space between: this tokenizer takes every letter beyond ASCII as it is. They are kept in the index alone.
            database.Execute($"""CREATE VIRTUAL TABLE {table}_words USING fts5(words, story, content='', contentless_delete=1, tokenize="ascii")""");
        }
    }

    /// <summary>The statements that make the indexes of a view where they are not made yet.</summary>
    private static ImmutableArray<string> Indexes(View view, string table) =>
    [
        $"CREATE INDEX IF NOT EXISTS {table}_began ON {table}(began, key)",
        $"CREATE INDEX IF NOT EXISTS {table}_story ON {table}(story, began, key)",
        $"CREATE INDEX IF NOT EXISTS {table}_closed ON {table}(to_idx) WHERE to_idx <> {Open}",
        .. view.Facets.Select(facet => $"CREATE INDEX IF NOT EXISTS {table}_{facet} ON {table}(f_{facet}, began, key) WHERE f_{facet} IS NOT NULL"),
        .. view.IsSearched ? new[] { $"CREATE INDEX IF NOT EXISTS {table}_by_words ON {table}(words) WHERE words IS NOT NULL" } : [],
    ];

    private static string Table(Database database, View view, bool rebuilding = false)
    {
        var generation = Database.Number(database.Prepare("SELECT generation FROM views WHERE name = ?1").Bind(1, view.Name))
            ?? throw new LedgerException(ViewErrors.NotKept(view));
        return string.Create(CultureInfo.InvariantCulture, $"view_{view.Name}_{generation + (rebuilding ? 1 : 0)}");
    }

    private static void Write(Database database, View view, string table, List<Row> rows)
    {
        var facets = string.Concat(view.Facets.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $", ?{7 + i}")));
        var words = view.IsSearched ? ", ?6" : "";
        var close = database.Prepare(
            $"UPDATE {table} SET to_idx = ?2 WHERE key = ?1 AND from_idx = (SELECT max(from_idx) FROM {table} WHERE key = ?1) RETURNING began{(view.IsSearched ? ", words" : "")}");
        var insert = database.Prepare($"INSERT INTO {table} VALUES (?1, ?2, {Open}, ?3, ?4{facets}, ?5{words})");
        foreach (var row in rows)
        {
            var began = row.From;
            long? found = null;
            if (row.Replaces)
            {
                (began, found) = Close(close.Bind(1, row.Key).Bind(2, row.From), view);
            }

            if (row.Json is null)
            {
                continue;
            }

            insert.Bind(1, row.Key).Bind(2, row.From).Bind(3, began).Bind(4, row.Story).Bind(5, row.Json);
            if (view.IsSearched)
            {
                found = row.Words is { } line ? Index(database, table, found + 1 ?? began << LineBits, row.Story, line) : found;
                _ = found is { } id ? insert.Bind(6, id) : insert.BindNull(6);
            }

            for (var i = 0; i < row.Facets.Length; i++)
            {
                insert.Bind(7 + i, row.Facets[i]);
            }

            insert.Run();
        }
    }

    private static (long Began, long? Words) Close(Statement bound, View view)
    {
        using (bound)
        {
            _ = bound.Step();
            var closed = (bound.Int64(0), view.IsSearched && !bound.IsNull(1) ? bound.Int64(1) : (long?)null);
            // The update is carried out when the statement has come to its end.
            _ = bound.Step();
            return closed;
        }
    }

    /// <summary>Adds words to the index under a number; the number.</summary>
    private static long Index(Database database, string table, long number, byte[] story, string line)
    {
        database.Prepare($"INSERT INTO {table}_words(rowid, words, story) VALUES (?1, ?2, ?3)").Bind(1, number).Bind(2, line).Bind(3, Convert.ToHexStringLower(story)).Run();
        return number;
    }

    /// <summary>A query's phrases in FTS5's language: every phrase, each within marks, and the story among the words. Folded words hold no mark.</summary>
    private static string Match(ViewQuery query) =>
        $"words : ({string.Join(" AND ", query.Words.Select(phrase => $"\"{string.Join(' ', phrase)}\""))})"
        + (query.Story is { } story ? $" AND story : {story.Value:N}" : "");

    /// <summary>A query's statement, bound. Names of tables and columns are this program's own; every value is bound.</summary>
    private static Statement Select(Database database, View view, ViewQuery query, string columns, int? limit = null)
    {
        var table = Table(database, view);
        var after = limit is null ? null : query.After;
        var sql = new StringBuilder($"SELECT {columns} FROM {Source(table, query, after)} WHERE from_idx <= ?1 AND to_idx > ?1 AND began <= ?2 AND began >= ?3");
        var texts = new List<string>();
        foreach (var filter in query.Where)
        {
            var facet = Column(view, filter.Facet);
            if (filter.Value.Contains('\0', StringComparison.Ordinal))
            {
                // SQLite would end the text there, and no text that was recorded has it.
                sql.Append(filter.Not ? "" : " AND FALSE");
                continue;
            }

            var value = Place(texts, filter.Contains ? FacetFilter.Fold(filter.Value) : filter.Value);
            sql.Append(" AND ").Append(filter switch
            {
                { Contains: true, Not: false } => $"contains_text({facet}, {value})",
                { Contains: true, Not: true } => $"NOT contains_text({facet}, {value})",
                { Not: true } => $"{facet} IS NOT {value}",
                _ => $"{facet} = {value}",
            });
        }

        if (query.Within is { } range)
        {
            var facet = Column(view, range.Facet);
            sql.Append(CultureInfo.InvariantCulture, $" AND {facet} >= {Place(texts, range.From)} AND {facet} < {Place(texts, range.Before)}");
        }

        sql.Append(query.Words.IsEmpty ? "" : $" AND {table}_words MATCH ?7 AND {table}_words.rowid >= ?8 AND {table}_words.rowid < ?9");
        sql.Append(query.Story is null ? "" : " AND t.story = ?4");
        sql.Append((after, query.OldestFirst) switch
        {
            (null, _) => "",
            (_, true) => " AND (began, key) > (?5, ?6)",
            _ => " AND (began, key) < (?5, ?6)",
        });
        if (limit is not null)
        {
            // With words, in the order in which the index has them, which is that of their beginning: the walk ends with the page.
            var order = query.OldestFirst ? "ASC" : "DESC";
            sql.Append(query.Words.IsEmpty ? $" ORDER BY began {order}, key {order}" : $" ORDER BY {table}_words.rowid {order}");
            sql.Append(CultureInfo.InvariantCulture, $" LIMIT {limit}");
        }

        // A version that is still valid ends at the largest index, which is not before itself.
        var last = Math.Min(query.AsOf ?? Open, query.BeganTo ?? Open);
        var statement = database.Prepare(sql.ToString()).Bind(1, query.AsOf ?? Open - 1).Bind(2, last).Bind(3, query.BeganFrom ?? 0);
        if (query.Story is { } story)
        {
            statement.Bind(4, EntryTable.Key(story.Value));
        }

        if (after is { } cursor)
        {
            statement.Bind(5, cursor.Began).Bind(6, EntryTable.Key(cursor.Key));
        }

        if (!query.Words.IsEmpty)
        {
            var first = query.BeganFrom ?? 0;
            (first, last) = after is not { } at ? (first, last) : query.OldestFirst ? (Math.Max(first, at.Began), last) : (first, Math.Min(last, at.Began));
            statement.Bind(7, Match(query)).Bind(8, first << LineBits).Bind(9, last < Open >> LineBits ? (last + 1) << LineBits : Open);
        }

        for (var i = 0; i < texts.Count; i++)
        {
            statement.Bind(10 + i, texts[i]);
        }

        return statement;
    }

    /// <summary>What a query reads, and by which index where SQLite, which knows nothing of the values, would choose the wrong one.</summary>
    private static string Source(string table, ViewQuery query, ViewCursor? after) => query switch
    {
        { Words.IsEmpty: false } => $"{table}_words CROSS JOIN {table} t ON t.words = {table}_words.rowid",
        // The first page by the values, which are few as a rule; where they are more than a page, the next ones in order.
        { Within: { } range } when after is null => $"{table} t INDEXED BY {table}_{range.Facet}",
        { Within: not null } => $"{table} t INDEXED BY {table}_began",
        // Within a story, a status or a type is found in most stories; an id is found in one.
        { Story: not null } when !query.Where.Any(filter => filter is { Contains: false, Not: false } && Guid.TryParse(filter.Value, out _)) => $"{table} t INDEXED BY {table}_story",
        _ => $"{table} t",
    };

    private static string Column(View view, string facet) =>
        view.Facets.Contains(facet) ? $"f_{facet}" : throw new ArgumentException($"The view {view.Name} has no facet '{facet}'.", nameof(facet));

    /// <summary>The place at which a text of the query is bound.</summary>
    private static string Place(List<string> texts, string text)
    {
        texts.Add(text);
        return string.Create(CultureInfo.InvariantCulture, $"?{9 + texts.Count}");
    }

    private async ValueTask QueueAsync(Action<Database> write, CancellationToken cancellation) => await QueueAsync(database =>
    {
        write(database);
        return true;
    }, cancellation).ConfigureAwait(false);

    private async ValueTask<bool> QueueAsync(Func<Database, bool> write, CancellationToken cancellation)
    {
        if (writer is null)
        {
            throw new LedgerException(ReadOnly);
        }

        var work = new ViewWork(write, cancellation);
        if (!writer.TryQueue(work))
        {
            throw new LedgerException(SqliteErrors.Closed);
        }

        return await work.Result.ConfigureAwait(false);
    }

    private sealed record Row(byte[] Key, long From, bool Replaces, byte[] Story, byte[]? Json, ImmutableArray<string?> Facets, string? Words)
    {
        internal static Row Of(View view, ViewVersion version) => new(
            EntryTable.Key(version.Key),
            version.From,
            version.Replaces,
            version.Record is { } record ? EntryTable.Key(record.StoryId.Value) : [],
            version.Record is null ? null : view.Write(version.Record),
            version.Record is null ? [] : view.FacetsOf(version.Record),
            version.Words is { } words ? SearchWords.Line(words) : null);
    }

    private sealed class ViewWork(Func<Database, bool> write, CancellationToken cancellation) : Work<bool>(cancellation)
    {
        protected override bool Run(Database database) => write(database);
    }

    private sealed class Keeping(SqliteViews views) : IAsyncDisposable
    {
        private SqliteViews? views = views;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref views, null) is { } given)
            {
                Volatile.Write(ref given.kept, 0);
            }

            return default;
        }
    }
}
