using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Stories.StoryCommand;
using static Ledger.Core.Tests.Stories.Scenario;

namespace Ledger.Core.Tests.Stories;

public sealed class StoryTests
{
    private static readonly OpenStory Open = new("Harbour", "harbour", "en", []);
    private static readonly ProgramVersion Rules = new("rules", "1.0");
    private static readonly EntryId Unknown = new(Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301"));

    [Fact]
    public void A_story_is_opened() => GivenNothing().When(Open).Then(new StoryOpened("Harbour", "harbour", "en", []));

    [Fact]
    public void A_story_is_opened_once() => Given().When(Open with { Title = "Another" }).ThenRefused("story-exists");

    [Theory]
    [InlineData("")]
    [InlineData("Harbour")]
    [InlineData("har bour")]
    [InlineData("-harbour")]
    [InlineData("harbour-")]
    [InlineData("har--bour")]
    [InlineData("hafen-öffnet")]
    [InlineData("a23456789-123456789-123456789-123456789-123456789-123456789-123456789-123456789-1")]
    public void A_story_is_named_by_a_slug(string slug) => GivenNothing().When(Open with { Slug = slug }).ThenRefused("slug-not-valid");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_story_has_a_title(string title) => GivenNothing().When(Open with { Title = title }).ThenRefused("title-missing");

    public static TheoryData<string> Commands => ["file", "record", "note", "withdraw"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Nothing_is_recorded_in_a_story_that_is_not_open(string command) => GivenNothing().When(command switch
    {
        "file" => Harbour.File(),
        "record" => Harbour.Findings(Unknown),
        "note" => new RecordBody(new NoteAdded(Unknown, "words")),
        _ => new RecordBody(new EntryWithdrawn(Unknown, "words")),
    }).ThenRefused("story-not-found", ErrorKind.NotFound);

    [Fact]
    public void A_document_is_filed_with_its_hashes_and_length()
    {
        var decided = Given().When(Harbour.File()).Entries.ShouldHaveSingleItem();
        var filed = decided.Body.ShouldBeOfType<DocumentFiled>();
        filed.TextSha256.ShouldBe(Filed().TextSha256);
        filed.TextLength.ShouldBe(Harbour.Text.Length);
        filed.Title.ShouldBe("Harbour to open");
        filed.SameTextAs.ShouldBeNull();
        decided.Text.ShouldBe(Harbour.Text);
        decided.Cause.ShouldBeNull();
    }

    [Fact]
    public void The_same_text_at_the_same_url_appends_nothing_whoever_publishes_it() =>
        Given(Filed()).When(Harbour.File(publisher: "Somebody else")).ThenNothing();

    [Fact]
    public void Without_a_url_the_same_text_from_the_same_publisher_appends_nothing() =>
        Given(Filed(url: null)).When(Harbour.File(url: null)).ThenNothing();

    [Theory]
    [InlineData("https://wire.example/2", "The Gazette")]
    [InlineData(null, "The Gazette")]
    [InlineData(null, null)]
    public void The_same_text_elsewhere_is_a_new_document_that_names_the_first(string? url, string? publisher) =>
        Given(Filed()).When(Harbour.File(url: url, publisher: publisher)).Entries[0].Body.ShouldBeOfType<DocumentFiled>().SameTextAs.ShouldBe(Entry(1));

    [Fact]
    public void Another_text_at_the_same_url_is_a_new_document() =>
        Given(Filed()).When(Harbour.File(text: "Other words.")).Entries[0].Body.ShouldBeOfType<DocumentFiled>().SameTextAs.ShouldBeNull();

    [Fact]
    public void A_withdrawn_document_can_be_filed_again() =>
        Given(Filed(), new EntryWithdrawn(Entry(1), "wrong")).When(Harbour.File()).Entries[0].Body.ShouldBeOfType<DocumentFiled>().SameTextAs.ShouldBeNull();

    [Fact]
    public void A_copy_names_one_that_stands_when_the_first_was_withdrawn() =>
        Given(Filed(), Filed(url: "https://wire.example/2", sameTextAs: Entry(1)), new EntryWithdrawn(Entry(1), "wrong"))
            .When(Harbour.File(url: "https://third.example/3")).Entries[0].Body.ShouldBeOfType<DocumentFiled>().SameTextAs.ShouldBe(Entry(2));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public void A_document_has_words(string text) => Given().When(Harbour.File(text)).ThenRefused("document-empty");

    [Fact]
    public void A_document_holds_neither_nul_nor_half_a_pair()
    {
        Given().When(Harbour.File("The \0mayor")).ThenRefused("text-not-valid");
        Given().When(Harbour.File("The " + "🚢"[0])).ThenRefused("text-not-valid");
    }

    [Fact]
    public void A_document_has_a_title() =>
        Given().When(Harbour.File() with { Document = Harbour.Description(title: " ") }).ThenRefused("title-missing");

    [Fact]
    public void A_text_may_be_as_large_as_the_limit_and_no_larger()
    {
        var largest = new string('x', Limits.Text - 3) + "€";
        Encoding.UTF8.GetByteCount(largest).ShouldBe(Limits.Text);
        Given().When(Harbour.File(largest)).Entries.Length.ShouldBe(1);
        Given().When(Harbour.File(largest + "x")).ThenRefused("text-too-large");
    }

    [Fact]
    public void Original_bytes_are_kept_where_they_are_not_the_text()
    {
        Given().When(Harbour.File()).Entries[0].Source.ShouldBeNull();
        var html = Encoding.UTF8.GetBytes("<p>" + Harbour.Text + "</p>");
        var kept = Given().When(Harbour.File() with { Source = html }).Entries[0];
        kept.Source!.Value.ToArray().ShouldBe(html);
        kept.Body.ShouldBeOfType<DocumentFiled>().SourceSha256.ToArray().ShouldBe(System.Security.Cryptography.SHA256.HashData(html));
    }

    [Fact]
    public void Original_bytes_that_do_not_fit_are_kept_by_their_hash_alone()
    {
        var text = Encoding.UTF8.GetByteCount(Harbour.Text);
        Given().When(Harbour.File() with { Source = new byte[Limits.Command - Limits.Body - text] }).Entries[0].Source.ShouldNotBeNull();
        var large = new byte[Limits.Command - Limits.Body - text + 1];
        var decided = Given().When(Harbour.File() with { Source = large }).Entries[0];
        decided.Source.ShouldBeNull();
        decided.Body.ShouldBeOfType<DocumentFiled>().SourceSha256.ToArray().ShouldBe(System.Security.Cryptography.SHA256.HashData(large));
    }

    [Fact]
    public void A_translation_names_a_document_of_the_story_that_stands()
    {
        FileDocument Of(EntryId original) => Harbour.File(text: "Translated.") with { Document = Harbour.Description(translationOf: original) };
        Given(Filed()).When(Of(Entry(1))).Entries[0].Body.ShouldBeOfType<DocumentFiled>().TranslationOf.ShouldBe(Entry(1));
        Given(Filed()).When(Of(Unknown)).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Given(Filed()).When(Of(Entry(0))).ThenRefused("wrong-type");
        Given(Filed(), new EntryWithdrawn(Entry(1), "wrong")).When(Of(Entry(1))).ThenRefused("withdrawn");
    }

    [Fact]
    public void Findings_are_recorded_in_order_with_their_references_and_the_end_of_reading()
    {
        var document = Entry(1);
        var scenario = Given(Filed()).When(Harbour.Findings(document));
        scenario.Then(
            Harbour.Quote(document),
            Harbour.Claim(document) with { Parent = New(0) },
            Harbour.Occasion(document),
            Harbour.Question(document) with { Occasion = New(2) },
            new ExtractionCompleted(document, Rules, new(1, 1, 1, 1)));
        scenario.Entries.ShouldAllBe(entry => entry.Cause == document);
    }

    [Fact]
    public void A_program_sets_no_criteria() => Given(Filed())
        .When(Findings(new ProposedFinding(Harbour.Question(Entry(1)) with { Criteria = "a figure" })))
        .Then(Harbour.Question(Entry(1)));

    [Fact]
    public void A_program_makes_no_references_of_its_own() => Given(Filed())
        .When(Findings(new ProposedFinding(Harbour.Quote(Entry(1)) with { Parent = Unknown }), new ProposedFinding(Harbour.Question(Entry(1)) with { Occasion = Unknown })))
        .Then(Harbour.Quote(Entry(1)), Harbour.Question(Entry(1)));

    [Fact]
    public void A_document_without_findings_is_marked_as_read() => Given(Filed())
        .When(Findings() with { Completed = new(0, 0, 0, 0) }).Then(new ExtractionCompleted(Entry(1), Rules, new(0, 0, 0, 0)));

    [Fact]
    public void Reading_again_records_only_differences()
    {
        Body[] before = [Filed(), Harbour.Quote(Entry(1)), new ExtractionCompleted(Entry(1), Rules, new(1, 0, 0, 0))];
        Given(before).When(Findings(new ProposedFinding(Harbour.Quote(Entry(1)))) with { Completed = new(1, 0, 0, 0) }).ThenNothing();
        Given(before).When(Findings(new ProposedFinding(Harbour.Quote(Entry(1)) with { Rule = "another", Cue = null }))).ThenNothing();
        Given(before).When(Harbour.Findings(Entry(1))).Then(
            Harbour.Claim(Entry(1)) with { Parent = Entry(2) }, Harbour.Occasion(Entry(1)), Harbour.Question(Entry(1)) with { Occasion = New(1) });
    }

    [Fact]
    public void The_same_finding_twice_in_one_batch_is_recorded_once() => Given(Filed())
        .When(Findings(new ProposedFinding(Harbour.Quote(Entry(1))), new ProposedFinding(Harbour.Quote(Entry(1))))).Then(Harbour.Quote(Entry(1)));

    [Fact]
    public void Quote_and_claim_on_the_same_words_are_two_findings() => Given(Filed())
        .When(Findings(new ProposedFinding(Harbour.Quote(Entry(1))), new ProposedFinding(Harbour.Claim(Entry(1)) with { Span = Harbour.Quote(Entry(1)).Span }))).Entries.Length.ShouldBe(2);

    [Fact]
    public void What_a_person_recorded_on_the_same_words_is_no_programs_finding() => Given(Filed(), Harbour.Quote(Entry(1)) with { Rule = null })
        .When(Findings(new ProposedFinding(Harbour.Quote(Entry(1))))).Then(Harbour.Quote(Entry(1)));

    [Fact]
    public void A_finding_refers_to_what_stands_before_it()
    {
        var claim = new ProposedFinding(Harbour.Claim(Entry(1)), Parent: FindingKey.Of(Harbour.Quote(Entry(1))));
        var question = new ProposedFinding(Harbour.Question(Entry(1)), Occasion: FindingKey.Of(Harbour.Occasion(Entry(1))));
        Given(Filed()).When(Findings(claim, new(Harbour.Quote(Entry(1))))).ThenRefused("finding-refers-forward");
        Given(Filed()).When(Findings(question)).ThenRefused("finding-refers-forward");
        Given(Filed(), Harbour.Quote(Entry(1))).When(Findings(claim)).Then(Harbour.Claim(Entry(1)) with { Parent = Entry(2) });
    }

    [Fact]
    public void Findings_rest_on_a_document_of_the_story_that_stands_and_has_its_text()
    {
        Given(Filed()).When(Harbour.Findings(Unknown)).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Given(Filed()).When(Harbour.Findings(Entry(0))).ThenRefused("wrong-type");
        Given(Filed(), new EntryWithdrawn(Entry(1), "wrong")).When(Harbour.Findings(Entry(1))).ThenRefused("withdrawn");
        Given(Filed()).WithoutTextOf(1).When(Harbour.Findings(Entry(1))).ThenRefused("text-erased");
    }

    [Fact]
    public void A_programs_finding_rests_on_words()
    {
        Given(Filed()).When(Findings(new ProposedFinding(Harbour.Occasion(Entry(1)) with { Span = null }))).ThenRefused("span-missing");
        Given(Filed()).When(Findings(new ProposedFinding(Harbour.Question(Entry(1)) with { Span = null }))).ThenRefused("span-missing");
    }

    public static TheoryData<string, Func<Span, Span>> Spans => new()
    {
        { "out of range", span => span with { Ranges = [new(0, 99_999)] } },
        { "overlapping", span => span with { Ranges = [new(0, 9), new(4, 14)], Exact = [Harbour.Text[..9], Harbour.Text[4..14]] } },
        { "unordered", span => span with { Ranges = [new(10, 14), new(0, 9)], Exact = [Harbour.Text[10..14], Harbour.Text[..9]] } },
        { "within a surrogate pair", span => span with { Ranges = [new(0, Ship + 1)], Exact = [Harbour.Text[..(Ship + 1)]] } },
        { "with wrong words", span => span with { Exact = ["The major"] } },
        { "without words", span => span with { Exact = [] } },
        { "without ranges", span => span with { Ranges = [], Exact = [] } },
    };

    [Theory]
    [MemberData(nameof(Spans))]
    public void Every_span_of_a_finding_re_reads(string how, Func<Span, Span> broken)
    {
        var good = Harbour.Words(Entry(1), "The mayor");
        var bad = broken(good);
        Body[] findings =
        [
            Harbour.Quote(Entry(1)) with { Span = bad },
            Harbour.Quote(Entry(1)) with { Cue = bad },
            Harbour.Quote(Entry(1)) with { Speaker = new(null, bad) },
            Harbour.Claim(Entry(1)) with { Span = bad },
            Harbour.Claim(Entry(1)) with { Cue = bad },
            Harbour.Claim(Entry(1)) with { Speaker = new("The mayor", bad) },
            Harbour.Question(Entry(1)) with { Span = bad },
            Harbour.Occasion(Entry(1)) with { Span = bad },
            Harbour.Occasion(Entry(1)) with { When = bad },
        ];
        how.ShouldNotBeEmpty();
        foreach (var finding in findings)
        {
            Given(Filed()).When(Findings(new ProposedFinding(finding))).ThenRefused("span-does-not-read");
        }
    }

    [Fact]
    public void A_finding_of_one_document_rests_on_no_words_of_another()
    {
        var elsewhere = Harbour.Words(Entry(2), "The mayor");
        var scenario = Given(Filed(), Filed(url: "https://wire.example/2"));
        scenario.When(Findings(new ProposedFinding(Harbour.Quote(Entry(1)) with { Span = elsewhere }))).ThenRefused("span-elsewhere");
        scenario.When(Findings(new ProposedFinding(Harbour.Quote(Entry(1)) with { Cue = elsewhere }))).ThenRefused("span-elsewhere");
        scenario.When(Findings(new ProposedFinding(Harbour.Occasion(Entry(1)) with { When = elsewhere }))).ThenRefused("span-elsewhere");
    }

    [Fact]
    public void One_finding_that_does_not_read_refuses_the_whole_batch() => Given(Filed())
        .When(Findings(new ProposedFinding(Harbour.Quote(Entry(1))), new ProposedFinding(Harbour.Claim(Entry(1)) with { Cue = Harbour.Words(Entry(1), "said") with { Exact = ["says"] } })))
        .ThenRefused("span-does-not-read");

    [Fact]
    public void A_note_is_added_to_any_entry_of_the_story()
    {
        var scenario = Given(Filed(), Harbour.Quote(Entry(1)), new NoteAdded(Entry(1), "first"), new EntryWithdrawn(Entry(2), "wrong"));
        for (var place = 0; place <= 4; place++)
        {
            scenario.When(new RecordBody(new NoteAdded(Entry(place), "words"))).Then(new NoteAdded(Entry(place), "words"));
            scenario.Entries[0].Cause.ShouldBe(Entry(place));
        }
    }

    [Fact]
    public void A_note_has_words_and_is_about_an_entry_of_the_story()
    {
        Given().When(new RecordBody(new NoteAdded(Entry(0), " "))).ThenRefused("note-empty");
        Given().When(new RecordBody(new NoteAdded(Unknown, "words"))).ThenRefused("entry-not-found", ErrorKind.NotFound);
    }

    [Fact]
    public void Documents_findings_and_notes_can_be_withdrawn()
    {
        var scenario = Given(
            Filed(), Harbour.Quote(Entry(1)), Harbour.Claim(Entry(1)), Harbour.Question(Entry(1)), Harbour.Occasion(Entry(1)), new NoteAdded(Entry(1), "words"));
        for (var place = 1; place <= 6; place++)
        {
            scenario.When(new RecordBody(new EntryWithdrawn(Entry(place), "wrong"))).Then(new EntryWithdrawn(Entry(place), "wrong"));
            scenario.Entries[0].Cause.ShouldBe(Entry(place));
        }
    }

    [Fact]
    public void Nothing_else_can_be_withdrawn_and_nothing_twice()
    {
        var scenario = Given(Filed(), new ExtractionCompleted(Entry(1), Rules, new(0, 0, 0, 0)), new EntryWithdrawn(Entry(1), "wrong"));
        scenario.When(new RecordBody(new EntryWithdrawn(Entry(0), "wrong"))).ThenRefused("not-withdrawable");
        scenario.When(new RecordBody(new EntryWithdrawn(Entry(2), "wrong"))).ThenRefused("not-withdrawable");
        scenario.When(new RecordBody(new EntryWithdrawn(Entry(3), "wrong"))).ThenRefused("not-withdrawable");
        scenario.When(new RecordBody(new EntryWithdrawn(Entry(1), "wrong"))).ThenRefused("already-withdrawn");
        scenario.When(new RecordBody(new EntryWithdrawn(Unknown, "wrong"))).ThenRefused("entry-not-found", ErrorKind.NotFound);
    }

    [Fact]
    public void A_withdrawal_has_a_reason()
    {
        Given(Filed()).When(new RecordBody(new EntryWithdrawn(Entry(1), ""))).ThenRefused("reason-missing");
    }

    private static int Ship => Harbour.Text.IndexOf("🚢", StringComparison.Ordinal);

    private static RecordFindings Findings(params ImmutableArray<ProposedFinding> findings) => new(Entry(1), Rules, findings, null);
}
