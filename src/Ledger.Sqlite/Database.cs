using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ledger.Sqlite;

/// <summary>A connection to a ledger file and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    // Another process may hold a lock for a moment: recovering the log after a crash, closing as the last one.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, (sqlite3_stmt Handle, Statement Statement)> statements = [];

    internal Database(SqliteConnection opened)
    {
        connection = opened;
        Wait(LockPatience);
    }

    internal string ConnectionString => connection.ConnectionString;

    /// <summary>How many rows the last statement changed.</summary>
    internal int Changes => raw.sqlite3_changes(connection.Handle!);

    /// <summary>The statement for some SQL, prepared on its first use. One use of it at a time; dispose it after each.</summary>
    internal Statement Prepare(string sql)
    {
        if (!statements.TryGetValue(sql, out var known))
        {
            var code = raw.sqlite3_prepare_v3(connection.Handle!, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
            SqliteException.ThrowExceptionForRC(code, connection.Handle!);
            statements[sql] = known = (handle, new Statement(connection.Handle!, handle));
        }

        return known.Statement;
    }

    /// <summary>Runs statements that are not used again: setting up, tables, pragmas.</summary>
    internal void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        // The SQL is made of this room's own names; what comes from outside is always bound.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The integer that a statement gives; null when it gives no row, or NULL.</summary>
    internal static long? Number(Statement bound)
    {
        using (bound)
        {
            return bound.Step() && !bound.IsNull(0) ? bound.Int64(0) : null;
        }
    }

    internal long? Number(string sql) => Number(Prepare(sql));

    /// <summary>Whether the write-ahead log may still hold what was erased.</summary>
    internal bool LogMayHoldErased { get; private set; }

    /// <summary>
    /// Folds the write-ahead log into the file and cuts it to nothing, so that what was erased is not in it either. False when somebody reads an older state
    /// for longer than the patience, and when the disk has no room for it; <see cref="LogMayHoldErased"/> then says that it must be tried again.
    /// </summary>
    internal bool TryEmptyLog(TimeSpan patience)
    {
        Wait(patience);
        try
        {
            // The pragma does not fail when it cannot: it answers with a row whose first column says so.
            LogMayHoldErased = Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 5 or 6 or 13)
        {
            LogMayHoldErased = true;
        }
        finally
        {
            Wait(LockPatience);
        }

        return !LogMayHoldErased;
    }

    private void Wait(TimeSpan patience) => raw.sqlite3_busy_timeout(connection.Handle!, (int)patience.TotalMilliseconds);

    public void Dispose()
    {
        foreach (var (handle, _) in statements.Values)
        {
            handle.Dispose();
        }

        statements.Clear();
        connection.Dispose();
    }
}
