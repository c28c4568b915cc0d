using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Integrity;

/// <summary>What was altered and then hashed anew, chain and all, so that only what it says gives it away.</summary>
public sealed class VerificationTests
{
    public static TheoryData<string, int, Func<Envelope, Envelope>, string> Forged => new()
    {
        { "an id that does not follow", 3, envelope => envelope with { Id = Stored.Id(99) }, "Its id does not follow" },
        { "a revision left out", 3, envelope => envelope with { Revision = 5 }, "goes from revision 1 to 5" },
        { "another chain", 3, envelope => envelope with { Previous = TreeHash.EmptyRoot }, "chain is broken" },
        { "a time before the one before", 3, envelope => envelope with { RecordedAt = Timestamp.MinValue }, "before the entry it follows on" },
        { "a command that is not whole", 3, envelope => envelope with { Of = 2 }, "is not whole" },
        { "a command that begins in the middle", 3, envelope => Renamed(envelope with { Ordinal = 1, Of = 2 }), "is not whole" },
        { "a second opening", 3, envelope => envelope with { Type = "ledger.opened" }, "A ledger begins with 'ledger.opened'" },
        { "an opening in another story", 0, envelope => Renamed(envelope with { Story = Stored.Story }), "A ledger begins with 'ledger.opened'" },
        { "another beginning", 0, envelope => envelope with { Type = "story.opened" }, "A ledger begins with 'ledger.opened'" },
        { "a body of another type", 3, envelope => envelope with { Type = "note.added" }, "does not have the shape of its type" },
        { "a document without a text", 3, envelope => envelope with { Parts = envelope.Parts.Remove(Part.Text) }, "that its envelope does not commit to" },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task What_was_forged_is_found_at_its_entry(string what, int index, Func<Envelope, Envelope> forge, string reason)
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        var entries = await ledger.EntriesAsync();
        (await VerifyAsync(entries)).Failure.ShouldBeNull();
        var failure = (await VerifyAsync(Forge(entries, index, forge))).Failure.ShouldNotBeNull(what);
        failure.Reason.ShouldContain(reason);
        failure.Index.ShouldBeInRange(index, index + 1);
    }

    [Fact]
    public async Task An_entry_of_a_type_that_is_not_known_yet_is_checked_by_its_hashes_and_holds()
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        var report = await VerifyAsync(Forge(await ledger.EntriesAsync(), 13, envelope => envelope with { Type = "claim.imagined" }));
        report.Failure.ShouldBeNull();
        report.Size.ShouldBe(52);
    }

    [Fact]
    public async Task An_entry_of_a_known_type_with_a_newer_shape_is_checked_by_its_hashes_and_holds()
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        var entries = Forge(await ledger.EntriesAsync(), 13, envelope => envelope with { Schema = 2 });
        (await VerifyAsync(entries)).Failure.ShouldBeNull();
        entries[13] = new(13, entries[13].EnvelopeBytes, entries[13].Hash, [.. entries[13].Parts.Select(part => part with { Bytes = "{}"u8.ToArray() })]);
        (await VerifyAsync(entries)).Failure!.Index.ShouldBe(13);
    }

    public static TheoryData<string, int, string, byte[], string> Sealed => new()
    {
        { "another source", 3, Part.Source, [1, 2, 3], "Its source does not have the hash" },
        { "a recorder of another shape", 3, Part.Recorder, "{\"name\":7}"u8.ToArray(), "A recorder part does not have the shape" },
        { "a recorder without a name", 3, Part.Recorder, "{\"request\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"u8.ToArray(), "A recorder part does not have the shape" },
        { "a body that is too large", 13, Part.Body, [.. "{\"on\":\""u8, .. Enumerable.Repeat((byte)'x', Limits.Body), .. "\"}"u8], "no body has more than 65536" },
        { "a text that is too large", 3, Part.Text, new byte[Limits.Text + 1], "no text has more than 524288" },
        { "a text that is not UTF-8", 3, Part.Text, [0xff, 0xfe], "not UTF-8" },
        { "a text with a NUL", 3, Part.Text, [65, 0, 66], "holds a NUL" },
        { "a NUL in a body", 13, Part.Body, "{\"on\":\"00000000-0000-8000-8000-000000000000\",\"text\":\"a\\u0000b\"}"u8.ToArray(), "canonical form" },
        { "half a surrogate pair in a body", 13, Part.Body, "{\"on\":\"00000000-0000-8000-8000-000000000000\",\"text\":\"a\\ud800b\"}"u8.ToArray(), "canonical form" },
    };

    [Theory]
    [MemberData(nameof(Sealed))]
    public async Task What_was_sealed_wrong_is_found_at_its_entry(string what, int index, string name, byte[] bytes, string reason)
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        var entries = await ledger.EntriesAsync();
        var entry = entries[index];
        entries[index] = new(index, entry.EnvelopeBytes, entry.Hash, [.. entry.Parts.Select(part => part.Name == name ? part with { Bytes = bytes } : part)]);
        var forged = Forge(entries, index, envelope => envelope with { Parts = envelope.Parts.SetItem(name, entries[index].Part(name)!.Commitment()) });
        var failure = (await VerifyAsync(forged)).Failure.ShouldNotBeNull(what);
        failure.Index.ShouldBe(index, what);
        failure.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task A_report_counts_what_was_checked_and_gives_the_root()
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        var report = await Verification.VerifyAsync(ledger.Log);
        (report.Size, report.Parts, report.Spans).ShouldBe((52, 110, 15));
        report.Root.ShouldBe(await Proofs.RootAsync(ledger.Log, 52));
    }

    [Fact]
    public async Task An_empty_ledger_holds()
    {
        await using var ledger = TestLedger.Empty();
        (await Verification.VerifyAsync(ledger.Log)).ShouldBe(new(0, TreeHash.EmptyRoot, 0, 0, 0, null));
    }

    [Fact]
    public void A_key_is_kept_in_a_file_of_its_owner_alone_and_never_written_over()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-key");
        try
        {
            var path = Path.Combine(folder.FullName, "key");
            using var key = SigningKey.Create(path);
            using var loaded = SigningKey.Load(path);
            loaded.PublicKey.ShouldBe(key.PublicKey);
            Should.Throw<IOException>(() => SigningKey.Create(path));
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            File.WriteAllText(path, "no key");
            Should.Throw<FormatException>(() => SigningKey.Load(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Envelope Renamed(Envelope envelope) => envelope with { Id = EntryId.For(envelope.Story, envelope.Command, envelope.Ordinal) };

    private static List<Entry> Forge(List<Entry> entries, int index, Func<Envelope, Envelope> forge)
    {
        var forged = new List<Entry>();
        var ends = new Dictionary<StoryId, Digest>();
        foreach (var entry in entries)
        {
            var envelope = entry.Index < index ? entry.Envelope : entry.Envelope with { Previous = ends.TryGetValue(entry.Story, out var end) ? end : null };
            envelope = entry.Index == index ? forge(envelope) : envelope;
            var bytes = envelope.ToBytes();
            forged.Add(new(entry.Index, bytes, TreeHash.Leaf(bytes), entry.Parts));
            ends[entry.Story] = forged[^1].Hash;
        }

        return forged;
    }

    private static async Task<VerificationReport> VerifyAsync(List<Entry> entries) => await Verification.VerifyAsync(
        entries.ToAsyncEnumerable(),
        document => new(entries.Find(entry => entry.Id == document)?.Part(Part.Text) is { } part ? System.Text.Encoding.UTF8.GetString(part.Bytes.Span) : null));
}
