using System.Text.Json.Nodes;
using Ledger.Sqlite;

namespace Ledger.Cli.Tests;

/// <summary>Verifying, exporting and importing; files that are no ledger.</summary>
public sealed class ExchangeTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("UPDATE entries SET body = CAST(replace(body, 'e', 'a') AS BLOB) WHERE idx = 4")]
    [InlineData("UPDATE entries SET recorder_salt = zeroblob(32) WHERE idx = 4")]
    [InlineData("UPDATE entries SET envelope = (SELECT envelope FROM entries WHERE idx = 5) WHERE idx = 4")]
    [InlineData("UPDATE entries SET hash = zeroblob(32) WHERE idx = 4")]
    public async Task An_altered_ledger_is_not_exported_and_the_entry_is_named(string change)
    {
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={desk.Db};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = change;
#pragma warning restore CA2100
            command.ExecuteNonQuery().ShouldBe(1);
        }

        var file = desk.Put("story.ndjson", "{\"export\":1, older}\n");
        var answer = await desk.Run("export", file);
        answer.Exit.ShouldBe(ExitCodes.Integrity, answer.Error);
        answer.Error.ShouldContain("error: Entry 4 is not what was recorded: ");
        (await File.ReadAllTextAsync(file)).ShouldBe("{\"export\":1, older}\n");
        File.Exists(file + ".partial").ShouldBeFalse();
    }

    [SkippableFact]
    public async Task An_idle_ledger_in_a_folder_that_cannot_be_written_is_read()
    {
        Directory.CreateDirectory(desk.At("shelf # 1"));
        var shelved = desk.At("shelf # 1", "ferry.db");
        File.Copy(desk.Db, shelved);
        const UnixFileMode ReadOnly = (UnixFileMode)0b101_101_101;
        var claims = await desk.RunUnprivileged([desk.At("shelf # 1")], ReadOnly, "claims", "--db", shelved);
        claims.Exit.ShouldBe(0, claims.Error);
        claims.Error.ShouldBeEmpty();
        claims.Out.ShouldContain("The night ferry stops in winter.");
        (await desk.RunUnprivileged([desk.At("shelf # 1")], ReadOnly, "note", told.Claim.ToString(), "No", "--db", shelved)).ShouldSatisfyAllConditions(
            a => a.Exit.ShouldBe(ExitCodes.Refused), a => a.Error.ShouldContain("cannot be written"));
    }

    [Fact]
    public async Task An_export_imports_to_the_same_ledger()
    {
        var file = desk.At("story.ndjson");
        (await desk.Run("export", file)).Out.ShouldBe($"Exported 13 entries to {file}.\n");
        (await desk.Run("export")).Out.ShouldBe(await File.ReadAllTextAsync(file));
        (await desk.Run("import", file, "--db", desk.At("copy.db"))).Out.ShouldBe("Imported 13 entries; the ledger has 13.\n");
        (await desk.Run("verify", "--json", "--db", desk.At("copy.db"))).Out.ShouldBe((await desk.Run("verify", "--json")).Out);
        (await desk.Run("import", file, "--db", desk.At("copy.db"))).Out.ShouldBe("Imported 0 entries; the ledger has 13.\n");
        (await desk.Run("questions", "--story", "ferry", "--db", desk.At("copy.db"))).Out.ShouldBe((await desk.Run("questions", "--story", "ferry")).Out);
    }

    [Fact]
    public async Task A_story_that_was_imported_is_gone_on_with()
    {
        await desk.Run("export", desk.At("story.ndjson"));
        desk.Db = desk.At("copy.db");
        await desk.Run("import", desk.At("story.ndjson"));
        var more = desk.Put("more.txt", "date 2022-01-05 Ferry again\n\nThe board said: \"The ferry runs again.\"\n");
        ((int)(await desk.Json("ingest", more, "--story", "ferry"))["filed"]!).ShouldBe(1);
        (await desk.Json("stories")).AsArray().Count.ShouldBe(1);
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task An_import_goes_on_where_the_ledger_ends()
    {
        await desk.Run("export", desk.At("early.ndjson"));
        await desk.Run("note", told.Quote.ToString(), "Later");
        await desk.Run("export", desk.At("late.ndjson"));
        desk.Db = desk.At("copy.db");
        (await desk.Run("import", desk.At("early.ndjson"))).Exit.ShouldBe(0);
        (await desk.Run("import", desk.At("late.ndjson"))).Out.ShouldBe("Imported 1 entries; the ledger has 14.\n");
        (await desk.Run("import", desk.At("early.ndjson"))).Exit.ShouldBe(ExitCodes.Refused);
    }

    [Theory]
    [InlineData("\"hash\":\"", 8)]
    [InlineData("\"salt\":\"", 8)]
    [InlineData("which ferries", 0)]
    public async Task An_import_with_one_altered_byte_is_refused_and_writes_nothing(string near, int offset)
    {
        var file = desk.At("story.ndjson");
        await desk.Run("export", file);
        var lines = await File.ReadAllLinesAsync(file);
        var line = Array.FindIndex(lines, 1, text => text.Contains("\"document.filed\"", StringComparison.Ordinal));
        var at = lines[line].IndexOf(near, StringComparison.Ordinal) + offset;
        lines[line] = lines[line][..at] + (lines[line][at] == 'A' ? 'B' : 'A') + lines[line][(at + 1)..];
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n");
        var answer = await desk.Run("import", file, "--db", desk.At("copy.db"));
        answer.Exit.ShouldBe(ExitCodes.Integrity);
        answer.Error.ShouldContain($"line {line + 1}:");
        answer.Error.ShouldContain("Nothing was written.");
        Directory.GetFiles(desk.Folder, "copy.db*").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_onto_another_ledger_is_refused_and_writes_nothing()
    {
        await desk.Run("export", desk.At("story.ndjson"));
        using var other = new Desk();
        await FerryStory.TellAsync(other.Db);
        var before = await other.Json("verify");
        var answer = await other.Run("import", desk.At("story.ndjson"));
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain("are not the beginning of the export; nothing was written.");
        JsonNode.DeepEquals(await other.Json("verify"), before).ShouldBeTrue();
    }

    [Fact]
    public async Task An_export_never_replaces_anything_but_an_export()
    {
        (await desk.Run("export", desk.Db)).ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("is no export; it was not touched"));
        (await desk.Run("verify")).Exit.ShouldBe(0);
        (await desk.Run("export", desk.Folder)).Exit.ShouldBe(1);
        (await desk.Run("export", desk.At("a.ndjson"))).Exit.ShouldBe(0);
        (await desk.Run("export", desk.At("a.ndjson"))).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_export_is_named_with_its_line()
    {
        (await desk.Run("import", desk.At("missing"), "--db", desk.At("new.db"))).Exit.ShouldBe(ExitCodes.NotFound);
        (await desk.Run("import", desk.Folder, "--db", desk.At("new.db"))).Exit.ShouldBe(ExitCodes.Refused);
        foreach (var text in (string[])["", "hello\n", "{}\n"])
        {
            var answer = await desk.Run("import", desk.Put("a.ndjson", text), "--db", desk.At("new.db"));
            answer.Exit.ShouldBe(ExitCodes.Integrity, text);
            answer.Error.ShouldContain("a.ndjson, line 1: ");
        }

        Directory.GetFiles(desk.Folder, "new.db*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_names_the_entry_that_was_altered()
    {
        var good = await desk.Json("verify");
        ((int)good["size"]!).ShouldBe(13);
        ((string)good["root"]!).Length.ShouldBe(43);
        Alter(desk.Db, "UPDATE entries SET body = replace(body, 'Which ferries', 'What ferries') WHERE idx = 6");
        var text = await desk.Run("verify");
        text.Exit.ShouldBe(ExitCodes.Integrity);
        text.Error.ShouldStartWith($"error: entry 6 ({told.Question}) does not hold: ");
        var json = await desk.Run("verify", "--json");
        json.Exit.ShouldBe(ExitCodes.Integrity);
        ((int)JsonNode.Parse(json.Out)!["failure"]!["index"]!).ShouldBe(6);
    }

    [Fact]
    public async Task Lists_are_made_anew_from_the_entries()
    {
        var before = (await desk.Run("questions")).Out;
        (await desk.Run("rebuild", "questions")).Out.ShouldBe("Rebuilt from 13 entries: questions.\n");
        (await desk.Run("rebuild")).Exit.ShouldBe(0);
        (await desk.Run("questions")).Out.ShouldBe(before);
        var wrong = await desk.Run("rebuild", "questoins");
        wrong.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(ExitCodes.NotFound), a => a.Error.ShouldContain("Did you mean 'questions'?"));
    }

    [Fact]
    public async Task What_is_no_ledger_is_named_and_nothing_is_left_beside_it()
    {
        var text = desk.Put("other/notes.db", "These are notes, in a text file.");
        foreach (var verb in (string[][])[["questions"], ["verify"], ["ingest", desk.Put("a.txt", "date 2022-01-05 A\n\nA.")], ["note", "0f3a91c2", "x"]])
        {
            var answer = await desk.Run([.. verb, "--db", text]);
            answer.Exit.ShouldBe(ExitCodes.Refused);
            answer.Error.ShouldContain($"error: {text} is not a ledger.");
        }

        Directory.GetFiles(desk.At("other")).ShouldBe([text]);
        (await File.ReadAllTextAsync(text)).ShouldBe("These are notes, in a text file.");
    }

    [Fact]
    public async Task A_folder_a_missing_folder_and_a_missing_ledger_are_told_apart()
    {
        (await desk.Run("stories", "--db", desk.Folder)).ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("is a folder; a ledger is a file"));
        (await desk.Run("stories", "--db", desk.At("no", "x.db"))).ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(3), a => a.Error.ShouldContain($"There is no folder {desk.At("no")}."));
        (await desk.Run("ingest", Desk.Seeds, "--db", desk.At("no", "x.db"))).Exit.ShouldBe(3);
        (await desk.Run("note", "0f3a91c2", "x", "--db", desk.At("none.db"))).ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(3), a => a.Error.ShouldContain("There is no ledger at"));
        File.Exists(desk.At("none.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_writer_is_refused_by_name_and_readers_go_on()
    {
        var writer = SqliteLedger.Open(desk.Db, SqliteAccess.Write);
        await using (writer)
        {
            using var second = desk.Start("ingest", Desk.Seeds);
            var error = await second.StandardError.ReadToEndAsync();
            await second.WaitForExitAsync();
            second.ExitCode.ShouldBe(ExitCodes.Conflict);
            error.ShouldContain($"is being written by process {Environment.ProcessId} (");
            (await desk.Run("questions")).Exit.ShouldBe(0);
        }

        (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);
    }

    private static void Alter(string db, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={db};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
