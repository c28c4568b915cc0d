using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Exchange;

/// <summary>The format is checked from outside: recompute.py comes to the same root, and names the first entry that was tampered with.</summary>
public sealed class RecomputeTests
{
    [SkippableFact]
    public async Task Python_comes_to_the_same_size_and_root_and_finds_every_kind_of_tampering()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        var export = Encoding.UTF8.GetString(await ledger.ExportAsync());
        var root = (await Verification.VerifyAsync(ledger.Log)).Root;
        Run(ledger, export).ShouldBe((0, $"size 11\nroot {root}\n", ""));

        Tampering[] tamperings =
        [
            new("a leaf hash", 6, line => line["hash"] = new string('A', 43)),
            new("the envelope", 6, line => line["envelope"]!["recordedBy"]!["kind"] = "person"),
            new("an id", 6, line => line["envelope"]!["id"] = "3f2504e0-4f89-81d3-9a0c-0305e82c3301"),
            new("the chain", 6, line => line["envelope"]!["previous"] = new string('A', 43)),
            new("a body", 6, line => line["parts"]!["body"]!["json"]!["statement"] = "The harbour stays shut."),
            new("a salt", 6, line => line["parts"]!["recorder"]!["salt"] = new string('A', 43)),
            new("a recorder", 6, line => line["parts"]!["recorder"]!["json"]!["name"] = "Eve"),
            new("a text", 4, line => line["parts"]!["text"]!["text"] = Harbour.Text.Replace("May", "Jun", StringComparison.Ordinal)),
            new("a source", 10, line => line["parts"]!["source"]!["base64url"] = "AAAA"),
            new("a part", 6, line => line["parts"]!.AsObject().Remove("recorder")),
            new("a body", 6, line => line["parts"]!.AsObject().Remove("body")),
            new("a text", 4, line => line["parts"]!.AsObject().Remove("text")),
            new("an index", 6, line => line["index"] = 7),
        ];
        foreach (var tampering in tamperings)
        {
            var lines = export.Split('\n');
            var line = JsonNode.Parse(lines[tampering.Line - 1])!;
            tampering.Do(line);
            lines[tampering.Line - 1] = line.ToJsonString();
            var (exit, output, error) = Run(ledger, string.Join('\n', lines));
            exit.ShouldBe(1, tampering.What);
            output.ShouldBeEmpty();
            error.ShouldStartWith($"line {tampering.Line}, entry {tampering.Line - 2} (", customMessage: tampering.What);
        }
    }

    [SkippableFact]
    public async Task Python_finds_spans_text_hashes_and_commands_that_were_recorded_wrong()
    {
        // Altered, and hashed anew: only what they say is wrong. The engine takes what it is given; who imports or verifies does not.
        await using var ledger = TestLedger.Empty();
        for (var index = 0; index < 4; index++)
        {
            await ledger.Log.AppendAsync(Stored.Request(index));
        }

        var claim = Encoding.UTF8.GetBytes(
            $$$"""{"directness":"direct","span":{"document":"{{{Stored.Id(2)}}}","exact":["The major"],"ranges":[[0,9]]}}""");
        await ledger.Log.AppendAsync(Stored.Request(4, claim));
        var export = Encoding.UTF8.GetString(await ledger.ExportAsync());
        Run(ledger, export).Error.ShouldContain("line 6, entry 4");
        (await Verification.VerifyAsync(ledger.Log)).Failure!.Index.ShouldBe(4);

        await using var other = TestLedger.Empty();
        await other.Log.AppendAsync(Stored.Request(0));
        await other.Log.AppendAsync(Stored.Request(1));
        var filed = JsonNode.Parse(Fixture.Read("stored/document.filed.1.least.json"))!;
        filed["textSha256"] = new string('A', 43);
        await other.Log.AppendAsync(Stored.Request(2, Encoding.UTF8.GetBytes(filed.ToJsonString())));
        Run(other, Encoding.UTF8.GetString(await other.ExportAsync())).Error.ShouldContain("does not have the hash that its body states");
        (await Verification.VerifyAsync(other.Log)).Failure!.Reason.ShouldContain("does not have the hash that its body states");
    }

    [SkippableFact]
    public async Task Python_takes_parts_that_were_erased_on_record_and_no_others()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        ImmutableArray<EntryPart> parts = [new(told.Document, Part.Text), new(told.Document, Part.Recorder), new(told.Claim, Part.Body)];
        foreach (var part in parts)
        {
            await ledger.Log.EraseAsync(part.Entry, part.Part);
        }

        var (exit, _, error) = Run(ledger, Encoding.UTF8.GetString(await ledger.ExportAsync()));
        exit.ShouldBe(1);
        error.ShouldContain($"({told.Document}): its ");
        error.ShouldContain("is missing, and no entry records that it was erased");

        await ledger.RecordAsync(new StoryCommand.RecordBody(new EntryRedacted(parts[..2], "A court", RedactionReason.CourtOrder)));
        Run(ledger, Encoding.UTF8.GetString(await ledger.ExportAsync())).Error.ShouldContain($"({told.Claim}): its body is missing, and no entry records that it was erased");

        await ledger.RecordAsync(new StoryCommand.RecordBody(new EntryRedacted(parts[2..], "A court", RedactionReason.CourtOrder)));
        var report = await Verification.VerifyAsync(ledger.Log);
        report.Failure.ShouldBeNull();
        Run(ledger, Encoding.UTF8.GetString(await ledger.ExportAsync())).ShouldBe((0, $"size {report.Size}\nroot {report.Root}\n", ""));
    }

    [SkippableFact]
    public async Task Python_reads_the_words_of_a_revision_in_the_revised_text()
    {
        const string Revised = "The mayor said nothing.";
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var revision = (await ledger.RecordAsync(new StoryCommand.ReviseDocument(told.Document, Harbour.Description(), Revised, Encoding.UTF8.GetBytes(Revised)))).Entries[0].Id;
        var claim = Harbour.Claim(told.Document) with { Span = Span.In(revision, Revised, [new(4, 9)]), Speaker = null, Cue = null, Parent = null };
        await ledger.RecordAsync(new StoryCommand.RecordBody(claim));
        var export = Encoding.UTF8.GetString(await ledger.ExportAsync());
        Run(ledger, export).Error.ShouldBeEmpty();

        // Said to be other words than stand there: hashed anew, only what is said is wrong.
        await using var other = TestLedger.Empty();
        var place = Stored.Examples.Select((example, index) => (example.Body, index)).First(item => item.Body is ClaimLinked && item.index > FirstRevision()).index;
        for (var index = 0; index < place; index++)
        {
            await other.Log.AppendAsync(Stored.Request(index));
        }

        var words = Span.In(Stored.Id(FirstRevision()), Harbour.Text, [new(0, 9)]) with { Exact = ["The major"] };
        await other.Log.AppendAsync(Stored.Request(place, BodyTypes.Write((ClaimLinked)Stored.Examples[place].Body with { Span = words })));
        Run(other, Encoding.UTF8.GetString(await other.ExportAsync())).Error.ShouldContain($"line {place + 2}, entry {place} (");

        static int FirstRevision() => Array.FindIndex([.. Stored.Examples], example => example.Body is DocumentRevised);
    }

    [SkippableFact]
    public async Task Python_finds_files_that_are_not_whole()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        var lines = Encoding.UTF8.GetString(await ledger.ExportAsync()).Split('\n')[..^1];
        string[][] files = [[], lines[..1], lines[..7], lines[..^1], lines[1..], [.. lines[..6], .. lines[7..]], [.. lines[..4], lines[5], lines[4], .. lines[6..]], [.. lines, lines[^1]]];
        foreach (var file in files)
        {
            Run(ledger, string.Concat(file.Select(line => line + "\n"))).ExitCode.ShouldBe(1);
        }

        Run(ledger, string.Join('\n', lines)).Error.ShouldContain("cut off");
    }

    private static (int ExitCode, string Output, string Error) Run(TestLedger ledger, string export)
    {
        var path = ledger.File("checked.ndjson");
        File.WriteAllText(path, export, new UTF8Encoding(false));
        return Python.Recompute(path);
    }

    private sealed record Tampering(string What, int Line, Action<JsonNode> Do);
}
