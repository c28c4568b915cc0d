using Ledger.Conformance;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Views;
using Ledger.Sqlite.Tests.SecondProcess;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite.Tests;

/// <summary>A backup is a whole, verified ledger or is not there; it takes no file's place unasked, and never the ledger's.</summary>
public sealed class BackupTests : IAsyncDisposable
{
    private readonly SqliteStore store = new();
    private readonly SqliteStore safe = new();

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await safe.DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_is_backed_up_while_another_process_writes_it()
    {
        await using var child = Child.Start("record", store.FilePath);
        for (var round = 0; round < 3; round++)
        {
            for (var line = 0; line < 30; line++)
            {
                (await child.ReadLineAsync()).ShouldNotBeNull();
            }

            await using var ledger = SqliteLedger.Open(store.FilePath, SqliteAccess.Read);
            var before = (await ledger.HeadAsync()).Size;
            var report = await ledger.BackupAsync(safe.FilePath, force: round > 0);
            report.Size.ShouldBeGreaterThanOrEqualTo(before);
            report.Root.ShouldBe(await Proofs.RootAsync(ledger, report.Size));
            Left().ShouldBe([Path.GetFileName(safe.FilePath)]);
        }

        await using var copy = await safe.OpenAsync();
        (await Verification.VerifyAsync(copy.Log)).Failure.ShouldBeNull();
        await new ViewKeeper(copy.Log, copy.Views, AllViews.List).CatchUpAsync();
        (await ViewVerification.VerifyAsync(copy.Log, copy.Views, AllViews.List)).Failure.ShouldBeNull();
        (await copy.Log.AppendAsync(Given.Notes(copy.Log, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task Nothing_that_is_there_is_replaced_unasked_and_the_ledger_never()
    {
        await FillAsync();
        await File.WriteAllTextAsync(safe.FilePath, "minutes");
        await using var ledger = SqliteLedger.Open(store.FilePath, SqliteAccess.Read);
        (await Given.CodeAsync(() => ledger.BackupAsync(safe.FilePath))).ShouldBe("file-exists");
        (await File.ReadAllTextAsync(safe.FilePath)).ShouldBe("minutes");
        (await Given.CodeAsync(() => ledger.BackupAsync(store.FilePath, force: true))).ShouldBe("backup-onto-itself");
        (await Given.CodeAsync(() => ledger.BackupAsync(Path.GetDirectoryName(safe.FilePath)!, force: true))).ShouldBe("not-a-file");
        (await Given.CodeAsync(() => ledger.BackupAsync(Path.Combine(safe.FilePath, "nowhere", "a.db")))).ShouldBe("folder-not-found");
        await File.WriteAllTextAsync(safe.FilePath + "-wal", "of another ledger");
        (await Given.CodeAsync(() => ledger.BackupAsync(safe.FilePath, force: true))).ShouldBe("backup-target-open");
        File.Delete(safe.FilePath + "-wal");
        (await ledger.BackupAsync(safe.FilePath, force: true)).Size.ShouldBe(4);
        Left().ShouldBe([Path.GetFileName(safe.FilePath)]);
    }

    [Fact]
    public async Task A_copy_that_does_not_hold_is_not_left_behind()
    {
        await FillAsync();
        using (var connection = new SqliteConnection($"Data Source={store.FilePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE entries SET body = CAST('{}' AS BLOB) WHERE idx = 2";
            command.ExecuteNonQuery();
        }

        await using var ledger = SqliteLedger.Open(store.FilePath, SqliteAccess.Read);
        (await Given.CodeAsync(() => ledger.BackupAsync(safe.FilePath))).ShouldBe("backup-does-not-hold");
        Left().ShouldBeEmpty();
    }

    private IEnumerable<string?> Left() => Directory.GetFiles(Path.GetDirectoryName(safe.FilePath)!).Select(Path.GetFileName);

    private async Task FillAsync()
    {
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/safe", default, Given.Ada, TimeProvider.System);
        await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory, 3));
    }
}
