using System.Globalization;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Sqlite.Tests.SecondProcess;

/// <summary>What this assembly does when a test starts it as a process of its own (<see cref="Child"/>). Each line it writes is something it has been promised.</summary>
public static class Host
{
    public const int Writers = 6;

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["hold", var path]:
                    await using (SqliteLedger.Open(path, SqliteAccess.Write))
                    {
                        await TellAsync("open");
                        await Console.In.ReadLineAsync();
                    }

                    break;
                case ["follow", var path, var from, var count]:
                    await FollowAsync(path, long.Parse(from, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture));
                    break;
                case ["record", var path]:
                    await RecordAsync(path);
                    break;
                case ["read", var path]:
                    await using (var ledger = SqliteLedger.Open(path, SqliteAccess.Read))
                    {
                        await TellAsync($"{(await ledger.HeadAsync()).Size}");
                    }

                    break;
                default:
                    return 2;
            }

            return 0;
        }
        catch (LedgerException error)
        {
            await TellAsync($"{error.Error.Code} {error.Error.Message}");
            return 1;
        }
    }

    /// <summary>The command that a writer sends as its nth: its id and words can be told afterwards, by whoever looks what became of it.</summary>
    internal static (StoryId Story, CommandId Id, StoryCommand Command) Command(Naming naming, int writer, int number)
    {
        var story = naming.Story($"story-{writer % 3}");
        var id = naming.Command("record", $"{writer}", $"{number}");
        return number switch
        {
            0 => (story, naming.Command("open", $"{writer % 3}"), new StoryCommand.OpenStory("A story", $"story-{writer % 3}", "en", [])),
            // What ingest does: a document, then its findings, many entries in one command.
            _ when number % 3 == 2 => (story, id, Findings(EntryId.For(story, naming.Command("record", $"{writer}", $"{number - 1}"), 0), Text(writer, number - 1))),
            _ => (story, id, new StoryCommand.FileDocument(
                new($"Document {writer}/{number}", "Desk", null, null, null, "en", new PublicationDate(new DateOnly(2022, 10, 29)), null, "text/plain", null, null, []),
                Text(writer, number), new byte[] { 1, 2, 3 })),
        };
    }

    private static string Text(int writer, int number) => $"Words of writer {writer}, number {number}. {new string('x', number * 37 % 3000)}";

    private static StoryCommand.RecordFindings Findings(EntryId document, string text) => new(
        document, new("reader", "1"),
        [.. Enumerable.Range(0, 8).Select(place => new ProposedFinding(new ClaimRecorded(
            Span.In(document, text, new TextRange(place, place + 3)), $"Claim {place}.", Modality.Asserted, Directness.Indirect, new($"Speaker {place}", null), null, null, "kill")))],
        new(0, 8, 0, 0));

    private static async Task RecordAsync(string path)
    {
        await using var ledger = SqliteLedger.Open(path, SqliteAccess.Write);
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/killed", default, Given.Ada, TimeProvider.System);
        var appender = new Appender(ledger);
        var keeping = Task.Run(() => new ViewKeeper(ledger, ledger.Views, AllViews.List).RunAsync(default));
        await Task.WhenAny(keeping, Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; ; number++)
            {
                var (story, id, command) = Command(ledger.Naming, writer, number);
                var receipt = (await appender.AppendAsync(story, id, Given.Ada, command)).Value;
                await TellAsync(string.Create(CultureInfo.InvariantCulture, $"{writer} {number} {receipt.Entries[0].Index} {receipt.Entries[0].Hash}"));
            }
        }))));
        await keeping;
    }

    private static async Task FollowAsync(string path, long from, long count)
    {
        await using var ledger = SqliteLedger.Open(path, SqliteAccess.Read);
        await TellAsync("open");
        await foreach (var entry in ledger.FollowAsync(from))
        {
            await TellAsync($"{entry.Hash}");
            if (--count == 0)
            {
                break;
            }
        }
    }

    private static Task TellAsync(string line) => Console.Out.WriteLineAsync(line);
}
