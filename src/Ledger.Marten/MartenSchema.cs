using Ledger.Core;
using Ledger.Core.Log;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql;

namespace Ledger.Marten;

/// <summary>The tables of a ledger in PostgreSQL: whether they are there, and what this program would change in them.</summary>
/// <param name="Schema">The schema they are in.</param>
/// <param name="Version">The version they are of; null when there is no ledger yet.</param>
/// <param name="ProgramVersion">The version that this program writes.</param>
/// <param name="Pending">The SQL that <see cref="MartenSchema.MigrateAsync"/> would run; empty when there is nothing to do.</param>
public sealed record MartenSchemaStatus(string Schema, int? Version, int ProgramVersion, string Pending);

/// <summary>
/// The tables of a ledger in PostgreSQL: Marten's own, and beside them <c>meta</c>, <c>head</c>, <c>parts</c> and <c>tiles</c>. Opening a ledger creates them in an empty schema and changes
/// nothing ever after; what a newer program needs is shown by <see cref="StatusAsync"/> and done by <see cref="MigrateAsync"/>.
/// </summary>
public static class MartenSchema
{
    internal const int Version = 1;

    /// <summary>What is there, and what would be changed.</summary>
    /// <exception cref="LedgerException"><c>not-a-ledger</c>, <c>connection-not-valid</c>, <c>engine-failed</c>.</exception>
    public static async Task<MartenSchemaStatus> StatusAsync(string connectionString, CancellationToken cancellation = default)
    {
        var store = MartenStore.Open(connectionString);
        await using var _ = store.ConfigureAwait(false);
        try
        {
            var version = await FindVersionAsync(store, cancellation).ConfigureAwait(false);
            return new(store.Schema, version, Version, version > Version ? "" : version is null ? CreationSql(store) : await PendingAsync(store, cancellation).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            throw MartenErrors.Wrap(error, store);
        }
    }

    /// <summary>Creates the tables, or brings those of an older program to what this one needs; all or nothing. Entries stay as they are.</summary>
    /// <returns>What there was to do.</returns>
    /// <exception cref="LedgerException"><c>ledger-from-newer-version</c>, <c>not-a-ledger</c>, <c>connection-not-valid</c>, <c>engine-failed</c>.</exception>
    public static async Task<MartenSchemaStatus> MigrateAsync(string connectionString, CancellationToken cancellation = default)
    {
        var store = MartenStore.Open(connectionString);
        await using var _ = store.ConfigureAwait(false);
        try
        {
            if (await FindVersionAsync(store, cancellation).ConfigureAwait(false) is not { } version)
            {
                var created = new MartenSchemaStatus(store.Schema, null, Version, CreationSql(store));
                await EnsureCreatedAsync(store, cancellation).ConfigureAwait(false);
                return created;
            }

            CheckVersion(store, version);
            var pending = await PendingAsync(store, cancellation).ConfigureAwait(false);
            if (pending.Length > 0)
            {
                await ExecuteAsync(store, pending, cancellation).ConfigureAwait(false);
            }

            return new(store.Schema, version, Version, pending);
        }
        catch (Exception error)
        {
            throw MartenErrors.Wrap(error, store);
        }
    }

    /// <summary>Creates the tables where the schema is empty or not there yet, and checks those that are there.</summary>
    internal static async Task EnsureCreatedAsync(MartenStore store, CancellationToken cancellation)
    {
        if (await FindVersionAsync(store, cancellation).ConfigureAwait(false) is { } version)
        {
            CheckVersion(store, version);
            return;
        }

        await ExecuteAsync(store, CreationSql(store), cancellation, unlessThere: true).ConfigureAwait(false);
        CheckVersion(store, await FindVersionAsync(store, cancellation).ConfigureAwait(false) ?? throw MartenErrors.NotALedger(store, "its tables could not be made"));
    }

    /// <exception cref="LedgerException"><c>ledger-not-found</c>, <c>ledger-from-newer-version</c>, <c>not-a-ledger</c>.</exception>
    internal static async Task CheckAsync(MartenStore store, CancellationToken cancellation) =>
        CheckVersion(store, await FindVersionAsync(store, cancellation).ConfigureAwait(false) ?? throw new LedgerException(LedgerError.NotFound(
            "ledger-not-found", $"There is no ledger in the schema '{store.Schema}' of the database '{store.Settings.Database}'.", "Name one with 'Search Path' in the connection, or start one with 'ledger ingest FOLDER'.")));

    private static void CheckVersion(MartenStore store, int version)
    {
        if (version > Version)
        {
            throw new LedgerException(LedgerError.Refused(
                "ledger-from-newer-version",
                $"The ledger '{store.Schema}' in '{store.Settings.Database}' was written by a newer version of Ledger (its format is {version}, this program knows {Version}).",
                "Update this program; the ledger was not touched."));
        }
    }

    /// <summary>The version of the ledger in the schema; null when the schema is empty or not there.</summary>
    private static async Task<int?> FindVersionAsync(MartenStore store, CancellationToken cancellation)
    {
        var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        return await FindVersionAsync(store, connection, cancellation).ConfigureAwait(false);
    }

    private static async Task<int?> FindVersionAsync(MartenStore store, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var encoding = (string?)await ScalarAsync(connection, "SHOW server_encoding", cancellation).ConfigureAwait(false);
        if (encoding != "UTF8")
        {
            throw MartenErrors.NotALedger(store, $"the database keeps text as {encoding}, and a ledger needs UTF8");
        }

        // The catalogue shows it also to a login that may not use it.
        var tables = (string[])(await ScalarAsync(
            connection, $"SELECT coalesce(array_agg(relname::text), '{{}}') FROM pg_class WHERE relnamespace = to_regnamespace('{store.Schema}') AND relkind IN ('r', 'p', 'v', 'S')", cancellation).ConfigureAwait(false))!;
        if (tables.Length == 0)
        {
            return null;
        }

        return tables.Contains("meta") && tables.Contains("head") && tables.Contains("mt_events")
            ? (int)(await ScalarAsync(connection, $"SELECT version FROM {store.Schema}.meta", cancellation).ConfigureAwait(false) ?? throw MartenErrors.NotALedger(store, "its version is missing"))
            : throw MartenErrors.NotALedger(store, "it holds other tables");
    }

    private static string CreationSql(MartenStore store) => store.Documents.Storage.ToDatabaseScript() + Tables(store.Schema);

    /// <summary>What Marten would change for the events and documents that this program knows.</summary>
    private static async Task<string> PendingAsync(MartenStore store, CancellationToken cancellation)
    {
        var migration = await store.Documents.Storage.Database.CreateMigrationAsync(cancellation).ConfigureAwait(false);
        if (migration.Difference == SchemaPatchDifference.None)
        {
            return "";
        }

        var sql = new StringWriter();
        migration.WriteAllUpdates(sql, new PostgresqlMigrator(), JasperFx.AutoCreate.CreateOrUpdate);
        return sql.ToString();
    }

    /// <summary>Runs a script in one transaction, which several processes may try at once.</summary>
    private static async Task ExecuteAsync(MartenStore store, string sql, CancellationToken cancellation, bool unlessThere = false)
    {
        var connection = await store.OpenApartAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await ScalarAsync(connection, $"SELECT pg_advisory_xact_lock(hashtext('{store.Schema}'))", cancellation).ConfigureAwait(false);
        if (unlessThere && await FindVersionAsync(store, connection, cancellation).ConfigureAwait(false) is not null)
        {
            return;
        }

        await ScalarAsync(connection, sql, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        var command = connection.CreateCommand();
        await using var _ = command.ConfigureAwait(false);
        // The SQL is made of this room's own names and of the schema's, which was checked.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// What stands beside Marten's tables. No statistics are kept of columns that hold words: PostgreSQL would copy some of them into its catalogue, where an erasure does not reach.
    /// </summary>
    private static string Tables(string schema) => $"""

        CREATE TABLE {schema}.meta(one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL, secret bytea NOT NULL);
        INSERT INTO {schema}.meta(version, secret) VALUES ({Version}, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

        -- Where the ledger ends: how many entries there are, the ledger time and leaf hash of the last. Whoever appends locks this row first, so that entries are committed in the order of their index.
        CREATE TABLE {schema}.head(one boolean PRIMARY KEY DEFAULT true CHECK (one), size bigint NOT NULL, time timestamptz, hash bytea) WITH (fillfactor = 10);
        INSERT INTO {schema}.head(size) VALUES (0);

        -- Large parts: a text as words, anything else as bytes. An erased part has no row.
        CREATE TABLE {schema}.parts(idx bigint NOT NULL, name text NOT NULL, salt bytea NOT NULL, words text, bytes bytea, PRIMARY KEY (idx, name));

        -- Full tiles of the tree (C2SP tlog-tiles): level 0 holds leaf hashes, level n the roots of tiles of level n-1.
        CREATE TABLE {schema}.tiles(level integer NOT NULL, idx bigint NOT NULL, root bytea NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, idx));

        -- Locks the ledger's end for whoever remembers it, and fails when it is another, or the clock of whoever asks is too far ahead.
        CREATE FUNCTION {schema}.expect(size bigint, hash bytea, now timestamptz) RETURNS void LANGUAGE plpgsql AS $expect$
        DECLARE
            found record;
        BEGIN
            SELECT h.size, h.hash INTO found FROM {schema}.head h FOR UPDATE;
            IF found.size IS DISTINCT FROM expect.size OR found.hash IS DISTINCT FROM expect.hash OR clock_timestamp() < expect.now - interval '{ILedgerLog.MaxClockLag.TotalSeconds:0} seconds' THEN
                RAISE EXCEPTION 'the ledger''s end is not as remembered' USING ERRCODE = 'LG001';
            END IF;
        END
        $expect$;

        -- Writes a table of this schema anew, for whoever may erase and does not own it.
        CREATE FUNCTION {schema}.rewrite(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $rewrite$
        DECLARE
            key record;
        BEGIN
            SELECT c.oid::regclass AS relation, i.relname INTO STRICT key
            FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
            WHERE c.relnamespace = '{schema}'::regnamespace AND c.relname = rewrite.name AND x.indisprimary;
            EXECUTE format('CLUSTER %s USING %I', key.relation, key.relname);
        END
        $rewrite$;
        REVOKE ALL ON FUNCTION {schema}.rewrite(text) FROM PUBLIC;

        ALTER TABLE {schema}.mt_events ALTER COLUMN data SET STATISTICS 0, ALTER COLUMN headers SET STATISTICS 0;
        ALTER TABLE {schema}.parts ALTER COLUMN salt SET STATISTICS 0, ALTER COLUMN words SET STATISTICS 0, ALTER COLUMN bytes SET STATISTICS 0;
        """;
}
