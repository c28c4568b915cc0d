using Ledger.Conformance;

namespace Ledger.Sqlite.Tests;

/// <summary>A ledger file in a folder of its own.</summary>
public sealed class SqliteStore : Store
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger");

    public string FilePath => Path.Combine(folder.FullName, "ledger.db");

    public override ValueTask<Opened> OpenAsync(TimeProvider? clock = null) => new(Open(SqliteAccess.Write, clock));

    public override ValueTask<Opened> OpenReaderAsync() => new(Open(SqliteAccess.Read, null));

    public override ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return default;
    }

    private Opened Open(SqliteAccess access, TimeProvider? clock)
    {
        var ledger = SqliteLedger.Open(FilePath, access, clock);
        return new(ledger, ledger.Views);
    }
}
