using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>A part that was erased is gone from the log, and every hash and proof still holds.</summary>
public abstract class ErasureSuite(Store store) : EngineSuite(store)
{
    [SkippableTheory]
    [InlineData(Part.Body)]
    [InlineData(Part.Recorder)]
    [InlineData(Part.Text)]
    [InlineData(Part.Source)]
    public async Task An_erased_part_is_gone_from_every_reading_and_everything_else_is_as_it_was(string part)
    {
        var story = Given.NewStory();
        var id = (await AppendAsync(Given.Command(Log, story, AppendRequest.NoStory, null, Given.Document("A secret.", [1, 2]), Given.Document("Another.", [3])))).Entries[0].Id;
        var before = await Given.AllAsync(Log, PartSelection.All);
        var root = await Proofs.RootAsync(Log, 3);

        await Log.EraseAsync(id, part);
        await CheckAsync();
        await ReopenAsync();
        await CheckAsync();

        async Task CheckAsync()
        {
            var after = await Given.AllAsync(Log, PartSelection.All);
            foreach (var (now, was) in after.Zip(before))
            {
                ShouldBeSame(now, was.Id == id ? new Entry(was.Index, was.EnvelopeBytes, was.Hash, [.. was.Parts.Where(kept => kept.Name != part)]) : was);
            }

            (await Log.FindAsync(id, PartSelection.All))!.Part(part).ShouldBeNull();
            (await Given.StoryAsync(Log, story))[0].Part(part).ShouldBeNull();
            (await Given.FollowAsync(Log, 1, 1, Patience))[0].Part(part).ShouldBeNull();
            (await Proofs.RootAsync(Log, 3)).ShouldBe(root);
            Proofs.VerifyInclusion(before[1].Hash, 1, 3, (await Proofs.InclusionAsync(Log, 1, 3)).AsSpan(), root).ShouldBeTrue();
        }
    }

    [SkippableFact]
    public async Task Erasing_twice_does_nothing_more()
    {
        var id = (await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory))).Entries[0].Id;
        await Log.EraseAsync(id, Part.Body);
        await Log.EraseAsync(id, Part.Body);
        await Log.EraseAsync(id, Part.Text);
        (await Log.FindAsync(id))!.Parts.Select(part => part.Name).ShouldBe([Part.Recorder]);
    }

    [SkippableFact]
    public async Task An_entry_that_is_not_there_cannot_be_erased()
    {
        await FillAsync(3);
        (await Given.CodeAsync(() => Log.EraseAsync(new EntryId(Guid.NewGuid()), Part.Body).AsTask())).ShouldBe("entry-not-found");
        (await Given.AllAsync(Log)).ShouldAllBe(entry => entry.Parts.Length == 2);
    }

    [SkippableFact]
    public async Task A_story_goes_on_after_an_erasure()
    {
        var story = Given.NewStory();
        var command = CommandId.New();
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 2, command));
        await Log.EraseAsync(first.Entries[1].Id, Part.Body);
        await Log.EraseAsync(first.Entries[1].Id, Part.Recorder);

        (await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 2, command))).Entries.AsEnumerable().ShouldBe(first.Entries);
        (await AppendAsync(Given.Notes(Log, story, 1))).Entries[0].Revision.ShouldBe(2);
        (await Given.StoryAsync(Log, story))[2].Envelope.Previous.ShouldBe(first.Entries[1].Hash);
    }
}
