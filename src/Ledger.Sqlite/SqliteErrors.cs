using Ledger.Core;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>SQLite's failures in a reporter's words.</summary>
internal static class SqliteErrors
{
    internal static readonly LedgerError Closed = LedgerError.Refused("ledger-closed", "The ledger was closed.");

    internal static LedgerError Of(Exception error, string file = "The file") => error switch
    {
        SqliteException { SqliteErrorCode: 13 } => Failed("The disk is full; what was to be written last was not.", "Make room and repeat the command: what was recorded before is safe."),
        SqliteException { SqliteErrorCode: 8 or 14 } => Failed("The file or its folder cannot be written; nothing was written.", null),
        SqliteException { SqliteErrorCode: 5 or 6 } => Failed("Another program holds the file locked; nothing was written.", "Close programs that have the file open, and repeat the command."),
        SqliteException { SqliteErrorCode: 11 or 26 } => LedgerError.Integrity("file-damaged", $"{file} is damaged: {error.Message}", "Restore the last backup, and keep the damaged file."),
        _ => Failed($"{file} could not be read or written: {error.Message}", null),
    };

    /// <summary>Nobody has the file open, and it cannot be opened without writing beside it.</summary>
    internal static LedgerError FolderReadOnly(string path) => LedgerError.Refused(
        "read-only", $"{path} cannot be opened: SQLite needs a file of its own beside it (-shm) also to read, and the folder cannot be written.", "Copy the ledger to a folder that can.");

    /// <summary>Whether it is the file or its disk that failed, so that nothing else could be written either.</summary>
    internal static bool IsOfFile(Exception error) => error is SqliteException { SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 23 or 26 };

    /// <summary>What a caller is to see: SQLite's failures as the ledger's; what the caller's own code threw, as it was.</summary>
    internal static Exception Wrap(Exception error) => error is SqliteException ? new LedgerException(Of(error), error) : error;

    private static LedgerError Failed(string message, string? hint) => LedgerError.Refused("engine-failed", message, hint);
}
