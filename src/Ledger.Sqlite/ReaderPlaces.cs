using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Sqlite;

/// <summary>How far readers have read. The table is made with the first of them: it is no part of the ledger, and nothing is lost with it but where somebody was.</summary>
internal static class ReaderPlaces
{
    internal static ReaderPlace? Find(Database database, string reader, StoryId? story)
    {
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'cursors'") == 0)
        {
            return null;
        }

        using var row = database.Prepare("SELECT seen, at FROM cursors WHERE reader = ?1 AND story = ?2").Bind(1, reader).Bind(2, Key(story));
        return row.Step() ? new(row.Int64(0), new(row.Int64(1))) : null;
    }

    internal static void Set(Database database, string reader, StoryId? story, ReaderPlace place)
    {
        database.Execute("CREATE TABLE IF NOT EXISTS cursors(reader TEXT NOT NULL, story BLOB NOT NULL, seen INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(reader, story)) WITHOUT ROWID");
        database.Prepare("INSERT INTO cursors VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET seen = ?3, at = ?4")
            .Bind(1, reader).Bind(2, Key(story)).Bind(3, place.Seen).Bind(4, place.At.Microseconds).Run();
    }

    /// <summary>All stories together are kept under no name.</summary>
    private static byte[] Key(StoryId? story) => story is { } one ? EntryTable.Key(one.Value) : [];
}
