using System.Diagnostics;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Integrity;

/// <summary>A checkpoint that was kept elsewhere tells what a file that was edited, hashes and all, cannot.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger-checkpoint");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_checkpoint_is_the_bytes_that_another_program_signed()
    {
        // Made with Python's cryptography and the first key of RFC 8032, section 7.1.
        using var key = SigningKey.Load(Fixture.PathOf("vectors/checkpoint.key"));
        Convert.ToHexStringLower(key.PublicKey.ToArray()).ShouldStartWith("d75a980182b10ab7");
        var checkpoint = new Checkpoint("example.org/ledger", 11, TreeHash.EmptyRoot);
        Fixture.ShouldHold("vectors/checkpoint.note", checkpoint.Sign(key).ToBytes());
        var read = SignedNote.Parse(Fixture.Read("vectors/checkpoint.note"));
        Checkpoint.Parse(read).ShouldBe(checkpoint);
        read.Check("example.org/ledger", key.PublicKey).ShouldBe(SignatureState.Valid);
        read.Check("example.org/other", key.PublicKey).ShouldBe(SignatureState.Absent);
        read.ShouldBe(checkpoint.Sign(key));
    }

    [Fact]
    public void A_note_of_the_go_checksum_database_reads()
    {
        // From the documentation of golang.org/x/mod/sumdb/note.
        var note = SignedNote.Parse("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"u8);
        var key = Digest.Parse("GlzZBxQ8OExB6DDFvOEqqIF-xWSaqr8sMTiLNbLXRNY");
        SignedNote.KeyId("PeterNeumann", key).ShouldBe(0xc74f20a3);
        note.Check("PeterNeumann", key).ShouldBe(SignatureState.Valid);
        (note with { Text = note.Text.ToUpperInvariant() }).Check("PeterNeumann", key).ShouldBe(SignatureState.Forged);
        Should.Throw<FormatException>(() => Checkpoint.Parse(note));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\n1\nx\n")]
    [InlineData("a\n1\nx\n\n")]
    [InlineData("a\n1\nx\n\n- a AAAAAAAA\n")]
    [InlineData("a\n1\nx\n\n— a AAAA\n")]
    [InlineData("a\n1\nx\n\n— a b AAAAAAAA\n")]
    [InlineData("a\n1\nx\n\n— a AAAAAAAA")]
    [InlineData("a\n1\nx\n\n— a+b AAAAAAAA\n")]
    [InlineData("a\r\n1\nx\n\n— a AAAAAAAA\n")]
    [InlineData("a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— a AAAAAAAA\n")]
    [InlineData("a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— a AAAAAAAA\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n\n— a AAAAAAAA\n")]
    [InlineData("a\n1\n47DE\n\n— a AAAAAAAA\n")]
    [InlineData("a\n\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— a AAAAAAAA\n")]
    public void What_is_no_checkpoint_is_told_so(string text) =>
        CheckpointReport.Read("kept", Encoding.UTF8.GetBytes(text)).Error!.Code.ShouldBe("checkpoint-not-valid");

    [Fact]
    public async Task A_kept_checkpoint_holds_while_the_ledger_grows_and_finds_a_removed_last_entry()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 3);
        var kept = await SignAsync(ledger);
        await AddAsync(ledger, 2);
        (await CheckAsync(ledger, kept)).Failure.ShouldBeNull();

        await using var shorter = TestLedger.Empty();
        await shorter.Log.ImportAsync((await ledger.EntriesAsync())[..3].ToAsyncEnumerable());
        var failure = (await CheckAsync(shorter, kept)).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("checkpoint-larger");
        failure.Message.ShouldContain("from index 3 on were removed");
    }

    [Fact]
    public async Task A_ledger_made_anew_under_the_same_name_and_key_is_found()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 3);
        var kept = await SignAsync(ledger);
        await using var anew = await OpenAsync("a");
        await AddAsync(anew, 4);
        (await CheckAsync(anew, kept)).Failure!.Code.ShouldBe("checkpoint-root-differs");
    }

    [Fact]
    public async Task A_swapped_pair_that_was_hashed_anew_is_found()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 4);
        var kept = await SignAsync(ledger);
        var entries = await ledger.EntriesAsync();
        // Two stories' entries: each chain is whole in either order.
        await using var swapped = TestLedger.Empty();
        await swapped.Log.ImportAsync(new[] { entries[0], At(1, entries[2]), At(2, entries[1]), entries[3], entries[4] }.ToAsyncEnumerable());
        (await Verification.VerifyAsync(swapped.Log)).Failure.ShouldBeNull();
        (await CheckAsync(swapped, kept)).Failure!.Code.ShouldBe("checkpoint-root-differs");
    }

    [Fact]
    public async Task Forged_altered_and_foreign_checkpoints_are_told_apart()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 3);
        var kept = await SignAsync(ledger);
        var checkpoint = Checkpoint.Parse(kept);

        await CodeAsync(kept with { Text = (checkpoint with { Size = 2 }).Text }, "checkpoint-forged");
        await CodeAsync(kept with { Text = kept.Text + "and more\n" }, "checkpoint-forged");
        await CodeAsync(kept with { Signatures = [kept.Signatures[0] with { Signature = [.. kept.Signatures[0].Signature.Select(value => (byte)(value ^ 1))] }] }, "checkpoint-forged");
        await CodeAsync((checkpoint with { Origin = "example.org/other" }).Sign(Key("a")), "checkpoint-other-ledger");
        await CodeAsync(checkpoint.Sign(Key("mallory")), "checkpoint-unknown-key");
        await CodeAsync((checkpoint with { Root = TreeHash.EmptyRoot }).Sign(Key("a")), "checkpoint-root-differs");
        // A witness signs beside the ledger; whoever does not know it passes it over.
        await CodeAsync(kept with { Signatures = [.. checkpoint.Sign(Key("witness")).Signatures, .. kept.Signatures] }, null);

        async Task CodeAsync(SignedNote note, string? code) =>
            (await CheckAsync(ledger, SignedNote.Parse(note.ToBytes()))).Failure?.Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_key_signs_from_the_entry_that_added_it_to_the_one_that_retired_it()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 2);
        var early = await SignAsync(ledger);
        await ReservedAsync(ledger, new LedgerKeyAdded(Key("b").PublicKey));
        await ReservedAsync(ledger, new LedgerKeyRetired(Key("a").PublicKey, "rotated"));
        await AddAsync(ledger, 1);

        (await LedgerKeys.ReadAsync(ledger.Log)).ShouldBe([new(Key("a").PublicKey, 0, 4), new(Key("b").PublicKey, 3, null)]);
        var root = await Proofs.RootAsync(ledger.Log, 3);
        (await CheckAsync(ledger, early)).Failure.ShouldBeNull("it was signed before");
        (await CheckAsync(ledger, await SignAsync(ledger, "b"))).Failure.ShouldBeNull();
        (await CheckAsync(ledger, await SignAsync(ledger))).Failure!.Code.ShouldBe("checkpoint-key-not-in-use");
        (await CheckAsync(ledger, new Checkpoint(TestLedger.Origin, 3, root).Sign(Key("b")))).Failure!.Code.ShouldBe("checkpoint-key-not-in-use");
        (await CheckAsync(ledger, new Checkpoint(TestLedger.Origin, 4, await Proofs.RootAsync(ledger.Log, 4)).Sign(Key("a")))).Failure.ShouldBeNull("4 is the last size it signs");
    }

    [SkippableFact]
    public async Task Python_holds_an_export_against_a_checkpoint()
    {
        await using var ledger = await OpenAsync("a");
        await AddAsync(ledger, 3);
        var kept = await SignAsync(ledger);
        await AddAsync(ledger, 1);
        var export = ledger.File("kept.ndjson");
        await File.WriteAllBytesAsync(export, await ledger.ExportAsync());
        Try(kept).ExitCode.ShouldBe(0);
        Try(kept).Output.ShouldContain("checkpoint 4 holds");
        Try((Checkpoint.Parse(kept) with { Size = 9 }).Sign(Key("a"))).Error.ShouldContain("the last were removed");
        Try((Checkpoint.Parse(kept) with { Size = 3 }).Sign(Key("a"))).Error.ShouldContain("are not those that were signed");
        Try(Checkpoint.Parse(kept).Sign(Key("mallory"))).Error.ShouldContain("no key of this ledger");
        var forged = Try(kept with { Text = (Checkpoint.Parse(kept) with { Size = 3 }).Text });
        forged.ExitCode.ShouldBe(1);
        forged.Error.ShouldMatch("signature does not hold|are not those that were signed");

        (int ExitCode, string Output, string Error) Try(SignedNote note)
        {
            var path = ledger.File("kept.note");
            File.WriteAllBytes(path, note.ToBytes());
            return Python.Recompute(export, checkpoint: path);
        }
    }

    [SkippableFact]
    public void Openssl_verifies_what_the_key_signs_and_reads_both_its_halves()
    {
        Skip.IfNot(OpenSsl("list", "-public-key-algorithms").Output.Contains("ED25519", StringComparison.OrdinalIgnoreCase), "NOT CHECKED: no openssl with Ed25519 is on this machine.");
        using var key = Key("a");
        string At(string name) => Path.Combine(folder.FullName, name);
        var text = new Checkpoint("example.org/ledger", 11, TreeHash.EmptyRoot).Text;
        File.WriteAllText(At("text"), text);
        File.WriteAllBytes(At("signature"), key.Sign(Encoding.UTF8.GetBytes(text)));
        File.WriteAllText(At("public.pem"), SigningKey.ToPem(key.PublicKey));
        OpenSsl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", At("public.pem"), "-in", At("text"), "-sigfile", At("signature")).ExitCode.ShouldBe(0);

        // The private half as openssl reads it gives the same public half and, Ed25519 being deterministic, the same signature.
        OpenSsl("pkey", "-in", At("a"), "-pubout").Output.ReplaceLineEndings("\n").ShouldBe(SigningKey.ToPem(key.PublicKey));
        OpenSsl("pkeyutl", "-sign", "-rawin", "-inkey", At("a"), "-in", At("text"), "-out", At("theirs")).ExitCode.ShouldBe(0);
        File.ReadAllBytes(At("theirs")).ShouldBe(File.ReadAllBytes(At("signature")));
        SigningKey.Verify(key.PublicKey, Encoding.UTF8.GetBytes(text), File.ReadAllBytes(At("theirs"))).ShouldBeTrue();
        SigningKey.Verify(key.PublicKey, "another"u8, File.ReadAllBytes(At("theirs"))).ShouldBeFalse();
        SigningKey.Verify(default, "another"u8, [1, 2, 3]).ShouldBeFalse();
    }

    private static Entry At(long index, Entry entry) => new(index, entry.EnvelopeBytes, entry.Hash, entry.Parts);

    private static (int ExitCode, string Output) OpenSsl(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }

    private SigningKey Key(string name)
    {
        var path = Path.Combine(folder.FullName, name);
        return File.Exists(path) ? SigningKey.Load(path) : SigningKey.Create(path);
    }

    private async Task<TestLedger> OpenAsync(string key)
    {
        var ledger = TestLedger.Empty();
        await LedgerOpening.EnsureOpenedAsync(ledger.Log, TestLedger.Origin, Key(key).PublicKey, TestLedger.Ada, ledger.Clock);
        return ledger;
    }

    private static async Task AddAsync(TestLedger ledger, int stories)
    {
        for (var i = 0; i < stories; i++)
        {
            var slug = Guid.NewGuid().ToString();
            (await ledger.Mediator.Send(new Submit(ledger.Log.Naming.Story(slug), CommandId.New(), TestLedger.Ada, new StoryCommand.OpenStory("A story", slug, "en", [])))).Error.ShouldBeNull();
        }
    }

    private static async Task ReservedAsync(TestLedger ledger, Body body) =>
        (await ledger.Mediator.Send(new Submit(StoryId.Reserved, CommandId.New(), TestLedger.Ada, new StoryCommand.RecordBody(body)))).Error.ShouldBeNull();

    private async Task<SignedNote> SignAsync(TestLedger ledger, string key = "a") => (await Checkpoint.OfHeadAsync(ledger.Log)).Sign(Key(key));

    private static async Task<CheckpointReport> CheckAsync(TestLedger ledger, SignedNote kept)
    {
        var report = await Verification.VerifyAsync(ledger.Log, kept, null);
        report.Failure.ShouldBeNull();
        return report.Checkpoint.ShouldNotBeNull();
    }
}
