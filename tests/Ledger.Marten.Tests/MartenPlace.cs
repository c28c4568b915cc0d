using Ledger.Conformance;
using Ledger.TestServers;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>A schema of its own in a database that the tests share.</summary>
public sealed class MartenPlace : Store
{
    private static readonly Lazy<Task<(PostgresServer Server, string Database)?>> Shared = new(async () =>
        await PostgresServer.SharedAsync() is { } server ? (server, await server.CreateDatabaseAsync()) : null);

    private readonly string schema = $"s_{Guid.NewGuid():N}";
    private string? connection;

    /// <summary>Reaches the ledger; skips the test where there is no server.</summary>
    public async Task<string> ConnectionAsync()
    {
        var shared = await Shared.Value;
        Skip.If(shared is null, PostgresServer.Missing);
        return connection ??= new NpgsqlConnectionStringBuilder(shared!.Value.Database) { SearchPath = schema }.ToString();
    }

    public override async ValueTask<Opened> OpenAsync(TimeProvider? clock = null) => await OpenAsync(MartenAccess.Write, clock);

    public override async ValueTask<Opened> OpenReaderAsync() => await OpenAsync(MartenAccess.Read, null);

    public override async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await ExecuteAsync($"SET client_min_messages = error; DROP SCHEMA IF EXISTS {schema} CASCADE");
        }
    }

    /// <summary>Runs SQL in the ledger's schema, as whoever owns the database.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var direct = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await ConnectionAsync()) { Pooling = false }.ToString());
        await direct.OpenAsync();
        await using var command = new NpgsqlCommand(sql, direct);
        return await command.ExecuteScalarAsync();
    }

    private async Task<Opened> OpenAsync(MartenAccess access, TimeProvider? clock)
    {
        var ledger = await MartenLedger.OpenAsync(await ConnectionAsync(), access, clock);
        return new(ledger, ledger.Views);
    }
}
