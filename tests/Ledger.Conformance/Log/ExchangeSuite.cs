using System.Runtime.CompilerServices;
using Ledger.Core.Entries;
using Ledger.Core.Exchange;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>A ledger can be taken to another store and is the same there; what does not follow changes nothing.</summary>
public abstract class ExchangeSuite(Store store, Func<Store> another) : EngineSuite(store), IDisposable
{
    private readonly DirectoryInfo exports = Directory.CreateTempSubdirectory("ledger-exports");

    public void Dispose()
    {
        exports.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [SkippableFact]
    public async Task An_export_taken_into_an_empty_store_gives_the_same_ledger()
    {
        await FillVariedAsync();
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);

        (await ImportAsync(await ExportAsync(), copy.Log)).Size.ShouldBe((await Log.HeadAsync()).Size);

        var mine = await Given.AllAsync(Log, PartSelection.All);
        var theirs = await Given.AllAsync(copy.Log, PartSelection.All);
        theirs.Count.ShouldBe(mine.Count);
        foreach (var (a, b) in theirs.Zip(mine))
        {
            ShouldBeSame(a, b);
        }

        (await copy.Log.HeadAsync()).ShouldBe(await Log.HeadAsync());
        var (left, right) = (await Verification.VerifyAsync(Log), await Verification.VerifyAsync(copy.Log));
        left.Failure.ShouldBeNull();
        right.ShouldBe(left);
    }

    [SkippableFact]
    public async Task A_copy_is_the_same_ledger_under_the_same_names()
    {
        await FillVariedAsync();
        await using var target = another();
        await using (var copy = await target.OpenAsync(Clock))
        {
            copy.Log.Naming.Story("ferry").ShouldNotBe(Log.Naming.Story("ferry"));
            var report = (await Copy.RunAsync(Log, copy.Log)).Value;
            report.ShouldBe(new((await Log.HeadAsync()).Size, report.Size, await Proofs.RootAsync(Log, report.Size)));
            copy.Log.Naming.Story("ferry").ShouldBe(Log.Naming.Story("ferry"));
        }

        await using var again = await target.OpenAsync(Clock);
        again.Log.Naming.Story("ferry").ShouldBe(Log.Naming.Story("ferry"));
        foreach (var (theirs, mine) in (await Given.AllAsync(again.Log, PartSelection.All)).Zip(await Given.AllAsync(Log, PartSelection.All)))
        {
            ShouldBeSame(theirs, mine);
        }

        (await Verification.VerifyAsync(again.Log)).ShouldBe(await Verification.VerifyAsync(Log));
    }

    [SkippableFact]
    public async Task A_copy_that_was_interrupted_goes_on()
    {
        var story = await FillAsync(12_000);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Copy.RunAsync(Log, copy.Log, new Told(_ => stop.Cancel()), stop.Token));

