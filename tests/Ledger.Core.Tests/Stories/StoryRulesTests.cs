using System.Collections.Immutable;
using System.Security.Cryptography;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Stories.StoryCommand;
using static Ledger.Core.Tests.Stories.Scenario;

namespace Ledger.Core.Tests.Stories;

/// <summary>What may be recorded as it is. The story of most tests: 1 document, 2 quote, 3 claim, 4 question, 5 occasion, all a program's.</summary>
public sealed class StoryRulesTests
{
    private static readonly EntryId Unknown = new(Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301"));
    private static readonly Recorder Program = Recorder.Program("rules", "1.0", "Ada");
    private static readonly Recorder Unattended = new(RecorderKind.Service, "nightly", "2");
    private static readonly Recorder Acting = new(RecorderKind.Service, "desk", "2", "Ada");
    private static readonly Digest Key = new(SHA256.HashData("key"u8));
    private static readonly Digest Other = new(SHA256.HashData("other"u8));

    private static readonly EntryId Document = Entry(1);
    private static readonly EntryId Quote = Entry(2);
    private static readonly EntryId Claim = Entry(3);
    private static readonly EntryId Question = Entry(4);
    private static readonly EntryId Occasion = Entry(5);

    private static readonly ClaimLinked Link = new(Quote, Claim, LinkRelation.Contradicts, null, null, "Both cannot be.");
    private static readonly QuestionRestated Restated = new(Question, "What does it cost?", QuestionKind.Unknown, "a figure", ["the ministry"], null, "Shorter.", null);
    private static readonly QuestionEvidenceAdded Evidence = new(Question, Claim, EvidenceBearing.Answers, null, "It says so.");
    private static readonly AnswerProposed Answer = new(Question, "It costs 4 million.", [Claim], null, null);
    private static readonly QuestionResolved Resolved = new(Question, QuestionOutcome.Answered, "It costs 4 million.", null, [Claim], null, null);
    private static readonly QuestionReopened Reopened = new(Question, "The figure was wrong.", null);
    private static readonly SpeakerIdentified Identified = new("The mayor", ["she"], null, null, null);

    private static Scenario Told => Given(Filed(), Harbour.Quote(Document), Harbour.Claim(Document), Harbour.Question(Document), Harbour.Occasion(Document));

    private static EntryWithdrawn Withdraw(EntryId id) => new(id, "wrong");

    // Who may

    public static TheoryData<string> Decisions =>
    [
        "story.changed", "story.closed", "story.reopened", "question.restated", "question.resolved", "question.reopened", "answer.objected", "proposal.accepted", "proposal.rejected",
        "entry.redacted", "ledger.key.added", "ledger.key.retired",
    ];

    private static Body DecisionOf(string type) => type switch
    {
        "story.changed" => new StoryChanged("Port", "en", [], null),
        "story.closed" => new StoryClosed("done"),
        "story.reopened" => new StoryReopened("again"),
        "question.restated" => Restated,
        "question.resolved" => Resolved,
        "question.reopened" => Reopened,
        "answer.objected" => new AnswerObjected(Entry(6), "no"),
        "proposal.accepted" => new ProposalAccepted(Claim, null, null),
        "proposal.rejected" => new ProposalRejected(Claim, null, null),
        "entry.redacted" => new EntryRedacted([new(Claim, Part.Body)], "A court", RedactionReason.CourtOrder),
        "ledger.key.added" => new LedgerKeyAdded(Key),
        _ => new LedgerKeyRetired(Key, "lost"),
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_program_or_a_service_that_acts_for_nobody_is_refused_by_name_when_it_decides(string type)
    {
        foreach (var recorder in (Recorder[])[Program, Unattended])
        {
            var scenario = Told.When(DecisionOf(type), recorder);
            scenario.ThenRefused("program-decides");
            scenario.Error.Message.ShouldContain(recorder.Name);
        }
    }

    [Theory]
    [InlineData("story.changed")]
    [InlineData("story.closed")]
    [InlineData("question.restated")]
    [InlineData("proposal.accepted")]
    [InlineData("proposal.rejected")]
    [InlineData("entry.redacted")]
    public void A_person_and_a_service_acting_for_one_decide(string type)
    {
        var decision = DecisionOf(type);
        Told.When(decision).Then(decision);
        Told.When(decision, Acting).Then(decision);
    }

    [Fact]
    public void A_program_proposes()
    {
        Body[] proposals = [Link, Evidence, Answer, Identified, new SpeakerSeparated("The mayor", ["she"], "r", null), new OccasionHeld(Occasion, null, null, null, "As told.")];
        foreach (var body in proposals)
        {
            Told.When(body, Program).Then(body);
        }
    }

    [Fact]
    public void A_service_that_acts_for_nobody_records_nothing_that_would_count_at_once()
    {
        Body[] counting = [Link, Evidence, Identified, new SpeakerSeparated("The mayor", ["she"], null, null), new OccasionCancelled(Occasion, null, null, "storm")];
        foreach (var body in counting)
        {
            Told.When(body, Unattended).ThenRefused("program-decides");
        }

        Told.When(new NoteAdded(Claim, "seen"), Unattended).Then(new NoteAdded(Claim, "seen"));
    }

    [Fact]
    public void A_program_withdraws_and_corrects_its_own_kind_alone()
    {
        Told.When(Withdraw(Claim), Program).Then(Withdraw(Claim));
        Told.When(new EntryCorrected(Claim, Harbour.Claim(Document) with { Statement = "Anew." }, "typo"), Program).Entries.Length.ShouldBe(1);
        var persons = Told.And(Harbour.Claim(Document) with { Rule = null });
        persons.When(Withdraw(Entry(6)), Program).ThenRefused("program-decides");
        persons.When(new EntryCorrected(Entry(6), Harbour.Claim(Document), "typo"), Program).ThenRefused("program-decides");
        persons.When(Withdraw(Document), Program).ThenRefused("program-decides");
        Told.And(new ProposalAccepted(Claim, null, null)).When(Withdraw(Claim), Program).ThenRefused("program-decides");
        Told.And(new ProposalAccepted(Claim, null, null)).When(Withdraw(Document), Program).ThenRefused("program-decides");
        Told.And(new ProposalRejected(Claim, null, null)).When(Withdraw(Document), Program).Then(Withdraw(Document));
    }

    [Fact]
    public void What_would_count_as_an_answer_is_a_persons_to_say()
    {
        var criteria = Harbour.Question(Document) with { Criteria = "a figure" };
        Told.When(criteria with { Rule = null }, Program).ThenRefused("program-decides");
        Told.When(criteria, Unattended).ThenRefused("program-decides");
        Told.When(criteria, Acting).Then(criteria);
        Told.When(new EntryCorrected(Question, criteria, "missing"), Program).ThenRefused("program-decides");
        Told.When(new EntryCorrected(Question, criteria, "missing")).Entries.Length.ShouldBe(1);
    }

    // Stories and keys

    [Fact]
    public void A_story_is_changed_closed_and_reopened()
    {
        Told.When(new StoryChanged(" ", "en", [], null)).ThenRefused("title-missing");
        Told.When(new StoryClosed(" ")).ThenRefused("words-missing");
        Told.When(new StoryReopened("again")).ThenRefused("story-open");
        var closed = Told.And(new StoryClosed("done"));
        closed.When(new StoryClosed("done")).ThenRefused("story-closed");
        closed.When(new StoryReopened("")).ThenRefused("words-missing");
        closed.When(new StoryReopened("again")).Entries.Length.ShouldBe(1);
        closed.And(new StoryReopened("again")).State.Closed.ShouldBeFalse();
    }

    [Fact]
    public void Nothing_new_is_filed_or_raised_in_a_closed_story_and_what_is_there_can_be_decided()
    {
        var closed = Told.And(new StoryClosed("done"));
        closed.When(Harbour.File("Other words.", url: null)).ThenRefused("story-closed");
        closed.When(new ReviseDocument(Document, Harbour.Description(), "Other words.", "Other words."u8.ToArray())).ThenRefused("story-closed");
        closed.When(Harbour.Findings(Document)).ThenRefused("story-closed");
        foreach (var finding in (Body[])[Harbour.Quote(Document), Harbour.Claim(Document), Harbour.Question(Document), Harbour.Occasion(Document)])
        {
            closed.When(finding).ThenRefused("story-closed");
        }

        foreach (var body in (Body[])[Link, Evidence, Answer, Restated, Withdraw(Claim), new ProposalAccepted(Claim, null, null), new OccasionMoved(Occasion, null, null, null, "storm"), Identified, new NoteAdded(Claim, "words"), new StoryChanged("Port", "en", [], null)])
        {
            closed.When(body).Then(body);
        }
    }

    [Fact]
    public void Keys_are_added_and_retired_in_the_reserved_story_and_one_is_always_left()
    {
        Told.When(new LedgerKeyAdded(Key)).ThenRefused("story-not-reserved");
        Told.When(new LedgerKeyRetired(Key, "lost")).ThenRefused("story-not-reserved");
        var opened = GivenNothing().And(new LedgerOpened("example.org/test", RecordedAt, Key));
        Reserved(opened, new LedgerKeyAdded(Key)).ThenRefused("key-known");
        Reserved(opened, new LedgerKeyAdded(Other)).Then(new LedgerKeyAdded(Other));
        Reserved(opened, new LedgerKeyRetired(Key, "lost")).ThenRefused("key-last");
        Reserved(opened, new LedgerKeyRetired(Other, "lost")).ThenRefused("key-unknown");
        var two = opened.And(new LedgerKeyAdded(Other));
        Reserved(two, new LedgerKeyRetired(Key, " ")).ThenRefused("words-missing");
        Reserved(two, new LedgerKeyRetired(Key, "lost")).Then(new LedgerKeyRetired(Key, "lost"));
        var retired = two.And(new LedgerKeyRetired(Key, "lost"));
        retired.State.Keys.ShouldBe([Other]);
        Reserved(retired, new LedgerKeyRetired(Key, "lost")).ThenRefused("key-unknown");
        Reserved(retired, new LedgerKeyRetired(Other, "lost")).ThenRefused("key-last");
        foreach (var body in (Body[])[new NoteAdded(Entry(0), "words"), new StoryClosed("done"), new LedgerOpened("example.org/x", RecordedAt, Key)])
        {
            Reserved(opened, body).ThenRefused("story-reserved");
        }

        static Scenario Reserved(Scenario scenario, Body body) => scenario.When(body, story: StoryId.Reserved);
    }

    [Fact]
    public async Task Keys_change_through_the_front_door_too()
    {
        await using var ledger = await TestLedger.OpenAsync();
        (await SubmitAsync(new RecordBody(new LedgerKeyAdded(Other)), TestLedger.Ada)).Error.ShouldBeNull();
        (await SubmitAsync(new RecordBody(new LedgerKeyAdded(Other)), TestLedger.Ada)).Error!.Code.ShouldBe("key-known");
        (await SubmitAsync(new RecordBody(new LedgerKeyRetired(Other, "lost")), Program)).Error!.Code.ShouldBe("program-decides");
        (await SubmitAsync(new RecordBody(new NoteAdded(default, "words")), TestLedger.Ada)).Error!.Code.ShouldBe("entry-not-found");
        (await SubmitAsync(new OpenStory("Harbour", "harbour", "en", []), TestLedger.Ada)).Error!.Code.ShouldBe("story-reserved");
        (await SubmitAsync(Harbour.File(), TestLedger.Ada)).Error!.Code.ShouldBe("story-reserved");

        async Task<Outcome<Core.Log.Receipt>> SubmitAsync(StoryCommand command, Recorder recorder) =>
            await ledger.Mediator.Send(new Submit(StoryId.Reserved, CommandId.New(), recorder, command));
    }

    // Findings and links

    [Fact]
    public void A_finding_recorded_by_itself_keeps_the_rules_of_its_type()
    {
        Told.When(Harbour.Quote(Document) with { Parent = Unknown }).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Told.When(Harbour.Quote(Document) with { Parent = Document }).ThenRefused("wrong-type");
        Told.When(Harbour.Claim(Document) with { Parent = Question }).ThenRefused("wrong-type");
        Told.And(Withdraw(Quote)).When(Harbour.Claim(Document) with { Parent = Quote }).ThenRefused("withdrawn");
        Told.And(new ProposalRejected(Quote, null, null)).When(Harbour.Claim(Document) with { Parent = Quote }).ThenRefused("rejected");
        Told.When(Harbour.Claim(Document) with { Statement = " " }).ThenRefused("words-missing");
        Told.When(Harbour.Question(Document) with { Text = "" }).ThenRefused("words-missing");
        Told.When(Harbour.Question(Document) with { Text = "It costs." }).ThenRefused("not-a-question");
        Told.When(Harbour.Question(Document) with { Occasion = Claim }).ThenRefused("wrong-type");
        Told.When(Harbour.Occasion(Document) with { What = "" }).ThenRefused("words-missing");
        Told.When(Harbour.Quote(Document) with { Cue = Harbour.Words(Document, "said") with { Exact = ["says"] } }).ThenRefused("span-does-not-read");
        Told.WithoutTextOf(1).When(Harbour.Quote(Document)).ThenRefused("text-erased");
        Told.When(Harbour.Quote(Document) with { Cue = Harbour.Words(Document, "said") with { Document = Claim } }).ThenRefused("wrong-type");
        Told.And(Withdraw(Document)).When(Harbour.Quote(Document)).ThenRefused("withdrawn");
        Told.When(new ExtractionCompleted(Document, new("rules", "1"), new(0, 0, 0, 0))).ThenRefused("not-recordable");
        Told.When(Filed()).ThenRefused("not-recordable");
        Told.When(new StoryOpened("Harbour", "harbour", "en", [])).ThenRefused("not-recordable");
    }

    [Fact]
    public void A_batch_takes_no_parent_and_no_occasion_that_does_not_stand()
    {
        var claim = new ProposedFinding(Harbour.Claim(Document), Parent: FindingKey.Of(Harbour.Quote(Document)));
        var question = new ProposedFinding(Harbour.Question(Document), Occasion: FindingKey.Of(Harbour.Occasion(Document)));
        foreach (var undone in (Func<EntryId, Body>[])[Withdraw, id => new ProposalRejected(id, null, null)])
        {
            Given(Filed(), Harbour.Quote(Document)).And(undone(Quote)).When(new RecordFindings(Document, new("r", "1"), [claim], null)).Then(Harbour.Claim(Document));
            Given(Filed(), Harbour.Occasion(Document)).And(undone(Entry(2))).When(new RecordFindings(Document, new("r", "1"), [question], null)).Then(Harbour.Question(Document));
        }
    }

    [Fact]
    public void Links_tie_two_different_statements_that_stand_once()
    {
        Told.When(Link).Then(Link);
        Told.When(Link with { From = Question }).ThenRefused("wrong-type");
        Told.When(Link with { To = Document }).ThenRefused("wrong-type");
        Told.When(Link with { To = Quote }).ThenRefused("link-to-itself");
        Told.When(Link with { To = Unknown }).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Told.And(Withdraw(Claim)).When(Link).ThenRefused("withdrawn");
        Told.And(new ProposalRejected(Quote, null, null)).When(Link).ThenRefused("rejected");
        Told.When(Link with { Span = Harbour.Words(Document, "said") with { Exact = ["says"] } }).ThenRefused("span-does-not-read");

        var linked = Told.And(Link);
        linked.When(Link).ThenRefused("linked-already");
        linked.When(Link with { From = Claim, To = Quote }).ThenRefused("linked-already");
        linked.When(Link with { Relation = LinkRelation.Supports }).Entries.Length.ShouldBe(1);
        linked.And(Withdraw(Entry(6))).When(Link).Then(Link);
        var corrects = Link with { Relation = LinkRelation.Corrects };
        Told.And(corrects).When(corrects with { From = Claim, To = Quote }).Entries.Length.ShouldBe(1, "one direction says nothing of the other");
        Told.And(RecorderKind.Program, Link).And(new ProposalRejected(Entry(6), null, null)).When(Link).Then(Link);
    }

    // Questions

    [Fact]
    public void A_question_is_restated_while_it_is_open()
    {
        Told.When(Restated).Then(Restated);
        Told.When(Restated with { Text = "It costs." }).ThenRefused("not-a-question");
        Told.When(Restated with { Reason = "" }).ThenRefused("words-missing");
        Told.When(Restated with { Question = Claim }).ThenRefused("wrong-type");
        Told.And(Restated, Resolved).When(Restated).ThenRefused("question-resolved");
        Told.And(Withdraw(Question)).When(Restated).ThenRefused("withdrawn");
        Told.And(new ProposalRejected(Question, null, null)).When(Restated).ThenRefused("rejected");
        Told.AndErased("question.raised").When(Restated with { Question = Entry(6) }).ThenRefused("text-erased");
    }

    [Fact]
    public void Evidence_is_added_once_and_is_something_that_stands()
    {
        Told.When(Evidence).Then(Evidence);
        Told.When(Evidence with { Evidence = Document }).Entries.Length.ShouldBe(1);
        Told.When(Evidence with { Evidence = Occasion }).Entries.Length.ShouldBe(1);
        Told.When(Evidence with { Evidence = Question }).ThenRefused("wrong-type");
        Told.When(Evidence with { Question = Claim }).ThenRefused("wrong-type");
        Told.And(Withdraw(Claim)).When(Evidence).ThenRefused("withdrawn");
        Told.And(Evidence).When(Evidence with { Bearing = EvidenceBearing.Doubts }).ThenRefused("evidence-known");
        Told.And(Evidence, Withdraw(Entry(6))).When(Evidence).Then(Evidence);
        Told.And(Evidence, Withdraw(Entry(6)), Evidence).When(Evidence).ThenRefused("evidence-known");
        Told.And(RecorderKind.Program, Evidence).And(new ProposalRejected(Entry(6), null, null)).When(Evidence).Then(Evidence);
        Told.And(Restated, Resolved).When(Evidence).Then(Evidence);
    }

    [Fact]
    public void An_answer_is_proposed_and_objected_to_while_its_question_is_open()
    {
        Told.When(Answer).Then(Answer);
        Told.When(Answer with { Evidence = [] }).Entries.Length.ShouldBe(1);
        Told.When(Answer with { Text = " " }).ThenRefused("words-missing");
        Told.When(Answer with { Evidence = [Claim, Question] }).ThenRefused("wrong-type");
        Told.When(Answer with { Evidence = [.. Enumerable.Repeat(Claim, AnswerProposed.MaxEvidence)] }).Entries.Length.ShouldBe(1);
        Told.When(Answer with { Evidence = [.. Enumerable.Repeat(Claim, AnswerProposed.MaxEvidence + 1)] }).ThenRefused("evidence-too-many");
        Told.And(Restated, Resolved).When(Answer).ThenRefused("question-resolved");

        var objection = new AnswerObjected(Entry(6), "An estimate.");
        Told.And(Answer).When(objection).Then(objection);
        Told.And(Answer).When(objection with { Reason = "" }).ThenRefused("words-missing");
        Told.And(Answer).When(objection with { Answer = Claim }).ThenRefused("wrong-type");
        Told.And(Answer, Withdraw(Entry(6))).When(objection).ThenRefused("withdrawn");
        Told.And(RecorderKind.Program, Answer).And(new ProposalRejected(Entry(6), null, null)).When(objection).ThenRefused("rejected");
        Told.And(Answer, Restated, Resolved).When(objection).ThenRefused("question-resolved");
        Told.AndErased("answer.proposed").When(objection).ThenRefused("text-erased");
    }

    [Fact]
    public void A_question_with_criteria_is_resolved_once_until_it_is_reopened()
    {
        Told.When(Resolved).ThenRefused("criteria-missing");
        var stated = Told.And(Restated);
        stated.When(Resolved).Then(Resolved);
        stated.When(Resolved with { Text = " " }).ThenRefused("answer-missing");
        stated.When(Resolved with { Evidence = [] }).ThenRefused("evidence-missing");
        stated.When(Resolved with { Evidence = [Question] }).ThenRefused("wrong-type");
        stated.When(Resolved with { Evidence = [.. Enumerable.Repeat(Claim, AnswerProposed.MaxEvidence + 1)] }).ThenRefused("evidence-too-many");
        stated.When(Resolved with { Outcome = QuestionOutcome.Ambiguous }).ThenRefused("reason-missing");
        stated.When(Resolved with { Outcome = QuestionOutcome.Annulled, Text = null, Evidence = [], Reason = "Sold." }).Entries.Length.ShouldBe(1);
        stated.When(Resolved with { Answer = Claim }).ThenRefused("wrong-type");
        stated.And(Harbour.Question(Document), Answer with { Question = Entry(7) }).When(Resolved with { Answer = Entry(8) }).ThenRefused("answer-elsewhere");
        stated.And(Answer).When(Resolved with { Answer = Entry(7) }).Entries.Length.ShouldBe(1);
        stated.And(Answer, Withdraw(Entry(7))).When(Resolved with { Answer = Entry(7) }).ThenRefused("withdrawn");
        stated.And(Restated with { Criteria = null }).When(Resolved).ThenRefused("criteria-missing");

        stated.When(Reopened).ThenRefused("question-open");
        var resolved = stated.And(Resolved);
        resolved.When(Resolved).ThenRefused("question-resolved");
        resolved.When(Reopened with { Reason = "" }).ThenRefused("words-missing");
        resolved.When(Reopened).Then(Reopened);
        resolved.And(Reopened).When(Resolved).Then(Resolved);
        resolved.And(Withdraw(Entry(7))).When(Resolved).Then(Resolved);
    }

    [Fact]
    public void A_withdrawn_resolution_that_held_no_longer_changes_nothing()
    {
        var again = Told.And(Restated, Resolved, Reopened, Resolved with { Text = "5 million." });
        again.And(Withdraw(Entry(7))).When(Resolved).ThenRefused("question-resolved");
        again.And(Withdraw(Entry(9))).When(Resolved).Then(Resolved);
    }

    [Fact]
    public void Criteria_can_be_put_right_until_the_question_was_restated()
    {
        EntryCorrected With(string? criteria) => new(Question, Harbour.Question(Document) with { Criteria = criteria }, "missing");
        Told.And(With("a figure")).When(Resolved).Then(Resolved);
        Told.And(With("a figure"), With(null)).When(Resolved).ThenRefused("criteria-missing");
        Told.And(Restated, With(null)).When(Resolved).Then(Resolved);
    }

    [Fact]
    public void A_document_whose_body_was_erased_has_no_revision() =>
        Given().AndErased("document.filed").When(new ReviseDocument(Document, Harbour.Description(), "Other words.", "Other words."u8.ToArray())).ThenRefused("text-erased");

    // Occasions, speakers, proposals

    [Fact]
    public void What_became_of_an_occasion_rests_on_words_or_a_reason()
    {
        Body[] changes = [new OccasionMoved(Occasion, null, null, null, " "), new OccasionHeld(Occasion, null, null, null, null), new OccasionCancelled(Occasion, null, null, null)];
        foreach (var body in changes)
        {
            Told.When(body).ThenRefused("reason-missing");
        }

        Told.When(new OccasionHeld(Occasion, null, Harbour.Words(Document, "The council meets"), null, null)).Entries.Length.ShouldBe(1);
        Told.When(new OccasionHeld(Claim, null, null, null, "so")).ThenRefused("wrong-type");
        Told.And(Withdraw(Occasion)).When(new OccasionHeld(Occasion, null, null, null, "so")).ThenRefused("withdrawn");
        Told.And(new ProposalRejected(Occasion, null, null)).When(new OccasionCancelled(Occasion, null, null, "so")).ThenRefused("rejected");
    }

    [Fact]
    public void Words_on_speakers_name_at_least_two_names()
    {
        Told.When(Identified).Then(Identified);
        Told.When(Identified with { Name = " " }).ThenRefused("words-missing");
        Told.When(Identified with { Names = [] }).ThenRefused("names-missing");
        Told.When(Identified with { Names = ["she", ""] }).ThenRefused("words-missing");
        Told.When(Identified with { Names = ["she", "THE  mayor"] }).ThenRefused("names-same");
        Told.When(new SpeakerSeparated("she", ["She"], null, null)).ThenRefused("names-same");
    }

    [Fact]
    public void What_a_program_proposed_is_decided_on_and_an_editor_may_come_to_another_decision()
    {
        var accepted = new ProposalAccepted(Claim, "It stands there.", null);
        Told.When(accepted).Then(accepted);
        Told.When(accepted with { Proposal = Document }).ThenRefused("not-a-proposal");
        Told.And(Harbour.Claim(Document) with { Rule = null }).When(accepted with { Proposal = Entry(6) }).ThenRefused("not-a-proposal");
        var rejected = new ProposalRejected(Claim, null, null);
        Told.And(accepted).When(accepted with { Reason = "Again." }).ThenRefused("decided-already");
        Told.And(rejected).When(rejected).ThenRefused("decided-already");
        Told.And(accepted).When(rejected).Then(rejected);
        Told.And(rejected).When(accepted).Then(accepted);
        var settled = Told.And(rejected, accepted);
        settled.State.Find(Claim)!.ShouldSatisfyAllConditions(facts => facts.Counts.ShouldBeTrue(), facts => facts.DecidedBy.ShouldBe(Entry(7)));
        settled.When(rejected).Then(rejected);
        Told.And(rejected with { BasedOnPublishedBy = new(2030, 1, 1) }, accepted).State.Find(Entry(7))!.Published.ShouldBe(
            Timestamp.EndOf(new(2030, 1, 1)), "by the published clock too, the decision comes after the one that it takes the place of");
        Told.And(Withdraw(Claim)).When(accepted).ThenRefused("withdrawn");
        Told.When(accepted with { Proposal = Unknown }).ThenRefused("entry-not-found", ErrorKind.NotFound);
        foreach (var proposal in (Body[])[Link, Evidence, Answer, Identified, new OccasionHeld(Occasion, null, null, "r", "so")])
        {
            Told.And(RecorderKind.Program, proposal).When(accepted with { Proposal = Entry(6) }).Entries.Length.ShouldBe(1);
            Told.And(RecorderKind.Service, proposal).When(accepted with { Proposal = Entry(6) }).ThenRefused("not-a-proposal");
        }
    }

    // Corrections, withdrawals, redactions

    [Fact]
    public void A_correction_is_of_the_same_type_and_has_a_reason()
    {
        var corrected = new EntryCorrected(Claim, Harbour.Claim(Document) with { Statement = "It opens." }, "typo");
        Told.When(corrected).Then(corrected);
        Told.When(corrected with { Reason = "" }).ThenRefused("reason-missing");
        Told.When(corrected with { Entry = Quote }).ThenRefused("wrong-type");
        Told.And(Link).When(new EntryCorrected(Entry(6), Link, "typo")).ThenRefused("not-correctable");
        Told.And(Withdraw(Claim)).When(corrected).ThenRefused("withdrawn");
        Told.And(new ProposalRejected(Claim, null, null)).When(corrected).ThenRefused("rejected");
        Told.When(corrected with { Corrected = Harbour.Claim(Document) with { Statement = "" } }).ThenRefused("words-missing");
        Told.When(corrected with { Corrected = Harbour.Claim(Document) with { Parent = Unknown } }).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Told.When(new EntryCorrected(Question, Harbour.Question(Document) with { Text = "No." }, "typo")).ThenRefused("not-a-question");
        Told.When(new EntryCorrected(Occasion, Harbour.Occasion(Document) with { What = "" }, "typo")).ThenRefused("words-missing");
        Told.When(corrected with { Corrected = Harbour.Claim(Document) with { Span = Harbour.Words(Document, "said") with { Exact = ["says"] } } }).ThenRefused("span-does-not-read");
        Told.WithoutTextOf(1).When(corrected).ThenRefused("text-erased");
    }

    [Fact]
    public void A_correction_makes_no_ring_and_nothing_rest_on_what_came_after_it()
    {
        EntryCorrected Under(EntryId id, EntryId parent) => new(id, (id == Quote ? Harbour.Quote(Document) with { Parent = parent } : Harbour.Claim(Document) with { Parent = parent }), "chain");
        Told.When(Under(Claim, Quote)).Entries.Length.ShouldBe(1);
        Told.When(Under(Quote, Quote)).ThenRefused("refers-to-itself");
        Told.When(Under(Quote, Claim)).ThenRefused("refers-forward");
        Told.When(Under(Claim, Document)).ThenRefused("wrong-type");
        Told.And(Withdraw(Quote)).When(Under(Claim, Quote)).ThenRefused("withdrawn");
        Given(Filed(), Harbour.Quote(Document), Harbour.Claim(Document) with { Parent = Quote }).And(Withdraw(Quote)).When(Under(Claim, Quote)).Entries.Length.ShouldBe(1, "what it rested on before, it may keep");
        Given(Filed(), Harbour.Claim(Document), Harbour.Question(Document)).When(new EntryCorrected(Entry(3), Harbour.Question(Document) with { Occasion = Quote }, "typo")).ThenRefused("wrong-type");
    }

    [Fact]
    public void A_corrected_document_keeps_its_text_and_its_place()
    {
        EntryCorrected With(DocumentFiled filed) => new(Document, filed, "wrong");
        Told.When(With(Filed() with { Title = "Port" })).Entries.Length.ShouldBe(1);
        Told.When(With(Filed() with { Title = "" })).ThenRefused("title-missing");
        Told.When(With(Filed("Other words."))).ThenRefused("text-differs");
        Told.When(With(Filed() with { TextLength = 1 })).ThenRefused("text-differs");
        Told.When(With(Filed() with { SourceSha256 = new(new byte[32]) })).ThenRefused("text-differs");
        Told.And(Filed("Other words.", url: null)).When(new EntryCorrected(Entry(6), Filed("Other words.", sameTextAs: Document), "wrong")).ThenRefused("text-differs");
        Told.And(Filed(url: null)).When(new EntryCorrected(Entry(6), Filed(sameTextAs: Claim), "wrong")).ThenRefused("wrong-type");
        Told.And(Filed(url: null), Withdraw(Document)).When(new EntryCorrected(Entry(6), Filed(sameTextAs: Document), "wrong")).ThenRefused("withdrawn");

        var revised = Told.And(new DocumentRevised(Document, Filed("Other words."), []), Filed(url: null));
        revised.When(new EntryCorrected(Entry(6), new DocumentRevised(Document, Filed("Other words.") with { Title = "Port" }, []), "wrong")).Entries.Length.ShouldBe(1);
        Told.And(Filed(url: null), new DocumentRevised(Document, Filed("Other words."), []))
            .When(new EntryCorrected(Entry(7), new DocumentRevised(Entry(6), Filed("Other words."), []), "wrong")).ThenRefused("revises-differs");
        Told.AndErased("document.filed").When(new EntryCorrected(Entry(6), Filed(), "wrong")).ThenRefused("text-differs");
    }

    [Fact]
    public void A_corrected_address_is_the_documents_and_the_wrong_one_no_more()
    {
        var moved = Told.And(new EntryCorrected(Document, Filed(url: "https://gazette.example/right"), "wrong address"));
        moved.When(Harbour.File()).Entries[0].Body.ShouldBeOfType<DocumentFiled>().SameTextAs.ShouldBe(Document);
        moved.When(Harbour.File(url: "https://gazette.example/right")).ThenNothing();
        moved.State.Addresses.ShouldBe(new Dictionary<string, EntryId> { ["https://gazette.example/right"] = Document }, ignoreOrder: true);

        var revised = Told.And(new DocumentRevised(Document, Filed("Other words."), []), new EntryCorrected(Document, Filed() with { Title = "Port" }, "title"));
        revised.State.Addresses[Filed().Url!].ShouldBe(Entry(6), "the newest text stays the newest");
    }

    [Fact]
    public void What_can_be_withdrawn_can_be_withdrawn_once()
    {
        Body[] more = [Link, Evidence, Answer, new AnswerObjected(Entry(8), "no"), Restated, Resolved, Identified, new OccasionHeld(Occasion, null, null, null, "so"), new NoteAdded(Claim, "words")];
        var told = Told.And(more);
        foreach (var place in (int[])[6, 7, 8, 9, 11, 12, 13, 14])
        {
            told.When(Withdraw(Entry(place))).Then(Withdraw(Entry(place)));
            told.And(Withdraw(Entry(place))).When(Withdraw(Entry(place))).ThenRefused("already-withdrawn");
        }

        told.When(Withdraw(Entry(10))).ThenRefused("not-withdrawable");
        told.When(Withdraw(Entry(0))).ThenRefused("not-withdrawable");
        told.And(new ProposalAccepted(Claim, null, null)).When(Withdraw(Entry(15))).ThenRefused("not-withdrawable");
    }

    [Fact]
    public void A_redaction_names_parts_an_authority_and_entries_of_the_story()
    {
        EntryRedacted Of(params ImmutableArray<EntryPart> parts) => new(parts, "A court", RedactionReason.CourtOrder);
        Told.When(Of(new(Claim, Part.Body), new EntryPart(Document, Part.Text))).Entries.Length.ShouldBe(1);
        Told.When(Of()).ThenRefused("parts-missing");
        Told.When(Of(new EntryPart(Claim, "salt"))).ThenRefused("part-unknown");
        Told.When(Of(new EntryPart(Unknown, Part.Body))).ThenRefused("entry-not-found", ErrorKind.NotFound);
        Told.When(Of(new EntryPart(Claim, Part.Body)) with { Authority = "" }).ThenRefused("words-missing");
    }
}
