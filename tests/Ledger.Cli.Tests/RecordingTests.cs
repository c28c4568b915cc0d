namespace Ledger.Cli.Tests;

/// <summary>What an editor records: words picked in a document by typing them, links, speakers, stories.</summary>
public sealed class RecordingTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_quote_is_recorded_on_the_words_as_they_stand()
    {
        var receipt = await desk.Json(
            "record", "quote", "--in", First, "--words", "We decide on  the timetable", "--speaker", "Ana Silva", "--speaker-words", "harbour master Ana Silva", "--cue", "told");
        var quote = await desk.Json("show", (string)receipt["entries"]![0]!["id"]!);
        ((string?)quote["words"]).ShouldBe("We decide on the timetable");
        ((string?)quote["directness"]).ShouldBe("direct");
        ((string?)quote["speaker"]).ShouldBe("Ana Silva");
        ((string?)quote["cue"]!["exact"]![0]).ShouldBe("told");
        quote["rule"].ShouldBeNull();
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task The_answer_says_where_the_words_stand() =>
        (await desk.Run("record", "quote", "--in", First, "--words", "We decide")).Out.ShouldStartWith("Recorded a direct quote, line 1 of “Night ferry stops”: entry 13, ");

    [Theory]
    [InlineData("harbour office said. \"We decide", "mixed")]
    [InlineData("We decide on the timetable in December", "direct")]
    public async Task Quotation_marks_tell_whether_words_are_direct(string words, string directness)
    {
        var receipt = await desk.Json("record", "quote", "--in", First, "--words", words);
        ((string?)(await desk.Json("show", (string)receipt["entries"]![0]!["id"]!))["directness"]).ShouldBe(directness);
    }

    [Fact]
    public async Task Words_without_quotation_marks_are_no_quote()
    {
        var refused = await desk.Run("record", "quote", "--in", First, "--words", "stops in winter");
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(ExitCodes.Usage), a => a.Error.ShouldContain("'ledger record claim'"));
        (await desk.Run("record", "quote", "--in", First, "--words", "stops in winter", "--mixed")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task Words_that_stand_in_several_places_are_refused_with_the_places()
    {
        var refused = await desk.Run("record", "claim", "--in", First, "--words", "in");
        refused.Exit.ShouldBe(ExitCodes.Refused);
        refused.Error.ShouldBe(
            "error: The words stand in 2 places of “Night ferry stops”:\n"
            + "  1. line 1: The night ferry stops [[in]] winter, the harbour office said. …\n"
            + "  2. line 1: … said. \"We decide on the timetable [[in]] December,\" harbour master Ana Silva …\n"
            + "hint: Say which with --nth, or give more of the words.\n");
        var chosen = await desk.Json("record", "claim", "--in", First, "--words", "in", "--nth", "2", "--statement", "It is December.");
        var claim = await desk.Json("show", (string)chosen["entries"]![0]!["id"]!);
        ((int)claim["span"]!["ranges"]![0]![0]!).ShouldBe(FerryStory.First.IndexOf("in December", StringComparison.Ordinal));
        (await desk.Run("record", "claim", "--in", First, "--words", "in", "--nth", "3")).Exit.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task Words_that_do_not_stand_there_are_answered_with_the_nearest()
    {
        var refused = await desk.Run("record", "claim", "--in", First, "--words", "the board meets on 15 December");
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("hint: Nearest: “The board meets on 14 December.”, line 1."));
    }

    [Fact]
    public async Task An_interrupted_claim_has_a_range_for_each_piece()
    {
        var receipt = await desk.Json("record", "claim", "--in", First, "--words", "The night ferry stops", "--words", "in December");
        var claim = await desk.Json("show", (string)receipt["entries"]![0]!["id"]!);
        claim["span"]!["exact"]!.AsArray().Select(node => (string?)node).ShouldBe(["The night ferry stops", "in December"]);
        (await desk.Run("record", "claim", "--in", First, "--words", "in December", "--words", "The night ferry stops")).Error.ShouldContain("does not stand after");
    }

    [Fact]
    public async Task An_occasion_moves_is_held_and_shows_what_became_of_it()
    {
        var board = told.Found[2].ToString();
        (await desk.Run("occasion", "move", board, "--to", "2021-12-20..2021-12-21")).Error.ShouldContain("rests on words of a document, or on a reason");
        (await desk.Run("occasion", "move", board, "--to", "2021-12-20..2021-12-21", "--reason", "Snow")).Exit.ShouldBe(0);
        (await desk.Run("occasion", "held", board, "--on", "2021-12-15", "--in", told.Second.ToString(), "--words", "The board met")).Exit.ShouldBe(0);
        var shown = (await desk.See(80, "show", board)).Out;
        shown.ShouldContain("moved to 2021-12-20…2021-12-21, by Ada");
        shown.ShouldContain("“The board met”");
        ((string?)(await desk.Json("occasions", "--status", "held"))[0]!["expected"]!["from"]).ShouldBe("2021-12-15");
        (await desk.Run("occasion", "move", board, "--to", "2021-12-21..2021-12-20", "--reason", "x")).Exit.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task Links_tell_the_standing_of_both_ends_and_are_shown()
    {
        var (quote, claim) = (told.Quote.ToString(), told.Claim.ToString());
        (await desk.Run("link", quote, "contradicts", claim, "--reason", "Decided, and not decided")).Exit.ShouldBe(0);
        var again = await desk.Run("link", claim, "contradicts", quote);
        again.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("linked so already"));
        (await desk.Run("link", claim, "contradict", quote)).Error.ShouldContain("Did you mean 'contradicts'?");
        (await desk.See(80, "claims")).Out.ShouldContain("contradicted");
        var shown = (await desk.See(80, "show", claim)).Out;
        shown.ShouldContain("one source; contradicted");
        shown.ShouldContain($"contradicted by {quote[..8]}, recorded by Ada");
        ((string?)(await desk.Json("show", claim))["links"]![0]!["relation"]).ShouldBe("contradicts");
        (await desk.Run("why", claim)).Out.ShouldContain("linked by: claim.linked");
    }

    [Fact]
    public async Task A_programs_link_has_no_effect_until_it_is_accepted()
    {
        var link = (string)(await desk.Json("link", told.Quote.ToString(), "supports", told.Claim.ToString(), "--as-program", "linker@2"))["entries"]![0]!["id"]!;
        (await desk.Run("show", told.Claim.ToString())).Out.ShouldContain("proposed by linker 2 for Ada");
        (await desk.Run("why", told.Claim.ToString())).Out.ShouldNotContain("linked by");
        (await desk.Run("accept", link)).Out.ShouldBe("1 proposal accepted.\n");
        (await desk.Run("why", told.Claim.ToString())).Out.ShouldContain("linked by");
    }

    [Fact]
    public async Task Speakers_are_the_same_or_apart()
    {
        var said = await desk.Run("speaker", "same", "Ana Silva", "the harbour ofice", "--kind", "person");
        said.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(0), a => a.Error.ShouldContain("there is 'the harbour office'"));
        (await desk.Run("speaker", "same", "Ana Silva", "the harbour office")).Exit.ShouldBe(0);
        (await desk.Json("claims", "--speaker", "Ana Silva")).AsArray().Count.ShouldBe(1);
        (await desk.Run("speaker", "apart", "Ana Silva", "the harbour office", "--reason", "She is not the office")).Exit.ShouldBe(0);
        (await desk.Json("claims", "--speaker", "Ana Silva")).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_story_takes_nothing_new_until_it_is_reopened()
    {
        (await desk.Run("story", "close", "ferry", "--reason", "Sold")).Exit.ShouldBe(0);
        var refused = await desk.Run("question", "raise", "--text", "Who bought it?");
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("The story is closed"));
        (await desk.Run("story", "reopen", "ferry", "--reason", "Bought back")).Exit.ShouldBe(0);
        (await desk.Run("story", "change", "ferry", "--title", "The ferry", "--tag", "harbour")).Exit.ShouldBe(0);
        ((string?)(await desk.Json("stories"))[0]!["title"]).ShouldBe("The ferry");
        (await desk.Run("question", "raise", "--text", "Who bought it?")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_story_is_opened_once_and_then_has_to_be_named()
    {
        (await desk.Run("story", "open", "The lighthouse")).Out.ShouldStartWith("Opened the story the-lighthouse: entry 13, ");
        (await desk.Run("story", "open", "The lighthouse")).Error.ShouldContain("There is a story 'the-lighthouse' already.");
        var unnamed = await desk.Run("question", "raise", "--text", "Is it lit?");
        unnamed.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(2), a => a.Error.ShouldContain("--story"), a => a.Error.ShouldContain("the-lighthouse"));
        (await desk.Run("question", "raise", "--text", "Is it lit?", "--story", "the-lighthouse")).Exit.ShouldBe(0);
    }

    private string First => told.First.ToString()[..8];
}
