using Ledger.Core;
using Ledger.Core.Entries;
using Npgsql;

namespace Ledger.Marten;

/// <summary>
/// Removes a part's salt and bytes, and writes its table anew, because PostgreSQL leaves what was deleted in the table's pages, also after a VACUUM. Everybody who reads or writes the table waits meanwhile.
/// </summary>
/// <remarks>
/// <para>
/// What this cannot reach: PostgreSQL's write-ahead log (<c>pg_wal</c>) has every row that was written until its files are used again, and so have archived log, base backups, dumps and replicas that do not follow.
/// An operator ends it: on the server, with <c>wal_recycle = off</c>, <c>SELECT pg_switch_wal()</c> and <c>CHECKPOINT</c> remove the log that is no longer needed; then a new base backup is taken, and backups and
/// archives from before the erasure are destroyed, as are dumps and exports. Replicas follow by themselves.
/// </para>
/// <para>
/// Statistics have no words, because none are kept of the columns that do (<see cref="MartenSchema"/>); a server that logs statements with their parameters has them in its log.
/// </para>
/// </remarks>
internal sealed class Eraser(MartenStore store, EventTable table)
{
    // Our own readers are done in milliseconds; another program may sit on an old state as long as it likes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal async Task EraseAsync(EntryId id, string part, CancellationToken cancellation)
    {
        var connection = await store.OpenApartAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var index = await table.IndexOfAsync(connection, id, cancellation).ConfigureAwait(false)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}."));
        var transaction = await RemoveAsync(connection, index, part, cancellation).ConfigureAwait(false);
        try
        {
            if (!await IsOldStateGoneAsync(connection, transaction, cancellation).ConfigureAwait(false))
            {
                throw Pending(id, part, null);
            }

            await RewriteAsync(connection, EventRow.IsSmall(part) ? "mt_events" : "parts", cancellation).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw Pending(id, part, error);
        }
    }

    /// <summary>Writes a table of the ledger's schema anew, so that no page of it holds anything but its rows.</summary>
    internal async Task RewriteAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.Timeout = 0;
        batch.Add($"SET lock_timeout = {(int)Patience.TotalMilliseconds}");
        batch.Add($"SELECT {store.Schema}.rewrite($1)", Sql.Value(name));
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <returns>The transaction after which no new reader sees it.</returns>
    private async Task<string> RemoveAsync(NpgsqlConnection connection, long index, string part, CancellationToken cancellation)
    {
        const string Transaction = "SELECT pg_current_xact_id()::xid::text";
        var (remove, values) = part switch
        {
            Part.Body => ($"UPDATE {store.Schema}.mt_events SET data = '{{}}', headers = headers #- '{{salts,body}}' WHERE seq_id = $1 AND headers->'salts' ? 'body'", new[] { Sql.Value(index + 1) }),
            Part.Recorder => (
                $"UPDATE {store.Schema}.mt_events SET headers = headers #- '{{salts,recorder}}' #- '{{recorder}}' WHERE seq_id = $1 AND headers->'salts' ? 'recorder'", new[] { Sql.Value(index + 1) }),
            _ => ($"DELETE FROM {store.Schema}.parts WHERE idx = $1 AND name = $2", new[] { Sql.Value(index), Sql.Value(part) }),
        };
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.Add("BEGIN");
        batch.Add(remove, values);
        batch.Add(Transaction);
        batch.Add("COMMIT");
        return (string)(await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>
    /// Whether nobody reads a state from before any more: what such a reader may still see is kept when a table is written anew. A login without <c>pg_read_all_stats</c> sees its own readers alone;
    /// others are waited for when the table is locked, if they have read it.
    /// </summary>
    private static async Task<bool> IsOldStateGoneAsync(NpgsqlConnection connection, string transaction, CancellationToken cancellation)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            var readers = connection.Command(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND age(backend_xmin) >= age($1::xid)
                """,
                Sql.Value(transaction));
            await using var _ = readers.ConfigureAwait(false);
            if ((long)(await readers.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! == 0)
            {
                return true;
            }

            if (waited.Elapsed > Patience)
            {
                return false;
            }

            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }

    private static LedgerException Pending(EntryId id, string part, Exception? inner) => new(
        LedgerError.Conflict(
            "erasure-pending",
            $"The {part} of {id} is erased, but another program is reading an older state, and the database keeps the words until it ends.",
            "Close the programs that read the database and erase again."),
        inner);
}
