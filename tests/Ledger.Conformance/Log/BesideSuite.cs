using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>Two engines, the same commands: the same bytes, hashes and root, and what one proves holds on the other.</summary>
public abstract class BesideSuite(Store store, Func<Store> another) : EngineSuite(store)
{
    [Fact]
    public async Task The_same_commands_give_the_same_bytes_and_the_same_root()
    {
        await using var place = another();
        await using var other = await place.OpenAsync(Clock);
        // One opening for both: salts are made anew for each.
        await other.Log.ImportAsync(Log.ReadAsync(0, null, PartSelection.All), Log.Naming);

        foreach (var request in Requests())
        {
            Clock.Move(TimeSpan.FromMilliseconds(7));
            var mine = await AppendAsync(request);
            (await other.Log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt.Entries.ShouldBe(mine.Entries);
        }

        var size = (await Log.HeadAsync()).Size;
        foreach (var (theirs, ours) in (await Given.AllAsync(other.Log, PartSelection.All)).Zip(await Given.AllAsync(Log, PartSelection.All)))
        {
            ShouldBeSame(theirs, ours);
        }

        (await Proofs.RootAsync(other.Log, size)).ShouldBe(await Proofs.RootAsync(Log, size));
        (await Verification.VerifyAsync(other.Log)).ShouldBe(await Verification.VerifyAsync(Log));
    }

    [Fact]
    public async Task What_one_proves_holds_on_the_other()
    {
        var story = await FillAsync(700);
        await using var place = another();
        await using var other = await place.OpenAsync(Clock);
        await other.Log.ImportAsync(Log.ReadAsync(0, null, PartSelection.All), Log.Naming);
        var then = (await Log.HeadAsync()).Size;
        var rootThen = await Proofs.RootAsync(Log, then);

        // It goes on there alone; a receipt of before is in the tree that it has become.
        (await other.Log.AppendAsync(Given.Notes(other.Log, story, 699, 90))).ShouldBeOfType<AppendResult.Appended>();
        var now = (await other.Log.HeadAsync()).Size;
        var rootNow = await Proofs.RootAsync(other.Log, now);

        var entries = await Given.AllAsync(Log);
        foreach (var index in (int[])[0, 1, 255, 256, 511, 700])
        {
            var (inThen, inNow) = (await Proofs.InclusionAsync(Log, index, then), await Proofs.InclusionAsync(other.Log, index, now));
            Proofs.VerifyInclusion(entries[index].Hash, index, then, inThen.AsSpan(), rootThen).ShouldBeTrue();
            Proofs.VerifyInclusion(entries[index].Hash, index, now, inNow.AsSpan(), rootNow).ShouldBeTrue();
        }

        (await Proofs.RootAsync(other.Log, then)).ShouldBe(rootThen);
        var grown = await Proofs.ConsistencyAsync(other.Log, then, now);
        Proofs.VerifyConsistency(then, now, rootThen, rootNow, grown.AsSpan()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_ledger_that_went_there_and_back_is_the_same()
    {
        var story = await FillAsync(300);
        await using var place = another();
        await using var other = await place.OpenAsync(Clock);
        await Core.Exchange.Copy.RunAsync(Log, other.Log);
        (await other.Log.AppendAsync(Given.Notes(other.Log, story, 299, 12))).ShouldBeOfType<AppendResult.Appended>();

        var back = (await Core.Exchange.Copy.RunAsync(other.Log, Log)).Value;

        back.Added.ShouldBe(12);
        back.Root.ShouldBe(await Proofs.RootAsync(other.Log, back.Size));
        (await Verification.VerifyAsync(Log)).Failure.ShouldBeNull();
    }

    private ImmutableArray<AppendRequest> Requests()
    {
        var (first, second) = (Given.NewStory(), Given.NewStory());
        return
        [
            Given.Notes(Log, first, -1, 3, text: "Ереван, İstanbul, ß, 😀"),
            Given.Command(Log, second, -1, null, Given.Document("A line.\nAnother \u2028 line with \t and \\ and \" in it.", [0, 1, 2, 255])),
            Given.Notes(Log, second, 0, 97),
            Given.Notes(Log, first, 2, 250),
        ];
    }
}
