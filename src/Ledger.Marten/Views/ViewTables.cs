using System.Data.Common;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using JasperFx;
using Ledger.Core;
using Ledger.Core.Views;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core.Migrations;

namespace Ledger.Marten;

/// <summary>
/// Where the records of views are: a partition of Marten's table for each series, with indexes for the facets of its view, and a table of words beside it where the view is searched.
/// Plain SQL, because Marten has no words for partitions that come and go while it runs, nor for compare-and-set of a view's progress in the transaction of its records.
/// </summary>
internal sealed class ViewTables(MartenStore store)
{
    /// <summary>How long old records may hold up readers of views while they are dropped; when it is not enough, they go the next time.</summary>
    private const string DropPatience = "2s";

    internal string Schema => store.Schema;

    internal string Records => $"{store.Schema}.mt_doc_view_record";

    internal string Views => $"{store.Schema}.mt_doc_view";

    internal string Partition(string series) => $"{Records}_{series}";

    internal string Words(string series) => $"{store.Schema}.view_words_{series}";

    internal static string Series(View view, long number) => Series(view.Name, number);

    internal static string Series(string view, long number) => string.Create(CultureInfo.InvariantCulture, $"{view}_{number}");

    /// <summary>A number for an advisory lock of this ledger, which is one schema of a database.</summary>
    internal long Lock(string purpose) =>
        BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"ledger/views/{store.Schema}/{purpose}")));

    internal static void Configure(StoreOptions options)
    {
        options.Schema.For<ViewRecordDocument>()
            .DocumentAlias("view_record")
            .PartitionOn(version => version.Series, partitions => partitions.ByExternallyManagedListPartitions())
            .Index([version => version.Key, version => version.FromIndex])
            .Index([version => version.Began, version => version.Key])
            .Index([version => version.Story, version => version.Began, version => version.Key])
            .Index(version => version.ToIndex)
            .Metadata(metadata => metadata.DisableInformationalFields());
        options.Schema.For<KeptView>().DocumentAlias("view").Metadata(metadata => metadata.DisableInformationalFields());
        options.Schema.For<ReaderPlaceDocument>().DocumentAlias("reader_place").Metadata(metadata => metadata.DisableInformationalFields());
    }

    /// <summary>Makes the tables of the documents where they are not there, and nothing else that Marten could want.</summary>
    internal async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        using (var command = connection.Command("SELECT pg_advisory_lock($1)", Sql.Value(Lock("tables"))))
        {
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var database = store.Documents.Storage.Database;
        foreach (var type in (Type[])[typeof(ViewRecordDocument), typeof(KeptView), typeof(ReaderPlaceDocument)])
        {
            var migration = await database.CreateMigrationAsync(type, cancellation).ConfigureAwait(false);
            await database.Migrator.ApplyAllAsync(connection, migration, AutoCreate.CreateOrUpdate, new Quiet(), cancellation).ConfigureAwait(false);
        }

        await RunAsync(connection, "SELECT pg_advisory_unlock_all()", cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the live room of a view: the first, or one for its other version.</summary>
    internal Task PrepareAsync(View view, CancellationToken cancellation) => ChangeAsync(view, async (connection, kept) =>
    {
        if (kept?.Version == view.Version)
        {
            return false;
        }

        var number = Math.Max(kept?.Series ?? 0, kept?.Copy ?? 0) + 1;
        await CreateAsync(connection, view, Series(view, number), cancellation).ConfigureAwait(false);
        await SetAsync(connection, new() { Id = view.Name, Version = view.Version, Made = (kept?.Made ?? 0) + 1, Series = number }, cancellation).ConfigureAwait(false);
        return true;
    }, cancellation);

    /// <summary>Makes an empty copy of a view; the number of its series.</summary>
    internal async Task<long> BeginCopyAsync(View view, CancellationToken cancellation)
    {
        var number = 0L;
        await ChangeAsync(view, async (connection, kept) =>
        {
            if (kept is null)
            {
                throw new LedgerException(ViewErrors.NotKept(view));
            }

            number = kept.Copy = Math.Max(kept.Series, kept.Copy) + 1;
            await CreateAsync(connection, view, Series(view, number), cancellation).ConfigureAwait(false);
            await SetAsync(connection, kept, cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        return number;
    }

    /// <summary>Puts a copy in the live one's place; false when the live one has come further.</summary>
    internal async Task<bool> SwapAsync(View view, long copy, long progress, CancellationToken cancellation)
    {
        // What the planner knows of it is what was there when it was empty.
        await using (var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            await RunAsync(connection, $"ANALYZE {Partition(Series(view, copy))}", cancellation).ConfigureAwait(false);
            if (view.IsSearched)
            {
                await RunAsync(connection, $"ANALYZE {Words(Series(view, copy))}", cancellation).ConfigureAwait(false);
            }
        }

        return await ChangeAsync(view, async (connection, kept) =>
        {
            if (kept is null || kept.Copy != copy)
            {
                throw new LedgerException(ViewErrors.KeptElsewhere(view));
            }

            if (kept.Next > progress)
            {
                return false;
            }

            await SetAsync(connection, new() { Id = view.Name, Version = view.Version, Next = progress, Made = kept.Made + 1, Series = copy }, cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a statement of this room's own.</summary>
    internal static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What is kept of some views, each locked until the transaction ends, in one order so that two writers cannot wait for each other.</summary>
    internal async Task<Dictionary<string, KeptView>> LockAsync(NpgsqlConnection connection, string[] names, CancellationToken cancellation)
    {
        using var command = connection.Command($"SELECT data FROM {Views} WHERE id = ANY($1) ORDER BY id FOR UPDATE", Sql.Array(names, NpgsqlDbType.Text));
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var views = new Dictionary<string, KeptView>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var view = store.Documents.Options.Serializer().FromJson<KeptView>(rows, 0);
            views[view.Id] = view;
        }

        return views;
    }

    /// <summary>Changes one view's row and tables in a transaction, one at a time among all processes; then drops what is not used any more.</summary>
    private async Task<bool> ChangeAsync(View view, Func<NpgsqlConnection, KeptView?, Task<bool>> change, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var changed = await InTransactionAsync(connection, view, change, cancellation).ConfigureAwait(false);
        if (changed)
        {
            try
            {
                await InTransactionAsync(connection, view, (_, kept) => DropOthersAsync(connection, view, kept!, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // Somebody reads for long, or the server went away; what was changed is changed, and the next change of this view takes them along.
            }
        }

        return changed;
    }

    private async Task<bool> InTransactionAsync(NpgsqlConnection connection, View view, Func<NpgsqlConnection, KeptView?, Task<bool>> change, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        using (var command = connection.Command("SELECT pg_advisory_xact_lock($1)", Sql.Value(Lock("tables"))))
        {
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var changed = await change(connection, (await LockAsync(connection, [view.Name], cancellation).ConfigureAwait(false)).GetValueOrDefault(view.Name)).ConfigureAwait(false);
        if (changed)
        {
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }

        return changed;
    }

    private async Task CreateAsync(NpgsqlConnection connection, View view, string series, CancellationToken cancellation)
    {
        var (partition, words) = (Partition(series), Words(series));
        // No statistics of what holds words: PostgreSQL would copy some of them into its catalogue, where an erasure does not reach.
        var sql = new StringBuilder($"CREATE TABLE {partition} (LIKE {Records} INCLUDING ALL); ALTER TABLE {partition} ALTER COLUMN data SET STATISTICS 0;");
        foreach (var facet in view.Facets)
        {
            // As Marten's LINQ writes the look-up of a key.
            sql.Append(CultureInfo.InvariantCulture, $"CREATE INDEX view_{series}_{facet} ON {partition} ((data -> 'facets' ->> '{facet}'), began, key) WHERE data -> 'facets' ->> '{facet}' IS NOT NULL; ALTER INDEX {store.Schema}.view_{series}_{facet} ALTER COLUMN 1 SET STATISTICS 0;");
        }

        sql.Append(CultureInfo.InvariantCulture, $"ALTER TABLE {Records} ATTACH PARTITION {partition} FOR VALUES IN ('{series}');");
        if (view.IsSearched)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE {words}(id uuid PRIMARY KEY, rough boolean NOT NULL, line text NOT NULL, vector tsvector NOT NULL);");
            sql.Append(CultureInfo.InvariantCulture, $"CREATE INDEX view_words_{series}_vector ON {words} USING gin (vector);");
            sql.Append(CultureInfo.InvariantCulture, $"ALTER TABLE {words} ALTER COLUMN line SET STATISTICS 0, ALTER COLUMN vector SET STATISTICS 0;");
        }

        await RunAsync(connection, sql.ToString(), cancellation).ConfigureAwait(false);
    }

    private async Task SetAsync(NpgsqlConnection connection, KeptView kept, CancellationToken cancellation)
    {
        using var command = connection.Command($"INSERT INTO {Views}(id, data) VALUES ($1, $2::jsonb) ON CONFLICT (id) DO UPDATE SET data = excluded.data", Sql.Value(kept.Id), Sql.Value(store.Documents.Options.Serializer().ToCleanJson(kept)));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<bool> DropOthersAsync(NpgsqlConnection connection, View view, KeptView kept, CancellationToken cancellation)
    {
        await RunAsync(connection, $"SET LOCAL lock_timeout = '{DropPatience}'", cancellation).ConfigureAwait(false);
        var old = new List<string>();
        using (var command = connection.Command(
            "SELECT substr(c.relname, length('mt_doc_view_record_') + 1) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::text::regclass AND c.relname ~ $2",
            Sql.Value(Records),
            Sql.Value($"^mt_doc_view_record_{view.Name}_[0-9]+$")))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                old.Add(rows.GetString(0));
            }
        }

        old.RemoveAll(series => series == Series(view, kept.Series) || series == Series(view, kept.Copy));
        foreach (var series in old)
        {
            await RunAsync(connection, $"DROP TABLE {Partition(series)}; DROP TABLE IF EXISTS {Words(series)}", cancellation).ConfigureAwait(false);
        }

        return old.Count > 0;
    }

    /// <summary>Without one, what is done is written to standard output, which is a command's answer.</summary>
    private sealed class Quiet : IMigrationLogger
    {
        public void SchemaChange(string sql)
        {
        }

        public void OnFailure(DbCommand command, Exception ex) => ExceptionDispatchInfo.Throw(ex);
    }
}
