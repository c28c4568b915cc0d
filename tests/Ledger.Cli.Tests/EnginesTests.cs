using Ledger.EventStore;
using Ledger.TestServers;

namespace Ledger.Cli.Tests;

/// <summary>Every verb works the same, and says the same, whichever engine keeps the ledger.</summary>
public sealed class EnginesTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private PostgresServer? server;
    private string? connection;

    public async Task InitializeAsync()
    {
        server = await PostgresServer.SharedAsync();
        connection = server is null ? null : await server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        if (connection is not null)
        {
            await server!.DropDatabaseAsync(connection);
        }
    }

    public void Dispose() => desk.Dispose();

    private string Postgres => $"postgres:{connection}";

    [SkippableFact]
    public async Task A_ledger_moved_to_PostgreSQL_answers_as_it_did_in_its_file()
    {
        Skip.If(server is null, PostgresServer.Missing);
        (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);
        var checkpoint = desk.At("kept.checkpoint");
        (await desk.Run("checkpoint", "--out", checkpoint)).Exit.ShouldBe(0);
        (await desk.Run("copy", "--from", $"sqlite:{desk.Db}", "--to", Postgres)).Exit.ShouldBe(0);
        var question = (string?)(await desk.Json("questions"))[0]!["id"];

        foreach (var asked in (string[][])
            [
                ["questions"], ["questions", "--published-by", "2022-10-30", "--json"], ["questions", "--published-by", "2022-11-24"], ["questions", "--status", "answered"],
                ["quotes", "--json"], ["claims", "--limit", "7"], ["documents"], ["occasions"], ["speakers"], ["speakers", "--json"], ["stories"], ["activity", "--oldest-first"],
                ["timeline"], ["timeline", "--clock", "recorded", "--json"], ["search", "observer", "mission"], ["search", "армении"], ["search", "\"observer mission\"", "--json"],
                ["changes", "--published", "--from", "2022-10-30", "--to", "2022-11-24"], ["changes", "--from", "20", "--to", "120"], ["replay", "csto-armenia", "--to", "40"],
                ["show", question!], ["why", question!, "--json"], ["cite", question!], ["audit"], ["quotes", "--as-of", "30"], ["claims", "--story", "csto-armenia", "--oldest-first", "--json"],
                ["verify", "--views", "--checkpoint", checkpoint], ["export"],
            ])
        {
            var there = await desk.Run([.. asked, "--store", Postgres]);
            var here = await desk.Run(asked);
            there.ShouldBe(here, string.Join(' ', asked));
        }
    }

    [SkippableFact]
    public async Task A_ledger_is_begun_worked_and_brought_home_from_PostgreSQL()
    {
        Skip.If(server is null, PostgresServer.Missing);
        var nothing = await desk.Run("questions", "--store", Postgres);
        nothing.Exit.ShouldBe(ExitCodes.NotFound);
        (await desk.Run("note", "0f3a91c2", "x", "--store", Postgres)).Exit.ShouldBe(ExitCodes.NotFound, "nothing is begun by a verb that goes on from something");
        (await desk.Run("store", "status", "--store", Postgres)).Out.ShouldContain("There is no ledger");

        (await desk.Run("ingest", Desk.Seeds, "--store", Postgres)).Exit.ShouldBe(0);
        (await desk.Run("ingest", Desk.Seeds, "--store", Postgres)).Out.ShouldContain("0 documents filed");
        var status = await desk.Json("store", "status", "--store", Postgres);
        ((string?)status["pending"]).ShouldBe("");
        status["behind"]!.AsArray().Count.ShouldBe(0);

        var home = desk.At("home.db");
        var moved = await desk.Json("copy", "--from", Postgres, "--to", $"sqlite:{home}");
        ((string?)(await desk.Json("verify", "--store", Postgres, "--views"))["root"]).ShouldBe((string?)moved["root"]);
        desk.Db = home;
        ((string?)(await desk.Json("verify", "--views"))["root"]).ShouldBe((string?)moved["root"]);
    }

    [SkippableFact]
    public async Task A_server_that_is_not_there_is_told_of_in_a_sentence_without_the_password()
    {
        var answer = await desk.Run("questions", "--store", "postgres://ada:secret@127.0.0.1:1/newsroom");
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain("PostgreSQL at 127.0.0.1 did not answer.");
        (answer.Error + answer.Out).ShouldNotContain("secret");
        answer.Error.ShouldNotContain("   at ");
    }

    [SkippableFact]
    public async Task An_engine_that_was_not_built_in_says_how_to_get_it()
    {
        Skip.If(EventStoreLedger.IsBuilt, "The engine is built in.");
        var answer = await desk.Run("questions", "--store", "eventstore:esdb://localhost:2113;views=postgres:Host=localhost");
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain("EventStoreDb=true");
    }
}
