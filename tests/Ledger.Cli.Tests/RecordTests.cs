using Snapshooter.Xunit;

namespace Ledger.Cli.Tests;

/// <summary>Looking at one record, remarking on it, taking it back, and who did so.</summary>
public sealed class RecordTests : IAsyncLifetime, IDisposable
{
    private readonly Desk desk = new();
    private FerryStory.Told told = null!;

    public async Task InitializeAsync() => told = await FerryStory.TellAsync(desk.Db);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Show_marks_the_words_in_their_context()
    {
        var parts = new List<string>();
        foreach (var id in told.Found.Take(5).Append(told.First))
        {
            var answer = await desk.See(80, "show", id.ToString()[..8]);
            answer.Exit.ShouldBe(0, answer.Error);
            answer.Lines.ShouldAllBe(line => line.Length <= 80);
            parts.Add(answer.Out);
        }

        Snapshot.Match(Masks.Hide(string.Join("\n", parts)), "show");
    }

    [Fact]
    public async Task Show_gives_the_record_and_its_context_in_json() =>
        Snapshot.Match(Masks.Hide((await desk.Run("show", told.Question.ToString(), "--json")).Out), "json-show");

    [Fact]
    public async Task Why_walks_back_to_words_in_a_document()
    {
        Snapshot.Match(Masks.Hide((await desk.See(80, "why", told.Found[4].ToString())).Out), "why");
        Snapshot.Match(Masks.Hide((await desk.Run("why", told.Found[4].ToString(), "--json")).Out), "json-why");
    }

    [Fact]
    public async Task A_note_is_shown_with_what_it_is_about()
    {
        var noted = await desk.Run("note", told.Quote.ToString()[..8], "Compare the minutes", "--as", "Grace");
        noted.Exit.ShouldBe(0, noted.Error);
        noted.Out.ShouldStartWith($"Noted on quote.recorded {told.Quote.ToString()[..8]}: entry 13, ");
        (await desk.Run("show", told.Quote.ToString())).Out.ShouldContain("by Grace");
        (await desk.Run("show", told.Quote.ToString())).Out.ShouldContain("Compare the minutes");
        Snapshot.Match(Masks.Hide((await desk.Run("note", told.Quote.ToString(), "Again", "--json")).Out), "json-note");
    }

    [Fact]
    public async Task A_withdrawal_needs_a_reason_and_is_done_once()
    {
        (await desk.Run("withdraw", told.Claim.ToString())).Exit.ShouldBe(ExitCodes.Usage);
        (await desk.Run("withdraw", told.Claim.ToString(), "--reason", " ")).Exit.ShouldBe(ExitCodes.Refused);
        (await desk.Run("withdraw", told.Claim.ToString(), "--reason", "Misread")).Exit.ShouldBe(ExitCodes.Done);
        var again = await desk.Run("withdraw", told.Claim.ToString(), "--reason", "Misread");
        again.ShouldSatisfyAllConditions(answer => answer.Exit.ShouldBe(ExitCodes.Refused), answer => answer.Error.ShouldContain("is withdrawn already"));
    }

    [Fact]
    public async Task Audit_tells_who_recorded_what_on_which_words()
    {
        var audit = await desk.See(80, "audit");
        audit.Lines.ShouldAllBe(line => line.Length <= 80);
        Snapshot.Match(Masks.Hide(audit.Out) + Masks.Hide((await desk.Run("audit", "--by", "reader")).Out), "audit");
    }

    [Fact]
    public async Task Audit_is_bounded_by_time()
    {
        (await desk.Json("audit", "--by", "Ada")).AsArray().Count.ShouldBe(13, "a program's entries that it recorded for her are hers to answer for");
        (await desk.Json("audit", "--by", "Ad")).AsArray().ShouldBeEmpty();
        (await desk.Json("audit", "--to", "2020-01-01")).AsArray().ShouldBeEmpty();
        (await desk.Json("audit", "--from", "2020-01-01")).AsArray().Count.ShouldBe(13);
        (await desk.See(80, "audit", "--from", "2200-01-01")).Error.ShouldBe("No entries match.\n");
    }

    [Theory]
    [InlineData("show")]
    [InlineData("why")]
    public async Task An_id_that_is_not_there_is_named(string verb)
    {
        (await desk.Run(verb, "00000000")).Exit.ShouldBe(ExitCodes.NotFound);
        (await desk.Run(verb, Guid.Empty.ToString())).Exit.ShouldBe(ExitCodes.NotFound);
        (await desk.Run(verb, "night")).Exit.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task An_ambiguous_beginning_of_an_id_is_refused_with_the_ids()
    {
        // Notes until two ids begin with the same six digits would take thousands; the query is asked with none.
        var session = await Session.ReadAsync(new(new System.CommandLine.RootCommand { GlobalOptions.Db }.Parse(["--db", desk.Db]), null!, default));
        await using var _ = session;
        var all = await session.Ledger.FindIdsAsync(new(Guid.Empty), new(Guid.AllBitsSet), 9);
        all.Count.ShouldBe(9);
        var error = Session.Ambiguous("0f3a91", all).Error;
        error.ShouldSatisfyAllConditions(e => ExitCodes.Of(e).ShouldBe(ExitCodes.Refused), e => e.Message.ShouldContain("many"), e => e.Hint!.ShouldContain(all[0].ToString()));
    }
}
