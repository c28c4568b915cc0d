using Ledger.Conformance;
using Ledger.TestServers;

namespace Ledger.Marten.Tests;

/// <summary>A database of its own on the tests' server.</summary>
public sealed class MartenPlace : Store
{
    private readonly Lazy<Task<(PostgresServer Server, string Connection)>> place = new(async () =>
    {
        var server = await PostgresServer.SharedAsync();
        Skip.If(server is null, PostgresServer.Missing);
        return (server!, await server!.CreateDatabaseAsync());
    });

    public async Task<string> ConnectionAsync() => (await place.Value).Connection;

    public override async ValueTask<Opened> OpenAsync(TimeProvider? clock = null) => await OpenAsync(MartenAccess.Write, clock);

    public override async ValueTask<Opened> OpenReaderAsync() => await OpenAsync(MartenAccess.Read, null);

    public override async ValueTask DisposeAsync()
    {
        if (place.IsValueCreated)
        {
            var (server, connection) = await place.Value;
            await server.DropDatabaseAsync(connection);
        }
    }

    private async Task<Opened> OpenAsync(MartenAccess access, TimeProvider? clock)
    {
        var ledger = await MartenLedger.OpenAsync(await ConnectionAsync(), access, clock);
        return new(ledger, new NoViews(ledger));
    }
}
