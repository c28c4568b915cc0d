using Ledger.Core;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>The tables of a ledger file, and the check that a file is one.</summary>
internal static class Schema
{
    /// <summary>"LEDG": SQLite's own mark for what a file is for.</summary>
    internal const int ApplicationId = 0x4C454447;

    internal const int Version = 2;

    private const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

        CREATE TABLE stories(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);

        -- One row an entry. Body and recorder stand in the row because everybody reads them; larger parts stand in 'parts'.
        -- An erased part is NULL, salt and bytes.
        CREATE TABLE entries(
            idx INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            story INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            ledger_time INTEGER NOT NULL,
            hash BLOB NOT NULL,
            envelope BLOB NOT NULL,
            body_salt BLOB,
            body BLOB,
            recorder_salt BLOB,
            recorder BLOB);

        -- Where an entry is found by its id and in its story. Ids come in no order, and an append would change a page of each table for every entry: the newest entries stand
        -- in 'recent' alone, in order of index, and go over together. What is found is what the row in 'entries' says, whatever stands here.
        CREATE TABLE ids(id BLOB PRIMARY KEY, idx INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE revisions(story INTEGER NOT NULL, revision INTEGER NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY(story, revision)) WITHOUT ROWID;
        CREATE TABLE recent(idx INTEGER PRIMARY KEY, id BLOB NOT NULL, story INTEGER NOT NULL, revision INTEGER NOT NULL);

        CREATE TABLE parts(idx INTEGER NOT NULL, name TEXT NOT NULL, salt BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(idx, name));

        -- Full tiles of the tree (C2SP tlog-tiles): level 0 holds leaf hashes, level n the roots of tiles of level n-1.
        CREATE TABLE tiles(level INTEGER NOT NULL, idx INTEGER NOT NULL, root BLOB NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY(level, idx));

        CREATE TABLE views(
            name TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            progress INTEGER NOT NULL,
            error TEXT) WITHOUT ROWID;
        """;

    internal static void Create(Database database)
    {
        database.Execute($"""
            BEGIN IMMEDIATE;
            {Tables}
            INSERT INTO meta VALUES ('secret', randomblob(32));
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {Version};
            COMMIT;
            """);
    }

    /// <summary>Whether the file holds nothing yet.</summary>
    internal static bool IsEmpty(Database database) => database.Number("SELECT count(*) FROM sqlite_schema") == 0;

    /// <summary>Turns away a place where no ledger can be, before a lock file is put beside it.</summary>
    /// <exception cref="LedgerException">A folder, or a file that is no database or another program's (<c>not-a-ledger</c>); a file in a folder that is not there (<c>folder-not-found</c>).</exception>
    internal static void CheckPlace(string path)
    {
        if (Directory.Exists(path))
        {
            throw new LedgerException(LedgerError.Refused("not-a-ledger", $"{path} is a folder; a ledger is a file.", $"Name a file with --db, for example {Path.Combine(path, "ledger.db")}."));
        }

        CheckFolder(path);
        if (File.Exists(path))
        {
            CheckFile(path);
        }
    }

    /// <exception cref="LedgerException">The file's folder is not there (<c>folder-not-found</c>).</exception>
    internal static void CheckFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            throw new LedgerException(LedgerError.NotFound("folder-not-found", $"There is no folder {folder}.", "Make it first, or name another file."));
        }
    }

    /// <summary>Asks SQLite, since closing a file of one's own would let go of the locks that SQLite has on it. Whatever else is wrong shows when the ledger is opened.</summary>
    private static void CheckFile(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema";
            var isEmpty = command.ExecuteScalar() is 0L;
            command.CommandText = "PRAGMA application_id";
            if (!isEmpty && command.ExecuteScalar() is not (long)ApplicationId)
            {
                throw NotALedger(path, null);
            }
        }
        catch (SqliteException error) when (error.SqliteErrorCode == 26)
        {
            throw NotALedger(path, error);
        }
        catch (SqliteException)
        {
            // Shown, in its words, by the opening that follows.
        }
    }

    /// <exception cref="LedgerException">The file is not a ledger (<c>not-a-ledger</c>) or one of another version (<c>ledger-from-newer-version</c>, <c>ledger-from-older-version</c>).</exception>
    internal static void Check(Database database, string path)
    {
        if (database.Number("PRAGMA application_id") != ApplicationId)
        {
            throw NotALedger(path, null);
        }

        var version = database.Number("PRAGMA user_version");
        if (version > Version)
        {
            throw new LedgerException(LedgerError.Refused(
                "ledger-from-newer-version",
                $"{path} was written by a newer version of Ledger (its format is {version}, this program knows {Version}).",
                "Update this program; the file was not touched."));
        }

        if (version < Version)
        {
            throw new LedgerException(LedgerError.Refused(
                "ledger-from-older-version",
                $"{path} was written by an older version of Ledger (its format is {version}, this program's is {Version}).",
                "Export it with the program that wrote it, and import that; the file was not touched."));
        }
    }

    internal static LedgerException NotALedger(string path, Exception? inner) =>
        new(LedgerError.Refused("not-a-ledger", $"{path} is not a ledger.", "Name another file with --db; nothing was written."), inner);
}
