using System.Text.Json.Nodes;

namespace Ledger.Cli.Tests;

/// <summary>Files whose text is in the story already: nothing is appended, and it is said what became of each.</summary>
public sealed class PassedOverTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Front_matter_that_was_put_right_in_a_file_is_told_with_the_command_that_puts_it_right_in_the_ledger()
    {
        var path = desk.Put("s/ferry.md", Page("title: Ferry late", "date: 2022-03-04", "publisher: Post"));
        var id = (string)(await desk.Json("ingest", path))["documents"]![0]!;
        desk.Put("s/ferry.md", Page("title: The ferry's late", "date: 2022-03-05", "publisher: Post", "author: Ada Byron"));
        var answer = await desk.Run("ingest", path);
        answer.Exit.ShouldBe(0);
        answer.Out.ShouldContain($"ferry.md: recorded already as {id[..8]}, “Ferry late”.\n");
        answer.Out.ShouldContain("title: “The ferry's late” in the file, “Ferry late” in the ledger\n");
        answer.Out.ShouldContain("publishedAt: “2022-03-05” in the file, “2022-03-04” in the ledger\n");
        answer.Out.ShouldContain("author: “Ada Byron” in the file, “nothing” in the ledger\n");
        answer.Out.ShouldNotContain("publisher:");
        answer.Out.ShouldContain($"\n  ledger correct {id[..8]} --title 'The ferry'\\''s late' --date 2022-03-05 --author 'Ada Byron' --reason TEXT\n");
        var known = (await desk.Json("ingest", path))["known"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)known["document"]).ShouldBe(id);
        known["differs"]!.AsArray().Select(difference => (string?)difference!["field"]).ShouldBe(["title", "publishedAt", "author"]);

        (await desk.Run("correct", id[..8], "--title", "The ferry's late", "--date", "2022-03-05", "--author", "Ada Byron", "--reason", "As printed")).Exit.ShouldBe(0);
        (await desk.Json("ingest", path))["known"]![0]!["differs"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_editor_put_right_is_no_difference_to_a_file_that_is_as_it_was()
    {
        var path = desk.Put("ferry.md", Page("title: Ferry late", "date: 2022-03-04", "publisher: Post"));
        var id = (string)(await desk.Json("ingest", path))["documents"]![0]!;
        // Without a url the publisher is what makes it the same document.
        (await desk.Run("correct", id, "--publisher", "Herald", "--reason", "Misread")).Exit.ShouldBe(0);
        var again = await desk.Json("ingest", path);
        ((int)again["filed"]!).ShouldBe(0);
        ((int)again["entries"]!).ShouldBe(0);
        again["known"]![0]!["differs"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_files_with_one_text_are_one_document_unless_they_are_from_elsewhere_and_it_is_said()
    {
        var first = desk.Put("s/a.md", Page("title: Ferry late", "date: 2022-03-04"));
        var second = desk.Put("s/b.md", Page("title: Ferry late", "date: 2022-03-04"));
        var post = desk.Put("s/c.md", Page("title: Ferry late", "date: 2022-03-04", "publisher: Post"));
        var page = desk.Put("s/d.md", Page("title: Ferry late", "date: 2022-03-04", "url: https://example.org/ferry"));
        var answer = await desk.Run("ingest", desk.At("s"));
        answer.Exit.ShouldBe(0);
        answer.Lines[0].ShouldStartWith("New story s: 3 documents filed, 1 there already, ");
        var documents = (await desk.Json("documents", "--oldest-first")).AsArray();
        documents.Count.ShouldBe(3);
        var (one, two, three) = (Id(documents[0]), Id(documents[1]), Id(documents[2]));
        documents.Select(document => (string?)document!["sameTextAs"]).ShouldBe([null, one, one]);
        answer.Out.ShouldContain($"{second}: the same text as {first}, and from nowhere else: both are document {one[..8]}.\n");
        answer.Out.ShouldContain($"{post}: filed as {two[..8]}, a copy: the same text as {one[..8]}, from elsewhere.\n");
        answer.Out.ShouldContain($"{page}: filed as {three[..8]}, a copy: the same text as {one[..8]}, from elsewhere.\n");
        ((int)(await desk.Json("ingest", desk.At("s")))["entries"]!).ShouldBe(0);
        ((int)(await desk.Json("ingest", page, "--story", "s"))["filed"]!).ShouldBe(0);
    }

    private static string Id(JsonNode? record) => (string)record!["id"]!;

    private static string Page(params string[] front) => $"---\n{string.Join('\n', front)}\n---\nThe harbour master said: \"The ferry is late.\"\n";
}
