using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Ledger.Core.Integrity;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Exchange;

public sealed class ExchangeTests : IAsyncLifetime
{
    private static readonly SemaphoreSlim Once = new(1, 1);
    private static byte[]? told;

    /// <summary>The export of a ledger with entries of every kind: line 1 the header, line 2 the opening, line 4 a document, lines 5 to 9 its findings, line 10 a copy with its source.</summary>
    private byte[] export = [];

    private List<string> Lines => [.. Encoding.UTF8.GetString(export).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    public async Task InitializeAsync()
    {
        await Once.WaitAsync();
        try
        {
            if (told is null)
            {
                await using var ledger = await TestLedger.WithStoryAsync();
                await Harbour.TellAsync(ledger);
                told = await ledger.ExportAsync();
            }
        }
        finally
        {
            Once.Release();
        }

        export = told;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_import_has_the_same_root_and_exports_the_same_bytes()
    {
        await using var copy = TestLedger.Empty();
        (await copy.ImportAsync(export)).Value.ShouldBe(new(11, 11));
        (await copy.ExportAsync()).ShouldBe(export);
        var report = await Verification.VerifyAsync(copy.Log);
        report.Failure.ShouldBeNull();
        JsonNode.Parse(Lines[0])!["root"]!.GetValue<string>().ShouldBe(report.Root.ToString());
        report.Spans.ShouldBe(9);
    }

    [Fact]
    public async Task An_import_goes_on_from_the_beginning_that_is_there_and_repeating_it_adds_nothing()
    {
        await using var copy = TestLedger.Empty();
        (await copy.ImportAsync(With(Lines[..4], size: 3))).Value.ShouldBe(new(3, 3));
        (await copy.ImportAsync(export)).Value.ShouldBe(new(11, 8));
        (await copy.ImportAsync(export)).Value.ShouldBe(new(11, 0));
        (await copy.ExportAsync()).ShouldBe(export);
    }

    [Fact]
    public async Task An_import_onto_another_ledger_is_refused()
    {
        await using var other = await TestLedger.WithStoryAsync();
        var before = await other.ExportAsync();
        (await other.ImportAsync(export)).Error!.Code.ShouldBe("import-other-ledger");
        (await other.ExportAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_import_onto_a_ledger_that_has_gone_on_is_refused()
    {
        await using var copy = TestLedger.Empty();
        await copy.ImportAsync(export);
        (await copy.ImportAsync(With(Lines[..4], size: 3))).Error!.Code.ShouldBe("import-other-ledger");
    }

    [Fact]
    public async Task An_empty_ledger_has_nothing_to_export()
    {
        await using var ledger = TestLedger.Empty();
        (await Should.ThrowAsync<LedgerException>(async () => await ledger.ExportAsync())).Error.Code.ShouldBe("ledger-empty");
    }

    [Fact]
    public async Task What_another_program_has_written_with_other_white_space_order_and_escapes_is_the_same_export()
    {
        var rewritten = Lines.Select(line => JsonNode.Parse(line)!.ToJsonString(new() { WriteIndented = false }).Replace("\":", "\" : ", StringComparison.Ordinal));
        await using var copy = TestLedger.Empty();
        (await copy.ImportAsync(Bytes(rewritten))).Error.ShouldBeNull();
        (await copy.ExportAsync()).ShouldBe(export);
    }

    public static TheoryData<string, int, Action<JsonNode>, string> Altered => new()
    {
        { "leaf hash", 5, line => line["hash"] = Digest(line["hash"]!), "Its envelope is not the one that was hashed" },
        { "index", 5, line => line["index"] = 9, "is missing" },
        { "time in the envelope", 5, line => line["envelope"]!["recordedAt"] = "2022-11-01T12:00:00.000001Z", "Its envelope is not the one that was hashed" },
        { "envelope member", 5, line => line["envelope"]!["note"] = 1, "unknown member" },
        { "envelope without its type", 5, line => line["envelope"]!.AsObject().Remove("type"), "it has no type" },
        { "envelope type", 5, line => line["envelope"]!["type"] = null, "its type is not a name" },
        { "body", 5, line => line["parts"]!["body"]!["json"]!["rule"] = "x", "Its body is not what was recorded" },
        { "body salt", 5, line => line["parts"]!["body"]!["salt"] = Digest(line["parts"]!["body"]!["salt"]!), "Its body is not what was recorded" },
        { "short salt", 5, line => line["parts"]!["body"]!["salt"] = "AAAA", "Its body is not what was recorded" },
        { "salt that is no base64url", 5, line => line["parts"]!["body"]!["salt"] = "§", "" },
        { "recorder", 5, line => line["parts"]!["recorder"]!["json"]!["name"] = "Eve", "Its recorder is not what was recorded" },
        { "text", 4, line => line["parts"]!["text"]!["text"] = "Other words.", "Its text is not what was recorded" },
        { "source", 10, line => line["parts"]!["source"]!["base64url"] = "AAAA", "Its source is not what was recorded" },
        { "missing part", 5, line => line["parts"]!.AsObject().Remove("recorder"), "Its recorder is missing" },
        { "part that nobody committed to", 5, line => line["parts"]!["extra"] = JsonNode.Parse("""{"json":{},"salt":"AAAA"}"""), "does not commit to" },
        { "no parts", 5, line => line.AsObject().Remove("parts"), "a member is missing" },
        { "number in a body that is not an integer", 4, line => line["parts"]!["body"]!["json"]!["textLength"] = 1.5, "is not an integer" },
    };

    [Theory]
    [MemberData(nameof(Altered))]
    public async Task One_alteration_is_found_at_its_line_and_nothing_is_written(string what, int number, Action<JsonNode> alter, string reason)
    {
        var lines = Lines;
        var line = JsonNode.Parse(lines[number - 1])!;
        alter(line);
        lines[number - 1].ShouldNotBe(line.ToJsonString(), what);
        lines[number - 1] = line.ToJsonString();
        await ShouldRefuseAsync(Bytes(lines), number, reason);
    }

    [Fact]
    public async Task A_missing_line_is_found_where_it_is_missing()
    {
        var lines = Lines;
        lines.RemoveAt(8);
        await ShouldRefuseAsync(Bytes(lines), 9, "The entry at index 7 is missing");
    }

    [Fact]
    public async Task Swapped_lines_are_found()
    {
        var lines = Lines;
        (lines[8], lines[9]) = (lines[9], lines[8]);
        await ShouldRefuseAsync(Bytes(lines), 9, "The entry at index 7 is missing");
    }

    [Fact]
    public async Task A_doubled_line_is_found()
    {
        var lines = Lines;
        lines.Insert(8, lines[7]);
        await ShouldRefuseAsync(Bytes(lines), 9, "The entry at index 7 is missing");
    }

    [Fact]
    public async Task A_part_that_stands_twice_does_not_stand_in_for_one_that_is_missing()
    {
        var lines = Lines;
        var parts = JsonNode.Parse(lines[4])!["parts"]!;
        var body = parts["body"]!.ToJsonString();
        lines[4] = lines[4].Replace($"\"recorder\":{parts["recorder"]!.ToJsonString()}", $"\"body\":{body}", StringComparison.Ordinal);
        lines[4].ShouldNotBe(Lines[4]);
        await ShouldRefuseAsync(Bytes(lines), 5, "");
    }

    [Fact]
    public async Task A_file_that_ends_too_early_is_found()
    {
        await ShouldRefuseAsync(export[..^10], 12, "cut off");
        await ShouldRefuseAsync(export[..^1], 12, "cut off");
        await ShouldRefuseAsync(Bytes(Lines[..11]), 1, "the header promises 11 entries");
        await ShouldRefuseAsync(Bytes(Lines[..7]), 7, "is not whole");
        await ShouldRefuseAsync(Bytes(Lines[..1]), 1, "the header promises 11 entries");
    }

    [Fact]
    public async Task A_file_with_too_much_is_found()
    {
        await ShouldRefuseAsync([.. export, .. "{}\n"u8], 13, "a member is missing");
        await ShouldRefuseAsync([.. export, .. "\n"u8], 13, "");
        await ShouldRefuseAsync([.. export, .. Encoding.UTF8.GetBytes(Lines[11]), (byte)'\n'], 13, "is missing");
    }

    [Fact]
    public async Task A_file_without_a_header_is_none()
    {
        await ShouldRefuseAsync([], 1, "the file is empty");
        await ShouldRefuseAsync(Bytes(Lines[1..]), 1, "a member is missing");
        await ShouldRefuseAsync("\n"u8.ToArray(), 1, "");
        await ShouldRefuseAsync("not json\n"u8.ToArray(), 1, "");
        await ShouldRefuseAsync("[]\n"u8.ToArray(), 1, "");
        await ShouldRefuseAsync([0xEF, 0xBB, 0xBF, .. export], 1, "");
    }

    [Theory]
    [InlineData("export", 2, "version 2")]
    [InlineData("root", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "the header promises 11 entries")]
    [InlineData("root", "AAAA", "is not a hash")]
    [InlineData("size", 10, "the header promises 10 entries")]
    [InlineData("size", 12, "the header promises 12 entries")]
    [InlineData("origin", "example.org/other", "the header names the ledger example.org/other")]
    [InlineData("origin", null, "the header names the ledger")]
    public async Task A_header_that_promises_another_ledger_is_found(string member, object? value, string reason)
    {
        var lines = Lines;
        var header = JsonNode.Parse(lines[0])!;
        header[member] = value switch { int number => number, string text => text, _ => null };
        lines[0] = header.ToJsonString();
        await ShouldRefuseAsync(Bytes(lines), 1, reason);
    }

    [Fact]
    public async Task Flipped_bytes_are_refused_unless_they_say_the_same_and_never_crash()
    {
        var target = TestLedger.Empty();
        Gen.Select(Gen.Int[0, export.Length - 1], Gen.Byte).Array[1, 3].Sample(
            flips =>
            {
                var bytes = export.ToArray();
                foreach (var (at, value) in flips)
                {
                    bytes[at] = value;
                }

                if (target.ImportAsync(bytes).Result.Error is { } error)
                {
                    error.Code.ShouldBe("import-not-valid");
                    target.Log.HeadAsync().AsTask().Result.Size.ShouldBe(0);
                    return;
                }

                // The byte that was there before, or another case of an escape's hexadecimal: nothing else is said.
                var imported = target;
                target = TestLedger.Empty();
                imported.ExportAsync().Result.ShouldBe(export);
                imported.DisposeAsync().AsTask().Wait();
            },
            iter: 400, threads: 1);
        await target.DisposeAsync();
    }

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>The first lines as an export of their own.</summary>
    private static byte[] With(List<string> lines, int size)
    {
        var header = JsonNode.Parse(lines[0])!;
        var hashes = lines[1..].Select(line => Core.Integrity.Digest.Parse(JsonNode.Parse(line)!["hash"]!.GetValue<string>())).ToArray();
        header["size"] = size;
        header["root"] = TreeHash.Root(hashes).ToString();
        return Bytes([header.ToJsonString(), .. lines[1..]]);
    }

    private static JsonValue Digest(JsonNode digest)
    {
        var bytes = Core.Integrity.Digest.Parse(digest.GetValue<string>()).ToArray();
        bytes[7] ^= 1;
        return JsonValue.Create(new Core.Integrity.Digest(bytes).ToString());
    }

    private static async Task ShouldRefuseAsync(byte[] file, int line, string reason)
    {
        await using var target = TestLedger.Empty();
        var error = (await target.ImportAsync(file)).Error.ShouldNotBeNull();
        error.Code.ShouldBe("import-not-valid");
        error.Kind.ShouldBe(ErrorKind.Integrity);
        error.Message.ShouldContain($", line {line}: ");
        error.Message.ShouldContain(reason);
        (await target.Log.HeadAsync()).Size.ShouldBe(0);
    }
}
