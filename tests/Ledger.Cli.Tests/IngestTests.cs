using System.Text.Json.Nodes;
using Snapshooter.Xunit;

namespace Ledger.Cli.Tests;

/// <summary>Filing documents: what is taken, what is refused and in which words, and that it can be repeated.</summary>
public sealed class IngestTests : IDisposable
{
    private const string Good = "date 2022-03-04 Ferry late\n\nThe harbour master said: \"The ferry is late.\"\n";

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task The_seeds_are_filed_and_the_command_says_what_to_type_next()
    {
        var answer = await desk.See(80, "ingest", Desk.Seeds);
        answer.Exit.ShouldBe(0, answer.Error);
        answer.Lines[0].ShouldStartWith("New story csto-armenia: 14 documents filed, ");
        answer.Out.ShouldContain("Next:\n");
        answer.Lines.ShouldAllBe(line => line.Length <= 80);
        foreach (var next in answer.Lines.SkipWhile(line => line != "Next:").Skip(1))
        {
            // A line is a command, two spaces or more, and what it shows.
            var command = next.Trim().Split("  ")[0].Split(' ')[1..];
            (await desk.Run(command)).Exit.ShouldBe(0, next);
        }

        var stories = (await desk.Json("stories")).AsArray();
        ((string?)stories[0]!["title"]).ShouldBe("The CSTO and Armenia, 2022–2024");
    }

    [Fact]
    public async Task An_ingest_ends_with_the_open_questions_and_what_to_type_next()
    {
        await FerryStory.TellAsync(desk.Db);
        var answer = await desk.See(80, "ingest", desk.Put("white.txt", "date 2022-01-05 White\n\nThe ferry is white.\n"), "--story", "ferry");
        answer.Exit.ShouldBe(0, answer.Error);
        answer.Lines.ShouldAllBe(line => line.Length <= 80);
        Snapshot.Match(Masks.Hide(answer.Out), "ingest-questions");
    }

    [Fact]
    public async Task Ingest_repeated_appends_nothing()
    {
        (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);
        var before = await desk.Json("verify");
        var again = await desk.Json("ingest", Desk.Seeds);
        ((int)again["entries"]!).ShouldBe(0);
        ((int)again["filed"]!).ShouldBe(0);
        again["documents"]!.AsArray().Count.ShouldBe(14);
        (await desk.Run("ingest", Desk.Seeds, "--as", "Grace")).Exit.ShouldBe(0);
        JsonNode.DeepEquals(await desk.Json("verify"), before).ShouldBeTrue();
    }

