using Ledger.Intake.Decisions;

namespace Ledger.Intake.Tests;

/// <summary>The decisions file: how it reads, what makes a decision the same, and which line is to blame.</summary>
public sealed class DecisionsFileTests : IDisposable
{
    private const string Note = "- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { document: a }\n  text: Ask again.\n";

    private readonly Files files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Every_decision_has_its_line_editor_and_date()
    {
        var file = await Read("# head\n\n" + Note + "\n" + Note.Replace("Irja", "Mateus", StringComparison.Ordinal));
        file.Problems.ShouldBeEmpty();
        file.Decisions.Select(decision => (decision.Line, decision.Does, decision.Editor, decision.Date))
            .ShouldBe([(3, "note", "Irja", new(2021, 3, 4)), (9, "note", "Mateus", new(2021, 3, 4))]);
    }

    [Fact]
    public async Task The_file_comes_after_the_documents_and_is_none()
    {
        files.Put("a.txt", "date 2021-03-05 A\nA.");
        files.Put("decisions.yaml", Note);
        files.Put("other.yaml", Note);
        (await files.Walk()).Select(result => result.GetType().Name).ShouldBe(["SkippedFile", "FrozenDocument", "DecisionsFile"]);
        files.Put("alone/decisions.yml", Note);
        (await files.Walk(files.At("alone"))).OfType<IntakeProblem>().ShouldHaveSingleItem().Code.ShouldBe("no-documents");
    }

    [Theory]
    [InlineData("- text: Ask again.\n  on: { document: a }\n  date: '2021-03-04'\n  editor: Irja\n  do: note\n", true)]
    [InlineData("# elsewhere\n\n\n- do: note\n  name: mine\n  editor: Irja\n  date: 2021-03-04\n  on:\n    document: a\n  text: >-\n    Ask\n    again.\n", true)]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { document: a }\n  text: Ask again!\n", false)]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-05\n  on: { document: a }\n  text: Ask again.\n", false)]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { document: b }\n  text: Ask again.\n", false)]
    public async Task What_it_says_makes_a_decision_the_same_not_how_it_is_laid_out(string other, bool same)
    {
        var first = (await Read(Note)).Decisions.ShouldHaveSingleItem().Identity;
        ((await Read(other)).Decisions.ShouldHaveSingleItem().Identity == first).ShouldBe(same);
    }

    [Fact]
    public async Task A_decision_that_names_another_is_another_when_that_one_is()
    {
        const string On = "- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: first\n  text: Yes.\n";
        var named = Note + "  name: first\n";
        var before = (await Read(named + On)).Decisions[1].Identity;
        (await Read(named.Replace("again", "later", StringComparison.Ordinal) + On)).Decisions[1].Identity.ShouldNotBe(before);
        (await Read(named.Replace("first", "1st", StringComparison.Ordinal) + On.Replace("first", "1st", StringComparison.Ordinal))).Decisions[1].Identity.ShouldBe(before);
    }

    [Theory]
    [InlineData("- do: not\n  editor: Irja\n  date: 2021-03-04\n", 1, "There is nothing that 'not' does.", "Did you mean 'note'?")]
    [InlineData("- do: note\n  editer: Irja\n  date: 2021-03-04\n  on: { document: a }\n  text: A.\n", 2, "The key 'editer' is not known here.", "Did you mean 'editor'?")]
    [InlineData("- do: note\n  date: 2021-03-04\n  on: { document: a }\n  text: A.\n", 1, "The decision has no 'editor'.", "docs/decisions-file.md")]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-02-30\n  on: { document: a }\n  text: A.\n", 3, "'date: 2021-02-30' is not a day that exists.", "YYYY-MM-DD")]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { in: a }\n  text: A.\n", 4, "'on' does not say what is meant.", "{ in: DISPATCH, claim: WORDS }")]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { in: a, clam: b }\n  text: A.\n", 4, "'on' does not say what is meant.", "{ in: DISPATCH, claim: WORDS }")]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { document: a }\n  text: [A]\n", 5, "'text' must be plain text.", "quotation marks")]
    [InlineData("- do: link\n  editor: Irja\n  date: 2021-03-04\n  from: { in: a, claim: b }\n  to: { in: a, claim: c }\n  relation: contradict\n", 6, "'relation' cannot be 'contradict'.", "Did you mean 'contradicts'?")]
    [InlineData("- do: held\n  editor: Irja\n  date: 2021-03-04\n  occasion: { in: a, occasion: b }\n  on: 2021-03-04 to 2021-03-01\n", 5, "ends before it begins", "")]
    [InlineData("- do: held\n  editor: Irja\n  date: 2021-03-04\n  occasion: { in: a, occasion: b }\n  shown-by: { in: a, claim: b }\n", 5, "'shown-by' names words of a dispatch.", "words: WORDS")]
    [InlineData("- do: note\n  editor: Irja\n  date: 2021-03-04\n  on: { document: a }\n  text: \"\\0\"\n", 5, "NUL", "")]
    [InlineData("- just words\n", 1, "A decision is lines of 'key: value'.", "")]
    [InlineData("do: note\n", 1, "The file must be a list", "")]
    [InlineData("- do: note\n\teditor: Irja\n", 2, "The file is not valid YAML", "indent with spaces")]
    [InlineData("- do: note\n  text: \"open\n", 2, "The file is not valid YAML", "")]
    [InlineData("- do: note\n  text: Ask: again\n", 2, "The file is not valid YAML", "quotation marks")]
    [InlineData("- do: note\n\n- do: note\n  text: [\n\n- do: note\n", 4, "The file is not valid YAML", "")]
    [InlineData("- do: note\n  do: link\n", 2, "The file is not valid YAML", "")]
    public async Task What_does_not_read_is_named_with_its_line(string text, int line, string message, string hint)
    {
        var problem = (await Read(text)).Problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain(message);
        problem.Line.ShouldBe(line);
        (problem.Hint ?? "").ShouldContain(hint);
    }

    [Fact]
    public async Task A_name_is_given_once_and_before_it_is_used()
    {
        var named = Note + "  name: first\n";
        var twice = await Read(named + named.Replace("again", "later", StringComparison.Ordinal));
        twice.Problems.ShouldHaveSingleItem().Message.ShouldBe("The name 'first' is taken by the decision on line 1.");
        twice.Problems[0].Line.ShouldBe(12);
        var later = await Read(Note.Replace("{ document: a }", "fist", StringComparison.Ordinal) + named + Note.Replace("{ document: a }", "frist", StringComparison.Ordinal));
        later.Problems.Select(problem => (problem.Line, problem.Message)).ShouldBe([(4, "No decision before this one is named 'fist'."), (15, "No decision before this one is named 'frist'.")]);
    }

    [Fact]
    public async Task One_that_does_not_read_leaves_the_others()
    {
        var file = await Read(Note.Replace("note", "nothing", StringComparison.Ordinal) + Note);
        file.Decisions.ShouldHaveSingleItem().Line.ShouldBe(6);
        file.Problems.ShouldHaveSingleItem().Line.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_without_decisions_is_in_order()
    {
        var file = await Read("# Nothing decided yet\n");
        file.Decisions.ShouldBeEmpty();
        file.Problems.ShouldBeEmpty();
    }

    private async Task<DecisionsFile> Read(string text) => (await IntakeFile.Read(files.Put("decisions.yaml", text), IntakeOptions.None)).ShouldBeOfType<DecisionsFile>();
}
