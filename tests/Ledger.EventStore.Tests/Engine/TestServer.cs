using EventStore.Client;

namespace Ledger.EventStore.Tests.Engine;

/// <summary>The server that the tests use: nobody starts one for them.</summary>
internal static class TestServer
{
    internal const string Variable = "LEDGER_TEST_EVENTSTORE";

    /// <summary>Its connection string. Where there is none, the test that asks is skipped, and says why.</summary>
    internal static string Require()
    {
        var connection = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(connection), $"No EventStoreDB: set {Variable} to a connection string (esdb://…) of a server that may be written to.");
        return connection!;
    }

    /// <summary>Any other program's view of it.</summary>
    internal static EventStoreClient Connect() => new(EventStoreClientSettings.Create(Require()));

    internal static string NewPrefix() => $"t{Guid.NewGuid():N}";
}