    [Theory]
    [InlineData("empty.txt", "", "The file is empty.")]
    [InlineData("blank.txt", " \n \n", "no words")]
    [InlineData("undated.txt", "The ferry is late.", "does not say when it was published")]
    [InlineData("leap.txt", "date 2022-02-30 Ferry\nLate.", "line 1: There is no day 2022-02-30.")]
    [InlineData("month.md", "---\ntitle: Ferry\ndate: 2022-13-01\n---\nLate.", "line 3: 'date: 2022-13-01' is not a day")]
    [InlineData("yaml.md", "---\ntitle: [unclosed\ndate: 2022-03-04\n---\nLate.", "line 2: The front matter is not valid YAML")]
    [InlineData("colon.md", "---\ntitle: Port: closed\ndate: 2022-03-04\n---\nLate.", "line 2: The front matter is not valid YAML")]
    [InlineData("open.md", "---\ntitle: Ferry\nLate.", "line 1: The front matter is opened by '---' and never closed.")]
    [InlineData("report.pdf", "%PDF-1.7", "hint: Not yet: save as text or HTML.")]
    [InlineData("report.docx", "PK", "hint: Not yet: save as text or HTML.")]
    [InlineData("hidden.txt", "%PDF-1.7 in a text file's name", "looks like a PDF")]
    public async Task A_bad_file_is_named_with_its_reason(string name, string text, string reason)
    {
        var path = desk.Put(name, text);
        var answer = await desk.Run("ingest", path);
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain($"error: {path}");
        answer.Error.ShouldContain(reason);
        answer.Out.ShouldBe("Nothing was filed, 1 file refused.\n");
        File.Exists(desk.Db).ShouldBeFalse();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_named()
    {
        var binary = await desk.Run("ingest", desk.Put("a.txt", [0x61, 0x00, 0x62]));
        binary.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("a.txt, line 1: The file is binary: it has a NUL byte at offset 1."));
        var latin = await desk.Run("ingest", desk.Put("b.txt", [0x61, 0x0A, 0xE9, 0x62]));
        latin.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("b.txt, line 2: The file is not UTF-8: the byte at offset 2 does not fit."));
    }

    [Fact]
    public async Task Five_megabytes_are_refused_with_both_sizes()
    {
        var answer = await desk.Run("ingest", desk.Put("large.txt", "date 2022-03-04 Large\n" + new string('a', 5_000_000)));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain("The text is 5000022 bytes; a document holds at most 524288.");
    }

    [Fact]
    public async Task A_missing_file_and_a_web_address_are_named()
    {
        desk.Put("harbour.txt", Good);
        var missing = await desk.Run("ingest", desk.At("harbor.txt"));
        missing.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(ExitCodes.NotFound), a => a.Error.ShouldContain("There is no such file."), a => a.Error.ShouldContain("Did you mean 'harbour.txt'?"));
        var web = await desk.Run("ingest", "https://example.org/ferry");
        web.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("https://example.org/ferry"), a => a.Error.ShouldContain("Not yet: save as text or HTML."));
    }

    [SkippableFact]
    public async Task A_file_and_a_folder_without_permission_are_named_and_the_rest_is_filed()
    {
        desk.Put("s/good.txt", Good);
        desk.Put("s/closed/inner.txt", Good + "Inside.");
        desk.Put("s/secret.txt", Good + "Secret.");
        var answer = await desk.RunUnprivileged([desk.At("s", "secret.txt"), desk.At("s", "closed")], "ingest", desk.At("s"));
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain($"error: {desk.At("s", "secret.txt")}: You have no permission to read this file.");
        answer.Error.ShouldContain($"error: {desk.At("s", "closed")}: You have no permission to read this folder.");
        answer.Lines[0].ShouldStartWith("New story s: 1 document filed, ");
        answer.Lines[0].ShouldEndWith(", 1 file and 1 folder refused.");
    }

    [SkippableFact]
    public async Task A_pipe_is_named_and_nobody_waits_for_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "What a path leads to is told on Linux.");
        desk.Put("s/good.txt", Good);
        await desk.PipeAsync("s/pipe.txt");
        await desk.PipeAsync("s/README.md");
        await desk.PipeAsync("s/decisions.yaml");
        var answer = await desk.Run("ingest", desk.At("s")).WaitAsync(TimeSpan.FromMinutes(1));
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Lines[0].ShouldStartWith("New story s: 1 document filed, ");
        foreach (var name in (string[])["pipe.txt", "README.md", "decisions.yaml"])
        {
            answer.Error.ShouldContain($"error: {desk.At("s", name)}: This is not a regular file, but a pipe, socket or device.");
        }

        (await desk.Run("stories", "--db", desk.At("s", "pipe.txt")).WaitAsync(TimeSpan.FromMinutes(1))).ShouldSatisfyAllConditions(
            a => a.Exit.ShouldBe(ExitCodes.Refused), a => a.Error.ShouldContain("pipe.txt is not a regular file"));
        (await desk.Run("export", desk.At("s", "pipe.txt")).WaitAsync(TimeSpan.FromMinutes(1))).Error.ShouldContain("pipe.txt is not a regular file");
    }

    [Fact]
    public async Task A_link_in_a_circle_is_named_and_the_rest_is_filed()
    {
        desk.Put("s/good.txt", Good);
        File.CreateSymbolicLink(desk.At("s", "loop.txt"), desk.At("s", "loop.txt"));
        Directory.CreateSymbolicLink(desk.At("s", "up"), desk.At("s"));
        var answer = await desk.Run("ingest", desk.At("s"));
        answer.Exit.ShouldBe(ExitCodes.Refused);
        answer.Error.ShouldContain($"error: {desk.At("s", "loop.txt")}: This link leads nowhere.");
        answer.Lines[0].ShouldStartWith("New story s: 1 document filed, ");
    }

    [Fact]
    public async Task No_lock_is_left_beside_what_is_no_ledger()
    {
        var path = desk.Put("a.txt", Good);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={desk.At("other.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t(x)";
            command.ExecuteNonQuery();
        }

        var before = Directory.GetFiles(desk.Folder);
        foreach (var other in (string[])[path, desk.At("other.db")])
        {
            (await desk.Run("ingest", path, "--db", other)).Error.ShouldContain($"{other} is not a ledger.");
            (await desk.Run("rebuild", "--db", other)).Error.ShouldContain($"{other} is not a ledger.");
        }

        Directory.GetFiles(desk.Folder).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task An_unknown_front_matter_key_is_warned_of_and_the_document_filed()
    {
        var path = desk.Put("ferry.md", "---\ntitle: Ferry\ndate: 2022-03-04\npublsher: Post\n---\nLate.\n");
        var answer = await desk.Run("ingest", path);
        answer.Exit.ShouldBe(0);
        answer.Error.ShouldContain($"warning: {path}, line 4: The front matter key 'publsher' is not known and is left out; did you mean 'publisher'?");
    }

    [Fact]
    public async Task In_a_batch_bad_files_are_named_and_the_rest_is_filed()
    {
        desk.Put("batch/good.txt", Good);
        desk.Put("batch/better.txt", Good.Replace("late", "lost", StringComparison.Ordinal));
        desk.Put("batch/bad.txt", "date 2022-02-30 Ferry\nLate.");
        desk.Put("batch/empty.md", "");
        var answer = await desk.Run("ingest", desk.At("batch"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain("bad.txt, line 1: There is no day 2022-02-30.");
        answer.Error.ShouldContain("empty.md: The file is empty.");
        answer.Lines[0].ShouldStartWith("New story batch: 2 documents filed, ");
        answer.Lines[0].ShouldEndWith(", 2 files refused.");
        var json = JsonNode.Parse((await desk.Run("ingest", desk.At("batch"), "--json")).Out)!;
        ((int)json["refused"]!).ShouldBe(2);
        json["problems"]!.AsArray().Select(problem => (string?)problem!["code"]).ShouldBe(["impossible-date", "empty-file"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_document_that_was_withdrawn_is_passed_over_by_name_unless_it_is_asked_for_again()
    {
        var path = desk.Put("ferry.txt", Good);
        var first = (string)(await desk.Json("ingest", path))["documents"]![0]!;
        (await desk.Run("withdraw", first, "--reason", "Wrong desk", "--as", "Grace")).Exit.ShouldBe(0);
        (await desk.Json("quotes")).AsArray().ShouldBeEmpty();
        var passed = await desk.Run("ingest", path);
        passed.Exit.ShouldBe(0);
        passed.Lines[0].ShouldContain("0 documents filed, 1 withdrawn and passed over");
        passed.Out.ShouldContain($"{path}: not filed again. Its document {first[..8]}, “Ferry late”, was withdrawn by Grace: Wrong desk.");
        ((string?)(await desk.Json("ingest", path))["known"]![0]!["withdrawnBy"]!["name"]).ShouldBe("Grace");
        (await desk.Run("ingest", path, "--dry-run")).Out.ShouldContain("there already, withdrawn\nNothing was written. 0 documents");
        (await desk.Json("documents", "--all")).AsArray().Count.ShouldBe(1);
        var again = await desk.Json("ingest", path, "--again");
        ((int)again["filed"]!).ShouldBe(1);
        ((string)again["documents"]![0]!).ShouldNotBe(first);
        (await desk.Json("documents")).AsArray().Count.ShouldBe(1);
        (await desk.Json("documents", "--all")).AsArray().Count.ShouldBe(2);
        ((int)(await desk.Json("ingest", path))["entries"]!).ShouldBe(0);
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_tells_what_is_there_already()
    {
        desk.Put("ferry/a.txt", Good);
        var fresh = await desk.Run("ingest", desk.At("ferry"), "--dry-run");
        fresh.Exit.ShouldBe(0);
        fresh.Out.ShouldContain("Nothing was written. 1 document would be filed in the story ferry.");
        File.Exists(desk.Db).ShouldBeFalse();
        (await desk.Run("ingest", desk.At("ferry"))).Exit.ShouldBe(0);
        (await desk.Run("ingest", desk.At("ferry"), "--dry-run")).Out.ShouldContain("there already\nNothing was written. 0 documents would be filed");
    }

    [Fact]
    public async Task A_story_is_named_after_the_folder_also_when_its_files_are_given()
    {
        string[] files = [desk.Put("Night ferry/a.txt", Good), desk.Put("Night ferry/b.txt", Good + "Again.\n")];
        ((string?)(await desk.Json(["ingest", .. files]))["story"]).ShouldBe("night-ferry");
        ((string?)(await desk.Json("ingest", files[0], "--story", "other"))["story"]).ShouldBe("other");
        var bad = await desk.Run("ingest", files[0], "--story", "No Slug");
        bad.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("'no-slug'"));
    }

    [Fact]
    public async Task A_new_story_named_almost_as_another_is_remarked_on()
    {
        var path = desk.Put("a.txt", Good);
        (await desk.Run("ingest", path, "--story", "night-ferry")).Error.ShouldBeEmpty();
        (await desk.Run("ingest", path, "--story", "nigth-ferry")).Error.ShouldContain("If 'night-ferry' was meant");
    }

    [Fact]
    public async Task Extract_shows_findings_and_records_nothing()
    {
        var path = desk.Put("a.txt", Good);
        var shown = await desk.See(80, "extract", path);
        shown.Exit.ShouldBe(0);
        shown.Out.ShouldContain("The ferry is late.");
        shown.Lines.Where(line => !line.Contains(desk.Folder, StringComparison.Ordinal)).ShouldAllBe(line => line.Length <= 80);
        (await desk.Json("extract", path))[0]!["findings"]!.AsArray().ShouldNotBeEmpty();
        File.Exists(desk.Db).ShouldBeFalse();
        (await desk.Run("extract", desk.At("missing.txt"))).Exit.ShouldBe(ExitCodes.NotFound);
        (await desk.Run("extract", path, desk.At("missing.txt"))).Exit.ShouldBe(ExitCodes.Refused);
        (await desk.Feed("not json\n", "extract", "--jsonl")).Exit.ShouldBe(1);
    }
}
