using System.Text;
using System.Text.Json;
using EventStore.Client;
using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.EventStore.Engine;

namespace Ledger.EventStore.Tests.Engine;

/// <summary>What is special to this engine: what the server holds, and several processes at once.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly string connection = TestServer.Require();
    private readonly string prefix = TestServer.NewPrefix();
    private readonly List<ILedgerLog> opened = [];
    private readonly EventStoreClient client = TestServer.Connect();

    public async Task InitializeAsync() =>
        await LedgerOpening.EnsureOpenedAsync(await OpenAsync(), "example.org/streams", new Digest(new byte[32]), Given.Ada, TimeProvider.System);

    public async Task DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }

        await client.DisposeAsync();
    }

    private ILedgerLog Log => opened[0];

    private StreamNames Names => StreamNames.Of(prefix);

    [SkippableFact]
    public async Task Other_clients_read_entries_and_their_parts_as_JSON()
    {
        var story = Given.NewStory();
        await AppendAsync(Log, Given.Command(Log, story, AppendRequest.NoStory, null, Given.Document("The ferry \"Aurora\" – до 9 утра.")));

        var envelope = (await ReadAsync($"{prefix}.story-{story}")).ShouldHaveSingleItem();
        envelope.EventType.ShouldBe("document.filed");
        envelope.ContentType.ShouldBe("application/json");
        Json(envelope.Data).GetProperty("story").GetGuid().ShouldBe(story.Value);

        var parts = await ReadAsync($"{prefix}.parts-{Json(envelope.Metadata).GetProperty("parts").GetGuid()}");
        parts.Select(part => part.EventType).ShouldBe(["document.filed.body", "document.filed.recorder"]);
        Json(parts[0].Data).GetProperty("title").GetString().ShouldBe("A document");
        Json(parts[1].Data).GetProperty("name").GetString().ShouldBe("Ada");
        var text = (await ReadAsync($"{prefix}.texts-{Json(envelope.Metadata).GetProperty("texts").GetGuid()}")).Single(part => part.EventType == "document.filed.text");
        Json(text.Data).GetProperty("text").GetString().ShouldBe("The ferry \"Aurora\" – до 9 утра.");
    }

    [SkippableFact]
    public async Task Erased_words_are_in_no_event_of_the_server()
    {
        const string Secret = "Mrs Quibblethwaite";
        var story = Given.NewStory();
        var secret = (await AppendAsync(Log, Given.Command(Log, story, AppendRequest.NoStory, null, Given.Document($"{Secret} lives at the harbour.")))).Entries[0];
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AppendAsync(Log, Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, text: i == 7 ? Secret : "kept"))));
        (await WordsAsync()).Count(words => words.Contains(Secret, StringComparison.Ordinal)).ShouldBe(2);

        await Log.EraseAsync(secret.Id, Part.Text);
        await Log.EraseAsync(others[7].Entries[0].Id, Part.Body);

        (await WordsAsync()).ShouldAllBe(words => !words.Contains(Secret, StringComparison.Ordinal));
        foreach (var other in others.Where((_, i) => i != 7))
        {
            ((NoteAdded)(await Log.FindAsync(other.Entries[0].Id))!.Body!).Text.ShouldBe("kept 0");
        }

        (await Given.AllAsync(await OpenAsync(), PartSelection.All)).Sum(entry => entry.Parts.Length).ShouldBe(2 + 3 + 40 - 1);
    }

    [SkippableFact]
    public async Task Erased_words_are_in_no_file_of_the_server()
    {
        var folders = Environment.GetEnvironmentVariable("LEDGER_TEST_EVENTSTORE_FILES");
        Skip.If(string.IsNullOrEmpty(folders), "Where the server keeps its files is not known: set LEDGER_TEST_EVENTSTORE_FILES to the data folders of its nodes, with colons between them.");
        var secret = $"quibble{Guid.NewGuid():N}";
        var receipt = await AppendAsync(Log, Given.Command(Log, Given.NewStory(), AppendRequest.NoStory, null, Given.Document($"{secret} at the harbour.")));
        Found().ShouldNotBe(0);

        await Log.EraseAsync(receipt.Entries[0].Id, Part.Text);

        Found().ShouldBe(0);

        int Found() => folders!.Split(':').SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Count(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) >= 0;
        });
    }

    [SkippableFact]
    public async Task Processes_that_append_to_the_same_stories_leave_one_ledger_and_no_words_of_what_was_refused()
    {
        ILedgerLog[] logs = [Log, await OpenAsync(), await OpenAsync()];
        StoryId[] stories = [Given.NewStory(), Given.NewStory()];
        var conflicts = 0;
        await Task.WhenAll(logs.Select((log, process) => Task.Run(async () =>
        {
            for (var done = 0; done < 40;)
            {
                var story = stories[done % 2];
                var expected = await LastAsync(log, story);
                if (await log.AppendAsync(Given.Notes(log, story, expected, text: $"of {process}")) is AppendResult.Appended)
                {
                    done++;
                }
                else
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        })));

        conflicts.ShouldBePositive("the processes did meet");
        var orders = new List<List<Digest>>();
        foreach (var log in logs)
        {
            await foreach (var entry in log.FollowAsync(0))
            {
                if (entry.Index == 120)
                {
                    break;
                }
            }

            orders.Add((await Given.AllAsync(log)).ConvertAll(entry => entry.Hash));
            (await Verification.VerifyAsync(log)).Failure.ShouldBeNull();
        }

        orders.ShouldAllBe(order => order.SequenceEqual(orders[0]) && order.Count == 121);
        (await PartsAsync()).Count.ShouldBe(121 * 2);
    }

    [SkippableFact]
    public async Task A_command_that_two_processes_append_at_once_is_there_once_and_both_get_the_first_receipt()
    {
        ILedgerLog[] logs = [Log, await OpenAsync()];
        for (var round = 0; round < 20; round++)
        {
            // Other salts, so other bytes under the same ids of entries.
            var (story, command) = (Given.NewStory(), CommandId.New());
            var results = await Task.WhenAll(logs.Select(log => Task.Run(() => log.AppendAsync(Given.Notes(log, story, AppendRequest.NoStory, 2, command)).AsTask())));

            var receipts = results.Select(result => result.ShouldBeOfType<AppendResult.Appended>().Receipt).ToList();
            receipts.Count(receipt => !receipt.Repeated).ShouldBe(1);
            receipts[0].Entries.AsEnumerable().ShouldBe(receipts[1].Entries);
        }

        (await Verification.VerifyAsync(Log)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Ledgers_whose_prefixes_begin_alike_do_not_see_each_other()
    {
        var other = await EventStoreLedger.OpenAsync(new(connection) { Prefix = prefix + "-b" });
        opened.Add(other);
        (await other.HeadAsync()).Size.ShouldBe(0);
        await LedgerOpening.EnsureOpenedAsync(other, "example.org/other", new Digest(new byte[32]), Given.Ada, TimeProvider.System);
        await AppendAsync(other, Given.Notes(other, Given.NewStory(), AppendRequest.NoStory, 3));

        (await Given.AllAsync(await OpenAsync())).Count.ShouldBe(1);
        (await Given.AllAsync(other)).Count.ShouldBe(4);
        other.Naming.Story("ferry").ShouldNotBe(Log.Naming.Story("ferry"));
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("Ledger")]
    [InlineData("a.story-")]
    [InlineData("$sys")]
    public async Task A_prefix_that_could_be_taken_for_another_is_refused(string wrong) =>
        (await Given.CodeAsync(async () => await EventStoreLedger.OpenAsync(new(connection) { Prefix = wrong }))).ShouldBe("connection-not-valid");

    [SkippableFact]
    public async Task A_ledger_that_is_not_there_cannot_be_read() =>
        (await Given.CodeAsync(async () => await EventStoreLedger.OpenAsync(new(connection) { Prefix = TestServer.NewPrefix(), ReadOnly = true }))).ShouldBe("ledger-not-found");

    [SkippableFact]
    public async Task What_is_recorded_before_it_is_counted_is_said_to_be_and_gets_its_receipt_when_repeated()
    {
        var hasty = await OpenAsync(TimeSpan.Zero);
        AppendRequest? recorded = null;
        for (var i = 0; i < 500 && recorded is null; i++)
        {
            var request = Given.Notes(hasty, Given.NewStory(), AppendRequest.NoStory, 2);
            recorded = await hasty.AppendAsync(request) is AppendResult.Recorded ? request : null;
        }

        recorded.ShouldNotBeNull();
        var receipt = await AppendAsync(await OpenAsync(), recorded);
        receipt.Repeated.ShouldBeTrue();
        receipt.Entries.Length.ShouldBe(2);
        (await Given.StoryAsync(Log, recorded.Story)).Select(entry => entry.Hash).ShouldBe(receipt.Entries.Select(entry => entry.Hash));
    }

    [SkippableFact]
    public async Task Somebody_elses_event_in_a_storys_stream_stops_the_ledger_with_its_name()
    {
        var story = Given.NewStory();
        await client.AppendToStreamAsync(Names.Story(story), StreamState.NoStream, [new EventData(Uuid.NewUuid(), "note", "{}"u8.ToArray(), "{}"u8.ToArray())]);

        (await Given.CodeAsync(async () => await OpenAsync())).ShouldBe("entry-does-not-read");
        (await Given.CodeAsync(async () =>
        {
            await foreach (var entry in Log.FollowAsync(0))
            {
                // Until it stops.
            }
        })).ShouldBe("entry-does-not-read");
    }

    [SkippableFact]
    public async Task Words_that_a_dead_process_left_without_their_entry_are_taken_away()
    {
        var orphan = new BlockId(Guid.NewGuid(), IsLarge: false);
        await client.AppendToStreamAsync(Names.Block(orphan, 0), StreamState.NoStream, [Events.OfPart(new(Guid.NewGuid()), "note.added", Part.Seal(Part.Body, "{\"text\":\"orphan\"}"u8.ToArray()))]);
        await AppendAsync(Log, Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));

        await using (await OpenAsync(clock: new ManualClock()))
        {
            // It may be on its way.
        }

        (await PartsAsync()).Count.ShouldBe(5);
        var later = new ManualClock();
        later.Move(DateTimeOffset.UtcNow.AddDays(2) - later.GetUtcNow());
        await using (await OpenAsync(clock: later))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while ((await PartsAsync()).Count != 4)
            {
                await Task.Delay(50, patience.Token);
            }
        }

        (await Given.AllAsync(Log)).ShouldAllBe(entry => entry.Parts.Length == 2);
    }

    private static async Task<Receipt> AppendAsync(ILedgerLog log, AppendRequest request) => (await log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;

    private static async Task<long> LastAsync(ILedgerLog log, StoryId story) => (await Given.StoryAsync(log, story)).Count - 1;

    private static JsonElement Json(ReadOnlyMemory<byte> utf8) => JsonDocument.Parse(utf8).RootElement;

    private async Task<ILedgerLog> OpenAsync(TimeSpan? indexPatience = null, TimeProvider? clock = null)
    {
        var log = await EventStoreLedger.OpenAsync(new(connection) { Prefix = prefix, IndexPatience = indexPatience ?? TimeSpan.FromSeconds(30), Clock = clock ?? TimeProvider.System });
        opened.Add(log);
        return log;
    }

    private async Task<List<EventRecord>> ReadAsync(string stream)
    {
        var records = new List<EventRecord>();
        await foreach (var record in client.ReadStreamAsync(Direction.Forwards, stream, StreamPosition.Start))
        {
            records.Add(record.Event);
        }

        return records;
    }

    /// <summary>Everything that any event of the ledger says.</summary>
    private async Task<List<string>> WordsAsync()
    {
        var words = new List<string>();
        await foreach (var record in client.ReadAllAsync(Direction.Forwards, Position.Start, StreamFilter.Prefix(prefix + ".")))
        {
            words.Add(Encoding.UTF8.GetString(record.Event.Data.Span) + Encoding.UTF8.GetString(record.Event.Metadata.Span));
        }

        return words;
    }

    /// <summary>The parts that can be read, of whatever entry.</summary>
    private async Task<List<EventRecord>> PartsAsync()
    {
        var streams = new HashSet<string>();
        await foreach (var record in client.ReadAllAsync(Direction.Forwards, Position.Start, StreamFilter.Prefix(Names.Smalls, Names.Larges)))
        {
            streams.Add(record.Event.EventStreamId);
        }

        var parts = new List<EventRecord>();
        foreach (var stream in streams)
        {
            try
            {
                parts.AddRange(await ReadAsync(stream));
            }
            catch (StreamDeletedException)
            {
                // Replaced by a copy, or by nothing.
            }
        }

        return parts;
    }
}
