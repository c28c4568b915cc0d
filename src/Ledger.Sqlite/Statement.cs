using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ledger.Sqlite;

/// <summary>
/// A prepared statement, bound by position (from 1) and read by column (from 0) without a box or a copy more than needed: this is the path of every append and read.
/// Disposing makes it ready for its next use; <see cref="Database"/> keeps it and finalizes it.
/// </summary>
internal sealed class Statement(sqlite3 connection, sqlite3_stmt statement) : IDisposable
{
    internal Statement Bind(int position, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, position, value));
        return this;
    }

    internal Statement Bind(int position, ReadOnlySpan<byte> value)
    {
        // An empty blob is not NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, position, 0) : raw.sqlite3_bind_blob(statement, position, value));
        return this;
    }

    internal Statement Bind(int position, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(statement, position) : raw.sqlite3_bind_text(statement, position, value));
        return this;
    }

    internal Statement BindNull(int position)
    {
        Check(raw.sqlite3_bind_null(statement, position));
        return this;
    }

    /// <summary>Runs to the next row; false when there is none.</summary>
    internal bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            Throw(code);
        }

        return false;
    }

    /// <summary>Runs to the end, and makes ready for the next use.</summary>
    internal void Run()
    {
        while (Step())
        {
        }

        Dispose();
    }

    internal long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    internal int Int32(int column) => raw.sqlite3_column_int(statement, column);

    internal string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    internal bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>The bytes of a column, valid until the next step.</summary>
    internal ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>Makes ready for the next use. An error of the last step was thrown by it.</summary>
    public void Dispose() => _ = raw.sqlite3_reset(statement);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            Throw(code);
        }
    }

    private void Throw(int code)
    {
        try
        {
            SqliteException.ThrowExceptionForRC(code, connection);
        }
        finally
        {
            Dispose();
        }
    }
}
