using Ledger.Conformance;
using Ledger.Sqlite;

namespace Ledger.EventStore.Tests.Engine;

/// <summary>A ledger under a prefix of its own on the tests' server, with its views in a file.</summary>
public sealed class EventStoreStore : Store
{
    private readonly string connection = TestServer.Require();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger");

    public string Prefix { get; } = TestServer.NewPrefix();

    public override ValueTask<Opened> OpenAsync(TimeProvider? clock = null) => OpenAsync(SqliteAccess.Write, clock);

    public override ValueTask<Opened> OpenReaderAsync() => OpenAsync(SqliteAccess.Read, null);

    public override ValueTask DisposeAsync()
    {
        // The streams stay on the server: a stream that is deleted leaves its name behind, and a prefix is used once.
        folder.Delete(recursive: true);
        return default;
    }

    private async ValueTask<Opened> OpenAsync(SqliteAccess access, TimeProvider? clock)
    {
        var views = SqliteLedger.Open(Path.Combine(folder.FullName, "views.db"), access, clock);
        var log = await EventStoreLedger.OpenAsync(new(connection)
        {
            Prefix = Prefix,
            ReadOnly = access == SqliteAccess.Read,
            Clock = clock ?? TimeProvider.System,
            Companion = views,
        });
        return new(log, views.Views);
    }
}
