using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Reading;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;

namespace Ledger.Core.Tests.Entries;

/// <summary>What was released reads for ever, on every path: one stored body of every type and schema.</summary>
public sealed class StoredExamplesTests
{
    public static TheoryData<string> Files => [.. Stored.Examples.Select(example => example.File)];

    [Fact]
    public void Every_schema_of_every_type_has_an_example_with_all_its_members_and_every_file_is_one()
    {
        var files = Fixture.Names("stored").Select(name => name["stored/".Length..]).ToList();
        Stored.Examples.Select(example => example.File).Order(StringComparer.Ordinal).ShouldBe(files);
        foreach (var type in BodyTypes.All)
        {
            for (var schema = 1; schema <= type.Schema; schema++)
            {
                files.ShouldContain($"{type.Name}.{schema}.json");
            }

            using var example = JsonDocument.Parse(Fixture.Read($"stored/{type.Name}.{type.Schema}.json"));
            example.RootElement.EnumerateObject().Select(member => member.Name)
                .ShouldBe(type.Json.Properties.Where(member => member.Get is not null).Select(member => member.Name).Order(StringComparer.Ordinal), type.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_stored_body_reads_as_what_was_recorded_and_is_written_the_same(string file)
    {
        var body = Stored.Examples.Single(example => example.File == file).Body;
        Fixture.ShouldHold($"stored/{file}", BodyTypes.Write(body));
        var stored = Fixture.Read($"stored/{file}");
        CanonicalJson.IsCanonical(stored).ShouldBeTrue();
        var read = BodyTypes.Read(BodyTypes.Of(body).Name, BodyTypes.Of(body).Schema, stored);
        read.ShouldBeOfType(body.GetType());
        read.ShouldBeEquivalentTo(body);
        Encoding.UTF8.GetString(BodyTypes.Write(read)).ShouldBe(Encoding.UTF8.GetString(stored));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_body_without_a_member_that_has_to_be_there_does_not_read(string file)
    {
        if (!file.Contains("least", StringComparison.Ordinal) && File.Exists(Fixture.PathOf($"stored/{file.Replace(".json", ".least.json", StringComparison.Ordinal)}")))
        {
            return; // This one has members that may be missing.
        }

        var name = file[..file.IndexOf(".1.", StringComparison.Ordinal)];
        var members = System.Text.Json.Nodes.JsonNode.Parse(Fixture.Read($"stored/{file}"))!.AsObject();
        foreach (var member in members.Select(pair => pair.Key).ToList())
        {
            var without = members.DeepClone().AsObject();
            without.Remove(member);
            Should.Throw<LedgerException>(() => BodyTypes.Read(name, 1, Encoding.UTF8.GetBytes(without.ToJsonString())), $"{name} without {member}").Error.Code.ShouldBe("body-does-not-read");
            without[member] = null;
            Should.Throw<LedgerException>(() => BodyTypes.Read(name, 1, Encoding.UTF8.GetBytes(without.ToJsonString())), $"{name} with {member} null").Error.Code.ShouldBe("body-does-not-read");
        }
    }

    [Theory]
    [InlineData("note.added", "null")]
    [InlineData("note.added", "[]")]
    [InlineData("note.added", "\"text\"")]
    [InlineData("claim.recorded", """{"directness":"Direct","modality":"asserted","span":{"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","exact":["a"],"ranges":[[0,1]]},"statement":"s"}""")]
    [InlineData("claim.recorded", """{"directness":0,"modality":"asserted","span":{"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","exact":["a"],"ranges":[[0,1]]},"statement":"s"}""")]
    [InlineData("claim.recorded", """{"directness":"direct","modality":"asserted","span":{"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","exact":["a"],"ranges":[[1,0]]},"statement":"s"}""")]
    [InlineData("claim.recorded", """{"directness":"direct","modality":"asserted","span":{"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","ranges":[[0,1]]},"statement":"s"}""")]
    [InlineData("note.added", """{"on":"9302AB8B-D861-8A5B-B7BA-7498B8FD6296","text":"t"}""")]
    [InlineData("occasion.scheduled", """{"expected":{"from":"2022-05-04","to":"2022-05-03"},"what":"w"}""")]
    [InlineData("occasion.scheduled", """{"expected":{"from":"2022-05-04"},"what":"w"}""")]
    [InlineData("extraction.completed", """{"counts":{"claims":1,"occasions":0,"quotes":0},"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","extractor":{"name":"n","version":"1"}}""")]
    [InlineData("extraction.completed", """{"counts":{"claims":1.5,"occasions":0,"questions":0,"quotes":0},"document":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","extractor":{"name":"n","version":"1"}}""")]
    public void A_body_of_another_shape_does_not_read(string type, string body) =>
        Should.Throw<LedgerException>(() => BodyTypes.Read(type, 1, Encoding.UTF8.GetBytes(body))).Error.Code.ShouldBe("body-does-not-read");

    [Theory]
    [InlineData("claim.imagined", 1)]
    [InlineData("note.added", 2)]
    [InlineData("", 1)]
    public void A_type_or_schema_that_this_program_does_not_know_is_a_newer_version(string type, int schema) =>
        Should.Throw<LedgerException>(() => BodyTypes.Read(type, schema, "{}"u8)).Error.Code.ShouldBe("entry-from-newer-version");

    [Fact]
    public void Members_that_this_program_does_not_know_are_passed_over() =>
        BodyTypes.Read("note.added", 1, """{"colour":"red","on":"9302ab8b-d861-8a5b-b7ba-7498b8fd6296","text":"t"}"""u8)
            .ShouldBe(new NoteAdded(new(Guid.Parse("9302ab8b-d861-8a5b-b7ba-7498b8fd6296")), "t"));

    [Fact]
    public async Task The_examples_read_live_rebuilt_as_of_every_index_imported_and_followed()
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        (await Verification.VerifyAsync(ledger.Log)).Failure.ShouldBeNull();
        var entries = await ledger.EntriesAsync();
        foreach (var (entry, example) in entries.Zip(Stored.Examples))
        {
            entry.Part(Part.Body)!.Bytes.ToArray().ShouldBe(Fixture.Read($"stored/{example.File}"));
            entry.Body.ShouldBeEquivalentTo(example.Body);
            entry.Recorder!.Name.ShouldBe("Ada");
        }

        await ledger.KeepViewsAsync();
        (await ledger.Views.ProgressAsync()).Values.ShouldAllBe(progress => progress.Error == null && progress.Next == entries.Count);
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in entries)
        {
            fold.Apply(entry);
            foreach (var view in AllViews.List)
            {
                Shown(view, (await ledger.Views.ListAsync(view, new() { AsOf = entry.Index })).Records).ShouldBe(Shown(view, fold.List(view, new()).Records), $"{view.Name} as of {entry.Index}");
            }
        }

        var keeper = new ViewKeeper(ledger.Log, ledger.Views, AllViews.List);
        foreach (var view in AllViews.List)
        {
            var live = Shown(view, (await ledger.Views.ListAsync(view, new())).Records);
            live.ShouldBe(Shown(view, fold.List(view, new()).Records));
            await keeper.RebuildAsync(view);
            Shown(view, (await ledger.Views.ListAsync(view, new())).Records).ShouldBe(live);
        }

        await using var copy = TestLedger.Empty();
        (await copy.ImportAsync(await ledger.ExportAsync())).Value.ShouldBe(new(entries.Count, entries.Count));
        (await copy.ExportAsync()).ShouldBe(await ledger.ExportAsync());
        var followed = await copy.Log.FollowAsync(0).Take(entries.Count).ToListAsync();
        followed.Select(entry => entry.Hash).ShouldBe(entries.Select(entry => entry.Hash));
        followed.Select(entry => entry.Body!.GetType()).ShouldBe(Stored.Examples.Select(example => example.Body.GetType()));
        (await PublishedOrder.FoldAsync(ledger.Log, AllViews.List, null, null, DateOnly.MaxValue)).List(ActivityView.View, new() { Limit = ViewQuery.MaxLimit }).Records.Count.ShouldBe(entries.Count);
    }

    [Fact]
    public async Task Members_of_a_stored_body_that_nobody_knows_survive_export_and_import()
    {
        await using var ledger = TestLedger.Empty();
        ledger.Clock.Now = Stored.Start;
        await ledger.Log.AppendAsync(Stored.Request(0));
        var body = """{"colour":{"of":["harbour",1,null]},"language":"en","slug":"harbour","tags":[],"title":"Harbour"}"""u8.ToArray();
        await ledger.Log.AppendAsync(Stored.Request(1, body));
        await using var copy = TestLedger.Empty();
        (await copy.ImportAsync(await ledger.ExportAsync())).Error.ShouldBeNull();
        var entry = (await copy.EntriesAsync())[1];
        entry.Part(Part.Body)!.Bytes.ToArray().ShouldBe(body);
        entry.Body.ShouldBeOfType<StoryOpened>().Title.ShouldBe("Harbour");
        (await copy.ExportAsync()).ShouldBe(await ledger.ExportAsync());
    }

    [Fact]
    public void A_recorder_part_of_another_shape_is_an_integrity_error_and_no_crash()
    {
        foreach (var part in new[] { "null", "{}", "[1]", "{\"name\":\"Ada\"}", "{\"name\":\"Ada\",\"request\":\"x\"}" })
        {
            var entry = new Entry(0, ReadOnlyMemory<byte>.Empty, default, [new(Part.Recorder, new byte[32], Encoding.UTF8.GetBytes(part))]);
            Should.Throw<LedgerException>(() => entry.Recorder).Error.Code.ShouldBe("body-does-not-read");
        }

    }

    private static List<string> Shown(View view, IReadOnlyList<ViewRecord> records) => [.. records.Select(record => Encoding.UTF8.GetString(view.Write(record)))];
}
