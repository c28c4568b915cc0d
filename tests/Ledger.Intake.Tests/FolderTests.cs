namespace Ledger.Intake.Tests;

/// <summary>Folders: in date order, each file once, and what is passed over.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly Files files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Documents_come_in_the_order_in_which_they_were_published()
    {
        files.Put("a.txt", "date 2021-03-05 Third\nA.");
        files.Put("b/c.txt", "date 2021-03-04 First\nB.");
        files.Put("d.md", "---\ntitle: Second\ndate: 2021-03-04T10:00:00Z\n---\nC.");
        files.Put("e.txt", "date 2021-03-05 Fourth\nD.");
        (await files.Walk()).OfType<FrozenDocument>().Select(document => document.Title).ShouldBe(["First", "Second", "Third", "Fourth"]);
    }

    [Fact]
    public async Task Problems_come_first_then_what_was_passed_over_then_documents()
    {
        files.Put("a.txt", "date 2021-03-05 Good\nA.");
        files.Put("z.txt", "");
        files.Put("m.csv", "1,2");
        (await files.Walk()).Select(result => result.GetType().Name).ShouldBe(["IntakeProblem", "SkippedFile", "FrozenDocument"]);
    }

    [Fact]
    public async Task A_file_reached_twice_is_read_once()
    {
        var path = files.Put("a.txt", "date 2021-03-05 Once\nA.");
        File.CreateSymbolicLink(files.At("link.txt"), path);
        var results = await files.Walk(files.Folder, path, files.Folder);
        results.OfType<FrozenDocument>().ShouldHaveSingleItem();
        results.OfType<SkippedFile>().ShouldAllBe(skipped => skipped.Code == "same-file");
    }

    [Fact]
    public async Task A_link_back_to_the_folder_is_not_walked()
    {
        files.Put("a/b.txt", "date 2021-03-05 Once\nA.");
        Directory.CreateSymbolicLink(files.At("a/up"), files.Folder);
        Directory.CreateSymbolicLink(files.At("self"), files.At("self"));
        (await files.Walk()).OfType<FrozenDocument>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Hidden_files_and_folders_are_passed_over_in_silence()
    {
        files.Put("a.txt", "date 2021-03-05 Seen\nA.");
        files.Put(".draft.txt", "date 2021-03-05 Hidden\nA.");
        files.Put(".git/b.txt", "date 2021-03-05 Hidden\nA.");
        (await files.Walk()).ShouldHaveSingleItem();
        (await files.Walk(files.At(".draft.txt"))).ShouldHaveSingleItem().ShouldBeOfType<FrozenDocument>();
    }

    [Fact]
    public async Task A_readme_is_a_document_only_with_front_matter_or_by_name()
    {
        files.Put("a.txt", "date 2021-03-05 A\nA.");
        files.Put("README.md", "# About this folder\n\nWords.");
        files.Put("b/readme.md", "---\ntitle: A document\ndate: 2021-03-04\n---\nWords.");
        var results = await files.Walk();
        results.OfType<SkippedFile>().ShouldHaveSingleItem().Code.ShouldBe("companion-file");
        results.OfType<FrozenDocument>().Select(document => document.Title).ShouldBe(["A document", "A"]);
        (await files.Walk(files.At("README.md"))).ShouldHaveSingleItem().ShouldBeOfType<IntakeProblem>().Code.ShouldBe("no-date");
    }

    [Fact]
    public void A_folder_is_titled_by_the_heading_of_its_readme()
    {
        IntakeFolder.TitleOf(files.Folder).ShouldBeNull();
        files.Put("README.md", "# The night ferry \n\nWords.");
        IntakeFolder.TitleOf(files.Folder).ShouldBe("The night ferry");
        files.Put("README.md", "Words.");
        IntakeFolder.TitleOf(files.Folder).ShouldBeNull();
        IntakeFolder.TitleOf(files.At("missing")).ShouldBeNull();
    }

    [Fact]
    public async Task Other_kinds_are_passed_over_in_a_folder_and_named()
    {
        files.Put("a.txt", "date 2021-03-05 A\nA.");
        files.Put("b.pdf", "%PDF-1.7");
        files.Put("c.csv", "1,2");
        (await files.Walk()).OfType<SkippedFile>().Select(skipped => (Path.GetFileName(skipped.Path), skipped.Code)).ShouldBe([("b.pdf", "not-yet"), ("c.csv", "unknown-type")]);
    }

    [Fact]
    public async Task A_folder_without_documents_says_so()
    {
        Directory.CreateDirectory(files.At("empty"));
        (await files.Walk(files.At("empty"))).ShouldHaveSingleItem().ShouldBeOfType<IntakeProblem>().Code.ShouldBe("no-documents");
    }

    [Fact]
    public async Task The_same_files_give_the_same_documents()
    {
        files.Put("a.txt", "date 2021-03-05 A\nA.");
        files.Put("b.html", "<meta name=date content=2021-03-04><p>B.</p>");
        var first = (await files.Walk()).OfType<FrozenDocument>().Select(document => (document.TextSha256, document.SourceSha256)).ToList();
        (await files.Walk()).OfType<FrozenDocument>().Select(document => (document.TextSha256, document.SourceSha256)).ShouldBe(first);
    }

    [Fact]
    public async Task Reading_can_be_cancelled()
    {
        files.Put("a.txt", "date 2021-03-05 A\nA.");
        await Should.ThrowAsync<OperationCanceledException>(() => IntakeFolder.Read([files.Folder], IntakeOptions.None, new(canceled: true)));
    }
}
