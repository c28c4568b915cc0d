using System.Collections.Immutable;

namespace Ledger.Core.Entries;

/// <summary><c>question.restated</c>: what the question is from here on; all of it, changed or not. Never silent: every wording stays on record.</summary>
/// <param name="Question">The question.</param>
/// <param name="Text">The question, ending in a question mark.</param>
/// <param name="Kind">Why it is open.</param>
/// <param name="Criteria">What would count as an answer.</param>
/// <param name="Sources">Where the answer will be looked for.</param>
/// <param name="Expected">When it should be known.</param>
/// <param name="Reason">Why it was restated.</param>
/// <param name="BasedOnPublishedBy">The decision rests on what was published through this day.</param>
public sealed record QuestionRestated(
    EntryId Question, string Text, QuestionKind Kind, string? Criteria, ImmutableArray<string> Sources, DateInterval? Expected, string Reason, DateOnly? BasedOnPublishedBy)
    : Body, IDecision
{
    public override IEnumerable<Reference> References() => Some((Question, "about"));
}

/// <summary><c>question.evidence.added</c>: something recorded that bears on the question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Evidence">A quote, claim, occasion or document.</param>
/// <param name="Bearing">How it bears on it.</param>
/// <param name="Rule">The rule of the program that proposes it; null for a person's.</param>
/// <param name="Reason">Why, in a person's words.</param>
public sealed record QuestionEvidenceAdded(EntryId Question, EntryId Evidence, EvidenceBearing Bearing, string? Rule, string? Reason) : Body
{
    public override IEnumerable<Reference> References() => Some((Question, "about"), (Evidence, "evidence"));
}

/// <summary><c>answer.proposed</c>: what the answer is said to be, open to objection until a day.</summary>
/// <param name="Question">The question.</param>
/// <param name="Text">The answer, as a sentence.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="ObjectionsUntil">The last day for objections; null for none set. Whether it has passed is told by the time of reading.</param>
/// <param name="Rule">The rule of the program that proposes it; null for a person's.</param>
public sealed record AnswerProposed(EntryId Question, string Text, ImmutableArray<EntryId> Evidence, DateOnly? ObjectionsUntil, string? Rule) : Body
{
    /// <summary>An answer or resolution names at most so much evidence: a question's record holds the lists of all its answers.</summary>
    public const int MaxEvidence = 100;

    public override IEnumerable<Reference> References() => [new(Question, "about"), .. Evidence.Select(id => new Reference(id, "evidence"))];
}

/// <summary><c>answer.objected</c>: why a proposed answer should not stand.</summary>
public sealed record AnswerObjected(EntryId Answer, string Reason) : Body
{
    public override IEnumerable<Reference> References() => Some((Answer, "about"));
}

/// <summary><c>question.resolved</c>: an editor's decision. Once, until it is reopened.</summary>
/// <param name="Question">The question; it has criteria.</param>
/// <param name="Outcome">Answered, ambiguous (the criteria do not settle it) or annulled (it should not have been asked, or can no longer be answered).</param>
/// <param name="Text">The answer, as a sentence; needed when answered.</param>
/// <param name="Answer">The proposed answer that is taken.</param>
/// <param name="Evidence">What the decision rests on; needed when answered.</param>
/// <param name="Reason">Why; needed when it is not answered.</param>
/// <param name="BasedOnPublishedBy">The decision rests on what was published through this day.</param>
public sealed record QuestionResolved(
    EntryId Question, QuestionOutcome Outcome, string? Text, EntryId? Answer, ImmutableArray<EntryId> Evidence, string? Reason, DateOnly? BasedOnPublishedBy)
    : Body, IDecision
{
    public override IEnumerable<Reference> References() =>
        [new(Question, "about"), .. Some((Answer, "takes")), .. Evidence.Select(id => new Reference(id, "evidence"))];
}

/// <summary><c>question.reopened</c>: what was decided does not hold any more.</summary>
public sealed record QuestionReopened(EntryId Question, string Reason, DateOnly? BasedOnPublishedBy) : Body, IDecision
{
    public override IEnumerable<Reference> References() => Some((Question, "about"));
}
