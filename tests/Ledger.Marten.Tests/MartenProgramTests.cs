using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Marten;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>Entries are ordinary events of Marten, that any program with Marten reads, and anybody with SQL.</summary>
public sealed class MartenProgramTests : IAsyncDisposable
{
    private readonly MartenPlace place = new();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    /// <summary>A program's own idea of a note, which it knows by the event's type alone.</summary>
    public sealed record Remark(Guid On, string Text);

    /// <summary>What such a program makes of a stream.</summary>
    public sealed class Remarks
    {
        public string Id { get; set; } = "";

        public List<string> Texts { get; set; } = [];

        public void Apply(Remark remark) => Texts.Add(remark.Text);
    }

    [SkippableFact]
    public async Task Another_program_reads_a_story_as_a_stream_of_events()
    {
        await using var opened = await place.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/marten", default, Given.Ada, TimeProvider.System);
        var story = Given.NewStory();
        await opened.Log.AppendAsync(Given.Notes(opened.Log, story, -1, 2, text: "first"));
        var last = ((AppendResult.Appended)await opened.Log.AppendAsync(Given.Notes(opened.Log, story, 1, 1, text: "second"))).Receipt.Entries[0];

        await using var theirs = await OpenAsync();
        await using var session = theirs.QuerySession();
        var events = await session.Events.FetchStreamAsync(story.ToString());
        events.Select(e => e.Version).ShouldBe([1, 2, 3]);
        events.Select(e => ((Remark)e.Data).Text).ShouldBe(["first 0", "first 1", "second 0"]);
        events.Select(e => e.Sequence).ShouldBe([2, 3, 4]);
        events[2].Id.ShouldBe(last.Id.Value);
        events[2].Timestamp.ShouldBe(last.RecordedAt.ToDateTimeOffset());
        events[2].GetHeader("index")!.ToString().ShouldBe("3");
        events[2].GetHeader("hash")!.ToString().ShouldBe(last.Hash.ToString());

        var state = (await session.Events.FetchStreamStateAsync(story.ToString())).ShouldNotBeNull();
        state.Version.ShouldBe(3);
        (await session.Events.AggregateStreamAsync<Remarks>(story.ToString()))!.Texts.ShouldBe(["first 0", "first 1", "second 0"]);
        (await theirs.Advanced.FetchEventStoreStatistics()).EventSequenceNumber.ShouldBe(4);
    }

    [SkippableFact]
    public async Task Anybody_reads_entries_with_SQL()
    {
        await using var opened = await place.OpenAsync();
        var story = Given.NewStory();
        await opened.Log.AppendAsync(Given.Command(opened.Log, story, -1, null, Given.Document("The words.", [1, 2])));

        (await place.ExecuteAsync("SELECT data->>'title' FROM mt_events")).ShouldBe("A document");
        (await place.ExecuteAsync("SELECT type FROM mt_events")).ShouldBe("document.filed");
        (await place.ExecuteAsync("SELECT headers->'envelope'->>'story' FROM mt_events")).ShouldBe(story.ToString());
        (await place.ExecuteAsync("SELECT headers->'recorder'->>'name' FROM mt_events")).ShouldBe("Ada");
        (await place.ExecuteAsync("SELECT words FROM parts WHERE name = 'text'")).ShouldBe("The words.");
    }

    [SkippableFact]
    public async Task Bodies_are_read_through_Marten_as_what_they_are()
    {
        await using var opened = await place.OpenAsync();
        var story = Given.NewStory();
        await opened.Log.AppendAsync(Given.Command(opened.Log, story, -1, null, Given.Document("The words."), new(new NoteAdded(default, "a note"))));
        var stored = await Given.StoryAsync(opened.Log, story);

        await using var session = ((MartenLedger)opened.Log).Store.Documents.QuerySession();
        var events = await session.Events.FetchStreamAsync(story.ToString());

        BodyTypes.Write((Body)events[0].Data).ShouldBe(BodyTypes.Write(stored[0].Body!));
        events[1].Data.ShouldBe(stored[1].Body);
    }

    [SkippableFact]
    public async Task An_erased_body_does_not_keep_the_others_of_its_story_from_being_read()
    {
        await using var opened = await place.OpenAsync();
        var story = Given.NewStory();
        var receipt = ((AppendResult.Appended)await opened.Log.AppendAsync(Given.Notes(opened.Log, story, -1, 2, text: "secret"))).Receipt;
        await opened.Log.EraseAsync(receipt.Entries[0].Id, Part.Body);

        await using var theirs = await OpenAsync();
        await using var session = theirs.QuerySession();
        (await session.Events.FetchStreamAsync(story.ToString())).Select(e => ((Remark)e.Data).Text).ShouldBe([null, "secret 1"]);
    }

    private async Task<DocumentStore> OpenAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(await place.ConnectionAsync());
        return DocumentStore.For(options =>
        {
            options.Connection(connection.ToString());
            options.DatabaseSchemaName = connection.SearchPath!;
            options.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
            options.UseSystemTextJsonForSerialization(casing: Weasel.Core.Casing.CamelCase);
            options.Events.StreamIdentity = JasperFx.Events.StreamIdentity.AsString;
            options.Events.MetadataConfig.HeadersEnabled = true;
            options.Events.MapEventType<Remark>("note.added");
        });
    }
}
