using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Sqlite.Tests.SecondProcess;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite.Tests;

/// <summary>A row of a view that was altered by hand is found, and its view, key and entry are named; a rebuild puts it right.</summary>
public sealed class ViewTamperTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SqliteStore store = new();
    private EntryId document;

    public async Task InitializeAsync()
    {
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/altered", default, Given.Ada, TimeProvider.System);
        var appender = new Appender(opened.Log);
        for (var number = 0; number < 9; number++)
        {
            var (story, id, command) = Host.Command(opened.Log.Naming, 0, number);
            var receipt = (await appender.AppendAsync(story, id, Given.Ada, command)).Value;
            document = number == 1 ? receipt.Entries[0].Id : document;
        }

        (await appender.AppendAsync(opened.Log.Naming.Story("story-0"), CommandId.New(), Given.Ada, new StoryCommand.RecordBody(new EntryWithdrawn(document, "wrong")))).Error.ShouldBeNull();
        await new ViewKeeper(opened.Log, opened.Views, AllViews.List).CatchUpAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    ValueTask IAsyncDisposable.DisposeAsync() => store.DisposeAsync();

    [Theory]
    [InlineData("UPDATE {0} SET json = CAST(replace(CAST(json AS TEXT), 'Document 0/1', 'Document 1/0') AS BLOB) WHERE key = $key")]
    [InlineData("UPDATE {0} SET json = CAST(replace(CAST(json AS TEXT), 'wrong', 'right') AS BLOB) WHERE key = $key")]
    [InlineData("UPDATE {0} SET json = CAST('{' AS BLOB) WHERE key = $key AND to_idx > 1000")]
    [InlineData("UPDATE {0} SET f_publisher = 'Mallory' WHERE key = $key")]
    [InlineData("UPDATE {0} SET f_publisher = NULL WHERE key = $key")]
    [InlineData("UPDATE {0} SET began = began + 7 WHERE key = $key")]
    [InlineData("UPDATE {0} SET story = zeroblob(16) WHERE key = $key")]
    [InlineData("UPDATE {0} SET to_idx = to_idx - 1 WHERE key = $key AND to_idx < 1000")]
    [InlineData("UPDATE {0} SET to_idx = 20 WHERE key = $key AND to_idx > 1000")]
    [InlineData("UPDATE {0} SET from_idx = from_idx + 1 WHERE key = $key AND to_idx < 1000")]
    [InlineData("DELETE FROM {0} WHERE key = $key")]
    [InlineData("DELETE FROM {0} WHERE key = $key AND to_idx < 1000")]
    public async Task A_row_altered_by_hand_is_found_and_named(string sql)
    {
        (await VerifyAsync()).Failure.ShouldBeNull();
        Execute(sql);

        var failure = (await VerifyAsync()).Failure.ShouldNotBeNull(sql);

        (failure.View, failure.Key).ShouldBe(("documents", document.Value));
        failure.Entry.ShouldNotBeNull();
        await using (var opened = await store.OpenAsync())
        {
            await new ViewKeeper(opened.Log, opened.Views, AllViews.List).RebuildAsync(DocumentsView.View);
        }

        (await VerifyAsync()).Failure.ShouldBeNull("a rebuild makes it anew");
    }

    [Fact]
    public async Task A_row_that_no_entry_made_is_found()
    {
        Execute("UPDATE {0} SET key = key WHERE key = $key; CREATE TEMP TABLE copy AS SELECT * FROM {0} WHERE key = $key; UPDATE copy SET key = zeroblob(16), story = zeroblob(16); INSERT INTO {0} SELECT * FROM copy");
        (await VerifyAsync()).Failure.ShouldNotBeNull().View.ShouldBe("documents");
    }

    [Fact]
    public async Task A_view_that_is_behind_is_compared_as_far_as_it_has_come()
    {
        await using (var opened = await store.OpenAsync())
        {
            await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory));
        }

        var report = await VerifyAsync();
        report.Failure.ShouldBeNull();
        report.Records.ShouldBeGreaterThan(20);
        report.Versions.ShouldBeGreaterThan(40);
        report.NotKept.ShouldBeEmpty();
    }

    private async Task<ViewReport> VerifyAsync()
    {
        await using var opened = await store.OpenReaderAsync();
        return await ViewVerification.VerifyAsync(opened.Log, opened.Views, AllViews.List);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store.FilePath};Pooling=False");
        connection.Open();
        using var table = connection.CreateCommand();
        table.CommandText = "SELECT 'view_documents_' || generation FROM views WHERE name = 'documents'";
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql.Replace("{0}", (string)table.ExecuteScalar()!, StringComparison.Ordinal);
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$key", document.Value.ToByteArray(bigEndian: true));
        command.ExecuteNonQuery().ShouldBeGreaterThan(0);
    }
}