        var there = (await copy.Log.HeadAsync()).Size;
        there.ShouldBeInRange(5_000, 11_999);
        (await Verification.VerifyAsync(copy.Log)).Failure.ShouldBeNull("what is there consists of whole commands");
        (await Copy.RunAsync(Log, copy.Log)).Value.Added.ShouldBe(12_001 - there);
        (await Copy.RunAsync(Log, copy.Log)).Value.Added.ShouldBe(0);
        (await copy.Log.AppendAsync(Given.Notes(copy.Log, story, 11_999))).ShouldBeOfType<AppendResult.Appended>();
        (await Copy.RunAsync(Log, copy.Log)).Error!.Code.ShouldBe("copy-other-ledger");
    }

    private sealed class Told(Action<long> told) : IProgress<long>
    {
        public void Report(long value) => told(value);
    }

    [SkippableFact]
    public async Task A_ledger_that_was_taken_on_goes_on()
    {
        var story = await FillAsync(300);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        await copy.Log.ImportAsync(Log.ReadAsync(0, null, PartSelection.All));

        // The same command is a repeated one there too, a new one follows on, and the tree grows as the first one's does.
        var first = (await Given.StoryAsync(Log, story))[0].Envelope;
        (await copy.Log.FindReceiptAsync(story, first.Command)).ShouldNotBeNull().Entries[0].Id.ShouldBe(first.Id);
        (await copy.Log.AppendAsync(Given.Notes(copy.Log, story, 299))).ShouldBeOfType<AppendResult.Appended>().Receipt.Entries[0].Index.ShouldBe(301);
        (await Proofs.RootAsync(copy.Log, 301)).ShouldBe(await Proofs.RootAsync(Log, 301));
        (await Verification.VerifyAsync(copy.Log)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task An_import_into_a_beginning_of_the_ledger_adds_the_rest()
    {
        var story = await FillAsync(40);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        await ImportAsync(await ExportAsync(), copy.Log);
        await AppendAsync(Given.Notes(Log, story, 39, 30));
        var export = await ExportAsync();

        (await ImportAsync(export, copy.Log)).ShouldBe(new ImportReport(71, 30));
        (await ImportAsync(export, copy.Log)).ShouldBe(new ImportReport(71, 0));
        (await Proofs.RootAsync(copy.Log, 71)).ShouldBe(await Proofs.RootAsync(Log, 71));
    }

    [SkippableFact]
    public async Task An_import_into_another_ledger_writes_nothing()
    {
        await FillAsync(5);
        await using var target = another();
        await using var other = await target.OpenAsync(Clock);
        await LedgerOpening.EnsureOpenedAsync(other.Log, "example.org/other", new Digest(new byte[32]), Given.Ada, Clock);

        (await Import.ReadAsync(await ExportAsync(), other.Log)).Error!.Code.ShouldBe("import-other-ledger");
        (await other.Log.HeadAsync()).Size.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_text_that_no_ledger_records_is_not_taken_on()
    {
        await AppendAsync(Given.Command(Log, Given.NewStory(), AppendRequest.NoStory, null, Given.Document("Words to be forged.")));
        var export = await ExportAsync();
        await File.WriteAllTextAsync(export, (await File.ReadAllTextAsync(export)).Replace("\"Words to", "\"Words\\u0000to", StringComparison.Ordinal));
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);

        var error = (await Import.ReadAsync(export, copy.Log)).Error.ShouldNotBeNull();

        error.Code.ShouldBe("import-not-valid");
        error.Message.ShouldContain("line 3");
        error.Message.ShouldContain("NUL");
        (await copy.Log.HeadAsync()).Size.ShouldBe(0);
    }

    public static TheoryData<string> NotFollowing => new("a gap", "from the beginning again", "two swapped", "a story's chain broken");

    [SkippableTheory]
    [MemberData(nameof(NotFollowing))]
    public async Task Entries_that_do_not_follow_are_refused_whole(string what)
    {
        await FillAsync(50);
        await FillAsync(50);
        var entries = await Given.AllAsync(Log, PartSelection.All);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        await copy.Log.ImportAsync(Stream(entries.Take(20)));
        var rest = entries.Skip(20).ToList();
        switch (what)
        {
            case "a gap": rest.RemoveAt(60); break;
            case "from the beginning again": rest = entries; break;
            case "two swapped": (rest[60], rest[61]) = (rest[61], rest[60]); break;
            default:
                // In its place, with an index that follows, but an entry of its story before it left out.
                rest = [.. rest.Take(50), .. rest.Skip(51).Select(entry => new Entry(entry.Index - 1, entry.EnvelopeBytes, entry.Hash, entry.Parts))];
                break;
        }

        (await Given.CodeAsync(() => copy.Log.ImportAsync(Stream(rest)).AsTask())).ShouldBe("import-does-not-follow");

        (await copy.Log.HeadAsync()).Size.ShouldBe(20);
        await copy.Log.ImportAsync(Stream(entries.Skip(20)));
        (await Proofs.RootAsync(copy.Log, entries.Count)).ShouldBe(await Proofs.RootAsync(Log, entries.Count));
    }

    [SkippableFact]
    public async Task An_import_whose_source_fails_half_way_writes_nothing_and_says_why()
    {
        await FillAsync(50);
        var entries = await Given.AllAsync(Log, PartSelection.All);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);

        (await Should.ThrowAsync<IOException>(async () => await copy.Log.ImportAsync(Stream(entries, failAt: 30)))).Message.ShouldBe("The disk was pulled out.");

        (await copy.Log.HeadAsync()).Size.ShouldBe(0);
        await copy.Log.ImportAsync(Stream(entries));
        (await copy.Log.HeadAsync()).Size.ShouldBe(51);
    }

    [SkippableFact]
    public async Task An_import_that_is_cancelled_half_way_writes_nothing()
    {
        await FillAsync(50);
        var entries = await Given.AllAsync(Log, PartSelection.All);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        using var cancel = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () => await copy.Log.ImportAsync(Stream(entries, cancelAt: (30, cancel)), cancellation: cancel.Token));

        (await copy.Log.HeadAsync()).Size.ShouldBe(0);
    }

    [SkippableFact]
    public async Task A_follower_is_told_of_what_was_imported()
    {
        await FillAsync(30);
        await using var target = another();
        await using var copy = await target.OpenAsync(Clock);
        var following = Task.Run(() => Given.FollowAsync(copy.Log, 0, 31, Patience));

        await copy.Log.ImportAsync(Log.ReadAsync(0, null, PartSelection.All));

        (await following).Select(entry => entry.Hash).ShouldBe((await Given.AllAsync(Log)).Select(entry => entry.Hash));
    }

    private async Task FillVariedAsync()
    {
        await FillAsync(300);
        var story = Given.NewStory();
        await AppendAsync(Given.Command(Log, story, AppendRequest.NoStory, null, Given.Document("Text with \" and \\ and 😀 and \u0001.\n", [0, 1, 254, 255])));
        Clock.Move(TimeSpan.FromSeconds(-30));
        await AppendAsync(Given.Notes(Log, story, 0, 2, text: "é e\u0301 \u2028 </script>"));
        await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));
    }

    private async Task<string> ExportAsync()
    {
        var path = Path.Combine(exports.FullName, $"{Guid.NewGuid():N}.ndjson");
        await using var file = File.Create(path);
        await Export.WriteAsync(Log, file);
        return path;
    }

    private static async Task<ImportReport> ImportAsync(string path, ILedgerLog log) => (await Import.ReadAsync(path, log)).Value;

    private static async IAsyncEnumerable<Entry> Stream(
        IEnumerable<Entry> entries, int failAt = -1, (int At, CancellationTokenSource Source)? cancelAt = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var (position, entry) in entries.Index())
        {
            await Task.Yield();
            if (position == failAt)
            {
                throw new IOException("The disk was pulled out.");
            }

            if (position == cancelAt?.At)
            {
                await cancelAt.Value.Source.CancelAsync();
            }

            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }
}
