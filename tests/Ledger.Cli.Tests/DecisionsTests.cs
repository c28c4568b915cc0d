using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Ledger.Cli.Tests;

/// <summary>The desk's decisions in a folder: what they come to by both clocks, that each is recorded once, and what is refused in which words.</summary>
public sealed class DecisionsTests(ITestOutputHelper log) : IDisposable
{
    private const string Observers = "Will the CSTO send observers to Armenia, and with what mandate?";
    private const string Summit = "What will the November summit decide?";

    private const string Ferry = """
        ---
        title: Night ferry stops
        date: 2022-03-04
        ---

        Harbour master Ana Silva said that the night ferry stops in winter. She said that the day ferry stays in winter.

        It is not known when the night ferry will return. The board meets on 14 December.
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task The_seeds_have_no_decision_that_is_refused()
    {
        var answer = await desk.Run("ingest", Desk.Seeds);
        answer.Exit.ShouldBe(0, answer.Error);
        answer.Error.ShouldBeEmpty();
        var decisions = File.ReadLines(Path.Combine(Desk.Seeds, "decisions.yaml")).Count(line => line.StartsWith("- do: ", StringComparison.Ordinal));
        answer.Lines[0].ShouldEndWith(string.Create(CultureInfo.InvariantCulture, $"; {decisions} decisions recorded."));
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task Before_the_summit_both_questions_are_open()
    {
        await IngestAsync();
        var questions = await QuestionsAsync("--published-by", "2022-10-30");
        Status(questions, Observers).ShouldBe("open");
        Status(questions, Summit).ShouldBe("open");
        questions.Values.Count(text => Text(text).Contains("observers", StringComparison.Ordinal)).ShouldBe(1);
        ((string?)questions[Summit]["criteria"]).ShouldNotBeNull();
    }

    [Fact]
    public async Task After_the_summit_its_question_is_answered_with_its_evidence()
    {
        await IngestAsync();
        var questions = await QuestionsAsync("--published-by", "2022-11-24");
        Status(questions, Observers).ShouldBe("open");
        Status(questions, Summit).ShouldBe("answered");
        var resolution = questions[Summit]["resolution"]!;
        ((string?)resolution["by"]!["name"]).ShouldBe("Mateus Prado");
        resolution["evidence"]!.AsArray().Count.ShouldBe(3);
        questions[Summit]["evidence"]!.AsArray().Select(item => (string?)item!["words"])
            .ShouldContain("The summit thus ended without a decision on assistance and without a declaration");
        Status(await QuestionsAsync("--published-by", "2022-11-22"), Summit).ShouldBe("open");
        (await desk.See(80, "questions", "--published-by", "2022-11-24")).Out.ShouldContain("Answered on ");
    }

    /// <summary>The other clock: the ledger as it stood before anybody had decided.</summary>
    [Fact]
    public async Task As_of_the_last_finding_nothing_is_decided()
    {
        await IngestAsync();
        var last = (await desk.Json("activity", "--type", "extraction.completed", "--limit", "1"))[0]!["index"]!;
        var questions = await QuestionsAsync("--as-of", last.ToString());
        Status(questions, Summit).ShouldBe("open");
        questions.Values.ShouldAllBe(question => question["criteria"] == null);
        questions.Count.ShouldBeGreaterThan((await QuestionsAsync()).Count);
    }

    [Fact]
    public async Task The_observers_stay_open_with_evidence_of_every_day_and_a_note_why()
    {
        await IngestAsync();
        var observers = (await QuestionsAsync())[Observers];
        ((string?)observers["status"]).ShouldBe("open");
        var shown = (await desk.Run("show", (string)observers["id"]!)).Out;
        foreach (var day in (string[])["2022-10-12", "2022-11-23", "2023-01-18", "2023-11-21"])
        {
            shown.ShouldContain(day);
        }

        shown.ShouldContain("By the criteria that is not an answer.");
        (await desk.Run("show", (string)observers["id"]!, "--published-by", "2023-01-01")).Out.ShouldNotContain("not an answer");
    }

    [Fact]
    public async Task Two_accounts_stand_against_each_other_and_neither_is_settled()
    {
        await IngestAsync();
        var contradicted = (await desk.Json("claims", "--status", "contradicted")).AsArray().Select(claim => (string)claim!["statement"]!).ToList();
        contradicted.ShouldContain(claim => claim.Contains("was agreed at the Yerevan summit", StringComparison.Ordinal));
        contradicted.ShouldContain(claim => claim.Contains("they need edits", StringComparison.Ordinal));
        contradicted.ShouldContain(claim => claim.Contains("adopted 15 of the 17", StringComparison.Ordinal));
        contradicted.ShouldContain(claim => claim.Contains("34 decisions", StringComparison.Ordinal));
        (await desk.Json("claims", "--status", "contradicted", "--published-by", "2022-12-31")).AsArray().ShouldBeEmpty();
        Status(await QuestionsAsync(), "Was the text on a CSTO mission agreed at the Yerevan summit?").ShouldBe("open");
    }

    [Fact]
    public async Task What_the_program_misread_is_put_right_and_the_early_count_is_updated()
    {
        await IngestAsync();
        (await desk.Json("claims", "--modality", "denied")).AsArray().ShouldContain(claim => ((string)claim!["statement"]!).Contains("will not host the drills", StringComparison.Ordinal));
        (await desk.Json("claims", "--status", "updated")).AsArray().ShouldContain(claim => ((string)claim!["statement"]!).Contains("first counts", StringComparison.Ordinal));
        (await desk.Json("occasions", "--status", "held")).AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Repeated_it_appends_nothing_also_with_another_layout_and_by_somebody_else()
    {
        Copy("story");
        (await desk.Run("ingest", desk.At("story"))).Exit.ShouldBe(0);
        var before = await desk.Json("verify");
        var again = await desk.Json("ingest", desk.At("story"), "--as", "Grace");
        ((int)again["entries"]!).ShouldBe(0);
        ((int)again["decisions"]!["recorded"]!).ShouldBe(0);
        ((int)again["decisions"]!["known"]!).ShouldBeGreaterThan(50);
        var file = desk.At("story", "decisions.yaml");
        File.WriteAllText(file, "# Another comment\n" + File.ReadAllText(file).Replace("statement: ", "statement:   ", StringComparison.Ordinal));
        ((int)(await desk.Json("ingest", desk.At("story")))["decisions"]!["recorded"]!).ShouldBe(0);
        JsonNode.DeepEquals(await desk.Json("verify"), before).ShouldBeTrue();
    }

    /// <summary>An imported ledger has a secret of its own, and so other command ids.</summary>
    [Fact]
    public async Task Repeated_on_an_imported_ledger_it_appends_nothing()
    {
        await IngestAsync();
        (await desk.Run("export", desk.At("story.ndjson"))).Exit.ShouldBe(0);
        desk.Db = desk.At("other.db");
        (await desk.Run("import", desk.At("story.ndjson"))).Exit.ShouldBe(0);
        var again = await desk.Json("ingest", Desk.Seeds);
        ((int)again["decisions"]!["recorded"]!).ShouldBe(0, again["problems"]!.ToJsonString());
        ((int)again["decisions"]!["refused"]!).ShouldBe(0);
    }

    [Fact]
    public async Task An_edited_decision_is_another_one()
    {
        Put("- do: note\n  editor: Irja\n  date: 2022-03-04\n  on: { document: night }\n  text: Ask again.\n");
        (await RecordedAsync()).ShouldBe(1);
        Put("- do: note\n  editor: Irja\n  date: 2022-03-04\n  on: { document: night }\n  text: Ask again in May.\n");
        (await RecordedAsync()).ShouldBe(1);
        (await RecordedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Killed_between_decisions_and_repeated_it_comes_to_the_same()
    {
        Copy("documents");
        File.Delete(desk.At("documents", "decisions.yaml"));
        (await desk.Run("ingest", desk.At("documents"), "--story", "csto-armenia")).Exit.ShouldBe(0);
        File.Copy(desk.Db, desk.At("fresh.db"));
        var found = (int)(await desk.Json("verify"))["size"]!;
        (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);
        var undisturbed = await BodiesAsync();
        var random = new Random(20221123);
        var halfWay = 0;
        for (var round = 0; round < 6 && halfWay < 2; round++)
        {
            desk.Db = desk.At($"round{round}.db");
            File.Copy(desk.At("fresh.db"), desk.Db);
            using (var process = desk.Start("ingest", Desk.Seeds))
            {
                var bytes = random.Next(20_000, 1_500_000);
                while (!process.HasExited && !(new FileInfo(desk.Db + "-wal") is { Exists: true } wal && wal.Length >= bytes))
                {
                    await Task.Delay(1);
                }

                process.Kill();
                await process.WaitForExitAsync();
            }

            var size = (int)(await desk.Json("verify"))["size"]!;
            log.WriteLine($"killed at {size} of {undisturbed.Count}");
            halfWay += size > found && size < undisturbed.Count ? 1 : 0;
            (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);
            (await BodiesAsync()).ShouldBe(undisturbed);
            (await desk.Run("verify")).Exit.ShouldBe(0);
        }

        halfWay.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("claim: in winter", "stands in 2 claims of night.", "that the day ferry stays in winter")]
    [InlineData("claim: the night ferry stops in spring", "There is no claim in night with the words “the night ferry stops in spring”.", "claim: That the night ferry stops in winter.")]
    [InlineData("question: stops in winter", "There is no question in night", "claim: That the night ferry stops in winter.")]
    [InlineData("words: the night ferry", "Words of a dispatch are nothing recorded.", "do: claim")]
    public async Task A_target_that_is_not_one_thing_is_refused_with_its_line_and_what_was_near(string target, string message, string near)
    {
        var path = Put($"- do: note\n  editor: Irja\n  date: 2022-03-04\n  on: {{ in: night, {target} }}\n  text: Ask again.\n");
        var answer = await desk.Run("ingest", desk.At("ferry"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain($"error: {path}, line 4: ");
        answer.Error.ShouldContain(message);
        answer.Error.ShouldContain(near);
        answer.Lines[0].ShouldEndWith("; 0 decisions recorded, 1 decision refused.");
        (await desk.Json("activity", "--type", "note.added")).AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("  on: { in: nigt, claim: stops }\n  text: Ask again.", 4, "No dispatch 'nigt' was filed from this folder.", "Did you mean 'night'?")]
    [InlineData("  on: earlier\n  text: Ask again.", 4, "No decision before this one is named 'earlier'.", "")]
    [InlineData("  on: { document: night }\n  txt: Ask again.", 5, "The key 'txt' is not known here.", "Did you mean 'text'?")]
    [InlineData("  on: { document: night }\n  date: 2022-03-04", 1, "The file is not valid YAML", "None of its decisions was read.")]
    [InlineData("  on: [", 1, "The file is not valid YAML", "None of its decisions was read.")]
    [InlineData("  on: { document: night }\n  text: Ask: again", 5, "The file is not valid YAML", "quotation marks")]
    public async Task A_decision_that_does_not_read_is_refused_with_its_line(string rest, int line, string message, string hint)
    {
        var path = Put($"- do: note\n  editor: Irja\n  date: 2022-03-04\n{rest}\n");
        var answer = await desk.Run("ingest", desk.At("ferry"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain(message);
        answer.Error.ShouldContain(hint);
        if (message.StartsWith("The file", StringComparison.Ordinal))
        {
            answer.Error.ShouldContain($"error: {path}, line ");
        }
        else
        {
            answer.Error.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"error: {path}, line {line}: "));
        }

        answer.Lines[0].ShouldStartWith("New story ferry: 1 document filed, ");
    }

    [Theory]
    [InlineData("ledger-rules")]
    [InlineData("Ledger")]
    public async Task A_program_signs_no_decision(string program)
    {
        var path = Put($"# head\n- do: reject\n  editor: {program}\n  date: 2022-03-04\n  proposal: {{ in: night, question: return }}\n  reason: No.\n");
        var answer = await desk.Run("ingest", desk.At("ferry"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain($"error: {path}, line 2: {program} is a program: it proposes, and a person decides.");
    }

    [Fact]
    public async Task One_that_is_refused_keeps_back_those_that_name_it_and_no_others()
    {
        var path = Put("""
            - do: claim
              name: gone
              editor: Irja
              date: 2022-03-04
              words: { in: night, words: the morning ferry }
              statement: The morning ferry stops.
            - do: note
              editor: Irja
              date: 2022-03-04
              on: gone
              text: Which pier?
            - do: note
              editor: Irja
              date: 2022-03-04
              on: { in: night, question: return }
              text: Ask the board.
            - do: resolve
              editor: Irja
              date: 2022-03-04
              question: { in: night, question: return }
              outcome: annulled
              reason: Nobody asks any more.
            """);
        var answer = await desk.Run("ingest", desk.At("ferry"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain($"{path}, line 5: The words “the morning ferry” do not stand in night.");
        answer.Error.ShouldContain($"{path}, line 10: 'gone' stands for the decision on line 1, which was not recorded.");
        // A rule of the story, in its own words.
        answer.Error.ShouldContain($"{path}, line 17: The question has no criteria");
        answer.Lines[0].ShouldEndWith("; 1 decision recorded, 3 decisions refused.");
        var json = JsonNode.Parse((await desk.Run("ingest", desk.At("ferry"), "--json")).Out)!;
        json["problems"]!.AsArray().Select(problem => ((int?)problem!["line"], (string?)problem["code"]))
            .ShouldBe([(5, "unknown-target"), (10, "unknown-target"), (17, "criteria-missing")]);
        ((int)json["decisions"]!["known"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("entry: { document: night }")]
    [InlineData("entry: { in: night, claim: stops in winter }")]
    public async Task A_correction_that_puts_nothing_right_is_refused(string entry)
    {
        var path = Put($"- do: correct\n  editor: Irja\n  date: 2022-03-04\n  {entry}\n  reason: Look again.\n");
        var answer = await desk.Run("ingest", desk.At("ferry"));
        answer.Exit.ShouldBe(1);
        answer.Error.ShouldContain($"{path}, line 1: The correction puts nothing right.");
        (await desk.Json("activity", "--type", "entry.corrected")).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_decides_on_what_is_not_published_yet()
    {
        var path = Put("- do: note\n  editor: Irja\n  date: 2022-03-03\n  on: { document: night }\n  text: Ask.\n");
        (await desk.Run("ingest", desk.At("ferry"))).Error.ShouldContain($"{path}, line 1: The decision is dated 2022-03-03 and rests on what was published later, on 2022-03-04.");
    }

    [Fact]
    public async Task A_dry_run_shows_what_each_is_about_and_writes_nothing()
    {
        var fresh = await desk.Run("ingest", Desk.Seeds, "--dry-run");
        fresh.Exit.ShouldBe(0, fresh.Error);
        fresh.Out.ShouldContain(": resolve, by Mateus Prado\n  about: What will the November summit decide?\n");
        fresh.Lines[^1].ShouldContain("decisions would be recorded.");
        File.Exists(desk.Db).ShouldBeFalse();
        await IngestAsync();
        (await desk.Run("ingest", Desk.Seeds, "--dry-run")).Lines[^1].ShouldEndWith("decisions there already.");
        var path = Put("- do: note\n  editor: Irja\n  date: 2022-03-04\n  on: { in: night, claim: spring }\n  text: Ask.\n");
        var refused = await desk.Run("ingest", desk.At("ferry"), "--dry-run", "--db", desk.At("none.db"));
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain($"{path}, line 4: "));
    }

    [Fact]
    public async Task Without_the_documents_it_is_about_the_file_is_refused()
    {
        var path = Put("- do: note\n  editor: Irja\n  date: 2022-03-04\n  on: { document: night }\n  text: Ask.\n");
        var answer = await desk.Run("ingest", path);
        answer.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain($"error: {path}: Decisions are read together with the documents they are about."));
    }

    private string Put(string decisions)
    {
        desk.Put("ferry/night.md", Ferry);
        return desk.Put("ferry/decisions.yaml", decisions);
    }

    private void Copy(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Desk.Seeds))
        {
            desk.Put(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }

    private async Task IngestAsync() => (await desk.Run("ingest", Desk.Seeds)).Exit.ShouldBe(0);

    private async Task<int> RecordedAsync() => (int)(await desk.Json("ingest", desk.At("ferry")))["decisions"]!["recorded"]!;

    /// <summary>The questions of a list by their text.</summary>
    private async Task<Dictionary<string, JsonNode>> QuestionsAsync(params string[] options) =>
        (await desk.Json(["questions", .. options])).AsArray().ToDictionary(question => Text(question!), question => question!);

    private static string Text(JsonNode question) => (string)question["text"]!;

    private static string? Status(Dictionary<string, JsonNode> questions, string text) => (string?)questions[text]["status"];

    /// <summary>What was recorded, by whom, in order: without times, salts and hashes.</summary>
    private async Task<List<string>> BodiesAsync() =>
        [.. (await desk.Run("export")).Lines.Skip(1).Select(line =>
        {
            var entry = JsonNode.Parse(line)!;
            return $"{entry["envelope"]!["id"]} {entry["parts"]!["body"]!.AsObject().Where(member => member.Key != "salt").Select(member => member.Value!.ToJsonString()).First()}";
        })];
}
