using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Cli.Tests;

/// <summary>Searching, the order of things, what changed, step by step, citing, and watching.</summary>
public sealed class ReadingTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Search_marks_the_words_in_their_context_newest_first()
    {
        var hits = (await desk.Json("search", "board")).AsArray();
        hits.Select(hit => (string?)hit!["kind"]).ShouldBe(["document", "question", "occasion", "document"]);
        ((string?)hits[0]!["snippet"]).ShouldBe("The [[board]] met. No word was said about the price of tickets.");
        ((int?)hits[0]!["line"]).ShouldBe(1);
        (await desk.Json("search", "BÓARD", "--kind", "question")).AsArray().Count.ShouldBe(1);
        (await desk.Json("search", "board met")).AsArray().Count.ShouldBe(1, "what the shell took as one word is a phrase");
        (await desk.Json("search", "met", "board")).AsArray().Count.ShouldBe(1);
        (await desk.Json("search", "board", "--published-by", "2021-11-30")).AsArray().Count.ShouldBe(3);
        (await desk.Json("search", "board", "--as-of", "2")).AsArray().Count.ShouldBe(1);
        var narrow = await desk.See(80, "search", "timetable");
        narrow.Lines.ShouldAllBe(line => line.Length <= 80);
        narrow.Out.ShouldContain("[[timetable]]");
    }

    [Fact]
    public async Task What_has_no_published_time_says_none()
    {
        (await desk.Json("stories"))[0]!.AsObject().ContainsKey("publishedAt").ShouldBeFalse();
        (await desk.Json("activity", "--type", "story.opened"))[0]!.AsObject().ContainsKey("publishedAt").ShouldBeFalse();
        (await desk.Json("quotes"))[0]!.AsObject().ContainsKey("publishedAt").ShouldBeTrue();
        (await desk.Run("replay", "ferry", "--json")).Out.ShouldNotContain("0001-01-01");
    }

    [Fact]
    public async Task What_is_withdrawn_is_found_when_it_is_asked_for_or_was_there()
    {
        (await desk.Run("withdraw", told.Quote.ToString(), "--reason", "Misheard")).Exit.ShouldBe(0);
        (await desk.Json("search", "timetable", "--kind", "quote")).AsArray().ShouldBeEmpty();
        (await desk.Run("reject", told.Claim.ToString(), "--reason", "Misread")).Exit.ShouldBe(0);
        (await desk.Json("search", "winter", "--kind", "claim")).AsArray().ShouldBeEmpty();
        (await desk.See(80, "search", "winter", "--kind", "claim", "--all")).Out.ShouldContain("claim, rejected, in");
        (await desk.Run("accept", told.Claim.ToString())).Exit.ShouldBe(0);
        (await desk.Json("search", "winter", "--kind", "claim")).AsArray().Count.ShouldBe(1);
        (await desk.Run("correct", told.First.ToString(), "--title", "Nocturnal timetables", "--reason", "As printed")).Exit.ShouldBe(0);
        (await desk.Json("search", "nocturnal")).AsArray().ShouldHaveSingleItem()!["id"]!.ToString().ShouldBe(told.First.ToString());
        (await desk.Json("search", "nocturnal", "reporters", "--kind", "document")).AsArray().Count.ShouldBe(1, "its text is found as before");
        var remark = (string)(await desk.Json("note", told.Quote.ToString(), "Bothersome"))["entries"]![0]!["id"]!;
        (await desk.Run("withdraw", remark, "--reason", "Not so")).Exit.ShouldBe(0);
        (await desk.Json("search", "bothersome")).AsArray().ShouldBeEmpty();
        (await desk.Run("verify", "--views")).Exit.ShouldBe(0);
        (await desk.Json("search", "timetable", "--kind", "quote", "--all")).AsArray().Count.ShouldBe(1);
        (await desk.Json("search", "timetable", "--kind", "quote", "--as-of", "12")).AsArray().Count.ShouldBe(1);
        (await desk.Run("search", "nowhere to be found")).ShouldSatisfyAllConditions(answer => answer.Exit.ShouldBe(0), answer => answer.Error.ShouldStartWith("Nothing has"));
        (await desk.Run("search", "…")).Error.ShouldContain("no word to search for");
    }

    [Fact]
    public async Task The_timeline_goes_by_either_clock()
    {
        var published = (await desk.Json("timeline")).AsArray().Select(item => (string)item!["publishedAt"]!).ToList();
        published.ShouldBe(published.Order(StringComparer.Ordinal));
        (await desk.Json("timeline", "--clock", "recorded", "--from", "2", "--to", "3")).AsArray().Count.ShouldBe(2);
        (await desk.Json("timeline", "--kind", "question", "--from", "2021-12-01")).AsArray().ShouldHaveSingleItem();
        (await desk.Run("note", told.Question.ToString(), "Ask again")).Exit.ShouldBe(0);
        (await desk.Run("timeline", "--kind", "desk")).Out.ShouldContain("Note on Which ferries are meant?: Ask again");
        (await desk.See(80, "timeline")).Lines.ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public async Task Speakers_are_a_list()
    {
        var speakers = (await desk.Json("speakers", "--story", "ferry")).AsArray();
        speakers.Select(speaker => ((string)speaker!["name"]!, (int)speaker["quotes"]!, (int)speaker["claims"]!)).ShouldBe([("Ana Silva", 1, 0), ("the harbour office", 0, 1)]);
    }

    [Fact]
    public async Task Changes_are_told_between_two_days_of_publication()
    {
        var note = await desk.See(80, "changes", "--from", "2021-11-30", "--to", "2022-01-31", "--published");
        note.Exit.ShouldBe(0, note.Error);
        note.Lines.ShouldAllBe(line => line.Length <= 80);
        note.Out.ShouldContain("Still open and overdue\n");
        note.Out.ShouldContain("It was expected by 2021-12-31.");
        note.Out.IndexOf("New open questions", StringComparison.Ordinal).ShouldBeLessThan(note.Out.IndexOf("Filed\n", StringComparison.Ordinal));
        var groups = (await desk.Json("changes", "--from", "2021-11-30", "--to", "2022-01-31", "--clock", "published"))["groups"]!.AsArray();
        groups.Select(group => (string?)group!["kind"]).ShouldBe(["overdue", "raised", "document", "stated"]);
        (await desk.Run("changes", "--from", "2021-11-30", "--since", "Ada")).Exit.ShouldBe(ExitCodes.Usage);
        (await desk.Run("changes", "--from", "9", "--to", "3")).Error.ShouldContain("after the second");
    }

    [Fact]
    public async Task A_reader_is_told_what_is_new_since_the_last_time()
    {
        (await desk.Run("changes", "--since", "Ada", "--peek")).Out.ShouldContain("New open questions (3)");
        (await desk.Run("changes", "--since", "Ada")).Out.ShouldContain("New open questions (3)");
        (await desk.Run("changes", "--since", "Ada")).Out.ShouldEndWith(": nothing has changed.\n");
        (await desk.Run("withdraw", told.Claim.ToString(), "--reason", "Misread")).Exit.ShouldBe(0);
        (await desk.Run("changes", "--since", "Ada", "--story", "ferry")).Out.ShouldContain("New open questions (3)", customMessage: "a place is kept for each story, and for all");
        (await desk.Run("changes", "--since", "Ada")).Out.ShouldContain("\nWithdrawn\n");
        (await desk.Run("changes", "--since", "Grace")).Out.ShouldStartWith("For Grace, who has not looked before:");
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_readers_place_is_kept_also_while_another_process_writes_the_ledger()
    {
        await using (var writer = Sqlite.SqliteLedger.Open(desk.Db, Sqlite.SqliteAccess.Write))
        {
            using var other = desk.Start("changes", "--since", "Ada");
            (await other.StandardOutput.ReadToEndAsync()).ShouldContain("New open questions (3)");
            await other.WaitForExitAsync();
            other.ExitCode.ShouldBe(0, await other.StandardError.ReadToEndAsync());
        }

        (await desk.Run("note", told.Question.ToString(), "Ask again")).Exit.ShouldBe(0);
        (await desk.Run("changes", "--since", "Ada")).Out.ShouldEndWith(": nothing has changed.\n");
    }

    [Fact]
    public async Task Replay_tells_every_entry_and_what_it_changed()
    {
        var steps = (await desk.Run("replay", "ferry", "--json")).Lines.Select(line => JsonNode.Parse(line)!).ToList();
        steps.Select(step => (long)step["index"]!).ShouldBe(Enumerable.Range(1, 12).Select(index => (long)index));
        (await desk.Run("replay", "ferry", "--clock", "published", "--from", "2021-12-01", "--json")).Lines.Length.ShouldBe(4);
        (await desk.Run("withdraw", told.Claim.ToString(), "--reason", "Misread")).Exit.ShouldBe(0);
        var last = await desk.See(80, "replay", "ferry", "--from", "13");
        last.Out.ShouldContain("asserted → withdrawn");
        last.Lines.ShouldAllBe(line => line.Length <= 80);
        (await desk.Feed("\nq\n", "replay", "ferry", "--step", "--json")).Lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_citation_has_words_source_entry_and_hash()
    {
        var plain = (await desk.Run("cite", told.Quote.ToString())).Out;
        plain.ShouldStartWith("“We decide on the timetable in December” — Ana Silva\n“Night ferry stops”, Harbour Post, 2021-11-03\nLedger entry " + told.Quote);
        (await desk.Run("cite", told.Claim.ToString()[..8], "--markdown")).Out.ShouldStartWith("> The night ferry stops in winter\n>\n> — the harbour office, in “Night ferry stops”");
        ((string?)(await desk.Json("cite", told.First.ToString()))["title"]).ShouldBe("Night ferry stops");
        (await desk.Run("withdraw", told.Quote.ToString(), "--reason", "Misheard")).Exit.ShouldBe(0);
        (await desk.Run("cite", told.Quote.ToString())).Error.ShouldBe("warning: it was withdrawn: Misheard\n");
        (await desk.Run("cite", told.Found[5].ToString())).Exit.ShouldBe(ExitCodes.Refused);
    }

    [Fact]
    public async Task Watch_tells_the_past_and_what_another_process_records_until_ctrl_c()
    {
        using var watch = desk.Start("watch", "--from", "11", "--json");
        var first = JsonNode.Parse((await watch.StandardOutput.ReadLineAsync())!)!;
        ((long)first["index"]!, (string?)first["story"]).ShouldBe((11, "ferry"));
        await watch.StandardOutput.ReadLineAsync();
        using (var other = desk.Start("note", told.Question.ToString(), "Heard at the quay"))
        {
            await other.WaitForExitAsync();
            other.ExitCode.ShouldBe(0);
        }

        var live = JsonNode.Parse((await watch.StandardOutput.ReadLineAsync())!)!;
        ((string?)live["body"]!["text"]).ShouldBe("Heard at the quay");
        using (var kill = Process.Start("bash", ["-c", $"kill -INT {watch.Id.ToString(CultureInfo.InvariantCulture)}"]))
        {
            await kill.WaitForExitAsync();
        }

        await watch.WaitForExitAsync();
        watch.ExitCode.ShouldBe(ExitCodes.Interrupted);
        (await watch.StandardError.ReadToEndAsync()).ShouldBe("Stopped. Go on with the same command and --from 14\n");
    }

    [Fact]
    public async Task Watch_ends_when_nobody_reads_any_more_and_shows_what_is_on_a_question()
    {
        (await desk.Run("note", told.Question.ToString(), "Ask again")).Exit.ShouldBe(0);
        var ledger = Path.Combine(AppContext.BaseDirectory, "ledger.dll");
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"dotnet '{ledger}' watch --from 0 --question {told.Question} --db '{desk.Db}' | head -2; echo ${{PIPESTATUS[0]}}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var lines = (await shell.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split('\t')[^1]).ShouldBe(["Which ferries are meant?", "Note on Which ferries are meant?: Ask again", "0"]);
        (await shell.StandardError.ReadToEndAsync()).ShouldBeEmpty();
    }
}
