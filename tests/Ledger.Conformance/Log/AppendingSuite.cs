using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>Whole commands at an expected revision: there or not, with a receipt of what is stored.</summary>
public abstract class AppendingSuite(Store store) : EngineSuite(store)
{
    [SkippableFact]
    public async Task The_entries_of_a_command_stand_together_in_order_behind_the_last_entry()
    {
        var story = Given.NewStory();
        var receipt = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 5));

        receipt.Repeated.ShouldBeFalse();
        receipt.Entries.Select(entry => entry.Index).ShouldBe([1, 2, 3, 4, 5]);
        receipt.Entries.Select(entry => entry.Revision).ShouldBe([0, 1, 2, 3, 4]);
        var stored = await Given.StoryAsync(Log, story);
        stored.Select(entry => entry.Envelope.Ordinal).ShouldBe([0, 1, 2, 3, 4]);
        stored.ShouldAllBe(entry => entry.Envelope.Of == 5 && entry.Envelope.Command == receipt.Command);
    }

    [SkippableFact]
    public async Task A_receipt_says_what_is_stored()
    {
        var receipt = await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 3));

        foreach (var promised in receipt.Entries)
        {
            var stored = (await Log.FindAsync(promised.Id)).ShouldNotBeNull();
            promised.ShouldBe(new ReceiptEntry(stored.Id, stored.Envelope.Type, stored.Index, stored.Envelope.Revision, stored.Envelope.RecordedAt, stored.Hash));
            stored.Hash.ShouldBe(TreeHash.Leaf(stored.EnvelopeBytes.Span));
        }
    }

    [SkippableFact]
    public async Task Every_entry_names_the_hash_of_its_storys_previous_one()
    {
        StoryId[] stories = [Given.NewStory(), Given.NewStory()];
        for (var round = 0; round < 4; round++)
        {
            foreach (var story in stories)
            {
                await AppendAsync(Given.Notes(Log, story, (round * 2) - 1, 2));
            }
        }

        foreach (var story in stories)
        {
            var entries = await Given.StoryAsync(Log, story);
            entries.Select(entry => entry.Envelope.Previous).ShouldBe([null, .. entries.SkipLast(1).Select(entry => (Digest?)entry.Hash)]);
        }
    }

    [SkippableTheory]
    [InlineData(-1, 2)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(long.MaxValue, 2)]
    public async Task A_conflict_reports_the_actual_revision_and_appends_nothing(long expected, long actual)
    {
        var story = Given.NewStory();
        await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, (int)actual + 1));
        var before = await Log.HeadAsync();

        (await Log.AppendAsync(Given.Notes(Log, story, expected))).ShouldBeOfType<AppendResult.Conflict>().ActualRevision.ShouldBe(actual);

        (await Log.HeadAsync()).ShouldBe(before);
        (await Given.StoryAsync(Log, story)).Count.ShouldBe((int)actual + 1);
    }

    [SkippableFact]
    public async Task A_story_that_is_not_there_conflicts_with_minus_one()
    {
        var story = Given.NewStory();
        (await Log.AppendAsync(Given.Notes(Log, story, 0))).ShouldBeOfType<AppendResult.Conflict>().ActualRevision.ShouldBe(AppendRequest.NoStory);
        await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory));
    }

    public static TheoryData<string, string> BrokenLimits => new()
    {
        { "no entries", "command-size" },
        { "too many entries", "command-size" },
        { "a body too large", "part-too-large" },
        { "a recorder too large", "part-too-large" },
        { "a text too large", "part-too-large" },
        { "all too large together", "command-too-large" },
        { "a type that no envelope takes", "command-not-valid" },
        { "a part that no envelope takes", "command-not-valid" },
        { "no body", "command-not-valid" },
        { "a text with a NUL", "command-not-valid" },
        { "a text that is not UTF-8", "command-not-valid" },
    };

    [SkippableTheory]
    [MemberData(nameof(BrokenLimits))]
    public async Task A_command_with_one_entry_that_breaks_a_limit_is_refused_whole(string broken, string code)
    {
        var story = Given.NewStory();
        var before = await Log.HeadAsync();

        var refused = (await Log.AppendAsync(Break(broken, story))).ShouldBeOfType<AppendResult.Refused>();

        refused.Error.Code.ShouldBe(code);
        (await Log.HeadAsync()).ShouldBe(before);
        (await Given.StoryAsync(Log, story)).ShouldBeEmpty();
        await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory));
    }

    [SkippableTheory]
    [MemberData(nameof(BrokenLimits))]
    public async Task A_command_that_is_refused_takes_none_of_its_neighbours_with_it(string broken, string code)
    {
        var neighbours = Enumerable.Range(0, 60).Select(i => Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory)).ToList();
        var refused = Break(broken, Given.NewStory());

        var results = await Task.WhenAll(
            [.. neighbours.Take(30).Select(request => Log.AppendAsync(request).AsTask()), Log.AppendAsync(refused).AsTask(), .. neighbours.Skip(30).Select(request => Log.AppendAsync(request).AsTask())]);

        results[30].ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe(code);
        results.OfType<AppendResult.Appended>().Count().ShouldBe(60);
        (await Log.HeadAsync()).Size.ShouldBe(61);
    }

    [SkippableFact]
    public async Task The_largest_number_of_entries_is_appended_whole()
    {
        var story = Given.NewStory();
        var receipt = await AppendAsync(SmallEntries(story, Limits.EntriesPerCommand));

        receipt.Entries.Length.ShouldBe(Limits.EntriesPerCommand);
        (await Log.HeadAsync()).Size.ShouldBe(1 + Limits.EntriesPerCommand);
        (await Given.StoryAsync(Log, story)).Count.ShouldBe(Limits.EntriesPerCommand);
    }

    private AppendRequest Break(string limit, StoryId story)
    {
        var request = Given.Notes(Log, story, AppendRequest.NoStory, 3);
        return limit switch
        {
            "no entries" => request with { Entries = [] },
            "too many entries" => SmallEntries(story, Limits.EntriesPerCommand + 1),
            "a body too large" => Replace(request, parts => parts.SetItem(0, Part.Seal(Part.Body, Given.BodyOf(Limits.Body + 1)))),
            "a recorder too large" => Replace(request, parts => parts.SetItem(1, Part.Seal(Part.Recorder, new byte[Limits.Body + 1]))),
            "a text too large" => Replace(request, parts => parts.Add(Part.Seal(Part.Text, Encoding.ASCII.GetBytes(new string('t', Limits.Text + 1))))),
            "all too large together" => request with { Entries = [.. Enumerable.Repeat(Replace(request, parts => parts.SetItem(0, Part.Seal(Part.Body, Given.BodyOf(Limits.Body)))).Entries[1], 15)] },
            "a type that no envelope takes" => request with { Entries = request.Entries.SetItem(1, request.Entries[1] with { Type = "Note Added" }) },
            "a part that no envelope takes" => Replace(request, parts => parts.Add(Part.Seal("whisper", Encoding.UTF8.GetBytes("pst")))),
            "a text with a NUL" => Replace(request, parts => parts.Add(Part.Seal(Part.Text, "a\0b"u8.ToArray()))),
            "a text that is not UTF-8" => Replace(request, parts => parts.Add(Part.Seal(Part.Text, new byte[] { 0xC3, 0x28 }))),
            "no body" => Replace(request, parts => parts.RemoveAt(0)),
            _ => throw new ArgumentOutOfRangeException(nameof(limit)),
        };
    }

    private AppendRequest SmallEntries(StoryId story, int count)
    {
        // Without a recorder part: so many of those would break the limit of the command first.
        var body = Part.Seal(Part.Body, "{}"u8.ToArray());
        return Given.Notes(Log, story, AppendRequest.NoStory) with { Entries = [.. Enumerable.Repeat(new EntryDraft("note.added", 1, null, [body]), count)] };
    }

    private static AppendRequest Replace(AppendRequest request, Func<ImmutableArray<Part>, ImmutableArray<Part>> change) => request with
    {
        Entries = request.Entries.SetItem(1, new EntryDraft("note.added", 1, null, change(request.Entries[1].Parts))),
    };
}
