using System.Text;
using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.TestServers;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>After an erasure the words are in no file of the server but its write-ahead log, or the caller is told that they still are.</summary>
public sealed class ErasedWordsTests : IAsyncLifetime
{
    private const string Secret = "Zusammengesetztes Geheimnis";
    private PostgresServer? server;

    public async Task InitializeAsync() => server = await PostgresServer.StartAsync(durable: false, alone: true);

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await server.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Words_erased_are_in_no_file_of_the_server_but_its_write_ahead_log()
    {
        await using var ledger = await OpenAsync();
        var secrets = await FillAsync(ledger, 20);
        // Autovacuum does this when it likes: samples of what stands in a column go into the catalogue.
        await server!.ExecuteAsync("ANALYZE");
        (await FilesAsync()).ShouldNotBeEmpty();

        foreach (var id in secrets)
        {
            await ledger.EraseAsync(id, Part.Body);
            await ledger.EraseAsync(id, Part.Text);
            await ledger.EraseAsync(id, Part.Source);
        }

        (await FilesAsync()).ShouldBeEmpty();
        (await Given.AllAsync(ledger, PartSelection.All)).Count.ShouldBe(41);
        (await ledger.CheckLookupsAsync(41)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Erasing_tells_when_a_reader_keeps_the_words_and_they_go_once_the_reader_has_gone()
    {
        await using var ledger = await OpenAsync();
        var id = (await FillAsync(ledger, 1))[0];
        await ledger.EraseAsync(id, Part.Text);
        await ledger.EraseAsync(id, Part.Source);
        await using (var reader = new NpgsqlConnection(server!.ConnectionString))
        {
            await reader.OpenAsync();
            // It looks at an older state, and has not read the entries yet.
            await using var look = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class", reader);
            await look.ExecuteScalarAsync();

            (await Given.CodeAsync(() => ledger.EraseAsync(id, Part.Body).AsTask())).ShouldBe("erasure-pending");
            (await ledger.FindAsync(id))!.Part(Part.Body).ShouldBeNull();
            (await FilesAsync()).ShouldNotBeEmpty();
            NpgsqlConnection.ClearPool(reader);
        }

        await ledger.EraseAsync(id, Part.Body);
        (await FilesAsync()).ShouldBeEmpty();
    }

    private async Task<MartenLedger> OpenAsync()
    {
        Skip.If(server is null, PostgresServer.Missing);
        var ledger = await MartenLedger.OpenAsync(server!.ConnectionString, MartenAccess.Write);
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/erased", default, Given.Ada, TimeProvider.System);
        return ledger;
    }

    private static async Task<List<EntryId>> FillAsync(MartenLedger log, int documents)
    {
        var story = Given.NewStory();
        var secrets = new List<EntryId>();
        for (var i = 0; i < documents; i++)
        {
            // Of many sizes, among entries that stay. Not so large that PostgreSQL compresses them, and they could not be looked for.
            var text = string.Join(' ', Enumerable.Repeat($"{Secret} {i}", 1 + (i * 41 % 30)));
            var document = Given.Document(text, Encoding.UTF8.GetBytes("<p>" + text));
            document = document with { Body = ((DocumentFiled)document.Body) with { Title = text[..Math.Min(text.Length, 400)] } };
            var receipt = (AppendResult.Appended)await log.AppendAsync(Given.Command(log, story, (i * 2) - 1, null, document, new(new NoteAdded(default, new string('n', i * 97 % 2000)))));
            secrets.Add(receipt.Receipt.Entries[0].Id);
        }

        return secrets;
    }

    /// <summary>The server's files in which the secret stands, when all that it has in memory is written.</summary>
    private async Task<List<string>> FilesAsync()
    {
        await server!.ExecuteAsync("CHECKPOINT");
        var secret = Encoding.UTF8.GetBytes(Secret);
        return [.. Directory.GetFiles(Path.Combine(server.Folder, "data"), "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/pg_wal/", StringComparison.Ordinal) && ReadShared(path).AsSpan().IndexOf(secret) >= 0)];
    }

    private static byte[] ReadShared(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            // The server has removed it since.
            return [];
        }
    }
}
