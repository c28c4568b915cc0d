using System.Diagnostics;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Sqlite.Tests.SecondProcess;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite.Tests;

/// <summary>Files that are no ledger, of a newer version, damaged or not to be written: a clear error, and nothing changed.</summary>
public sealed class FileTests : IAsyncDisposable
{
    private readonly SqliteStore store = new();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Theory]
    [InlineData(SqliteAccess.Read)]
    [InlineData(SqliteAccess.Write)]
    public async Task A_text_file_is_not_a_ledger(SqliteAccess access)
    {
        await File.WriteAllTextAsync(store.FilePath, string.Join('\n', Enumerable.Repeat("Minutes of the closed meeting.", 500)));
        await ShouldBeRefusedUntouchedAsync(access, "not-a-ledger");
    }

    [Theory]
    [InlineData(SqliteAccess.Read)]
    [InlineData(SqliteAccess.Write)]
    public async Task Another_programs_database_is_not_a_ledger(SqliteAccess access)
    {
        Execute("CREATE TABLE shopping(item TEXT); INSERT INTO shopping VALUES ('milk')");
        await ShouldBeRefusedUntouchedAsync(access, "not-a-ledger");
    }

    [Fact]
    public async Task An_empty_file_can_become_a_ledger_and_is_none_to_a_reader()
    {
        await File.WriteAllBytesAsync(store.FilePath, []);
        await ShouldBeRefusedUntouchedAsync(SqliteAccess.Read, "not-a-ledger");
        await using var opened = await store.OpenAsync();
        (await opened.Log.HeadAsync()).Size.ShouldBe(0);
    }

    [Theory]
    [InlineData(SqliteAccess.Read, 1, "ledger-from-newer-version")]
    [InlineData(SqliteAccess.Write, 1, "ledger-from-newer-version")]
    [InlineData(SqliteAccess.Read, -1, "ledger-from-older-version")]
    [InlineData(SqliteAccess.Write, -1, "ledger-from-older-version")]
    public async Task A_ledger_from_another_version_is_left_alone(SqliteAccess access, int difference, string code)
    {
        await FillAsync();
        Execute($"PRAGMA user_version = {Schema.Version + difference}");
        await ShouldBeRefusedUntouchedAsync(access, code);
    }

    [Theory]
    [InlineData(SqliteAccess.Read)]
    [InlineData(SqliteAccess.Write)]
    public async Task A_ledger_whose_header_is_damaged_is_refused(SqliteAccess access)
    {
        await FillAsync();
        await FlipAsync(3);
        await ShouldBeRefusedUntouchedAsync(access, "not-a-ledger");
        await FlipAsync(3);
        await ShouldVerifyAsync(4);
    }

    [Theory]
    [InlineData(SqliteAccess.Read)]
    [InlineData(SqliteAccess.Write)]
    public async Task A_ledger_whose_tables_are_damaged_is_refused(SqliteAccess access)
    {
        await FillAsync();
        // The first page's b-tree header: where SQLite finds its tables.
        await FlipAsync(100);
        await ShouldBeRefusedUntouchedAsync(access, "file-damaged");
        await FlipAsync(100);
        await ShouldVerifyAsync(4);
    }

    [Fact]
    public async Task A_ledger_that_is_not_there_is_not_found()
    {
        Should.Throw<LedgerException>(() => SqliteLedger.Open(store.FilePath, SqliteAccess.Read)).Error.Code.ShouldBe("ledger-not-found");
        (await Given.CodeAsync(() => Task.Run(() => SqliteLedger.Open(Path.Combine(store.FilePath, "nowhere", "a.db"), SqliteAccess.Write)))).ShouldBe("folder-not-found");
        File.Exists(store.FilePath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reader_appends_nothing()
    {
        await FillAsync();
        await using var reader = await store.OpenReaderAsync();
        (await reader.Log.AppendAsync(Given.Notes(reader.Log, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe("read-only");
        (await Given.CodeAsync(() => reader.Log.EraseAsync(default, Part.Body).AsTask())).ShouldBe("read-only");
        (await Given.CodeAsync(() => reader.Log.ImportAsync(reader.Log.ReadAsync(0)).AsTask())).ShouldBe("read-only");
        await ShouldVerifyAsync(4);
    }

    [Fact]
    public async Task A_write_ahead_log_cut_off_by_a_power_failure_leaves_whole_commands()
    {
        await using var copy = new SqliteStore();
        await using (var opened = await store.OpenAsync())
        {
            await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/cut", default, Given.Ada, TimeProvider.System);
            for (var i = 0; i < 40; i++)
            {
                await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory, 3));
            }

            File.Copy(store.FilePath, copy.FilePath);
            File.Copy(store.FilePath + "-wal", copy.FilePath + "-wal");
        }

        await using (var wal = File.OpenWrite(copy.FilePath + "-wal"))
        {
            wal.SetLength(wal.Length * 2 / 3);
        }

        await using var again = await copy.OpenAsync();
        var report = await Verification.VerifyAsync(again.Log);
        report.Failure.ShouldBeNull();
        report.Size.ShouldBeInRange(1, 120);
        (await again.Log.AppendAsync(Given.Notes(again.Log, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>();
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public async Task A_ledger_that_was_cut_off_is_told_to_be_damaged_and_holds_again_once_it_is_restored(double share)
    {
        await FillAsync(documents: 40);
        var whole = await File.ReadAllBytesAsync(store.FilePath);
        await File.WriteAllBytesAsync(store.FilePath, whole[..(int)(whole.Length * share)]);

        var code = await Given.CodeAsync(async () =>
        {
            await using var cut = await store.OpenReaderAsync();
            throw new LedgerException(LedgerError.Refused((await Verification.VerifyAsync(cut.Log)).Failure is null ? "held" : "found", ""));
        });

        code.ShouldBeOneOf("file-damaged", "found");
        await File.WriteAllBytesAsync(store.FilePath, whole);
        await ShouldVerifyAsync(44);
    }

    [SkippableFact]
    public async Task A_file_that_cannot_be_written_is_told_to_a_writer_and_read_by_others()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "NOT CHECKED: permissions are tried as an ordinary user, which only root can start.");
        await FillAsync();
        File.Delete(store.FilePath + ".lock");
        var folder = Path.GetDirectoryName(store.FilePath)!;
        using (var chmod = Process.Start("chmod", ["777", folder]))
        {
            await chmod.WaitForExitAsync();
        }

        using (var chmod = Process.Start("chmod", ["444", store.FilePath]))
        {
            await chmod.WaitForExitAsync();
        }

        await using (var writer = Child.StartAsNobody("hold", store.FilePath))
        {
            (await writer.ReadToEndAsync()).ShouldHaveSingleItem().ShouldStartWith("read-only ");
        }

        await using (var reader = Child.StartAsNobody("read", store.FilePath))
        {
            (await reader.ReadToEndAsync()).ShouldBe(["4"]);
        }

        await ShouldVerifyAsync(4);
    }

    [SkippableFact]
    public async Task A_folder_that_cannot_be_written_is_told_to_writers_and_to_readers_as_what_it_is()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "Permissions are tried as an ordinary user, which only root can start.");
        await FillAsync();
        await AllowReadingAsync();

        // Nobody writes it: it can be read as it stands.
        await using (var reader = Child.StartAsNobody("read", store.FilePath))
        {
            (await reader.ReadToEndAsync()).ShouldBe(["4"]);
        }

        await using (var writer = Child.StartAsNobody("hold", store.FilePath))
        {
            (await writer.ReadToEndAsync()).ShouldHaveSingleItem().ShouldStartWith("read-only ");
        }

        // While somebody writes it, reading works without any permission to write.
        await using (var opened = await store.OpenAsync())
        {
            await AllowReadingAsync();
            await using var reader = Child.StartAsNobody("read", store.FilePath);
            (await reader.ReadToEndAsync()).ShouldBe(["4"]);
        }

        await ShouldVerifyAsync(4);
    }

    private async Task AllowReadingAsync()
    {
        var folder = Path.GetDirectoryName(store.FilePath)!;
        using var chmod = Process.Start("chmod", ["-R", "a+rX,go-w", folder]);
        await chmod.WaitForExitAsync();
    }

    private async Task FillAsync(int documents = 0)
    {
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/file", default, Given.Ada, TimeProvider.System);
        await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory, 3));
        for (var i = 0; i < documents; i++)
        {
            await opened.Log.AppendAsync(Given.Command(opened.Log, Given.NewStory(), AppendRequest.NoStory, null, Given.Document(new string('w', 5000))));
        }
    }

    private async Task ShouldVerifyAsync(long size)
    {
        await using var opened = await store.OpenAsync();
        var report = await Verification.VerifyAsync(opened.Log);
        report.Failure.ShouldBeNull();
        report.Size.ShouldBe(size);
    }

    private async Task ShouldBeRefusedUntouchedAsync(SqliteAccess access, string code)
    {
        var before = await File.ReadAllBytesAsync(store.FilePath);

        var error = Should.Throw<LedgerException>(() => SqliteLedger.Open(store.FilePath, access)).Error;

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(store.FilePath);
        (await File.ReadAllBytesAsync(store.FilePath)).ShouldBe(before);
    }

    private async Task FlipAsync(int offset)
    {
        var bytes = await File.ReadAllBytesAsync(store.FilePath);
        bytes[offset] ^= 0x40;
        await File.WriteAllBytesAsync(store.FilePath, bytes);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store.FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
