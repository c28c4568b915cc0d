namespace Ledger.Cli.Tests;

/// <summary>What was recorded in error is put right, decided on, or overtaken by a revised text, and every list tells so.</summary>
public sealed class CorrectionTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_correction_is_seen_in_show_and_lists_and_not_before_it_was_made()
    {
        var claim = told.Claim.ToString();
        (await desk.Run("correct", claim, "--speaker", "Ana Silva", "--statement", "The ferry stops.", "--reason", "She said it")).Exit.ShouldBe(0);
        (await desk.Run("correct", claim, "--speaker", "", "--words", "The night ferry stops", "--reason", "Nobody is named")).Exit.ShouldBe(0);
        var now = await desk.Json("show", claim);
        ((string?)now["statement"]).ShouldBe("The ferry stops.");
        ((string?)now["speaker"]).ShouldBe("the harbour office");
        ((string?)now["context"]!["words"]![0]).ShouldBe("The night ferry stops");
        now["corrections"]!.AsArray().Count.ShouldBe(2);
        (await desk.See(80, "show", claim)).Out.ShouldContain("corrected    She said it");
        ((string?)(await desk.Json("claims", "--document", told.First.ToString()))[0]!["statement"]).ShouldBe("The ferry stops.");
        ((string?)(await desk.Json("show", claim, "--as-of", "13"))["speaker"]).ShouldBe("Ana Silva");
        ((string?)(await desk.Json("show", claim, "--as-of", "12"))["statement"]).ShouldBe("The night ferry stops in winter.");
        (await desk.Run("why", claim)).Out.ShouldContain("corrected by: entry.corrected");
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_document_a_question_and_an_occasion_are_corrected_by_their_own_fields()
    {
        (await desk.Run("correct", told.First.ToString(), "--title", "Ferry stops", "--date", "2021-11-04", "--author", "A. Reporter", "--reason", "Typed wrong")).Exit.ShouldBe(0);
        ((string?)(await desk.Json("show", told.First.ToString()))["dated"]).ShouldBe("2021-11-04");
        (await desk.Json("questions", "--published-by", "2021-11-03")).AsArray().ShouldBeEmpty();
        (await desk.Run("correct", told.Question.ToString(), "--text", "Which ferries?", "--kind", "unknown", "--reason", "Shorter")).Exit.ShouldBe(0);
        (await desk.Run("correct", told.Found[2].ToString(), "--where", "Town hall", "--expected", "2021-12-15", "--reason", "The notice says so")).Exit.ShouldBe(0);
        (await desk.Run("show", told.Found[2].ToString())).Out.ShouldContain("Town hall");
    }

    [Theory]
    [InlineData("--title x", 2, "A claim has no --title.")]
    [InlineData("--modality odd", 2, "It takes asserted, denied, expected, asked or reportedAbsent.")]
    [InlineData("--modality asserted", 1, "It says so already.")]
    [InlineData("--words ferries --nth 9", 2, "--nth does not take 9.")]
    [InlineData("--cue whispered", 1, "does not stand in")]
    [InlineData("--parent C", 1, "cannot make an entry refer to itself")]
    public async Task A_correction_that_cannot_be_meant_is_refused(string typed, int exit, string message)
    {
        var claim = told.Claim.ToString();
        var refused = await desk.Run(["correct", claim, .. typed.Split(' ').Select(word => word == "C" ? claim : word), "--reason", "x"]);
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(exit), a => a.Error.ShouldContain(message));
    }

    [Fact]
    public async Task What_is_rejected_leaves_the_lists_and_stays_on_record()
    {
        (await desk.Run("reject", told.Claim.ToString(), told.Quote.ToString(), "--reason", "Misread")).Out.ShouldBe("2 proposals rejected.\n");
        (await desk.Json("claims")).AsArray().Count.ShouldBe(1);
        (await desk.Json("claims", "--all")).AsArray().Count.ShouldBe(2);
        (await desk.Json("claims", "--status", "rejected")).AsArray().Count.ShouldBe(1);
        (await desk.Run("show", told.Claim.ToString())).Out.ShouldContain("rejected by Ada: Misread");
        (await desk.Run("why", told.Claim.ToString())).Out.ShouldContain("rejected by: proposal.rejected");
        (await desk.Run("link", told.Claim.ToString(), "repeats", told.Quote.ToString())).Error.ShouldContain("was rejected");
    }

    [Fact]
    public async Task Many_proposals_are_decided_at_once_and_each_once()
    {
        (await desk.Run("accept", "--all", "--rule", "absence")).Out.ShouldBe("2 proposals accepted.\n");
        (await desk.Run("accept", "--all", "--rule", "absence")).Out.ShouldBe("Nothing to decide: no proposal matches.\n");
        var rest = await desk.Json("reject", "--all", "--document", told.First.ToString(), "--reason", "A hoax", "--based-on", "2021-12-15");
        ((int)rest["rejected"]!).ShouldBe(5);
        (await desk.Json("questions")).AsArray().Count.ShouldBe(1);
        var again = await desk.Run("accept", told.Claim.ToString(), "--reason", "No hoax");
        again.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(0, a.Error), a => a.Out.ShouldBe("1 proposal accepted.\n"));
        (await desk.Json("claims")).AsArray().Select(claim => (string?)claim!["id"]).ShouldContain(told.Claim.ToString());
        (await desk.Json("claims", "--published-by", "2021-12-15")).AsArray().Select(claim => (string?)claim!["id"]).ShouldContain(told.Claim.ToString());
        var once = await desk.Run("accept", told.Claim.ToString());
        once.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(0), a => a.Out.ShouldBe("Nothing to do: 1 proposal was accepted already.\n"));
        (await desk.Run("verify", "--views")).Exit.ShouldBe(0);
    }

    [Theory]
    [InlineData("accept C")]
    [InlineData("reject C --reason x")]
    [InlineData("story close ferry --reason x")]
    public async Task A_program_cannot_decide(string typed)
    {
        var refused = await desk.Run([.. typed.Split(' ').Select(word => word == "C" ? told.Claim.ToString() : word), "--as-program", "bot@1"]);
        refused.ShouldSatisfyAllConditions(a => a.Exit.ShouldBe(1), a => a.Error.ShouldContain("bot 1 is a program: it proposes, and a person decides."));
        (await desk.Run("accept", told.Claim.ToString(), "--as-program", "bot")).Exit.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task Another_text_at_a_known_url_is_its_revision_and_tells_what_it_orphaned()
    {
        const string Before = "---\ntitle: Ferry late\ndate: 2022-03-04\nurl: https://example.org/ferry\n---\nThe harbour master said: \"The ferry is late.\" The mayor said: \"The ferry is full.\"\n";
        var path = desk.Put("late/a.md", Before);
        var first = (string)(await desk.Json("ingest", path, "--story", "late"))["documents"]![0]!;
        var quotes = (await desk.Json("quotes", "--story", "late")).AsArray().Count;
        quotes.ShouldBeGreaterThan(1);
        desk.Put("late/a.md", Before.Replace("The ferry is late.", "The ferry is lost.", StringComparison.Ordinal));
        var revised = await desk.Run("ingest", path, "--story", "late");
        revised.Exit.ShouldBe(0, revised.Error);
        revised.Out.ShouldContain($" revises {first[..8]}, “Ferry late”: ");
        revised.Out.ShouldContain("no longer stand");
        revised.Out.ShouldContain("The ferry is late.");
        var documents = (await desk.Json("documents", "--story", "late")).AsArray();
        documents.Count.ShouldBe(2);
        ((string?)(await desk.Json("documents", "--status", "revised"))[0]!["id"]).ShouldBe(first);
        (await desk.Run("show", first)).Out.ShouldContain("revised by");
        (await desk.Json("quotes", "--story", "late")).AsArray().Count.ShouldBe(quotes + 1);
        ((int)(await desk.Json("ingest", path, "--story", "late"))["entries"]!).ShouldBe(0);
        (await desk.Run("record", "quote", "--in", (string)documents[0]!["id"]!, "--words", "The ferry is full")).Exit.ShouldBe(0);
        (await desk.Run("verify")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_document_without_a_url_is_revised_by_name()
    {
        var path = desk.Put("new.txt", "date 2021-11-05 Night ferry stops\n\nThe night ferry stops in winter. The board meets on 14 December.\n");
        var revised = await desk.Json("ingest", path, "--revises", told.First.ToString()[..8]);
        ((string?)revised["story"]).ShouldBe("ferry");
        revised["revisions"]![0]!["orphaned"]!.AsArray().Select(id => (string?)id).ShouldBe([told.Quote.ToString(), told.Question.ToString()]);
        (await desk.Run("show", told.Quote.ToString())).Out.ShouldContain("does not have these words");
        (await desk.Run("why", told.Quote.ToString())).Out.ShouldContain("orphaned by: document.revised");
        var again = desk.Put("newer.txt", "date 2021-11-06 Night ferry stops\n\nThe night ferry stops.\n");
        (await desk.Run("ingest", again, "--revises", told.First.ToString())).Error.ShouldContain("was revised already");
    }
}
