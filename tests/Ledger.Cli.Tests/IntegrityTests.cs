using Microsoft.Data.Sqlite;

namespace Ledger.Cli.Tests;

/// <summary>Checkpoints, keys, lists and backups at the terminal.</summary>
public sealed class IntegrityTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_checkpoint_that_was_kept_holds_until_the_last_entry_is_removed()
    {
        await BeginAsync();
        // The last entry is a command of its own; half a command would be found without a checkpoint.
        await desk.Run("note", (string)(await desk.Json("documents"))[0]!["id"]!, "Compare the board's minutes");
        var kept = desk.At("kept");
        (await desk.Run("checkpoint", "--out", kept)).Out.ShouldStartWith("Signed ");
        (await desk.Run("checkpoint")).Out.ShouldBe(await File.ReadAllTextAsync(kept));
        (await desk.Run("verify", "--checkpoint", kept, "--views")).Out.ShouldContain("The checkpoint holds");
        var size = (int)(await desk.Json("verify"))["size"]!;

        Execute("DELETE FROM parts WHERE idx = (SELECT max(idx) FROM entries); DELETE FROM entries WHERE idx = (SELECT max(idx) FROM entries)");

        (await desk.Run("verify")).Exit.ShouldBe(0, "what is left holds in itself");
        var answer = await desk.Run("verify", "--checkpoint", kept);
        answer.Exit.ShouldBe(ExitCodes.Integrity);
        answer.Error.ShouldContain($"from index {size - 1} on were removed");
        answer.Out.ShouldNotContain("Everything holds");
        (await desk.Run("verify", "--checkpoint", kept, "--json")).Out.ShouldContain("\"code\": \"checkpoint-larger\"");
    }

    [Fact]
    public async Task A_forged_checkpoint_is_told_and_no_other_file_is_written_over()
    {
        await BeginAsync();
        var kept = desk.At("kept");
        await desk.Run("checkpoint", "--out", kept);
        var note = await File.ReadAllTextAsync(kept);
        var forged = desk.Put("forged", note.Replace("\n" + note.Split('\n')[1] + "\n", "\n2\n", StringComparison.Ordinal));
        var answer = await desk.Run("verify", "--checkpoint", forged);
        (answer.Exit, answer.Error).ShouldSatisfyAllConditions(found => found.Exit.ShouldBe(5), found => found.Error.ShouldContain("signature does not hold"));
        (await desk.Run("verify", "--checkpoint", desk.Put("cut", note[..^9]))).Exit.ShouldBe(5);
        (await desk.Run("verify", "--checkpoint", desk.At("nowhere"))).Exit.ShouldBe(3);
        (await desk.Run("checkpoint", "--out", desk.Db)).Exit.ShouldBe(1);
        (await desk.Run("verify")).Exit.ShouldBe(0);
        (await desk.Run("checkpoint", "--out", kept)).Exit.ShouldBe(0, "an older checkpoint is replaced");
    }

    [Fact]
    public async Task A_key_is_added_and_the_old_one_retired()
    {
        await BeginAsync();
        var early = desk.At("early");
        await desk.Run("checkpoint", "--out", early);
        var first = (string)(await desk.Json("key", "show"))[0]!["id"]!;
        (await desk.Run("key", "retire", first, "--reason", "rotated")).Error.ShouldContain("only key");
        (await desk.Run("key", "add")).Exit.ShouldBe(0);
        (await desk.Run("key", "retire", first, "--reason", "rotated")).Exit.ShouldBe(0);
        var keys = (await desk.Json("key", "show")).AsArray();
        keys.Count.ShouldBe(2);
        keys[0]!["retired"].ShouldNotBeNull();
        ((string)keys[1]!["file"]!).ShouldBe($"{desk.Db}.key.{keys[1]!["id"]}");
        ((string)(await desk.Json("checkpoint"))["key"]!).ShouldBe((string)keys[1]!["publicKey"]!);
        await desk.Run("checkpoint", "--out", desk.At("late"));
        (await desk.Run("verify", "--checkpoint", early)).Exit.ShouldBe(0);
        (await desk.Run("verify", "--checkpoint", desk.At("late"), "--views")).Exit.ShouldBe(0);
        (await desk.Run("key", "retire", "00000000", "--reason", "x")).Exit.ShouldBe(3);
        (await desk.Run("key", "add", "nonsense")).Exit.ShouldBe(2);
        foreach (var file in Directory.GetFiles(desk.Folder, "*.key*"))
        {
            File.Delete(file);
        }

        (await desk.Run("checkpoint")).Error.ShouldContain("None of the ledger's keys is here");
    }

    [Fact]
    public async Task An_altered_row_of_a_list_is_found_and_named()
    {
        await BeginAsync();
        Execute("UPDATE view_documents_1 SET json = CAST(replace(CAST(json AS TEXT), 'Ferry', 'Ship') AS BLOB)");
        (await desk.Run("verify")).Exit.ShouldBe(0);
        var answer = await desk.Run("verify", "--views");
        answer.Exit.ShouldBe(5);
        answer.Error.ShouldContain("the list documents is not what the entries give");
        answer.Error.ShouldContain("ledger rebuild documents");
        (await desk.Run("rebuild", "documents")).Exit.ShouldBe(0);
        (await desk.Run("verify", "--views")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_backup_is_a_ledger_like_this_one()
    {
        await BeginAsync();
        var copy = desk.At("copy.db");
        (await desk.Run("backup", copy)).Out.ShouldContain("and verified");
        (await desk.Run("backup", copy)).Exit.ShouldBe(1);
        (await desk.Run("backup", copy, "--force")).Exit.ShouldBe(0);
        (await desk.Run("verify", "--json", "--db", copy)).Out.ShouldBe((await desk.Run("verify", "--json")).Out);
        (await desk.Run("documents", "--db", copy)).Out.ShouldBe((await desk.Run("documents")).Out);
    }

    private async Task BeginAsync() =>
        (await desk.Run("ingest", desk.Put("ferry.txt", "date 2022-01-05 Ferry again\n\nThe board said: \"The ferry runs again.\"\n"), "--story", "ferry", "--origin", "example.org/desk")).Exit.ShouldBe(0);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={desk.Db};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery().ShouldBeGreaterThan(0);
    }
}
