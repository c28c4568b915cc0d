using System.Collections.Concurrent;
using Ledger.Core;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>Connections for reading, each used by one caller at a time and kept for the next.</summary>
internal sealed class Readers(string connectionString) : IDisposable
{
    private readonly ConcurrentBag<Database> idle = [];
    private volatile bool closed;

    /// <summary>Reads with a connection nobody else uses meanwhile.</summary>
    /// <exception cref="LedgerException">The ledger was closed, or the file does not read.</exception>
    internal T Read<T>(Func<Database, T> read)
    {
        if (closed)
        {
            throw new LedgerException(SqliteErrors.Closed);
        }

        var database = idle.TryTake(out var kept) ? kept : Open();
        try
        {
            var value = read(database);
            if (closed)
            {
                database.Dispose();
            }
            else
            {
                idle.Add(database);
            }

            return value;
        }
        catch (SqliteException error)
        {
            database.Dispose();
            throw new LedgerException(SqliteErrors.Of(error), error);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var database))
        {
            database.Dispose();
        }
    }

    private Database Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        // SQLite's own LIKE folds ASCII alone.
        connection.CreateFunction("contains_text", (string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) ?? false, isDeterministic: true);
        var database = new Database(connection);
        database.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -16000");
        return database;
    }
}
