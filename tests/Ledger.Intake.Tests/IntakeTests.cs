using System.Text;
using CsCheck;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Tests;

public sealed class IntakeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("intake").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private string Put(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private async Task<IntakeResult> Read(string name, string text) => await IntakeFile.Read(Put(name, Encoding.UTF8.GetBytes(text)), IntakeOptions.None);

    private async Task<FrozenDocument> Freeze(string name, string text) => (await Read(name, text)).ShouldBeOfType<FrozenDocument>();

    private async Task<IntakeProblem> Fail(string name, string text) => (await Read(name, text)).ShouldBeOfType<IntakeProblem>();

    [Fact]
    public async Task A_date_line_dates_the_text_and_stays_in_it()
    {
        var document = await Freeze("a.txt", "\uFEFF date 2021-03-04 Ferry late\r\n\r\nThe ferry was late.\rAgain.");
        document.Text.ShouldBe(" date 2021-03-04 Ferry late\n\nThe ferry was late.\nAgain.");
        document.Title.ShouldBe("Ferry late");
        document.PublishedAt.ToString().ShouldBe("2021-03-04");
        document.Converter.ShouldBeNull();
    }

    [Fact]
    public async Task A_day_that_does_not_exist_is_a_problem_of_its_line()
    {
        (await Fail("a.txt", "date 2022-02-30 Ferry\nLate.")).ShouldSatisfyAllConditions(p => p.Code.ShouldBe("impossible-date"), p => p.Line.ShouldBe(1));
        (await Fail("a.md", "---\ntitle: Ferry\ndate: 2022-02-30\n---\nLate.")).ShouldSatisfyAllConditions(p => p.Code.ShouldBe("impossible-date"), p => p.Line.ShouldBe(3));
    }

    [Theory]
    [InlineData("", "empty-file")]
    [InlineData(" \n\t", "blank-file")]
    [InlineData("%PDF-1.7", "binary-file")]
    [InlineData("a\0b", "binary-file")]
    [InlineData("Nobody said when.", "no-date")]
    public async Task Unfit_text_is_refused_by_code(string text, string code) => (await Fail("a.txt", text)).Code.ShouldBe(code);

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_named_by_offset_and_line()
    {
        var problem = (await IntakeFile.Read(Put("a.txt", [0x61, 0x0D, 0x0A, 0x62, 0xE9, 0x62]), IntakeOptions.None)).ShouldBeOfType<IntakeProblem>();
        problem.ShouldSatisfyAllConditions(p => p.Code.ShouldBe("not-utf8"), p => p.Line.ShouldBe(2), p => p.Message.ShouldContain("offset 4"));
    }

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(IntakeFile.MaxTextBytes + 1)]
    public async Task A_text_over_the_limit_is_refused_with_both_sizes(int size)
    {
        var problem = await Fail("a.txt", new string('a', size));
        problem.Code.ShouldBe("too-large");
        problem.Message.ShouldContain(size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        problem.Message.ShouldContain("524288");
    }

    [Fact]
    public async Task Markdown_freezes_as_a_reader_sees_it()
    {
        var document = await Freeze("a.md", "---\ntitle: Harbour\ndate: 2021-03-04\nsources: [Port office, Crew]\npublsher: X\n---\n# Delay\n\nThe *ferry* was\nlate.\n\n- One\n- Two\n");
        document.Text.ShouldBe("Delay\n\nThe ferry was late.\n\n• One\n• Two\n");
        document.Sources.ShouldBe(["Port office", "Crew"]);
        document.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(w => w.Line.ShouldBe(5), w => w.Message.ShouldContain("'publisher'"));
    }

    [Fact]
    public async Task Broken_front_matter_is_a_problem_of_its_line()
    {
        var problem = await Fail("a.md", "---\ndate: 2021-03-04\ntitle: Port: closed\n---\nText.");
        problem.ShouldSatisfyAllConditions(p => p.Code.ShouldBe("broken-front-matter"), p => p.Line.ShouldBe(3));
    }

    [Fact]
    public async Task Html_freezes_its_article_and_its_metadata()
    {
        var document = await Freeze("a.html", "<html lang=en><head><title>Ferry</title><meta property='article:published_time' content='2021-03-04T23:30:00-02:00'></head>"
            + "<body><nav><a href='/'>Home</a></nav><p>The ferry\nwas late.</p><ul><li>One</li><li>Two</li></ul><script>x()</script></body></html>");
        document.Text.ShouldBe("The ferry was late.\n\n• One\n• Two\n");
        document.PublishedAt.ToString().ShouldBe("2021-03-05T01:30:00Z");
        document.Language.ShouldBe("en");
    }

    [Fact]
    public async Task A_missing_file_suggests_a_near_name()
    {
        Put("harbour.txt", [0x61]);
        (await IntakeFile.Read(Path.Combine(folder, "harbor.txt"), IntakeOptions.None)).ShouldBeOfType<IntakeProblem>().Hint.ShouldBe("Did you mean 'harbour.txt'?");
    }

    [Fact]
    public async Task A_folder_is_read_once_in_date_order_through_loops_and_companions()
    {
        await Read("a.txt", "date 2021-03-05 Later\nB.");
        await Read("b.txt", "date 2021-03-04 Earlier\nA.");
        await Read("README.md", "About this folder.");
        await Read("c.pdf", "x");
        Directory.CreateSymbolicLink(Path.Combine(folder, "loop"), folder);
        var results = await IntakeFolder.Read([folder, Path.Combine(folder, "a.txt")], IntakeOptions.None);
        results.OfType<FrozenDocument>().Select(d => d.Title).ShouldBe(["Earlier", "Later"]);
        results.OfType<SkippedFile>().Select(s => s.Code).ShouldBe(["companion-file", "same-file", "not-yet"], ignoreOrder: true);
    }

    [Fact]
    public void Frozen_text_freezes_to_itself() => Gen.String[Gen.Char["ab é€\r\n\u0301"]].Where(s => s.Length > 0).Sample(text =>
    {
        var frozen = FrozenText.Decode(Encoding.UTF8.GetBytes(text));
        frozen.ShouldBe(text.Replace("\r\n", "\n").Replace('\r', '\n'));
        FrozenText.Decode(Encoding.UTF8.GetBytes(frozen)).ShouldBe(frozen);
    });
}
