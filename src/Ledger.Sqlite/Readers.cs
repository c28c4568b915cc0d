using System.Collections.Concurrent;
using Ledger.Core;
using Ledger.Core.Views;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>Connections for reading, each used by one caller at a time and kept for the next.</summary>
internal sealed class Readers(string connectionString) : IDisposable
{
    private readonly ConcurrentBag<Database> idle = [];
    private volatile bool closed;

    /// <summary>Reads with a connection nobody else uses meanwhile.</summary>
    /// <exception cref="LedgerException">The ledger was closed, or the file does not read.</exception>
    /// <param name="read">Reads. What it reads in several statements may be of several states, unless it is a <paramref name="snapshot"/>.</param>
    /// <param name="snapshot">Whether all statements see one state.</param>
    internal T Read<T>(Func<Database, T> read, bool snapshot = false)
    {
        if (closed)
        {
            throw new LedgerException(SqliteErrors.Closed);
        }

        var database = idle.TryTake(out var kept) ? kept : Open();
        try
        {
            var value = snapshot ? ReadSnapshot(database, read) : read(database);
            idle.Add(database);
            if (closed)
            {
                // Closed meanwhile: whoever closed may have been here before this one was put back.
                Dispose();
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

    /// <summary>
    /// A short write by a process that only reads, in a transaction of its own: it waits its turn with whoever writes the ledger, who goes on undisturbed. For what is no part of the ledger.
    /// </summary>
    internal void WriteBeside(Action<Database> write)
    {
        try
        {
            using var database = new Database(Connect());
            database.Execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
            write(database);
            database.Execute("COMMIT");
        }
        catch (SqliteException error)
        {
            throw new LedgerException(SqliteErrors.Of(error), error);
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

    private static T ReadSnapshot<T>(Database database, Func<Database, T> read)
    {
        database.Prepare("BEGIN").Run();
        var value = read(database);
        database.Prepare("COMMIT").Run();
        return value;
    }

    private Database Open()
    {
        var connection = Connect();
        // SQLite's own LIKE folds ASCII alone.
        connection.CreateFunction("contains_text", (string? text, string folded) => text is not null && FacetFilter.Holds(FacetFilter.Fold(text), folded), isDeterministic: true);
        var database = new Database(connection);
        database.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -16000");
        return database;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}
