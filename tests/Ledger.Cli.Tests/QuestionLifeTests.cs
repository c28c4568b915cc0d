using Snapshooter.Xunit;

namespace Ledger.Cli.Tests;

/// <summary>The life of a question by the command alone, from the day it is raised to its reopening.</summary>
public sealed class QuestionLifeTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_question_is_raised_restated_answered_contested_resolved_and_reopened()
    {
        var question = await Id("question", "raise", "--text", "When does the ferry stop?", "--expected", "2021-12-01..2021-12-31", "--in", told.First.ToString(), "--words", "The night ferry stops in winter");
        await Status("open");
        await Id("question", "restate", question, "--text", "On which day does the ferry stop?", "--criteria", "A day that the board names", "--source", "Harbour Post", "--reason", "Winter is long");
        await Id("question", "evidence", question, told.Quote.ToString(), "--bearing", "context", "--reason", "The board decides");
        var answer = await Id("question", "propose", question, "On 20 December.", "--evidence", told.Quote.ToString(), "--objections-until", "2021-12-18");
        await Status("proposed");
        await Id("question", "object", answer, "--reason", "No day was named");
        await Id("question", "resolve", question, "--takes", answer, "--based-on", "2021-12-15");
        await Status("answered");
        var shown = await desk.See(80, "show", question);
        shown.Lines.ShouldAllBe(line => line.Length <= 80);
        var why = await desk.See(80, "why", question);
        Snapshot.Match(Masks.Hide(shown.Out + "\n" + why.Out), "question-life");
        (await desk.Json("questions", "--status", "answered", "--published-by", "2021-12-14")).AsArray().ShouldBeEmpty();
        (await desk.Json("questions", "--status", "answered", "--published-by", "2021-12-15")).AsArray().Count.ShouldBe(1);
        await Id("question", "reopen", question, "--reason", "The board withdrew it");
        await Status("proposed");

        async Task Status(string status) => ((string?)(await desk.Json("show", question))["status"]).ShouldBe(status);
    }

    [Fact]
    public async Task Evidence_whose_own_entry_was_withdrawn_is_marked_wherever_the_question_is_told()
    {
        var question = told.Question.ToString();
        var (quote, claim) = (told.Quote.ToString(), told.Claim.ToString());
        await Id("question", "restate", question, "--criteria", "A list", "--reason", "So that it can be resolved");
        await Id("question", "evidence", question, quote, "--bearing", "answers");
        await Id("question", "resolve", question, "--text", "The night ferry.", "--evidence", claim, "--evidence", quote);
        (await desk.Json("show", question))["fallen"]!.AsArray().ShouldBeEmpty();
        await Id("withdraw", quote, "--reason", "Misheard");
        (await desk.Run("reject", claim, "--reason", "Not said")).Exit.ShouldBe(0);
        var fallen = (await desk.Json("show", question))["fallen"]!.AsArray();
        fallen.Select(item => ((string)item!["entry"]!, (string)item["status"]!)).ShouldBe([(quote, "withdrawn"), (claim, "rejected")]);
        (await desk.See(200, "questions")).Out.ShouldContain($"Answered on {claim[..8]} (rejected since), {quote[..8]} (withdrawn since): ");
        var shown = await desk.See(200, "show", question);
        shown.Out.ShouldContain($"    {quote[..8]}  answers, 2021-11-03, withdrawn since, added by Ada");
        shown.Out.ShouldContain($"on {quote[..8]}, withdrawn since: ");
        (await desk.Run("why", question)).Out.ShouldContain($"quote.recorded {quote[..8]} (withdrawn): ");
        (await desk.Json("why", question)).AsArray().Single(step => (string?)step!["id"] == quote)!["withdrawn"]!["reason"]!.ToString().ShouldBe("Misheard");
        (await desk.Run("verify", "--views")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task What_falls_with_its_document_is_marked_too()
    {
        await Id("question", "evidence", told.Question.ToString(), told.Quote.ToString());
        var other = await Id("question", "raise", "--text", "Who decides?", "--story", "ferry");
        await Id("question", "evidence", other, told.Quote.ToString());
        await Id("withdraw", told.First.ToString(), "--reason", "Wrong desk");
        ((string?)(await desk.Json("show", other))["fallen"]![0]!["status"]).ShouldBe("withdrawn");
        (await desk.Run("verify", "--views")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_withdrawn_note_is_marked()
    {
        var note = await Id("note", told.Quote.ToString(), "Compare the minutes");
        await Id("withdraw", note, "--reason", "They do not exist");
        (await desk.See(120, "show", told.Quote.ToString())).Out.ShouldMatch($"note {note[..8]} by Ada, .*, withdrawn \\(They do not exist\\):");
        ((string?)(await desk.Json("show", told.Quote.ToString()))["notes"]![0]!["withdrawn"]!["reason"]).ShouldBe("They do not exist");
        (await desk.See(120, "show", note)).Out.ShouldContain("They do not exist");
        (await desk.Run("why", note)).Out.ShouldContain($"note.added {note[..8]} (withdrawn): Compare the minutes");
    }

    [Fact]
    public async Task A_question_is_overdue_by_the_day_it_is_asked_as_of()
    {
        async Task<bool> Overdue(params string[] asOf) =>
            (await desk.Json(["questions", .. asOf])).AsArray().Where(node => (string?)node!["text"] == "What does the board decide?").Select(node => (bool)node!["overdue"]!).Single();
        (await Overdue()).ShouldBeTrue();
        (await Overdue("--published-by", "2021-12-31")).ShouldBeFalse();
        (await Overdue("--published-by", "2022-01-01")).ShouldBeTrue();
        (await desk.See(80, "questions")).Out.ShouldContain("open, overdue");
        (await desk.See(80, "questions", "--published-by", "2021-12-31")).Out.ShouldNotContain("open");
    }

    [Theory]
    [InlineData("resolve Q --text Yes. --evidence C", "has no criteria")]
    [InlineData("resolve Q --outcome annulled", "has no criteria")]
    [InlineData("restate Q --text Statement --reason x", "ends in a question mark")]
    [InlineData("restate C --text What? --reason x", "is a claim.recorded, not a question")]
    [InlineData("evidence Q Q", "not a quote, claim, occasion or document")]
    [InlineData("object C --reason x", "not a proposed answer")]
    [InlineData("reopen Q --reason x", "The question is open")]
    [InlineData("restate Q --criteria Ours --reason x --as-program bot@1", "bot 1 is a program: it proposes, and a person decides.")]
    [InlineData("reopen Q --reason x --as-program bot@1", "bot 1 is a program: it proposes, and a person decides.")]
    [InlineData("resolve Q --text Yes. --evidence C --as-program bot@1", "bot 1 is a program: it proposes, and a person decides.")]
    [InlineData("raise --text What? --criteria Ours --as-program bot@1", "bot is a program: what would count as an answer is an editor's to say.")]
    public async Task What_the_rules_do_not_allow_is_refused(string typed, string message)
    {
        var refused = await desk.Run(["question", .. typed.Split(' ').Select(word => word switch { "Q" => told.Question.ToString(), "C" => told.Claim.ToString(), _ => word })]);
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(ExitCodes.Refused), a => a.Error.ShouldContain(message), a => a.Out.ShouldBeEmpty());
        (await desk.Json("activity")).AsArray().Count.ShouldBe(13);
    }

    [Fact]
    public async Task A_resolved_question_needs_its_answer_and_its_evidence()
    {
        var question = told.Question.ToString();
        await Id("question", "restate", question, "--criteria", "A list of ferries", "--reason", "To be resolved");
        (await desk.Run("question", "resolve", question, "--evidence", told.Claim.ToString())).Error.ShouldContain("needs its answer");
        (await desk.Run("question", "resolve", question, "--text", "All.")).Error.ShouldContain("rests on evidence");
        (await desk.Run("question", "resolve", question, "--outcome", "ambiguous")).Error.ShouldContain("needs the reason");
        await Id("question", "resolve", question, "--outcome", "ambiguous", "--reason", "Nobody counts them");
        (await desk.Run("question", "resolve", question, "--outcome", "annulled", "--reason", "x")).Error.ShouldContain("Reopen it first.");
    }

    [Fact]
    public async Task A_restatement_keeps_what_it_does_not_name()
    {
        var board = told.Found[4].ToString();
        await Id("question", "restate", board, "--criteria", "The minutes", "--reason", "To be resolved");
        var now = await desk.Json("show", board);
        ((string?)now["text"]).ShouldBe("What does the board decide?");
        ((string?)now["expected"]!["to"]).ShouldBe("2021-12-31");
        ((string?)now["criteria"]).ShouldBe("The minutes");
        await Id("question", "restate", board, "--expected", "", "--reason", "Nobody says when");
        now = await desk.Json("show", board);
        now["expected"].ShouldBeNull();
        ((string?)now["criteria"]).ShouldBe("The minutes");
    }

    private async Task<string> Id(params string[] args) => (string)(await desk.Json(args))["entries"]![0]!["id"]!;
}
