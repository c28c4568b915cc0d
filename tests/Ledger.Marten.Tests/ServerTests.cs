using Ledger.TestServers;

namespace Ledger.Marten.Tests;

public sealed class ServerTests
{
    /// <summary>What every fault test rests on: a killed server is gone, and comes back with what was committed.</summary>
    [SkippableFact]
    public async Task A_private_server_survives_its_kill()
    {
        var server = await PostgresServer.StartAsync(durable: true, alone: true);
        Skip.If(server is null, PostgresServer.Missing);
        await using var _ = server;
        await server.ExecuteAsync("CREATE TABLE kept(one int); INSERT INTO kept VALUES (1)");
        await server.KillAsync();
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => server.ExecuteAsync("SELECT one FROM kept"));
        await server.StartAgainAsync();
        await server.ExecuteAsync("SELECT one FROM kept");
    }
}
