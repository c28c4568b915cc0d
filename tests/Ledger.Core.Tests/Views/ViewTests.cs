using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Views;

public sealed class ViewTests
{
    [Fact]
    public async Task Each_entry_is_shown_by_the_views_that_it_concerns()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var fold = Fold(await ledger.EntriesAsync());

        var story = fold.Find(StoriesView.View, ledger.Story.Value).ShouldBeOfType<StoryRecord>();
        (story.Title, story.Slug, story.Language, story.Index).ShouldBe(("Harbour", "harbour", "en", 1));

        var document = fold.Find(DocumentsView.View, told.Document.Value).ShouldBeOfType<DocumentRecord>();
        (document.Title, document.Publisher, document.TextLength, document.Status).ShouldBe(("Harbour to open", "The Gazette", Harbour.Text.Length, "filed"));
        document.Dated.ShouldBe(new PublicationDate(Harbour.Published));
        document.PublishedAt.ShouldBe(Timestamp.StartOf(Harbour.Published));
        document.Extraction!.Counts.ShouldBe(new(1, 1, 1, 1));
        document.Entries.ShouldBe([told.Document, told.Extraction]);
        var copy = fold.Find(DocumentsView.View, told.Copy.Value).ShouldBeOfType<DocumentRecord>();
        copy.SameTextAs.ShouldBe(told.Document);
        copy.Extraction.ShouldBeNull();

        var quote = fold.Find(QuotesView.View, told.Quote.Value).ShouldBeOfType<QuoteRecord>();
        (quote.Directness, quote.Speaker, quote.Span.Words, quote.Document, quote.Status).ShouldBe((Directness.Direct, "The mayor", "will open in May", told.Document, "withdrawn"));
        quote.Withdrawn.ShouldBe(new(told.Withdrawal, told.Quote, "Not her words."));
        quote.Entries.ShouldBe([told.Quote, told.Withdrawal]);
        quote.RecordedBy.ShouldBe(new(ledger.Log.Naming.Recorder(RecorderKind.Program, "rules"), RecorderKind.Program, "rules", "1.0", "Ada"));

        var claim = fold.Find(ClaimsView.View, told.Claim.Value).ShouldBeOfType<ClaimRecord>();
        (claim.Statement, claim.Modality, claim.Directness, claim.Parent, claim.Status).ShouldBe(("The harbour will open in May.", Modality.Expected, Directness.Mixed, told.Quote, "asserted"));
        claim.Speaker.ShouldBe("The mayor", "the written words stand in for a name that is not known");
        fold.Find(QuotesView.View, told.Claim.Value).ShouldBeOfType<QuoteRecord>("a claim with a speaker is what somebody said").Parent.ShouldBe(told.Quote);

        var question = fold.Find(QuestionsView.View, told.Question.Value).ShouldBeOfType<QuestionRecord>();
        (question.Text, question.Kind, question.Occasion, question.Document, question.Status).ShouldBe(("What does the harbour cost?", QuestionKind.Undisclosed, told.Occasion, told.Document, "open"));
        question.Expected.ShouldBe(new DateInterval(new(2022, 5, 1), new(2022, 5, 31)));
        question.Evidence.ShouldHaveSingleItem().Span!.Words.ShouldBe("The ministry … “knows the cost”");

        var occasion = fold.Find(OccasionsView.View, told.Occasion.Value).ShouldBeOfType<OccasionRecord>();
        (occasion.What, occasion.Where, occasion.When!.Words, occasion.Status).ShouldBe(("council meets", "Port Vale", "on 3 May 2022", "scheduled"));

