namespace Ledger.Intake.Tests;

/// <summary>What plain text, Markdown and HTML are frozen to, and what they say about themselves.</summary>
public sealed class FormatTests(Files files) : IClassFixture<Files>
{
    [Theory]
    [InlineData("date 2021-03-04 Ferry late\nWords.", "Ferry late")]
    [InlineData(" date 2021-03-04 Ferry late\nWords.", "Ferry late")]
    [InlineData("date\t2021-03-04\tFerry  late \nWords.", "Ferry  late")]
    [InlineData("date 2021-03-04\nWords.", null)]
    public async Task A_date_line_dates_the_text_titles_it_and_stays_in_it(string text, string? title)
    {
        var document = await files.Freeze("dated.txt", text);
        document.Text.ShouldBe(text);
        document.Title.ShouldBe(title);
        document.PublishedAt.ToString().ShouldBe("2021-03-04");
        document.MediaType.ShouldBe("text/plain");
    }

    [Theory]
    [InlineData("Words.\ndate 2021-03-04 Ferry")]
    [InlineData("dated 2021-03-04 Ferry")]
    [InlineData("date 2021-3-4 Ferry")]
    public async Task Nothing_else_dates_a_plain_text(string text) => (await files.Refuse("undated.txt", text)).ShouldSatisfyAllConditions(
        p => p.Code.ShouldBe("no-date"), p => p.Hint!.ShouldContain("date YYYY-MM-DD Title"));

    [Theory]
    [InlineData("leap.txt", "date 2022-02-30 Ferry\nLate.", 1)]
    [InlineData("month.txt", "date 2022-13-01 Ferry\nLate.", 1)]
    [InlineData("leap.md", "---\ntitle: Ferry\ndate: 2022-02-30\n---\nLate.", 3)]
    [InlineData("retrieved.md", "---\ntitle: Ferry\ndate: 2022-02-03\nretrieved: soon\n---\nLate.", 4)]
    public async Task A_day_that_does_not_exist_is_a_problem_of_its_line(string name, string text, int line) =>
        (await files.Refuse(name, text)).ShouldSatisfyAllConditions(p => p.Code.ShouldBe("impossible-date"), p => p.Line.ShouldBe(line));

    [Theory]
    [InlineData("bomb.md", "---\ndate: 2021-03-04\nx: ", "[", "\n---\nWords.", 2_000)]
    [InlineData("bomb.md", "---\ndate: 2021-03-04\nx: ", "{a: ", "\n---\nWords.", 50_000)]
    [InlineData("deep.html", "<time datetime=2021-03-04></time>", "<div>", "Words.", 100_000)]
    [InlineData("deep.html", "<time datetime=2021-03-04></time>", "<b><i><table>", "Words.", 30_000)]
    public async Task What_is_nested_without_end_is_one_bad_file(string name, string before, string nested, string after, int times) =>
        (await files.Refuse(name, before + string.Concat(Enumerable.Repeat(nested, times)) + after)).Message.ShouldContain("nested");

    [Fact]
    public async Task What_is_given_by_hand_stands_over_what_the_file_says()
    {
        var options = new IntakeOptions { Date = new(2020, 1, 2), Title = "T", Publisher = "P", Url = "https://example.org/", Language = "hy" };
        var document = await files.Freeze("given.txt", "date 2021-03-04 Ferry\nWords.", options);
        (document.PublishedAt.Day, document.Title, document.Publisher, document.Url, document.Language).ShouldBe((new DateOnly(2020, 1, 2), "T", "P", "https://example.org/", "hy"));
        (await files.Freeze("bare.txt", "Nobody said when.", options)).PublishedAt.Day.ShouldBe(new(2020, 1, 2));
    }

