using Ledger.Conformance;
using Ledger.Conformance.Log;
using Ledger.Sqlite;

namespace Ledger.Marten.Tests;

public sealed class MartenBesideSqlite() : BesideSuite(new MartenPlace(), () => new FilePlace());

public sealed class SqliteBesideMarten() : BesideSuite(new FilePlace(), () => new MartenPlace());

public sealed class MartenToSqlite() : ExchangeSuite(new MartenPlace(), () => new FilePlace());

public sealed class SqliteToMarten() : ExchangeSuite(new FilePlace(), () => new MartenPlace());

/// <summary>A ledger in a file of its own.</summary>
internal sealed class FilePlace : Store
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger");

    public override ValueTask<Opened> OpenAsync(TimeProvider? clock = null) => new(Open(SqliteAccess.Write, clock));

    public override ValueTask<Opened> OpenReaderAsync() => new(Open(SqliteAccess.Read, null));

    public override ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return default;
    }

    private Opened Open(SqliteAccess access, TimeProvider? clock)
    {
        var ledger = SqliteLedger.Open(Path.Combine(folder.FullName, "ledger.db"), access, clock);
        return new(ledger, ledger.Views);
    }
}