        Records(fold, StoriesView.View).Count.ShouldBe(1);
        Records(fold, DocumentsView.View).Count.ShouldBe(2);
        Records(fold, QuotesView.View).Count.ShouldBe(2);
        Records(fold, ClaimsView.View).Count.ShouldBe(1);
        Records(fold, QuestionsView.View).Count.ShouldBe(1);
        Records(fold, OccasionsView.View).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_activity_view_has_one_record_an_entry_and_says_what_it_is_about()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var records = Records(Fold(await ledger.EntriesAsync()), ActivityView.View).Cast<ActivityRecord>().ToList();
        records.Select(record => record.Index).ShouldBe(Enumerable.Range(0, 11).Select(index => (long)index));
        records.Select(record => record.Summary).ShouldBe(
        [
            TestLedger.Origin, "Harbour", "Harbour to open", "will open in May", "The harbour will open in May.", "council meets", "What does the harbour cost?",
            "rules 1.0: 1 quotes, 1 claims, 1 questions, 1 occasions", "Harbour to open (wire)", "Ask the ministry.", "Not her words.",
        ]);
        (records[9].On, records[10].On, records[10].Cause).ShouldBe((told.Claim, told.Quote, told.Quote));
        records[4].Document.ShouldBe(told.Document);
        records[4].Span!.Words.ShouldBe("the harbour “will open in May”");
        records[9].Document.ShouldBeNull();
    }

    [Fact]
    public async Task A_withdrawn_finding_takes_nothing_else_along()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(told.Occasion, "wrong")));
        var fold = Fold(await ledger.EntriesAsync());
        fold.Find(OccasionsView.View, told.Occasion.Value)!.Withdrawn.ShouldNotBeNull();
        fold.Find(QuestionsView.View, told.Question.Value)!.Withdrawn.ShouldBeNull();
        fold.Find(DocumentsView.View, told.Document.Value)!.Withdrawn.ShouldBeNull();
        fold.Find(ClaimsView.View, told.Claim.Value)!.Withdrawn.ShouldBeNull();
    }

    [Fact]
    public async Task A_withdrawn_document_takes_its_findings_along_and_leaves_those_of_others()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var other = (await ledger.RecordAsync(new RecordFindings(told.Copy, new("rules", "1.0"), [new(Harbour.Claim(told.Copy))], null))).Entries[0].Id;
        var withdrawal = (await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(told.Document, "forged")))).Entries[0].Id;
        var fold = Fold(await ledger.EntriesAsync());
        (View View, EntryId Id)[] taken =
        [
            (DocumentsView.View, told.Document), (ClaimsView.View, told.Claim), (QuotesView.View, told.Claim), (QuestionsView.View, told.Question), (OccasionsView.View, told.Occasion),
        ];
        foreach (var (view, id) in taken)
        {
            fold.Find(view, id.Value)!.Withdrawn.ShouldBe(new(withdrawal, told.Document, "forged"), view.Name);
        }

        fold.Find(QuotesView.View, told.Quote.Value)!.Withdrawn!.By.ShouldBe(told.Withdrawal, "the first withdrawal stays");
        fold.Find(DocumentsView.View, told.Copy.Value)!.Withdrawn.ShouldBeNull();
        fold.Find(ClaimsView.View, other.Value)!.Withdrawn.ShouldBeNull();
    }

    [Fact]
    public async Task A_withdrawn_note_changes_no_view_but_those_of_every_entry()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var before = Fold(await ledger.EntriesAsync());
        await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(told.Note, "wrong")));
        var after = Fold(await ledger.EntriesAsync());
        foreach (var view in RecordChange.Views)
        {
            Shown(after, view).ShouldBe(Shown(before, view));
        }
    }

    [Fact]
    public async Task A_claim_that_the_document_itself_makes_is_nobodys_quote()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var document = (await ledger.RecordAsync(Harbour.File())).Entries[0].Id;
        var claim = (await ledger.RecordAsync(new RecordFindings(document, new("rules", "1.0"), [new(Harbour.Claim(document) with { Speaker = null })], null))).Entries[0].Id;
        var fold = Fold(await ledger.EntriesAsync());
        fold.Find(ClaimsView.View, claim.Value).ShouldBeOfType<ClaimRecord>().Speaker.ShouldBeNull();
        fold.Find(QuotesView.View, claim.Value).ShouldBeNull();
    }

    [Fact]
    public async Task An_erased_body_stops_no_view_and_its_words_are_in_none()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        var entries = await ledger.EntriesAsync();
        foreach (var erased in entries)
        {
            var without = entries.ConvertAll(entry => entry == erased ? new Entry(entry.Index, entry.EnvelopeBytes, entry.Hash, [.. entry.Parts.Where(part => part.Name != Part.Body)]) : entry);
            var fold = Fold(without);
            Records(fold, ActivityView.View).Count.ShouldBe(entries.Count);
            fold.Find(ActivityView.View, erased.Id.Value).ShouldBeOfType<ActivityRecord>().Summary.ShouldBeNull();
            foreach (var view in RecordChange.Views)
            {
                Records(fold, view).ShouldAllBe(record => record.Id != erased.Id);
            }
        }
    }

    [Fact]
    public async Task A_ledger_that_was_erased_to_its_envelopes_still_shows_who_recorded_when()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        foreach (var entry in await ledger.EntriesAsync())
        {
            foreach (var part in entry.Parts)
            {
                await ledger.Log.EraseAsync(entry.Id, part.Name);
            }
        }

        await ledger.KeepViewsAsync();
        (await ledger.Views.ProgressAsync()).Values.ShouldAllBe(progress => progress.Error == null && progress.Next == 11);
        var records = (await ledger.Views.ListAsync(ActivityView.View, new() { OldestFirst = true })).Records.Cast<ActivityRecord>().ToList();
        records.Count.ShouldBe(11);
        records.ShouldAllBe(record => record.Summary == null && record.RecordedBy.Name == null);
        records[3].RecordedBy.Kind.ShouldBe(RecorderKind.Program);
        (await ledger.Views.CountAsync(ClaimsView.View, new())).ShouldBe(0);
    }

    [Fact]
    public async Task Records_are_written_and_read_back_and_lists_are_filtered_by_their_facets()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        var fold = Fold(await ledger.EntriesAsync());
        foreach (var view in AllViews.List)
        {
            AllViews.Find(view.Name).ShouldBe(view);
            view.Name.ShouldAllBe(letter => letter >= 'a' && letter <= 'z');
            foreach (var record in Records(fold, view))
            {
                Encoding.UTF8.GetString(view.Write(view.Read(view.Write(record)))).ShouldBe(Encoding.UTF8.GetString(view.Write(record)));
                view.FacetsOf(record).Length.ShouldBe(view.Facets.Length);
            }
        }

        Facets(QuotesView.View, told.Quote).ShouldBe(["status=withdrawn", "directness=direct", "speaker=The mayor", $"document={told.Document}"]);
        Facets(ClaimsView.View, told.Claim).ShouldBe(["status=asserted", "modality=expected", "speaker=The mayor", $"document={told.Document}"]);
        Facets(QuestionsView.View, told.Question).ShouldBe(["status=open", "kind=undisclosed", $"document={told.Document}", "due=2022-05-31"]);
        Facets(OccasionsView.View, told.Occasion).ShouldBe(["status=scheduled", $"document={told.Document}"]);
        Facets(DocumentsView.View, told.Copy).ShouldBe(["status=filed", "publisher=Wire"]);
        Facets(ActivityView.View, told.Note).ShouldBe(["type=note.added", "by=Ada", "document=", "recorders=\nAda\n\n", $"on={told.Claim}"]);

        Matching(QuotesView.View, new FacetFilter("status", "withdrawn")).ShouldBe(1);
        Matching(QuotesView.View, new FacetFilter("status", "withdrawn", Not: true)).ShouldBe(1);
        Matching(QuotesView.View, new FacetFilter("speaker", "MAYOR", Contains: true)).ShouldBe(2);
        Matching(QuotesView.View, new FacetFilter("speaker", "MAYOR")).ShouldBe(0);
        Matching(ActivityView.View, new FacetFilter("document", "", Contains: true)).ShouldBe(7, "what has no document is never found by one");

        fold.Matching(QuestionsView.View, new() { Within = new("due", "2022-05-31", "2022-06-01") }).Count().ShouldBe(1);
        fold.Matching(QuestionsView.View, new() { Within = new("due", "2022-05-01", "2022-05-31") }).ShouldBeEmpty("the second end is not within");

        IEnumerable<string> Facets(View view, EntryId id) => view.Facets.Zip(view.FacetsOf(fold.Find(view, id.Value)!), (name, value) => $"{name}={value}");
        int Matching(View view, FacetFilter filter) => fold.Matching(view, new() { Where = [filter] }).Count();
    }

    [Fact]
    public async Task A_list_is_paged_in_order_of_beginning_from_either_end()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        var fold = Fold(await ledger.EntriesAsync());
        foreach (var oldestFirst in new[] { true, false })
        {
            var indexes = new List<long>();
            ViewCursor? after = null;
            do
            {
                var page = fold.List(ActivityView.View, new() { Limit = 3, After = after, OldestFirst = oldestFirst });
                indexes.AddRange(page.Records.Select(record => record.Index));
                after = page.Next;
            }
            while (after is not null);
            var expected = Enumerable.Range(0, 11).Select(index => (long)index);
            indexes.ShouldBe(oldestFirst ? expected : expected.Reverse());
        }

        fold.List(ActivityView.View, new() { BeganFrom = 3, BeganTo = 5 }).Records.Select(record => record.Index).ShouldBe([5, 4, 3]);
        fold.List(ActivityView.View, new() { Story = StoryId.Reserved }).Records.Select(record => record.Index).ShouldBe([0]);
    }

    [Fact]
    public void A_place_in_a_list_is_spelled_and_read_back()
    {
        var cursor = new ViewCursor(17, Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301"));
        ViewCursor.TryParse(cursor.ToString(), out var read).ShouldBeTrue();
        read.ShouldBe(cursor);
        foreach (var text in new[] { "", "-", "17", "17-", "-3f2504e04f8981d39a0c0305e82c3301", "x-3f2504e04f8981d39a0c0305e82c3301", "17-3f25", "+1-3f2504e04f8981d39a0c0305e82c3301" })
        {
            ViewCursor.TryParse(text, out _).ShouldBeFalse(text);
        }
    }

    private static ViewFold Fold(IEnumerable<Entry> entries)
    {
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in entries)
        {
            fold.Apply(entry);
        }

        return fold;
    }

    private static List<ViewRecord> Records(ViewFold fold, View view) => [.. fold.Matching(view, new() { OldestFirst = true }).Select(item => item.Record)];

    private static List<string> Shown(ViewFold fold, View view) => Records(fold, view).ConvertAll(record => Encoding.UTF8.GetString(view.Write(record)));
}
