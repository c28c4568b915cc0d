using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ledger.Sqlite;

/// <summary>A connection to a ledger file and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, (sqlite3_stmt Handle, Statement Statement)> statements = [];

    internal Database(SqliteConnection opened) => connection = opened;

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