    [Fact]
    public async Task Front_matter_tells_about_a_document()
    {
        var document = await files.Freeze("matter.md", """
            ---
            title: "Ferry: late again"
            date: 2021-03-04T23:30:00-02:00
            publisher: Harbour Post
            author: Ana Silva
            url: https://example.org/ferry
            archived-url: https://archive.example.org/ferry
            language: en
            sources:
              - Port office
              - Crew
            retrieved: 2021-03-06
            ---
            Late.
            """);
        document.Title.ShouldBe("Ferry: late again");
        document.PublishedAt.ToString().ShouldBe("2021-03-05T01:30:00Z");
        document.PublishedAt.Day.ShouldBe(new(2021, 3, 5));
        (document.Publisher, document.Author, document.Url, document.ArchivedUrl, document.Language)
            .ShouldBe(("Harbour Post", "Ana Silva", "https://example.org/ferry", "https://archive.example.org/ferry", "en"));
        document.Sources.ShouldBe(["Port office", "Crew"]);
        document.RetrievedAt!.ToString().ShouldBe("2021-03-06");
        document.Text.ShouldBe("Late.\n");
        document.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Line_ends_and_a_byte_order_mark_do_not_hide_front_matter() =>
        (await files.Freeze("windows.md", "\uFEFF---\r\ntitle: Ferry\r\ndate: 2021-03-04\r\n---\r\nLate.\r\n")).Title.ShouldBe("Ferry");

    [Fact]
    public async Task A_time_without_an_offset_counts_as_its_day() =>
        (await files.Freeze("local.md", "---\ndate: 2021-03-04T23:30\n---\nLate.")).PublishedAt.ShouldBe(PublicationTime.OfDay(new(2021, 3, 4)));

    [Theory]
    [InlineData("publsher", "'publisher'")]
    [InlineData("Title", "'title'")]
    [InlineData("archived_url", "'archived-url'")]
    [InlineData("weather", null)]
    public async Task An_unknown_key_is_warned_of_with_the_near_one(string key, string? near)
    {
        var warning = (await files.Freeze("key.md", $"---\ndate: 2021-03-04\n{key}: X\n---\nLate.")).Warnings.ShouldHaveSingleItem();
        warning.ShouldSatisfyAllConditions(w => w.Line.ShouldBe(3), w => w.Code.ShouldBe("unknown-key"), w => w.Message.ShouldContain($"'{key}'"));
        if (near is null)
        {
            warning.Message.ShouldNotContain("did you mean");
        }
        else
        {
            warning.Message.ShouldContain(near);
        }
    }

    [Theory]
    [InlineData("---\ndate: 2021-03-04\ntitle: Port: closed\n---\nText.", 3)]
    [InlineData("---\ndate: 2021-03-04\ntitle: [one\n---\nText.", 3)]
    [InlineData("---\ntitle: [one\ndate: 2021-03-04\n---\nText.", 2)]
    [InlineData("---\ndate: 2021-03-04\ntitle: \"one\n---\nText.", 3)]
    [InlineData("---\ndate: 2021-03-04\n", 1)]
    [InlineData("---\n- a\n- b\n---\nText.", 2)]
    [InlineData("---\ndate: 2021-03-04\ntitle: [one, two]\n---\nText.", 3)]
    [InlineData("---\ndate: 2021-03-04\ntitle: one\ntitle: two\n---\nText.", 4)]
    public async Task Broken_front_matter_is_a_problem_of_its_line(string text, int line) =>
        (await files.Refuse("broken.md", text)).ShouldSatisfyAllConditions(p => p.Code.ShouldBe("broken-front-matter"), p => p.Line.ShouldBe(line));

    [Fact]
    public async Task Markdown_freezes_as_a_reader_sees_it_and_names_its_converter()
    {
        var document = await files.Freeze("seen.md", "---\ndate: 2021-03-04\n---\n# Delay\n\nThe *ferry* was\nlate, &amp; `cold`.[^1]\n\n> Quoted.\n\n- One\n- **Two**\n\n<b>raw</b>\n\n![alt](a.png)\n\n| a | b |\n|---|---|\n| c | d |\n");
        document.Text.ShouldStartWith("Delay\n\nThe ferry was late, & cold.");
        document.Text.ShouldContain("\n\nQuoted.\n\n• One\n• Two\n");
        document.Text.ShouldContain("c | d");
        document.Text.ShouldNotContain("alt");
        document.Text.ShouldNotContain("*");
        document.Title.ShouldBe("Delay");
        document.MediaType.ShouldBe("text/markdown");
        document.Converter!.Name.ShouldBe("ledger-markdown+markdig");
        document.Converter.Version.ShouldMatch(@"^1\+\d+\.\d+\.\d+$");
    }

    [Fact]
    public async Task Html_freezes_its_article_and_what_it_says_about_itself()
    {
        var document = await files.Freeze("page.html", """
            <html lang=en><head><title>Ferry | Harbour Post</title>
            <meta property="og:title" content="Ferry late"><meta property="og:site_name" content="Harbour Post"><meta name="author" content="Ana Silva">
            <meta property="article:published_time" content="2021-03-04T23:30:00-02:00"><link rel=canonical href="https://example.org/ferry"></head>
            <body><nav><a href="/">Home</a></nav><p>The ferry
            was <i>late</i>.</p><ul><li>One</li><li>Two</li></ul><script>x()</script><footer>All rights</footer></body></html>
            """);
        document.Text.ShouldBe("The ferry was late.\n\n• One\n• Two\n");
        document.PublishedAt.ToString().ShouldBe("2021-03-05T01:30:00Z");
        (document.Title, document.Publisher, document.Author, document.Url, document.Language).ShouldBe(("Ferry late", "Harbour Post", "Ana Silva", "https://example.org/ferry", "en"));
        document.MediaType.ShouldBe("text/html");
        document.Converter!.Name.ShouldBe("ledger-html+smartreader");
    }

    [Theory]
    [InlineData("<script type='application/ld+json'>{\"@graph\":[{\"datePublished\":\"2021-03-04\"}]}</script>")]
    [InlineData("<script type='application/ld+json'>{broken</script><meta name=date content=2021-03-04>")]
    [InlineData("<meta property='og:published_time' content='2021-03-04'>")]
    public async Task Html_is_dated_by_any_of_the_usual_places(string head) =>
        (await files.Freeze("usual.html", $"<html><head>{head}</head><body><p>Late.</p></body></html>")).PublishedAt.Day.ShouldBe(new(2021, 3, 4));

    [Fact]
    public async Task Html_is_dated_by_a_time_element() =>
        (await files.Freeze("time.html", "<html><body><time datetime=2021-03-04>4 March</time><p>Late.</p></body></html>")).PublishedAt.Day.ShouldBe(new(2021, 3, 4));

    [Fact]
    public async Task Html_in_an_old_encoding_is_read_as_browsers_read_it()
    {
        var bytes = "<html><head><meta charset=iso-8859-1><meta name=date content=2021-03-04></head><body><p>Caf\u00E9 \u0093late\u0094</p></body></html>".Select(letter => (byte)letter).ToArray();
        (await IntakeFile.Read(files.Put("latin.html", bytes), IntakeOptions.None)).ShouldBeOfType<FrozenDocument>().Text.ShouldBe("Café “late”\n");
        (await files.Refuse("odd.html", "<meta charset=x-odd><p>Late.</p>")).Code.ShouldBe("unknown-charset");
    }

    [Theory]
    [InlineData("nul.html", "<meta name=date content=2021-03-04><p>a&#0;b</p>")]
    [InlineData("surrogate.html", "<meta name=date content=2021-03-04><p>a&#xD800;b</p>")]
    [InlineData("nul.md", "---\ndate: 2021-03-04\n---\na&#0;b")]
    [InlineData("surrogate.md", "---\ndate: 2021-03-04\n---\na&#xD800;b")]
    [InlineData("title-nul.md", "---\ndate: 2021-03-04\ntitle: \"a\\0b\"\n---\nLate.")]
    [InlineData("title-surrogate.md", "---\ndate: 2021-03-04\ntitle: \"a\\ud800b\"\n---\nLate.")]
    public async Task Escapes_cannot_bring_in_what_no_text_may_hold(string name, string text)
    {
        switch (await IntakeFile.Read(files.Put(name, text), IntakeOptions.None))
        {
            case FrozenDocument document:
                foreach (var part in (string[])[document.Text, document.Title ?? ""])
                {
                    part.ShouldNotContain('\0');
                    part.ShouldNotContain(letter => char.IsSurrogate(letter));
                }

                break;
            case IntakeProblem problem:
                problem.Code.ShouldBe("broken-front-matter");
                break;
            default:
                throw new InvalidOperationException();
        }
    }
}
