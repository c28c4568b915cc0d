using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Views;
using Ledger.TestServers;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>The roles of <c>ops/postgres/roles.sql</c> suffice for what each is there for, and for nothing more.</summary>
public sealed class RolesTests : IAsyncLifetime
{
    private PostgresServer? server;
    private string connection = "";

    public async Task InitializeAsync()
    {
        server = await PostgresServer.StartAsync(durable: false, alone: true);
        connection = server is null ? "" : await server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await server.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Each_role_can_do_what_it_is_there_for_and_nothing_more()
    {
        Skip.If(server is null, PostgresServer.Missing);
        var roles = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "roles.sql"));
        await ExecuteAsync("ledger", roles);
        await MartenSchema.MigrateAsync(As("ledger_owner"));
        await ExecuteAsync("ledger", roles);

        await using (var app = await MartenLedger.OpenAsync(As("ledger_app"), MartenAccess.Write))
        {
            await LedgerOpening.EnsureOpenedAsync(app, "example.org/roles", default, Given.Ada, TimeProvider.System);
            var story = Given.NewStory();
            EntryId document = default;
            for (var i = 0; i < 300; i += 3)
            {
                document = (await app.AppendAsync(Given.Command(app, story, i - 1, null, Given.Document("Words.", [1]), new(new NoteAdded(default, "a note")), new(new NoteAdded(default, "a note")))))
                    .ShouldBeOfType<AppendResult.Appended>().Receipt.Entries[0].Id;
            }

            foreach (var part in (string[])[Part.Body, Part.Recorder, Part.Text, Part.Source])
            {
                await app.EraseAsync(document, part);
            }

            (await app.FindAsync(document, PartSelection.All))!.Parts.ShouldBeEmpty();
            await using var reader = await MartenLedger.OpenAsync(As("ledger_reader"), MartenAccess.Read);
            (await Given.FollowAsync(reader, 0, 301, TimeSpan.FromMinutes(1))).Count.ShouldBe(301);
            (await reader.CheckLookupsAsync(301)).ShouldBeNull();
            (await Proofs.RootAsync(reader, 301)).ShouldBe(await Proofs.RootAsync(app, 301));

            await new ViewKeeper(app, app.Views, AllViews.List).CatchUpAsync();
            await new ViewKeeper(app, app.Views, AllViews.List).RebuildAsync(SearchView.View);
            (await reader.Views.ListAsync(ActivityView.View, new ViewQuery { Limit = 10 })).Records.Count.ShouldBe(10);
            (await reader.Views.ListAsync(SearchView.View, new ViewQuery { Words = [["words"]], Limit = 10 })).Records.Count.ShouldBe(10);

            await using var both = await MartenLedger.OpenAsync(As("ledger_reader"), MartenAccess.Write);
            var error = (await Should.ThrowAsync<LedgerException>(() => both.AppendAsync(Given.Notes(both, story, 299)).AsTask())).Error;
            error.Code.ShouldBe("read-only");
            error.Message.ShouldContain("ledger_reader");
        }

        foreach (var sql in (string[])
        [
            "DELETE FROM ledger.mt_events WHERE seq_id = 3", "UPDATE ledger.mt_events SET seq_id = 900 WHERE seq_id = 3", "UPDATE ledger.mt_events SET stream_id = '' WHERE seq_id = 3",
            "TRUNCATE ledger.mt_events", "DELETE FROM ledger.mt_streams", "UPDATE ledger.meta SET version = 7", "UPDATE ledger.tiles SET level = 9", "DELETE FROM ledger.head", "DROP TABLE ledger.parts",
            "DROP TABLE ledger.mt_events", "ALTER TABLE ledger.mt_events ADD mine int", "CREATE SCHEMA mine", "UPDATE ledger.parts SET words = ''",
        ])
        {
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync("ledger_app", sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync("ledger_reader", sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
        }

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync("ledger_owner", "CREATE SCHEMA mine"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private string As(string role) => new NpgsqlConnectionStringBuilder(connection) { Username = role }.ToString();

    private async Task ExecuteAsync(string role, string sql)
    {
        await using var direct = new NpgsqlConnection(As(role));
        await direct.OpenAsync();
        await using var command = new NpgsqlCommand(sql, direct);
        await command.ExecuteNonQueryAsync();
    }
}
