using System.Text;
using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite.Tests;

/// <summary>After an erasure the words are nowhere in the engine's files, or the caller is told that they still are.</summary>
public sealed class ErasedWordsTests : IAsyncDisposable
{
    private const string Secret = "Zusammengesetztes Geheimnis";
    private readonly SqliteStore store = new();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Words_erased_are_nowhere_in_the_files_while_the_ledger_is_open()
    {
        await using var opened = await store.OpenAsync();
        var secrets = await FillAsync(opened.Log);
        Files().ShouldNotBeEmpty();

        foreach (var id in secrets)
        {
            await opened.Log.EraseAsync(id, Part.Body);
            await opened.Log.EraseAsync(id, Part.Text);
            await opened.Log.EraseAsync(id, Part.Source);
        }

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Erasing_tells_when_a_reader_keeps_the_words_and_they_go_once_the_reader_has_gone()
    {
        await using var opened = await store.OpenAsync();
        var secrets = await FillAsync(opened.Log);
        var reader = await ReadForLongAsync();
        await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory));

        (await Given.CodeAsync(() => opened.Log.EraseAsync(secrets[0], Part.Body).AsTask())).ShouldBe("erasure-pending");
        (await opened.Log.FindAsync(secrets[0]))!.Part(Part.Body).ShouldBeNull();
        await reader.DisposeAsync();

        // Whatever is written next takes them with it; asking again makes sure.
        foreach (var id in secrets)
        {
            await opened.Log.EraseAsync(id, Part.Body);
            await opened.Log.EraseAsync(id, Part.Text);
            await opened.Log.EraseAsync(id, Part.Source);
        }

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_that_a_reader_kept_go_with_the_next_append()
    {
        await using var opened = await store.OpenAsync();
        var id = (await FillAsync(opened.Log, 1))[0];
        await opened.Log.EraseAsync(id, Part.Text);
        await opened.Log.EraseAsync(id, Part.Source);
        var reader = await ReadForLongAsync();
        (await Given.CodeAsync(() => opened.Log.EraseAsync(id, Part.Body).AsTask())).ShouldBe("erasure-pending");
        Files().ShouldNotBeEmpty();
        await reader.DisposeAsync();

        await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory));
        await opened.DisposeAsync();

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_left_in_the_write_ahead_log_by_a_process_that_died_go_when_the_ledger_is_next_opened()
    {
        await using var copy = new SqliteStore();
        await using (var opened = await store.OpenAsync())
        {
            var id = (await FillAsync(opened.Log, 1))[0];
            await opened.Log.EraseAsync(id, Part.Text);
            await opened.Log.EraseAsync(id, Part.Source);
            await using var reader = await ReadForLongAsync();
            (await Given.CodeAsync(() => opened.Log.EraseAsync(id, Part.Body).AsTask())).ShouldBe("erasure-pending");

            // What the disk holds if the process dies here.
            File.Copy(store.FilePath, copy.FilePath);
            File.Copy(store.FilePath + "-wal", copy.FilePath + "-wal");
        }

        Files(copy).ShouldNotBeEmpty();
        await using var again = await copy.OpenAsync();
        Files(copy).ShouldBeEmpty();
    }

    private static async Task<List<EntryId>> FillAsync(ILedgerLog log, int documents = 40)
    {
        await LedgerOpening.EnsureOpenedAsync(log, "example.org/erased", default, Given.Ada, TimeProvider.System);
        var story = Given.NewStory();
        var secrets = new List<EntryId>();
        for (var i = 0; i < documents; i++)
        {
            // Of many sizes, among entries that stay, so that pages split, fill and empty around them.
            var text = string.Join(' ', Enumerable.Repeat($"{Secret} {i}", 1 + (i * 41 % 300)));
            var document = Given.Document(text, Encoding.UTF8.GetBytes("<p>" + text));
            document = document with { Body = ((DocumentFiled)document.Body) with { Title = text[..Math.Min(text.Length, 3000)] } };
            var receipt = (AppendResult.Appended)await log.AppendAsync(Given.Command(log, story, (i * 2) - 1, null, document, new(new NoteAdded(default, new string('n', i * 97 % 2000)))));
            secrets.Add(receipt.Receipt.Entries[0].Id);
        }

        return secrets;
    }

    /// <summary>A connection that looks at the state as it is now until it is disposed.</summary>
    private async Task<SqliteConnection> ReadForLongAsync()
    {
        var connection = new SqliteConnection($"Data Source={store.FilePath};Pooling=False");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM entries";
        await command.ExecuteScalarAsync();
        return connection;
    }

    private List<string> Files() => Files(store);

    /// <summary>The store's files in which the secret stands.</summary>
    private static List<string> Files(SqliteStore store)
    {
        var secret = Encoding.UTF8.GetBytes(Secret);
        return [.. Directory.GetFiles(Path.GetDirectoryName(store.FilePath)!).Where(path => ReadShared(path).AsSpan().IndexOf(secret) >= 0)];
    }

    private static byte[] ReadShared(string path)
    {
        // Not File.ReadAllBytes: the writer's lock file cannot be opened, and has no words in it.
        if (path.EndsWith(".lock", StringComparison.Ordinal))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
