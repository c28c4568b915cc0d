using Ledger.Conformance;
using Ledger.Core;
using Ledger.TestServers;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>A ledger's tables are created where there are none, and otherwise changed only when that is asked for; whatever is wrong with a connection is told in words.</summary>
public sealed class SchemaTests : IAsyncDisposable
{
    private readonly MartenPlace place = new();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [SkippableFact]
    public async Task An_empty_place_has_no_ledger_until_one_is_opened_for_writing()
    {
        var connection = await place.ConnectionAsync();
        (await MartenSchema.StatusAsync(connection)).Version.ShouldBeNull();
        (await Given.CodeAsync(() => MartenLedger.OpenAsync(connection, MartenAccess.Read))).ShouldBe("ledger-not-found");
        (await MartenSchema.StatusAsync(connection)).Pending.ShouldContain("mt_events");

        await (await place.OpenAsync()).DisposeAsync();

        var status = await MartenSchema.StatusAsync(connection);
        status.Version.ShouldBe(status.ProgramVersion);
        status.Pending.ShouldBeEmpty();
        (await MartenSchema.MigrateAsync(connection)).Pending.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Many_processes_that_open_an_empty_place_at_once_make_one_ledger()
    {
        var connection = await place.ConnectionAsync();
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => MartenLedger.OpenAsync(connection, MartenAccess.Write))));
        ledgers.Select(ledger => ledger.Naming.Story("one")).Distinct().ShouldHaveSingleItem();
        foreach (var ledger in ledgers)
        {
            await ledger.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_ledger_of_a_newer_version_is_refused_and_not_touched()
    {
        await (await place.OpenAsync()).DisposeAsync();
        await place.ExecuteAsync("UPDATE meta SET version = 2");
        var connection = await place.ConnectionAsync();
        foreach (var open in (Func<Task>[])[
            () => MartenLedger.OpenAsync(connection, MartenAccess.Read), () => MartenLedger.OpenAsync(connection, MartenAccess.Write), () => MartenSchema.MigrateAsync(connection)])
        {
            var error = (await Should.ThrowAsync<LedgerException>(open)).Error;
            error.Code.ShouldBe("ledger-from-newer-version");
            error.Message.ShouldContain("its format is 2, this program knows 1");
        }

        (await MartenSchema.StatusAsync(connection)).Version.ShouldBe(2);
    }

    [SkippableFact]
    public async Task What_is_missing_is_shown_and_not_made_until_it_is_asked_for()
    {
        await (await place.OpenAsync()).DisposeAsync();
        await place.ExecuteAsync("DROP INDEX idx_mt_events_event_id");
        var connection = await place.ConnectionAsync();
        await (await place.OpenAsync()).DisposeAsync();
        (await MartenSchema.StatusAsync(connection)).Pending.ShouldContain("idx_mt_events_event_id");
        (await place.ExecuteAsync("SELECT to_regclass('idx_mt_events_event_id') IS NULL")).ShouldBe(true);

        (await MartenSchema.MigrateAsync(connection)).Pending.ShouldContain("idx_mt_events_event_id");

        (await MartenSchema.StatusAsync(connection)).Pending.ShouldBeEmpty();
        (await place.ExecuteAsync("SELECT to_regclass('idx_mt_events_event_id') IS NULL")).ShouldBe(false);
    }

    [SkippableFact]
    public async Task A_schema_with_other_tables_is_no_ledger_and_left_alone()
    {
        var connection = await place.ConnectionAsync();
        var schema = new NpgsqlConnectionStringBuilder(connection).SearchPath;
        await place.ExecuteAsync($"CREATE SCHEMA {schema}; CREATE TABLE {schema}.mine(one int)");
        foreach (var open in (Func<Task>[])[() => MartenLedger.OpenAsync(connection, MartenAccess.Read), () => MartenLedger.OpenAsync(connection, MartenAccess.Write), () => MartenSchema.StatusAsync(connection)])
        {
            (await Given.CodeAsync(open)).ShouldBe("not-a-ledger");
        }

        (await place.ExecuteAsync($"SELECT count(*) FROM pg_class WHERE relnamespace = '{schema}'::regnamespace")).ShouldBe(1L);
    }

    [SkippableFact]
    public async Task An_empty_schema_that_somebody_made_is_filled()
    {
        await place.ExecuteAsync($"CREATE SCHEMA {new NpgsqlConnectionStringBuilder(await place.ConnectionAsync()).SearchPath}");
        await using var opened = await place.OpenAsync();
        (await opened.Log.HeadAsync()).Size.ShouldBe(0);
    }

    [Theory]
    [InlineData("no connection")]
    [InlineData("Host=localhost;Search Path=a,b")]
    [InlineData("Host=localhost;Search Path=\"x; DROP\"")]
    [InlineData("Host=localhost;Wrong=1;Password=geheim")]
    public async Task What_is_no_connection_is_refused(string connection)
    {
        var error = (await Should.ThrowAsync<LedgerException>(() => MartenLedger.OpenAsync(connection, MartenAccess.Read))).Error;
        error.Code.ShouldBe("connection-not-valid");
        error.Message.ShouldNotContain("geheim");
    }

    [SkippableFact]
    public async Task Whatever_keeps_a_ledger_from_opening_is_told_in_words_without_the_password()
    {
        await using var server = await PostgresServer.StartAsync(durable: false, alone: true);
        Skip.If(server is null, PostgresServer.Missing);
        await server!.ExecuteAsync("CREATE ROLE locked LOGIN PASSWORD 'richtig'; CREATE ROLE poor LOGIN; SET allow_system_table_mods = on");
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "data", "pg_hba.conf"), "local all locked scram-sha-256\nlocal all all trust\n");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
        var good = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "geheim", Pooling = false };

        await ShouldSayAsync(new(good.ToString()) { Username = "locked" }, "does not let 'locked' in");
        await ShouldSayAsync(new(good.ToString()) { Database = "nowhere" }, "has no database 'nowhere'");
        await ShouldSayAsync(new(good.ToString()) { Username = "poor" }, "'poor' may not do this", "read-only");
        await ShouldSayAsync(new(good.ToString()) { Host = "127.0.0.1", Port = 1 }, "PostgreSQL at 127.0.0.1 did not answer");
        await ShouldSayAsync(new(good.ToString()) { Host = "/nowhere" }, "PostgreSQL at /nowhere did not answer");
        await server.ExecuteAsync("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
        (await Given.CodeAsync(() => MartenLedger.OpenAsync(new NpgsqlConnectionStringBuilder(good.ToString()) { Database = "latin" }.ToString(), MartenAccess.Write))).ShouldBe("not-a-ledger");
    }

    private static async Task ShouldSayAsync(NpgsqlConnectionStringBuilder connection, string words, string code = "engine-failed")
    {
        foreach (var open in (Func<Task>[])[() => MartenLedger.OpenAsync(connection.ToString(), MartenAccess.Write), () => MartenSchema.MigrateAsync(connection.ToString())])
        {
            var error = (await Should.ThrowAsync<LedgerException>(open)).Error;
            error.Code.ShouldBe(code);
            error.Message.ShouldContain(words);
            error.Message.ShouldNotContain("geheim");
        }
    }
}
