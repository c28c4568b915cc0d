using Snapshooter.Xunit;

namespace Ledger.Cli.Tests;

/// <summary>The lists as a person sees them in a narrow and a wide window, as a program reads them, and as JSON.</summary>
public sealed class ListTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("documents")]
    [InlineData("quotes")]
    [InlineData("claims")]
    [InlineData("questions")]
    [InlineData("occasions")]
    [InlineData("activity")]
    public async Task A_list_reads_at_80_columns_at_160_and_through_a_pipe(string list)
    {
        var narrow = await desk.See(80, list);
        var wide = await desk.See(160, list);
        var piped = await desk.Run(list);
        foreach (var answer in (Answer[])[narrow, wide, piped])
        {
            answer.Exit.ShouldBe(0);
            answer.Error.ShouldBeEmpty();
        }

        narrow.Lines.ShouldAllBe(line => line.TrimEnd().Length <= 80);
        wide.Lines.ShouldAllBe(line => line.TrimEnd().Length <= 160);
        piped.Lines.Select(line => line.Count(letter => letter == '\t')).Distinct().ShouldHaveSingleItem();
        Snapshot.Match(string.Join("\n", Masks.Hide(narrow.Out), Masks.Hide(wide.Out), Masks.Hide(piped.Out)), $"list-{list}");
    }

    [Theory]
    [InlineData("documents")]
    [InlineData("quotes")]
    [InlineData("claims")]
    [InlineData("questions")]
    [InlineData("occasions")]
    public async Task A_list_has_stable_field_names_in_json(string list) =>
        Snapshot.Match(Masks.Hide((await desk.Run(list, "--json")).Out), $"json-{list}");

    [Fact]
    public async Task What_would_steer_the_terminal_does_not_reach_it()
    {
        const string steering = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202E\b";
        (await desk.Run("ingest", desk.Put("steer.txt", $"date 2022-01-05 A {steering} title\n\nMs. Bell said: “It {steering} is late.”\n"), "--story", "steer", "--as", "Ada" + steering)).Exit.ShouldBe(0);
        foreach (var verb in (string[][])[["documents"], ["quotes"], ["activity"], ["audit"], ["extract", desk.At("steer.txt")], ["timeline"], ["search", "late"], ["show", steering]])
        {
            foreach (var answer in (Answer[])[await desk.See(80, verb), await desk.Run(verb)])
            {
                (answer.Out + answer.Error).Replace("\u001b[93m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal)
                    .Where(letter => (char.IsControl(letter) && letter is not ('\n' or '\t')) || letter == '\u202E').ShouldBeEmpty(verb[0]);
            }
        }
    }

    [Fact]
    public async Task A_question_in_json_has_the_fields_that_are_promised()
    {
        var questions = (await desk.Json("questions")).AsArray();
        questions.Count.ShouldBe(3);
        foreach (var question in questions)
        {
            foreach (var field in (string[])["id", "story", "text", "kind", "status", "expected", "raisedBy", "evidence"])
            {
                question!.AsObject().ContainsKey(field).ShouldBeTrue(field);
            }
        }

        var board = questions.Single(question => (string?)question!["text"] == "What does the board decide?")!;
        ((string?)board["expected"]!["from"]).ShouldBe("2021-12-14");
        ((string?)board["expected"]!["to"]).ShouldBe("2021-12-31");
        ((string?)board["story"]).ShouldBe("ferry");
        ((string?)board["raisedBy"]!["kind"]).ShouldBe("program");
        questions.Select(question => (string?)question!["kind"]).ShouldBe(["underInvestigation", "pending", "undisclosed"]);
    }

    [Theory]
    [InlineData("questions", "--kind", "underInvestigation", 1)]
    [InlineData("questions", "--kind", "UNDERINVESTIGATION", 1)]
    [InlineData("questions", "--status", "withdrawn", 0)]
    [InlineData("claims", "--modality", "reportedAbsent", 1)]
    [InlineData("claims", "--speaker", "harbour", 1)]
    [InlineData("quotes", "--speaker", "silva", 1)]
    [InlineData("quotes", "--directness", "mixed", 0)]
    [InlineData("activity", "--by", "reader", 9)]
    [InlineData("activity", "--type", "question.raised", 3)]
    [InlineData("documents", "--publisher", "Harbour Post", 2)]
    [InlineData("questions", "--published-by", "2021-12-14", 2)]
    [InlineData("questions", "--published-by", "2021-11-02", 0)]
    [InlineData("questions", "--as-of", "6", 1)]
    [InlineData("questions", "--as-of", "2020-01-01", 0)]
    [InlineData("questions", "--story", "ferry", 3)]
    public async Task A_list_is_filtered(string list, string option, string value, int count) =>
        (await desk.Json(list, option, value)).AsArray().Count.ShouldBe(count);

    [Fact]
    public async Task A_list_is_filtered_by_document_given_by_the_beginning_of_its_id()
    {
        (await desk.Json("claims", "--document", told.First.ToString()[..8])).AsArray().Count.ShouldBe(1);
        var wrong = await desk.Run("claims", "--document", told.Claim.ToString());
        wrong.ShouldSatisfyAllConditions(answer => answer.Exit.ShouldBe(1), answer => answer.Error.ShouldContain("is a claim.recorded, not a document"));
    }

    [Fact]
    public async Task Both_clocks_can_be_asked_together() =>
        (await desk.Json("questions", "--as-of", "6", "--published-by", "2021-11-30")).AsArray().Count.ShouldBe(1);

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var seen = new List<string>();
        string[] next = [];
        do
        {
            var page = await desk.Run(["activity", "--limit", "5", .. next]);
            page.Exit.ShouldBe(0);
            seen.AddRange(page.Lines.Skip(1).Select(line => line.Split('\t')[0]));
            next = page.Error.Contains("--after", StringComparison.Ordinal) ? ["--after", page.Error.Trim().Split(' ')[^1]] : [];
        }
        while (next.Length > 0);

        seen.ShouldBe(Enumerable.Range(0, 13).Reverse().Select(index => index.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_empty_list_says_so_and_is_no_error()
    {
        (await desk.See(80, "quotes", "--speaker", "nobody")).ShouldBe(new(0, "", "No quotes match.\n"));
        (await desk.Run("quotes", "--speaker", "nobody")).ShouldBe(new(0, "id\tpublished\thow\tspeaker\tstatus\twords\n", "No quotes match.\n"));
        (await desk.Run("quotes", "--speaker", "nobody", "--json")).Out.ShouldBe("[]\n");
    }

    [Fact]
    public async Task What_is_withdrawn_leaves_the_list_and_stays_on_record()
    {
        (await desk.Run("withdraw", told.Question.ToString(), "--reason", "Misread")).Exit.ShouldBe(0);
        (await desk.Json("questions")).AsArray().Count.ShouldBe(2);
        (await desk.Json("questions", "--all")).AsArray().Count.ShouldBe(3);
        (await desk.Json("questions", "--as-of", "12")).AsArray().Count.ShouldBe(3);
        var withdrawn = (await desk.Json("questions", "--status", "withdrawn"))[0]!;
        ((string?)withdrawn["withdrawn"]!["reason"]).ShouldBe("Misread");
    }

    [Fact]
    public async Task A_withdrawn_document_takes_its_findings_with_it()
    {
        (await desk.Run("withdraw", told.First.ToString(), "--reason", "A hoax")).Exit.ShouldBe(0);
        (await desk.Json("questions")).AsArray().Count.ShouldBe(1);
        (await desk.Json("quotes")).AsArray().ShouldBeEmpty();
    }
}
