using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ledger.Core;
using Ledger.Core.Views;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>
/// Views in the ledger's own file: a table for each, a row for each version of a record, a column for each facet.
/// A list as of any index walks records in order of beginning, and takes of each the version that was valid then.
/// </summary>
public sealed class SqliteViews : IViewStore
{
    /// <summary>The end of a version that is still valid.</summary>
    private const long Open = long.MaxValue;

    private readonly Readers readers;
    private readonly Writer? writer;

    internal SqliteViews(Readers readers, Writer? writer) => (this.readers, this.writer) = (readers, writer);

    public ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read<IReadOnlyDictionary<string, ViewProgress>>(connection =>
        {
            var views = new Dictionary<string, ViewProgress>();
            using var command = connection.Prepare("SELECT name, version, progress, error FROM views");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                views[reader.GetString(0)] = new(reader.GetInt32(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3));
            }

            return views;
        }));
    }

    public ValueTask PrepareAsync(View view, CancellationToken cancellation = default) => QueueAsync(connection =>
    {
        var known = (long?)connection.Scalar("SELECT version FROM views WHERE name = $name", ("$name", view.Name));
        if (known == view.Version)
        {
            return;
        }

        if (known is not null)
        {
            connection.Execute($"DROP TABLE {Table(connection, view)}");
        }

        connection.Execute(
            """
            INSERT INTO views(name, version, generation, progress) VALUES ($name, $version, 1, 0)
            ON CONFLICT(name) DO UPDATE SET version = $version, generation = generation + 1, progress = 0, error = NULL
            """,
            ("$name", view.Name), ("$version", view.Version));
        // An interrupted rebuild may have left a table of this name.
        var table = Table(connection, view);
        connection.Execute($"DROP TABLE IF EXISTS {table}");
        Create(connection, view, table);
    }, cancellation);

    public ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation = default)
    {
        // Serialized here, on the caller's thread: the writer's is everybody's.
        var prepared = writes.Select(write => (write, Rows: write.Versions.Select(version => Row.Of(write.View, version)).ToList())).ToList();
        return QueueAsync(connection =>
        {
            foreach (var (write, rows) in prepared)
            {
                var table = Table(connection, write.View, write.Rebuilding);
                if (rows.Count > 0)
                {
                    Write(connection, write.View, table, rows);
                }

                if (!write.Rebuilding)
                {
                    connection.Execute(
                        "UPDATE views SET progress = $next, error = $error WHERE name = $name",
                        ("$next", write.Next), ("$error", (object?)write.Error ?? DBNull.Value), ("$name", write.View.Name));
                }
            }
        }, cancellation);
    }

    public ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf = null, bool rebuilding = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(connection =>
        {
            using var command = connection.Prepare(
                $"SELECT json FROM {Table(connection, view, rebuilding)} WHERE key = $key AND from_idx <= $asOf AND to_idx > $asOf ORDER BY from_idx DESC LIMIT 1",
                ("$key", EntryTable.Key(key)), ("$asOf", asOf ?? Open - 1));
            return command.ExecuteScalar() is byte[] json ? view.Read(json) : null;
        }));
    }

    public ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ViewQuery.MaxLimit);
        return new(readers.Read(connection =>
        {
            var order = query.OldestFirst ? "ASC" : "DESC";
            using var command = Select(connection, view, query, "began, key, json", $" ORDER BY began {order}, key {order} LIMIT $limit", paged: true);
            command.Parameters.AddWithValue("$limit", query.Limit + 1);
            var records = new List<ViewRecord>();
            var last = default(ViewCursor);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (records.Count == query.Limit)
                {
                    return new ViewPage(records, last);
                }

                last = new(reader.GetInt64(0), new Guid(reader.Blob(1), bigEndian: true));
                records.Add(view.Read(reader.Blob(2)));
            }

            return new ViewPage(records, null);
        }));
    }

    public ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(connection =>
        {
            using var command = Select(connection, view, query, "count(*)", "", paged: false);
            return (long)command.ExecuteScalar()!;
        }));
    }

    public ValueTask BeginRebuildAsync(View view, CancellationToken cancellation = default) => QueueAsync(connection =>
    {
        var table = Table(connection, view, rebuilding: true);
        connection.Execute($"DROP TABLE IF EXISTS {table}");
        Create(connection, view, table);
    }, cancellation);

    public ValueTask SwapAsync(View view, long progress, CancellationToken cancellation = default) => QueueAsync(connection =>
    {
        connection.Execute($"DROP TABLE {Table(connection, view)}");
        connection.Execute(
            "UPDATE views SET generation = generation + 1, progress = $progress, error = NULL, version = $version WHERE name = $name",
            ("$progress", progress), ("$version", view.Version), ("$name", view.Name));
    }, cancellation);

    private static void Create(SqliteConnection connection, View view, string table)
    {
        var columns = string.Concat(view.Facets.Select(facet => $", f_{facet} TEXT"));
        connection.Execute($"""
            CREATE TABLE {table}(
                key BLOB NOT NULL, from_idx INTEGER NOT NULL, to_idx INTEGER NOT NULL, began INTEGER NOT NULL, story BLOB NOT NULL{columns}, json BLOB,
                PRIMARY KEY(key, from_idx))
            """);
        connection.Execute($"CREATE INDEX {table}_began ON {table}(began, key)");
        connection.Execute($"CREATE INDEX {table}_story ON {table}(story, began, key)");
        foreach (var facet in view.Facets)
        {
            connection.Execute($"CREATE INDEX {table}_{facet} ON {table}(f_{facet}, began, key) WHERE f_{facet} IS NOT NULL");
        }
    }

    private static string Table(SqliteConnection connection, View view, bool rebuilding = false)
    {
        var generation = (long?)connection.Scalar("SELECT generation FROM views WHERE name = $name", ("$name", view.Name))
            ?? throw new LedgerException(LedgerError.Conflict("view-not-kept", $"The view {view.Name} has not been made yet.", "'ledger rebuild' makes it."));
        return string.Create(CultureInfo.InvariantCulture, $"view_{view.Name}_{generation + (rebuilding ? 1 : 0)}");
    }

    private static void Write(SqliteConnection connection, View view, string table, List<Row> rows)
    {
        var facets = string.Concat(view.Facets.Select(facet => $", ${facet}"));
        using var close = connection.Prepare(
            $"UPDATE {table} SET to_idx = $from WHERE key = $key AND from_idx = (SELECT max(from_idx) FROM {table} WHERE key = $key) RETURNING began",
            ("$key", Array.Empty<byte>()), ("$from", 0L));
        using var insert = connection.Prepare(
            $"INSERT INTO {table} VALUES ($key, $from, {Open}, $began, $story{facets}, $json)",
            ("$key", Array.Empty<byte>()), ("$from", 0L), ("$began", 0L), ("$story", Array.Empty<byte>()), ("$json", Array.Empty<byte>()));
        foreach (var facet in view.Facets)
        {
            insert.Parameters.AddWithValue("$" + facet, "");
        }

        foreach (var row in rows)
        {
            var began = row.From;
            if (row.Replaces)
            {
                close.Parameters[0].Value = row.Key;
                close.Parameters[1].Value = row.From;
                began = (long)close.ExecuteScalar()!;
            }

            if (row.Json is null)
            {
                continue;
            }

            insert.Parameters[0].Value = row.Key;
            insert.Parameters[1].Value = row.From;
            insert.Parameters[2].Value = began;
            insert.Parameters[3].Value = row.Story;
            insert.Parameters[4].Value = row.Json;
            for (var i = 0; i < row.Facets.Length; i++)
            {
                insert.Parameters[5 + i].Value = (object?)row.Facets[i] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
        }
    }

    private static SqliteCommand Select(SqliteConnection connection, View view, ViewQuery query, string columns, string tail, bool paged)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder($"SELECT {columns} FROM {Table(connection, view)} WHERE from_idx <= $asOf AND to_idx > $asOf");
        // A version that is still valid ends at the largest index, which is not before itself.
        command.Parameters.AddWithValue("$asOf", query.AsOf ?? Open - 1);
        var latest = Math.Min(query.AsOf ?? Open, query.BeganTo ?? Open);
        sql.Append(" AND began <= $latest");
        command.Parameters.AddWithValue("$latest", latest);
        if (query.BeganFrom is { } first)
        {
            sql.Append(" AND began >= $first");
            command.Parameters.AddWithValue("$first", first);
        }

        if (query.Story is { } story)
        {
            sql.Append(" AND story = $story");
            command.Parameters.AddWithValue("$story", EntryTable.Key(story.Value));
        }

        foreach (var filter in query.Where)
        {
            Add(sql, command, view, filter);
        }

        if (paged && query.After is { } after)
        {
            sql.Append(query.OldestFirst ? " AND (began, key) > ($afterBegan, $afterKey)" : " AND (began, key) < ($afterBegan, $afterKey)");
            command.Parameters.AddWithValue("$afterBegan", after.Began);
            command.Parameters.AddWithValue("$afterKey", EntryTable.Key(after.Key));
        }

        // Names of tables and columns are this program's own; every value is a parameter.
#pragma warning disable CA2100
        command.CommandText = sql.Append(tail).ToString();
#pragma warning restore CA2100
        return command;
    }

    private static void Add(StringBuilder sql, SqliteCommand command, View view, FacetFilter filter)
    {
        if (!view.Facets.Contains(filter.Facet))
        {
            throw new ArgumentException($"The view {view.Name} has no facet '{filter.Facet}'.");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"$where{command.Parameters.Count}");
        var column = "f_" + filter.Facet;
        sql.Append(filter switch
        {
            { Contains: true, Not: false } => $" AND contains_text({column}, {name})",
            { Contains: true, Not: true } => $" AND NOT contains_text({column}, {name})",
            { Not: true } => $" AND {column} IS NOT {name}",
            _ => $" AND {column} = {name}",
        });
        command.Parameters.AddWithValue(name, filter.Value);
    }

    private async ValueTask QueueAsync(Action<SqliteConnection> write, CancellationToken cancellation)
    {
        var work = new ViewWork(write, cancellation);
        if (writer is null)
        {
            throw new LedgerException(LedgerError.Refused("read-only", "The ledger was opened for reading."));
        }

        if (!writer.TryQueue(work))
        {
            throw new LedgerException(SqliteErrors.Closed);
        }

        await work.Result.ConfigureAwait(false);
    }

    private sealed record Row(byte[] Key, long From, bool Replaces, byte[] Story, byte[]? Json, ImmutableArray<string?> Facets)
    {
        internal static Row Of(View view, ViewVersion version) => new(
            EntryTable.Key(version.Key),
            version.From,
            version.Replaces,
            version.Record is { } record ? EntryTable.Key(record.StoryId.Value) : [],
            version.Record is null ? null : view.Write(version.Record),
            version.Record is null ? [] : view.FacetsOf(version.Record));
    }

    private sealed class ViewWork(Action<SqliteConnection> write, CancellationToken cancellation) : Work<bool>(cancellation)
    {
        protected override bool Run(SqliteConnection connection)
        {
            write(connection);
            return true;
        }
    }
}
