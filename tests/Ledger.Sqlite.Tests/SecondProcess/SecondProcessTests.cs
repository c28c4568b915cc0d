using Ledger.Conformance;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Sqlite.Tests.SecondProcess;

/// <summary>One process writes; any number read and follow.</summary>
public sealed class SecondProcessTests : IAsyncDisposable
{
    private readonly SqliteStore store = new();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_second_process_follows_what_this_one_appends()
    {
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/followed", default, Given.Ada, TimeProvider.System);
        await using var child = Child.Start("follow", store.FilePath, "0", "301");
        (await child.ReadLineAsync()).ShouldBe("open");

        for (var i = 0; i < 100; i++)
        {
            await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory, 3));
        }

        (await child.ReadToEndAsync()).ShouldBe((await Given.AllAsync(opened.Log)).Select(entry => entry.Hash.ToString()));
    }

    [Fact]
    public async Task A_second_process_that_would_write_is_refused_and_told_who_writes()
    {
        await using var opened = await store.OpenAsync();
        await using var child = Child.Start("hold", store.FilePath);

        var said = (await child.ReadToEndAsync()).ShouldHaveSingleItem();

        said.ShouldStartWith("another-writer ");
        said.ShouldContain($"process {Environment.ProcessId} ");
        said.ShouldContain(Environment.MachineName);
    }

    [Fact]
    public async Task Whoever_is_refused_is_told_the_process_that_writes_now_not_one_that_was_killed()
    {
        int killed;
        await using (var first = Child.Start("hold", store.FilePath))
        {
            (await first.ReadLineAsync()).ShouldBe("open");
            killed = first.Id;
        }

        await using var second = Child.Start("hold", store.FilePath);
        (await second.ReadLineAsync()).ShouldBe("open");

        var error = Should.Throw<Core.LedgerException>(() => SqliteLedger.Open(store.FilePath, SqliteAccess.Write)).Error;
        error.Code.ShouldBe("another-writer");
        error.Message.ShouldContain($"process {second.Id} ");
        error.Message.ShouldNotContain($"process {killed} ");
    }

    [Fact]
    public async Task A_writer_that_was_killed_keeps_nobody_out()
    {
        await using (var child = Child.Start("hold", store.FilePath))
        {
            (await child.ReadLineAsync()).ShouldBe("open");
        }

        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/next", default, Given.Ada, TimeProvider.System);
        (await Verification.VerifyAsync(opened.Log)).Size.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_races_for_the_ledger_gets_it_or_is_told_by_a_name()
    {
        var children = Enumerable.Range(0, 4).Select(_ => Child.Start("hold", store.FilePath)).ToList();
        var said = await Task.WhenAll(children.Select(child => child.ReadLineAsync()));

        said.Count(line => line == "open").ShouldBe(1);
        var winner = children[Array.IndexOf(said, "open")];
        foreach (var line in said.Where(line => line != "open"))
        {
            line.ShouldNotBeNull().ShouldContain($"process {winner.Id} ");
        }

        foreach (var child in children)
        {
            await child.DisposeAsync();
        }
    }
}
