namespace Ledger.Cli.Tests;

public sealed class StoreTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_copied_ledger_is_the_same_ledger()
    {
        await desk.Run("ingest", Desk.Seeds);
        var root = (string?)(await desk.Json("verify"))["root"];
        var copy = desk.At("copy.db");

        var copied = await desk.Json("copy", "--to", $"sqlite:{copy}");
        ((string?)copied["root"]).ShouldBe(root);
        ((int)copied["added"]!).ShouldBe((int)copied["size"]!);
        ((int)(await desk.Json("copy", "--to", $"sqlite:{copy}"))["added"]!).ShouldBe(0);

        // What is ingested again there is known there.
        var before = await desk.Json("questions");
        desk.Db = copy;
        await desk.Run("ingest", Desk.Seeds);
        ((string?)(await desk.Json("verify", "--views"))["root"]).ShouldBe(root);
        (await desk.Json("questions")).ToJsonString().ShouldBe(before.ToJsonString());
    }

    [Fact]
    public async Task A_copy_that_cannot_be_leaves_nothing_behind()
    {
        var copy = desk.At("copy.db");
        var nothing = await desk.Run("copy", "--to", $"sqlite:{copy}");
        nothing.Exit.ShouldBe(ExitCodes.NotFound);
        File.Exists(copy).ShouldBeFalse();

        await desk.Run("story", "open", "The ferry");
        (await desk.Run("copy", "--to", $"sqlite:{desk.Db}", "--from", $"sqlite:{desk.Db}")).Exit.ShouldBe(ExitCodes.Usage);
        (await desk.Run("copy", "--to", $"sqlite:{copy}")).Exit.ShouldBe(ExitCodes.Done);
        await desk.Run("story", "open", "The bridge", "--db", copy);
        var other = await desk.Run("copy", "--to", $"sqlite:{copy}");
        other.Exit.ShouldBe(ExitCodes.Refused);
        other.Error.ShouldContain("not the beginning of this ledger");
    }

    [Theory]
    [InlineData("ferry.db", "'ferry.db' names no store.")]
    [InlineData("sqlite:", "'sqlite:' names no store.")]
    [InlineData("oracle:here", "'oracle:here' names no store.")]
    public async Task A_store_that_is_none_is_refused(string store, string error)
    {
        var answer = await desk.Run("questions", "--store", store);
        answer.Exit.ShouldBe(ExitCodes.Usage);
        answer.Error.ShouldContain(error);
    }

    [Fact]
    public async Task Who_names_a_file_alone_is_told_how_a_file_is_named() =>
        (await desk.Run("copy", "--to", "ferry.db")).Error.ShouldContain("A file is named sqlite:ferry.db");

    [Fact]
    public async Task A_store_is_named_once()
    {
        var answer = await desk.Run("questions", "--store", "sqlite:a.db", "--db", "b.db");
        answer.Exit.ShouldBe(ExitCodes.Usage);
        answer.Error.ShouldContain("--db FILE is short for --store sqlite:FILE.");
    }
}
