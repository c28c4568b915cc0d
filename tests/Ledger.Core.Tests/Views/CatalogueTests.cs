using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Views;

/// <summary>What each member of each record comes to, and that the record names the entries it rests on.</summary>
public sealed class CatalogueTests
{
    private static readonly DateInterval June = new(new(2022, 6, 1), new(2022, 6, 30));

    [Fact]
    public async Task A_claims_status_goes_with_what_is_linked_to_it_and_comes_back()
    {
        await using var desk = await Desk.OpenAsync();
        var copy = await desk.FileAsync("https://other.example/1", "Other", Harbour.Text + " More.", Harbour.Published);
        var other = await desk.RecordAsync(Harbour.Claim(copy) with { Rule = null });
        await StatusAsync("asserted", "recorded");
        var repeats = await desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Repeats, null, null, "so"));
        (await StatusAsync("repeated", "repeated")).Standing.Sources.ShouldBe(2);
        var contradicts = await desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Contradicts, null, null, "so"));
        var contradicted = await StatusAsync("contradicted", "contradicted");
        contradicted.Entries.ShouldBe([desk.Claim, repeats, contradicts]);
        var retracts = await desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Retracts, null, null, "so"));
        await StatusAsync("retracted", "retracted");
        var undone = await desk.WithdrawAsync(retracts);
        (await StatusAsync("contradicted", "contradicted")).Entries[^1].ShouldBe(undone);
        await desk.WithdrawAsync(contradicts);
        await StatusAsync("repeated", "repeated");
        await desk.WithdrawAsync(copy);
        await StatusAsync("asserted", "recorded");
        await desk.RejectAsync(desk.Claim);
        var rejected = await StatusAsync("rejected", "rejected");
        (rejected.Decision!.Accepted, rejected.Decision.Reason, rejected.Decision.Editor.Name).ShouldBe((false, "No.", "Ada"));
        await desk.WithdrawAsync(desk.Claim);
        await StatusAsync("withdrawn", "withdrawn");

        async Task<ClaimRecord> StatusAsync(string claim, string quote)
        {
            (await desk.FindAsync(QuotesView.View, desk.Claim))!.Status.ShouldBe(quote);
            var record = (await desk.FindAsync(ClaimsView.View, desk.Claim))!;
            record.Status.ShouldBe(claim);
            return record;
        }
    }

    [Fact]
    public async Task A_corrected_claim_shows_what_it_should_have_been_everywhere()
    {
        await using var desk = await Desk.OpenAsync();
        var right = Harbour.Claim(desk.Document) with { Statement = "The port opens in May.", Speaker = null };
        var correction = await desk.RecordAsync(new EntryCorrected(desk.Claim, right, "Not hers."));
        var claim = (await desk.FindAsync(ClaimsView.View, desk.Claim))!;
        (claim.Statement, claim.Speaker, claim.Status).ShouldBe(("The port opens in May.", null, "asserted"));
        claim.Corrections.ShouldBe([new(correction, "Not hers.")]);
        claim.Entries.ShouldBe([desk.Claim, correction]);
        (await desk.FindAsync(QuotesView.View, desk.Claim)).ShouldBeNull("nobody says it");
        (await desk.FindAsync(SearchView.View, desk.Claim))!.Text.ShouldBe("The port opens in May.");
        (await desk.FindAsync(TimelineView.View, desk.Claim))!.What.ShouldBe("The port opens in May.");
        await desk.RecordAsync(new EntryCorrected(desk.Claim, right with { Speaker = new("The council", null) }, "The council's."));
        (await desk.FindAsync(QuotesView.View, desk.Claim))!.Speaker.ShouldBe("The council");
        await desk.Ledger.KeepViewsAsync();
        (await desk.Ledger.Views.ListAsync(SearchView.View, new() { Words = [["port", "opens"]] })).Records.ShouldHaveSingleItem().Id.ShouldBe(desk.Claim);
        (await desk.Ledger.Views.ListAsync(SearchView.View, new() { Words = [["harbour", "will", "open"]] })).Records.ShouldNotContain(record => record.Id == desk.Claim, "it is not found by the words that were wrong");
    }

    [Fact]
    public async Task A_corrected_date_moves_whatever_rests_on_the_document()
    {
        await using var desk = await Desk.OpenAsync();
        // The copy keeps its own day; a claim in the copy stands under the quote of the document, a link ties both.
        var copy = await desk.FileAsync("https://copy.example/1", "Copy", Harbour.Text, new(2022, 1, 1));
        var claim = await desk.RecordAsync(Harbour.Claim(copy) with { Parent = desk.Quote, Rule = null });
        var link = await desk.RecordAsync(new ClaimLinked(claim, desk.Claim, LinkRelation.Supports, null, null, "so"));
        var evidence = await desk.RecordAsync(new QuestionEvidenceAdded(desk.Question, claim, EvidenceBearing.Context, null, "so"));
        var filed = (DocumentFiled)(await desk.Ledger.Log.FindAsync(desk.Document))!.Body!;
        var right = Timestamp.StartOf(new(2022, 7, 9));
        var correction = await desk.RecordAsync(new EntryCorrected(desk.Document, filed with { PublishedAt = new(new DateOnly(2022, 7, 9)) }, "wrong day"));
        var fold = await desk.FoldAsync();
        (View View, EntryId Id)[] moved =
        [
            (DocumentsView.View, desk.Document), (QuotesView.View, desk.Quote), (QuotesView.View, claim), (ClaimsView.View, desk.Claim), (ClaimsView.View, claim),
            (QuestionsView.View, desk.Question), (OccasionsView.View, desk.Occasion), (SearchView.View, desk.Document),
            .. new[] { desk.Document, claim, link, evidence, correction }.SelectMany(id => new (View, EntryId)[] { (TimelineView.View, id), (ActivityView.View, id) }),
        ];
        foreach (var (view, id) in moved)
        {
            fold.Find(view, id.Value).ShouldNotBeNull(view.Name).PublishedAt.ShouldBe(right, view.Name);
        }

        ((SpeakerRecord)fold.Find(SpeakersView.View, SpeakersView.Key(desk.Ledger.Story, "The mayor"))!).PublishedAt.ShouldBe(right);
        (await desk.FindAsync(QuotesView.View, desk.Quote))!.Entries.ShouldBe([desk.Quote, correction]);
        (await PublishedOrder.FoldAsync(desk.Ledger.Log, AllViews.List, null, null, new(2022, 7, 8))).All(QuotesView.View).ShouldBeEmpty();
        (await PublishedOrder.FoldAsync(desk.Ledger.Log, AllViews.List, null, null, new(2022, 7, 9))).All(QuotesView.View).Count.ShouldBe(3);

        var undated = await desk.RecordAsync(new EntryCorrected(desk.Document, filed with { PublishedAt = null }, "no date at all"));
        (await desk.FindAsync(DocumentsView.View, desk.Document))!.PublishedAt.ShouldBe((await desk.Ledger.Log.FindAsync(desk.Document))!.Envelope.RecordedAt);
        (await desk.FindAsync(DocumentsView.View, desk.Document))!.Corrections.Select(item => item.By).ShouldBe([correction, undated]);
    }

    [Fact]
    public async Task A_question_keeps_every_wording_and_shows_the_last()
    {
        await using var desk = await Desk.OpenAsync();
        var correction = await desk.RecordAsync(new EntryCorrected(desk.Question, Harbour.Question(desk.Document) with { Text = "What did it cost?" }, "tense"));
        var second = await desk.RecordAsync(new EntryCorrected(desk.Question, Harbour.Question(desk.Document) with { Text = "What will it cost?", Criteria = "a figure" }, "tense"));
        (await desk.QuestionAsync()).ShouldSatisfyAllConditions(record => record.Text.ShouldBe("What will it cost?"), record => record.Criteria.ShouldBe("a figure"));
        var restated = await desk.RecordAsync(new QuestionRestated(desk.Question, "Who pays?", QuestionKind.Unknown, "a name", ["the ministry"], June, "Sharper.", null));
        var question = await desk.QuestionAsync();
        (question.Text, question.Kind, question.Criteria, question.Expected, question.Status).ShouldBe(("Who pays?", QuestionKind.Unknown, "a name", June, "open"));
        question.Sources.ShouldBe(["the ministry"]);
        question.Wordings.Select(wording => (wording.Entry, wording.Text, wording.Reason)).ShouldBe(
            [(desk.Question, "What does the harbour cost?", null), (correction, "What did it cost?", "tense"), (second, "What will it cost?", "tense"), (restated, "Who pays?", "Sharper.")]);
        question.Entries.ShouldBe([desk.Question, correction, second, restated]);
        question.Evidence[0].Entry.ShouldBe(desk.Question, "the words that raise it are its own");
        await desk.RecordAsync(new EntryCorrected(desk.Question, Harbour.Question(desk.Document) with { Text = "Late?" }, "late"));
        (await desk.QuestionAsync()).Text.ShouldBe("Who pays?", "what was restated since stays");
    }

    [Fact]
    public async Task A_question_shows_evidence_answers_objections_and_what_became_of_each()
    {
        await using var desk = await Desk.OpenAsync();
        var byPerson = await desk.RecordAsync(new QuestionEvidenceAdded(desk.Question, desk.Claim, EvidenceBearing.Context, null, "so"));
        var byProgram = await desk.RecordAsync(new QuestionEvidenceAdded(desk.Question, desk.Quote, EvidenceBearing.Answers, "near", null), Desk.Rules);
        (await desk.QuestionAsync()).Evidence.Select(item => (item.Entry, item.AddedBy, item.Bearing, item.State)).ShouldBe(
        [
            (desk.Question, desk.Question, null, ProposalState.Undecided), (desk.Claim, byPerson, EvidenceBearing.Context, ProposalState.Undecided),
            (desk.Quote, byProgram, EvidenceBearing.Answers, ProposalState.Undecided),
        ]);
        var accepted = await desk.AcceptAsync(byProgram);
        var question = await desk.QuestionAsync();
        (question.Evidence[2].State, question.Entries[^1]).ShouldBe((ProposalState.Accepted, accepted));
        await desk.WithdrawAsync(byPerson);
        (await desk.QuestionAsync()).Evidence.Select(item => item.AddedBy).ShouldBe([desk.Question, byProgram]);

        var answer = await desk.RecordAsync(new AnswerProposed(desk.Question, "4 million.", [desk.Claim], new(2022, 6, 14), "rule"), Desk.Rules);
        var objection = await desk.RecordAsync(new AnswerObjected(answer, "An estimate."));
        question = await desk.QuestionAsync();
        question.Status.ShouldBe("proposed");
        var proposed = question.Answers.ShouldHaveSingleItem();
        (proposed.Entry, proposed.Text, proposed.ObjectionsUntil, proposed.By.Name, proposed.Stands).ShouldBe((answer, "4 million.", new DateOnly(2022, 6, 14), "rules", true));
        proposed.Objections.ShouldHaveSingleItem().Entry.ShouldBe(objection);
        await desk.WithdrawAsync(objection);
        (await desk.QuestionAsync()).Answers[0].Objections.ShouldBeEmpty();
        await desk.RejectAsync(answer);
        (await desk.QuestionAsync()).ShouldSatisfyAllConditions(record => record.Answers[0].Stands.ShouldBeFalse(), record => record.Status.ShouldBe("open"));
    }

    [Fact]
    public async Task A_question_is_resolved_reopened_overdue()
    {
        await using var desk = await Desk.OpenAsync();
        var after = new DateOnly(2022, 6, 1);
        (await desk.QuestionAsync()).ShouldSatisfyAllConditions(record => record.IsOverdue(after).ShouldBeTrue(), record => record.IsOverdue(new(2022, 5, 31)).ShouldBeFalse("the last day is still to come"));
        await desk.RecordAsync(new QuestionRestated(desk.Question, "What does it cost?", QuestionKind.Undisclosed, "a figure", [], new(new(2022, 5, 1), new(2022, 5, 31)), "criteria", null));
        var first = await desk.RecordAsync(new QuestionResolved(desk.Question, QuestionOutcome.Answered, "4 million.", null, [desk.Claim], null, null));
        var resolved = await desk.QuestionAsync();
        (resolved.Status, resolved.Resolution!.Entry, resolved.Resolution.Text, resolved.Resolution.By.Name, resolved.IsOverdue(after)).ShouldBe(("answered", first, "4 million.", "Ada", false));
        var reopened = await desk.RecordAsync(new QuestionReopened(desk.Question, "Wrong.", null));
        (await desk.QuestionAsync()).ShouldSatisfyAllConditions(record => record.Status.ShouldBe("open"), record => record.Entries[^1].ShouldBe(reopened), record => record.IsOverdue(after).ShouldBeTrue());
        var second = await desk.RecordAsync(new QuestionResolved(desk.Question, QuestionOutcome.Ambiguous, null, null, [], "Two figures.", null));
        await desk.WithdrawAsync(first);
        (await desk.QuestionAsync()).Status.ShouldBe("ambiguous", "the first held no longer");
        await desk.WithdrawAsync(second);
        (await desk.QuestionAsync()).Status.ShouldBe("open");
        await desk.RecordAsync(new QuestionResolved(desk.Question, QuestionOutcome.Annulled, null, null, [], "Sold.", null));
        (await desk.QuestionAsync()).Status.ShouldBe("annulled");
        await desk.RejectAsync(desk.Question);
        (await desk.QuestionAsync()).Status.ShouldBe("rejected");
    }

    [Fact]
    public async Task By_publication_a_question_comes_to_the_same_end()
    {
        await using var desk = await Desk.OpenAsync();
        var late = await desk.FileAsync("https://late.example/1", "Late", Harbour.Text + " Late.", new(2022, 9, 1));
        var claim = await desk.RecordAsync(Harbour.Claim(late) with { Rule = null });
        await desk.RecordAsync(new QuestionRestated(desk.Question, "What does it cost?", QuestionKind.Undisclosed, "a figure", [], null, "criteria", null));
        await desk.RecordAsync(new QuestionResolved(desk.Question, QuestionOutcome.Answered, "4 million.", null, [claim], null, null));
        await desk.RecordAsync(new QuestionReopened(desk.Question, "Wrong.", null));
        await desk.RecordAsync(new QuestionRestated(desk.Question, "Who pays?", QuestionKind.Undisclosed, "a name", [], null, "sharper", null));
        var fold = await PublishedOrder.FoldAsync(desk.Ledger.Log, AllViews.List, null, null, DateOnly.MaxValue);
        ((QuestionRecord)fold.Find(QuestionsView.View, desk.Question.Value)!).ShouldSatisfyAllConditions(record => record.Status.ShouldBe("open"), record => record.Text.ShouldBe("Who pays?"));
    }

    [Fact]
    public async Task What_a_person_says_of_an_occasion_counts_at_once_and_what_a_program_does_once_accepted()
    {
        await using var desk = await Desk.OpenAsync();
        var first = (await desk.OccasionAsync()).Expected;
        var moved = await desk.RecordAsync(new OccasionMoved(desk.Occasion, June, null, null, "A storm."));
        var occasion = await desk.OccasionAsync();
        (occasion.Status, occasion.Expected, occasion.FirstExpected).ShouldBe(("moved", June, first));
        occasion.Entries.ShouldBe([desk.Occasion, moved]);
        var held = await desk.RecordAsync(new OccasionHeld(desk.Occasion, null, Harbour.Words(desk.Document, "The council meets"), "met", null), Desk.Rules);
        occasion = await desk.OccasionAsync();
        (occasion.Status, occasion.Changes.Length, occasion.Changes[1].Counts).ShouldBe(("moved", 2, false));
        await desk.AcceptAsync(held);
        (await desk.OccasionAsync()).ShouldSatisfyAllConditions(record => record.Status.ShouldBe("held"), record => record.Expected.ShouldBe(June, "held on the days it was moved to"));
        await desk.WithdrawAsync(held);
        (await desk.OccasionAsync()).Status.ShouldBe("moved");
        var cancelled = await desk.RecordAsync(new OccasionCancelled(desk.Occasion, null, "off", "No ship."), Desk.Rules);
        await desk.RejectAsync(cancelled);
        (await desk.OccasionAsync()).Status.ShouldBe("moved");
        var off = await desk.RecordAsync(new OccasionMoved(desk.Occasion, null, null, null, "Put off."));
        (await desk.OccasionAsync()).Expected.ShouldBeNull();
        await desk.WithdrawAsync(off);
        await desk.WithdrawAsync(moved);
        (await desk.OccasionAsync()).ShouldSatisfyAllConditions(record => record.Status.ShouldBe("scheduled"), record => record.Expected.ShouldBe(first));
        await desk.RecordAsync(new OccasionCancelled(desk.Occasion, null, null, "No ship."));
        await desk.RecordAsync(new EntryCorrected(desk.Occasion, Harbour.Occasion(desk.Document) with { What = "the council meets", Expected = June }, "whole"));
        (await desk.OccasionAsync()).ShouldSatisfyAllConditions(
            record => record.What.ShouldBe("the council meets"), record => record.FirstExpected.ShouldBe(June), record => record.Status.ShouldBe("cancelled"), record => record.Changes.Length.ShouldBe(5));
    }

    [Fact]
    public async Task An_occasion_that_a_withdrawn_document_moved_is_where_it_was()
    {
        await using var desk = await Desk.OpenAsync();
        var forged = await desk.FileAsync("https://forged.example/1", "Forged", Harbour.Text + " Forged.", Harbour.Published);
        await desk.RecordAsync(new OccasionMoved(desk.Occasion, June, Harbour.Words(forged, "on 3 May 2022"), null, null));
        (await desk.OccasionAsync()).Status.ShouldBe("moved");
        var withdrawal = await desk.WithdrawAsync(forged);
        (await desk.OccasionAsync()).ShouldSatisfyAllConditions(record => record.Status.ShouldBe("scheduled"), record => record.Entries[^1].ShouldBe(withdrawal), record => record.Withdrawn.ShouldBeNull());
    }

    [Fact]
    public async Task A_revision_orphans_what_it_lets_go_and_takes_the_rest_along()
    {
        await using var desk = await Desk.OpenAsync();
        var without = Harbour.Text.Replace("in May”", "in June”", StringComparison.Ordinal);
        var second = await desk.ReviseAsync(desk.Document, Harbour.Text + "\nUpdated.");
        (await desk.FindAsync(DocumentsView.View, desk.Document))!.ShouldSatisfyAllConditions(record => record.RevisedBy.ShouldBe(second), record => record.Status.ShouldBe("revised"));
        (await desk.FindAsync(DocumentsView.View, second))!.ShouldSatisfyAllConditions(record => record.Revises.ShouldBe(desk.Document), record => record.Orphaned.ShouldBe(0));
        (await desk.Ledger.RecordAsync(Harbour.Findings(second) with { Completed = null }, recorder: Desk.Rules)).Entries.ShouldBeEmpty("they are the same findings, seen again");

        // The findings rest on the first text, and stood in the second: the third lets two of them go.
        var third = await desk.ReviseAsync(second, without);
        (await desk.FindAsync(DocumentsView.View, third))!.Orphaned.ShouldBe(2);
        var quote = (await desk.FindAsync(QuotesView.View, desk.Quote))!;
        (quote.Orphaned, quote.Entries[^1], quote.Status).ShouldBe((third, third, "recorded"));
        (await desk.FindAsync(ClaimsView.View, desk.Claim))!.Orphaned.ShouldBe(third);
        (await desk.QuestionAsync()).Orphaned.ShouldBeNull();

        await desk.WithdrawAsync(third);
        (await desk.FindAsync(QuotesView.View, desk.Quote))!.ShouldSatisfyAllConditions(record => record.Orphaned.ShouldBeNull(), record => record.Withdrawn.ShouldBeNull());
        (await desk.FindAsync(DocumentsView.View, second))!.RevisedBy.ShouldBeNull();

        // The words go again, and come back: they are found anew, since the first finding is told as gone.
        var fourth = await desk.ReviseAsync(second, without);
        (await desk.FindAsync(QuotesView.View, desk.Quote))!.Orphaned.ShouldBe(fourth);
        var back = await desk.ReviseAsync(fourth, Harbour.Text);
        (await desk.FindAsync(DocumentsView.View, back))!.SameTextAs.ShouldBe(desk.Document, "a text that returns is a revision");
        (await desk.Ledger.RecordAsync(Harbour.Findings(back) with { Completed = null }, recorder: Desk.Rules)).Entries.Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_newest_text_once_more_is_nothing_and_an_older_one_is_not_revised_twice()
    {
        await using var desk = await Desk.OpenAsync();
        var second = await desk.ReviseAsync(desk.Document, "Other words.");
        (await desk.Ledger.RecordAsync(Revise(desk.Document, "Other words."))).Entries.ShouldBeEmpty();
        (await desk.Ledger.RecordAsync(Revise(second, "Other words."))).Entries.ShouldBeEmpty();
        (await desk.Ledger.SubmitAsync(Revise(desk.Document, "Third words."))).Error!.ShouldSatisfyAllConditions(error => error.Code.ShouldBe("revised-already"), error => error.Hint!.ShouldContain(second.ToString()));
        (await desk.Ledger.SubmitAsync(Revise(desk.Claim, "Third words."))).Error!.Code.ShouldBe("wrong-type");
        (await desk.Ledger.SubmitAsync(Revise(second, " "))).Error!.Code.ShouldBe("document-empty");
        await desk.Ledger.Log.EraseAsync(second, Part.Text);
        (await desk.Ledger.SubmitAsync(Revise(second, "Third words."))).Error!.Code.ShouldBe("text-erased");
        await desk.WithdrawAsync(second);
        (await desk.Ledger.SubmitAsync(Revise(second, "Third words."))).Error!.Code.ShouldBe("withdrawn");
        (await desk.Ledger.RecordAsync(Revise(desk.Document, "Third words."))).Entries.Length.ShouldBe(1);

        static ReviseDocument Revise(EntryId revises, string text) => new(revises, Harbour.Description(), text, System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task A_speaker_is_under_the_name_that_stands_with_the_newest_that_stands()
    {
        await using var desk = await Desk.OpenAsync();
        var mayor = (await desk.SpeakerAsync("the mayor"))!;
        (mayor.Name, mayor.Quotes, mayor.Claims, mayor.Last).ShouldBe(("The mayor", 1, 1, desk.Claim));
        mayor.Entries.ShouldBe([desk.Quote, desk.Claim]);
        var identified = await desk.RecordAsync(new SpeakerIdentified("A. Mayor", ["The mayor"], SpeakerKind.Person, null, null));
        (await desk.SpeakerAsync("The mayor")).ShouldBeNull();
        var named = (await desk.SpeakerAsync("A. Mayor"))!;
        (named.Name, named.Quotes, named.Claims, named.Last).ShouldBe(("A. Mayor", 1, 1, desk.Claim));
        named.Also.ShouldBe(["The mayor"]);
        (await desk.FindAsync(ClaimsView.View, desk.Claim))!.ShouldSatisfyAllConditions(record => record.Speaker.ShouldBe("A. Mayor"), record => record.Entries[^1].ShouldBe(identified));
        await desk.WithdrawAsync(desk.Claim);
        (await desk.SpeakerAsync("A. Mayor"))!.ShouldSatisfyAllConditions(record => record.Claims.ShouldBe(0), record => record.Last.ShouldBe(desk.Quote));
        await desk.RecordAsync(new EntryCorrected(desk.Quote, Harbour.Quote(desk.Document) with { Speaker = new("The council", null) }, "wrong"));
        (await desk.SpeakerAsync("A. Mayor")).ShouldBeNull();
        (await desk.SpeakerAsync("The council"))!.Last.ShouldBe(desk.Quote);
        await desk.WithdrawAsync(desk.Document);
        (await desk.SpeakerAsync("The council")).ShouldBeNull();
    }

    private static readonly string[] Few = ["A", "B", "C", "D", "E"];

    [Fact]
    public Task Whatever_is_said_of_speakers_and_taken_back_every_record_has_the_name_that_stands() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 99], Gen.Int[0, 99]).Array[8, 20].SampleAsync(
        async steps =>
        {
            await using var desk = await Desk.OpenAsync();
            var quotes = new List<EntryId>();
            foreach (var name in Few)
            {
                quotes.Add(await desk.RecordAsync(Harbour.Quote(desk.Document) with { Speaker = new(name, null), Rule = null }));
            }

            var words = new List<EntryId>();
            foreach (var (kind, a, b) in steps)
            {
                var (name, other) = (Few[a % 5], Few[b % 5]);
                Body body = (kind, words.Count) switch
                {
                    (0 or 1, _) or (_, 0) => new SpeakerIdentified(name, [other], null, null, null),
                    (2, _) => new SpeakerSeparated(name, [other], null, null),
                    (3, _) => new EntryWithdrawn(words[a % words.Count], "wrong"),
                    (4, _) => new ProposalAccepted(words[a % words.Count], null, null),
                    _ => new ProposalRejected(words[a % words.Count], null, null),
                };
                var outcome = await desk.Ledger.SubmitAsync(new RecordBody(body), recorder: body is ISpeakerNames && b % 2 == 0 ? Desk.Rules : TestLedger.Ada);
                if (outcome.Error is null && body is ISpeakerNames)
                {
                    words.Add(outcome.Value.Entries[0].Id);
                }
            }

            var fold = await desk.FoldAsync();
            var names = fold.Story(desk.Ledger.Story).Speakers;
            foreach (var (name, quote) in Few.Zip(quotes))
            {
                ((QuoteRecord)fold.Find(QuotesView.View, quote.Value)!).Speaker.ShouldBe(names.NameOf(name));
                var record = (SpeakerRecord?)fold.Find(SpeakersView.View, SpeakersView.Key(desk.Ledger.Story, name));
                (record?.Name, record?.Quotes).ShouldBe(names.NameOf(name) == name ? (name, Few.Count(other => names.NameOf(other) == name)) : (null, null), $"{name}");
            }
        }, iter: 40, threads: 1);

    [Fact]
    public async Task The_timeline_tells_days_subjects_and_what_was_withdrawn()
    {
        await using var desk = await Desk.OpenAsync();
        var moved = await desk.RecordAsync(new OccasionMoved(desk.Occasion, June, null, null, "A storm."));
        var fold = await desk.FoldAsync();
        Of(fold, desk.Occasion).ShouldSatisfyAllConditions(record => record.On.ShouldBe(new DateInterval(new(2022, 5, 3), new(2022, 5, 3))), record => record.Kind.ShouldBe("occasion"), record => record.Subject.ShouldBeNull());
        Of(fold, moved).ShouldSatisfyAllConditions(record => record.On.ShouldBe(June), record => record.Subject.ShouldBe(desk.Occasion), record => record.What!.ShouldContain("A storm."));
        Of(fold, desk.Quote).Kind.ShouldBe("statement");
        Of(fold, desk.Document).Kind.ShouldBe("document");
        fold.All(TimelineView.View).Values.Cast<TimelineRecord>().ShouldAllBe(record => record.Type != "extraction.completed" && record.Type != "ledger.opened");
        var withdrawal = await desk.WithdrawAsync(desk.Document);
        fold = await desk.FoldAsync();
        foreach (var id in (EntryId[])[desk.Document, desk.Quote, desk.Occasion])
        {
            Of(fold, id).Withdrawn.ShouldBe(new(withdrawal, desk.Document, "wrong"));
        }

        Of(fold, withdrawal).Kind.ShouldBe("desk");

        static TimelineRecord Of(ViewFold fold, EntryId id) => (TimelineRecord)fold.Find(TimelineView.View, id.Value)!;
    }

    [Fact]
    public async Task A_story_is_changed_closed_and_open_again()
    {
        await using var desk = await Desk.OpenAsync();
        var changed = await desk.RecordAsync(new StoryChanged("Port", "hy", ["sea"], null));
        var closed = await desk.RecordAsync(new StoryClosed("Done."));
        var story = await StoryAsync();
        (story.Title, story.Language, story.Slug, story.Closed, story.Status).ShouldBe(("Port", "hy", "harbour", "Done.", "closed"));
        story.Entries[1..].ShouldBe([changed, closed]);
        await desk.RecordAsync(new StoryReopened("Again."));
        (await StoryAsync()).Status.ShouldBe("open");

        async Task<StoryRecord> StoryAsync() => (StoryRecord)(await desk.FoldAsync()).Find(StoriesView.View, desk.Ledger.Story.Value)!;
    }

    [Fact]
    public async Task What_is_found_later_in_a_withdrawn_document_begins_withdrawn_by_the_published_clock()
    {
        await using var desk = await Desk.OpenAsync();
        var early = await desk.FileAsync("https://early.example/1", "Early", Harbour.Text + " Early.", new(2022, 1, 1));
        var claim = await desk.RecordAsync(Harbour.Claim(early) with { Parent = desk.Quote, Rule = null });
        var withdrawal = await desk.WithdrawAsync(early);
        var fold = await PublishedOrder.FoldAsync(desk.Ledger.Log, AllViews.List, null, null, DateOnly.MaxValue);
        fold.Find(ClaimsView.View, claim.Value)!.ShouldSatisfyAllConditions(record => record.Withdrawn.ShouldBe(new(withdrawal, early, null)), record => record.Entries.ShouldBe([claim, withdrawal]));
        ((SpeakerRecord)fold.Find(SpeakersView.View, SpeakersView.Key(desk.Ledger.Story, "The mayor"))!).Claims.ShouldBe(1, "the other claim alone");
    }

    [Fact]
    public async Task A_question_with_hundreds_of_evidence_stays_small_and_keeps_the_words_that_raise_it()
    {
        await using var desk = await Desk.OpenAsync();
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"Word{i:d3} "));
        var document = await desk.FileAsync("https://long.example/1", "Long", text, Harbour.Published);
        for (var i = 0; i < 300; i++)
        {
            var claim = await desk.RecordAsync(new ClaimRecorded(Span.In(document, text, new TextRange(i * 8, (i * 8) + 7)), $"Claim {i}.", Modality.Asserted, Directness.Indirect, null, null, null, null));
            await desk.RecordAsync(new QuestionEvidenceAdded(desk.Question, claim, EvidenceBearing.Context, null, "It bears on it."));
        }

        var question = await desk.QuestionAsync();
        question.Evidence.Length.ShouldBe(100);
        question.Evidence[0].Span.ShouldNotBeNull();
        question.Entries[0].ShouldBe(desk.Question);
        QuestionsView.View.Write(question).Length.ShouldBeLessThan(64 * 1024);
    }
}
