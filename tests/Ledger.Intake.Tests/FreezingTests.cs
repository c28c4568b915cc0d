using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Tests;

/// <summary>Bytes to frozen text: a BOM and line ends go, everything else stays or is refused.</summary>
public sealed class FreezingTests(Files files) : IClassFixture<Files>
{
    [Fact]
    public async Task A_byte_order_mark_goes_and_every_line_end_becomes_a_line_feed()
    {
        var document = await files.Freeze("ends.txt", "\uFEFFdate 2021-03-04 Ends\r\n\r\nOne.\rTwo.\nThree.\r\r\n");
        document.Text.ShouldBe("date 2021-03-04 Ends\n\nOne.\nTwo.\nThree.\n\n");
    }

    [Fact]
    public async Task Accents_stay_as_they_were_written()
    {
        // The same word, composed and decomposed: quoted words are evidence, and are never normalised.
        var document = await files.Freeze("accents.txt", "date 2021-03-04 Caf\u00E9 and cafe\u0301\nWords.");
        document.Text.ShouldBe("date 2021-03-04 Caf\u00E9 and cafe\u0301\nWords.");
        document.Title.ShouldBe("Caf\u00E9 and cafe\u0301");
    }

    [Fact]
    public async Task Both_hashes_can_be_recomputed()
    {
        var document = await files.Freeze("hash.txt", "date 2021-03-04 Hash\r\nWords.");
        document.TextSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.Text))));
        document.SourceSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(document.Path))));
        document.SourceSha256.ShouldNotBe(document.TextSha256);
        document.Converter.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "empty-file")]
    [InlineData(" \n\t", "blank-file")]
    [InlineData("\uFEFF", "blank-file")]
    [InlineData("%PDF-1.7", "binary-file")]
    [InlineData("PK\u0003\u0004", "binary-file")]
    [InlineData("GIF89a", "binary-file")]
    [InlineData("a\0b", "binary-file")]
    [InlineData("Nobody said when.", "no-date")]
    public async Task Unfit_text_is_refused_by_code(string text, string code) => (await files.Refuse("unfit.txt", text)).Code.ShouldBe(code);

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0D, 0x0A, 0x62, 0xE9, 0x62 }, 4, 2)]
    [InlineData(new byte[] { 0xC0, 0x80 }, 0, 1)]
    [InlineData(new byte[] { 0x61, 0xED, 0xA0, 0x80 }, 1, 1)]
    [InlineData(new byte[] { 0x61, 0x0A, 0xE2, 0x82 }, 2, 2)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x61, 0xFF }, 4, 1)]
    public async Task Bytes_that_are_not_utf8_are_named_by_offset_and_line(byte[] bytes, int offset, int line)
    {
        // In order: Latin-1, an overlong NUL, a surrogate written as UTF-8, a character cut off, a stray byte after a byte order mark.
        var problem = await files.Refuse("bytes.txt", bytes);
        problem.ShouldSatisfyAllConditions(p => p.Code.ShouldBe("not-utf8"), p => p.Line.ShouldBe(line), p => p.Message.ShouldContain($"offset {offset} "));
    }

    [Fact]
    public async Task Utf16_is_named_as_such() =>
        (await files.Refuse("wide.txt", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("date 2021-03-04 A")).ToArray())).Message.ShouldContain("UTF-16");

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(IntakeFile.MaxTextBytes + 1)]
    public async Task A_text_over_the_limit_is_refused_with_both_sizes(int size)
    {
        var problem = await files.Refuse("large.txt", new string('a', size));
        problem.Code.ShouldBe("too-large");
        problem.Message.ShouldContain(size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        problem.Message.ShouldContain("524288");
    }

    [Fact]
    public async Task A_text_at_the_limit_is_frozen()
    {
        const string Begin = "date 2021-03-04 Long\n";
        (await files.Freeze("long.txt", Begin + new string('a', IntakeFile.MaxTextBytes - Begin.Length))).Text.Length.ShouldBe(IntakeFile.MaxTextBytes);
    }

    [SkippableFact]
    public async Task A_file_without_permission_is_named()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Who runs these tests may read every file: permission cannot be tested.");
        var path = files.Put("secret.txt", "date 2021-03-04 Secret\nWords.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        (await IntakeFile.Read(path, IntakeOptions.None)).ShouldBeOfType<IntakeProblem>().Code.ShouldBe("no-permission");
    }

    [Fact]
    public async Task A_missing_file_suggests_a_near_name()
    {
        files.Put("near/harbour.txt", "a");
        (await IntakeFile.Read(files.At("near/harbor.txt"), IntakeOptions.None)).ShouldBeOfType<IntakeProblem>().Hint.ShouldBe("Did you mean 'harbour.txt'?");
        (await IntakeFile.Read(files.At("nowhere/harbor.txt"), IntakeOptions.None)).ShouldBeOfType<IntakeProblem>().ShouldSatisfyAllConditions(
            p => p.Code.ShouldBe("missing-file"), p => p.Hint.ShouldBeNull());
    }

    [Theory]
    [InlineData("a.pdf")]
    [InlineData("a.docx")]
    [InlineData("a.ODT")]
    public async Task A_kind_that_is_not_read_yet_says_what_to_do(string name) =>
        (await files.Refuse(name, "x")).ShouldSatisfyAllConditions(p => p.Code.ShouldBe("not-yet"), p => p.Hint.ShouldBe("Not yet: save as text or HTML."));

    [Fact]
    public async Task A_web_address_says_what_to_do() =>
        (await IntakeFile.Read("https://example.org/a.html", IntakeOptions.None)).ShouldBeOfType<IntakeProblem>().Hint.ShouldBe("Not yet: save as text or HTML.");

    [Fact]
    public void Frozen_text_freezes_to_itself() => Gen.String[Gen.Char["ab é€\r\n\u0301"]].Where(s => s.Length > 0).Sample(text =>
    {
        var frozen = FrozenText.Decode(Encoding.UTF8.GetBytes(text));
        frozen.ShouldBe(text.Replace("\r\n", "\n").Replace('\r', '\n'));
        FrozenText.Decode(Encoding.UTF8.GetBytes(frozen)).ShouldBe(frozen);
    });

    [Fact]
    public void Any_bytes_freeze_to_text_that_can_be_recorded_or_are_refused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            var text = FrozenText.Decode(bytes);
            text.ShouldNotContain('\0');
            text.ShouldNotContain('\r');
            Encoding.UTF8.GetString(new UTF8Encoding(false, true).GetBytes(text)).ShouldBe(text);
        }
        catch (Refusal)
        {
            // Named, with its line: that is the other way.
        }
    });
}
