using Ledger.Core;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>SQLite's failures in a reporter's words.</summary>
internal static class SqliteErrors
{
    internal static readonly LedgerError Closed = LedgerError.Refused("ledger-closed", "The ledger was closed.");

    internal static LedgerError Of(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: 13 } => Failed("The disk is full; nothing was written.", "Make room and repeat the command: what was recorded before is safe."),
        SqliteException { SqliteErrorCode: 8 or 14 } => Failed("The file or its folder cannot be written; nothing was written.", null),
        SqliteException { SqliteErrorCode: 5 or 6 } => Failed("Another program holds the file locked; nothing was written.", "Close programs that have the file open, and repeat the command."),
        SqliteException { SqliteErrorCode: 11 or 26 } => LedgerError.Integrity("file-damaged", $"The file is damaged: {error.Message}.", "Restore the last backup, and keep the damaged file."),
        _ => Failed($"The file could not be written: {error.Message}", null),
    };

    private static LedgerError Failed(string message, string? hint) => LedgerError.Refused("engine-failed", message, hint);
}
