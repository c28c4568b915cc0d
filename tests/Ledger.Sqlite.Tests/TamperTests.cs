using Ledger.Conformance;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite.Tests;

/// <summary>Whoever can write the file can change any byte of it. Verification finds it and names the entry.</summary>
public sealed class TamperTests : IAsyncDisposable
{
    private const int Documents = 5;
    private readonly SqliteStore store = new();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    // As it is once the newest entries have become many.
    private const string GoneOver = "INSERT INTO ids SELECT id, idx FROM recent; INSERT INTO revisions SELECT story, revision, idx FROM recent; DELETE FROM recent; ";

    [Theory]
    [InlineData("hash")]
    [InlineData("envelope")]
    [InlineData("body_salt")]
    [InlineData("body")]
    [InlineData("recorder_salt")]
    [InlineData("recorder")]
    [InlineData("id")]
    public async Task A_flipped_byte_in_an_entry_is_found_and_the_entry_named(string column)
    {
        await FillAsync();
        for (var index = 0; index <= Documents; index++)
        {
            foreach (var at in (double[])[0, 0.5, 1])
            {
                await FlipAsync("entries", column, $"idx = {index}", at);
                await ShouldFailAtAsync(index);
                await FlipAsync("entries", column, $"idx = {index}", at);
            }
        }

        await ShouldHoldAsync();
    }

    [Theory]
    [InlineData("salt")]
    [InlineData("bytes")]
    public async Task A_flipped_byte_in_a_text_or_source_is_found_and_the_entry_named(string column)
    {
        await FillAsync();
        foreach (var name in (string[])["text", "source"])
        {
            await FlipAsync("parts", column, $"idx = 3 AND name = '{name}'", 0.5);
            await ShouldFailAtAsync(3);
            await FlipAsync("parts", column, $"idx = 3 AND name = '{name}'", 0.5);
        }

        await ShouldHoldAsync();
    }

    [Theory]
    [InlineData("UPDATE entries SET story = story + 1000 WHERE idx = 3")]
    [InlineData("UPDATE entries SET revision = revision + 1000 WHERE idx = 3")]
    [InlineData("UPDATE entries SET ledger_time = ledger_time + 1 WHERE idx = 3")]
    [InlineData("UPDATE entries SET ledger_time = ledger_time - 1 WHERE idx = 3")]
    [InlineData("UPDATE entries SET body = NULL, body_salt = NULL WHERE idx = 3")]
    [InlineData("UPDATE parts SET name = 'sauce' WHERE idx = 3 AND name = 'source'")]
    [InlineData("UPDATE parts SET bytes = (SELECT bytes FROM parts WHERE idx = 4 AND name = 'text'), salt = (SELECT salt FROM parts WHERE idx = 4 AND name = 'text') WHERE idx = 3 AND name = 'text'")]
    [InlineData("DELETE FROM parts WHERE idx = 3")]
    [InlineData("DELETE FROM entries WHERE idx = 3")]
    [InlineData("UPDATE entries SET idx = -1 WHERE idx = 3; UPDATE entries SET idx = 3 WHERE idx = 4; UPDATE entries SET idx = 4 WHERE idx = -1")]
    [InlineData("UPDATE entries SET envelope = (SELECT envelope FROM entries WHERE idx = 4), hash = (SELECT hash FROM entries WHERE idx = 4) WHERE idx = 3")]
    [InlineData("UPDATE recent SET id = x'00112233445566778899aabbccddeeff' WHERE idx = 3")]
    [InlineData("UPDATE recent SET revision = revision + 1000 WHERE idx = 3")]
    [InlineData("DELETE FROM recent WHERE idx = 3")]
    [InlineData(GoneOver + "UPDATE ids SET idx = 2 WHERE idx = 3")]
    [InlineData(GoneOver + "DELETE FROM ids WHERE idx = 3")]
    [InlineData(GoneOver + "UPDATE revisions SET idx = 2 WHERE idx = 3")]
    [InlineData(GoneOver + "DELETE FROM revisions WHERE idx = 3")]
    [InlineData("UPDATE stories SET id = x'00112233445566778899aabbccddeeff' WHERE number = (SELECT story FROM entries WHERE idx = 3)")]
    public async Task An_entry_changed_by_hand_is_found_and_named(string sql)
    {
        await FillAsync();
        Execute(sql);
        await ShouldFailAtAsync(3);
    }

    [Theory]
    [InlineData("hashes", 0, 0, 0.3)]
    [InlineData("hashes", 0, 1, 0.9)]
    [InlineData("root", 0, 1, 0.5)]
    public async Task A_flipped_byte_in_a_tile_is_found_and_the_first_entry_under_it_named(string column, int level, int tile, double at)
    {
        await FillAsync(notes: 700);
        await FlipAsync("tiles", column, $"level = {level} AND idx = {tile}", at);

        var report = await VerifyAsync();
        var failure = report.Failure.ShouldNotBeNull();
        (failure.Index / 256).ShouldBe(tile);
        failure.Entry.ShouldNotBeNull();

        await FlipAsync("tiles", column, $"level = {level} AND idx = {tile}", at);
        await ShouldHoldAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removed_last_entry_is_found_against_a_size_and_root_that_were_kept(bool replaced)
    {
        await FillAsync();
        var kept = await VerifyAsync();
        Execute($"DELETE FROM parts WHERE idx = {Documents}; DELETE FROM entries WHERE idx = {Documents}");
        if (replaced)
        {
            await using var opened = await store.OpenAsync();
            await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory));
        }

        var now = await VerifyAsync();

        // What is there holds in itself; only what was kept elsewhere tells.
        now.Failure.ShouldBeNull();
        (now.Size, now.Root).ShouldNotBe((kept.Size, kept.Root));
        now.Size.ShouldBe(replaced ? kept.Size : kept.Size - 1);
    }

    private async Task FillAsync(int notes = 0)
    {
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/tampered", default, Given.Ada, TimeProvider.System);
        for (var i = 0; i < Documents; i++)
        {
            await opened.Log.AppendAsync(Given.Command(opened.Log, Given.NewStory(), AppendRequest.NoStory, null, Given.Document($"Text {i} of a document.", [1, 2, 3, (byte)i])));
        }

        if (notes > 0)
        {
            (await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory, notes))).ShouldBeOfType<AppendResult.Appended>();
        }
    }

    private async Task ShouldFailAtAsync(long index)
    {
        var failure = (await VerifyAsync()).Failure.ShouldNotBeNull();
        failure.Index.ShouldBe(index);
        failure.Reason.ShouldNotBeNullOrWhiteSpace();
    }

    private async Task ShouldHoldAsync() => (await VerifyAsync()).Failure.ShouldBeNull();

    private async Task<VerificationReport> VerifyAsync()
    {
        await using var opened = await store.OpenReaderAsync();
        return await Verification.VerifyAsync(opened.Log);
    }

    private async Task FlipAsync(string table, string column, string where, double at)
    {
        await using var connection = Connect();
        using var read = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        read.CommandText = $"SELECT {column} FROM {table} WHERE {where}";
        var bytes = (byte[])(await read.ExecuteScalarAsync())!;
        bytes[(int)((bytes.Length - 1) * at)] ^= 1;
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE {table} SET {column} = $bytes WHERE {where}";
#pragma warning restore CA2100
        write.Parameters.AddWithValue("$bytes", bytes);
        (await write.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery().ShouldBeGreaterThan(0);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={store.FilePath};Pooling=False");
        connection.Open();
        return connection;
    }
}
