namespace Ledger.Cli.Tests;

/// <summary>Slips at the keyboard: each is named in a line, with what was probably meant, and nothing happens.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("quetions", "There is no verb 'quetions'.", "Did you mean 'ledger questions'?")]
    [InlineData("frobnicate", "There is no verb 'frobnicate'.", "'ledger --help' lists them.")]
    [InlineData("questions --stroy x", "'ledger questions' has no option '--stroy'.", "Did you mean '--story'?")]
    [InlineData("questions --limit x", "--limit does not take 'x'.", "'ledger questions --help' shows what it takes.")]
    [InlineData("questions --limit 0", "--limit takes a number from 1.", null)]
    [InlineData("questions --after x", "'x' is not where a page ended.", "Copy it from the end of the page before.")]
    [InlineData("questions --kind odd", "--kind does not take 'odd'; it takes unknown, undisclosed, pending or underInvestigation.", "'ledger questions --help' shows what it takes.")]
    [InlineData("questions --published-by 2022-02-30", "--published-by does not take '2022-02-30'.", "A day is written 2022-11-23, and must exist.")]
    [InlineData("questions --as-of soon", "--as-of does not take 'soon'.", "It takes a day (2022-11-23) or a time (2022-11-23T18:00Z), or an index (1204).")]
    [InlineData("audit --from soon", "--from does not take 'soon'.", "It takes a day (2022-11-23) or a time (2022-11-23T18:00Z).")]
    [InlineData("ingest", "'ledger ingest' needs PATH.", "'ledger ingest --help' shows what it takes.")]
    [InlineData("ingest a.txt --date 4.3.2022", "--date does not take '4.3.2022'.", "A day is written 2022-11-23, and must exist.")]
    [InlineData("show", "'ledger show' needs ID.", "'ledger show --help' shows what it takes.")]
    [InlineData("note 0f3a91c2 two words", "'ledger note' does not take 'words' as well.", "Words that belong together stand in quotation marks; 'ledger note --help' shows what it takes.")]
    [InlineData("withdraw 0f3a91c2", "Option '--reason' is required.", "'ledger withdraw --help' shows what it takes.")]
    [InlineData("question reise x", "There is no verb 'question reise'.", "Did you mean 'ledger question raise'?")]
    [InlineData("question", "'ledger question' needs one of: raise, restate, evidence, propose, object, resolve, reopen.", "'ledger question --help' shows what it takes.")]
    [InlineData("question resolve 0f3a91c2 --txt x", "'ledger question resolve' has no option '--txt'.", "Did you mean '--text'?")]
    [InlineData("accept", "'ledger accept' needs an ID, or --all.", "'ledger accept --help' shows what it takes.")]
    [InlineData("accept --all", "--all needs a --rule or a --document.", "'ledger accept --help' shows what it takes.")]
    [InlineData("reject 0f3a91c2", "Option '--reason' is required.", "'ledger reject --help' shows what it takes.")]
    [InlineData("story open", "'ledger story open' needs TITLE.", "'ledger story open --help' shows what it takes.")]
    [InlineData("extract", "'ledger extract' needs FILE.", "Name files or folders, or give documents as lines of JSON with --jsonl.")]
    public async Task A_mistake_is_named_with_what_was_meant(string typed, string error, string? hint)
    {
        var answer = await desk.Run(typed.Split(' '));
        answer.Error.ShouldBe($"error: {error}\n" + (hint is null ? "" : $"hint: {hint}\n"));
        answer.Exit.ShouldBe(ExitCodes.Usage);
        answer.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_story_or_index_that_is_not_there_is_not_found()
    {
        await FerryStory.TellAsync(desk.Db);
        (await desk.Run("questions", "--story", "fery")).ShouldBe(new(3, "", "error: There is no story 'fery'.\nhint: Did you mean 'ferry'?\n"));
        (await desk.Run("questions", "--story", "elections")).ShouldBe(new(3, "", "error: There is no story 'elections'.\nhint: There are: ferry.\n"));
        (await desk.Run("questions", "--as-of", "99")).ShouldBe(new(3, "", "error: There is no index 99: the ledger has 13 entries.\nhint: The last is 12.\n"));
    }

    [Fact]
    public async Task Without_a_verb_the_command_explains_itself()
    {
        var bare = await desk.See(80);
        bare.Exit.ShouldBe(0);
        bare.Out.ShouldContain("Start with:  ledger ingest seeds/csto-armenia");
        bare.Lines.ShouldAllBe(line => line.Length <= 80);
        (await desk.See(80, "--help")).Out.ShouldBe(bare.Out);
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData("stories")]
    [InlineData("documents")]
    [InlineData("quotes")]
    [InlineData("claims")]
    [InlineData("questions")]
    [InlineData("occasions")]
    [InlineData("activity")]
    [InlineData("show")]
    [InlineData("why")]
    [InlineData("note")]
    [InlineData("withdraw")]
    [InlineData("record")]
    [InlineData("record quote")]
    [InlineData("record claim")]
    [InlineData("record question")]
    [InlineData("record occasion")]
    [InlineData("link")]
    [InlineData("correct")]
    [InlineData("accept")]
    [InlineData("reject")]
    [InlineData("question")]
    [InlineData("question raise")]
    [InlineData("question restate")]
    [InlineData("question evidence")]
    [InlineData("question propose")]
    [InlineData("question object")]
    [InlineData("question resolve")]
    [InlineData("question reopen")]
    [InlineData("occasion")]
    [InlineData("occasion move")]
    [InlineData("occasion held")]
    [InlineData("occasion cancel")]
    [InlineData("speaker")]
    [InlineData("speaker same")]
    [InlineData("speaker apart")]
    [InlineData("story")]
    [InlineData("story open")]
    [InlineData("story change")]
    [InlineData("story close")]
    [InlineData("story reopen")]
    [InlineData("audit")]
    [InlineData("verify")]
    [InlineData("rebuild")]
    [InlineData("export")]
    [InlineData("import")]
    [InlineData("extract")]
    public async Task Every_verb_explains_itself_with_an_example(string verb)
    {
        var help = await desk.See(80, [.. verb.Split(' '), "--help"]);
        help.Exit.ShouldBe(0);
        // An example is one line, to be copied.
        help.Lines[..^1].ShouldAllBe(line => line.Length <= 80);
        help.Lines[^2].ShouldBe("Example:");
        help.Lines[^1].ShouldStartWith($"  ledger {verb}");
    }
}
