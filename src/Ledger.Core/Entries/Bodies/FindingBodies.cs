namespace Ledger.Core.Entries;

/// <summary>Who is said to have said something.</summary>
/// <param name="Name">The resolved name; null where only the written words are known.</param>
/// <param name="Written">The words that stand for the speaker at this place.</param>
public sealed record Speaker(string? Name, Span? Written);

/// <summary>A finding: it rests on words of a document.</summary>
public interface IFinding
{
    /// <summary>The words; null only for what an editor recorded without any.</summary>
    Span? Span { get; }

    /// <summary>The extraction rule that found it; null for what a person recorded.</summary>
    string? Rule { get; }
}

/// <summary><c>quote.recorded</c>: words attributed to a speaker, wholly or partly in quotation marks.</summary>
/// <param name="Span">The words.</param>
/// <param name="Directness">Direct or mixed.</param>
/// <param name="Speaker">Who said them.</param>
/// <param name="Cue">The words that attribute them.</param>
/// <param name="Parent">The quote or claim within whose words these stand: who passed them on.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record QuoteRecorded(Span Span, Directness Directness, Speaker? Speaker, Span? Cue, EntryId? Parent, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, Speaker?.Written, Cue);

    public override IEnumerable<Reference> References() => Some((Parent, "passed on by"), (Span.Document, "found in"));
}

/// <summary><c>claim.recorded</c>: an assertion, with who makes it.</summary>
/// <param name="Span">The words.</param>
/// <param name="Statement">The assertion as a sentence of its own.</param>
/// <param name="Modality">How it is put.</param>
/// <param name="Directness">How the words stand in the document.</param>
/// <param name="Speaker">Who makes it; null where the document itself does.</param>
/// <param name="Cue">The words that attribute it.</param>
/// <param name="Parent">The quote or claim within whose words it stands; following parents gives the attribution chain.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record ClaimRecorded(
    Span Span, string Statement, Modality Modality, Directness Directness, Speaker? Speaker, Span? Cue, EntryId? Parent, string? Rule)
    : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, Speaker?.Written, Cue);

    public override IEnumerable<Reference> References() => Some((Parent, "passed on by"), (Span.Document, "found in"));
}

/// <summary><c>question.raised</c>: something the record does not know yet.</summary>
/// <param name="Text">The question, ending in a question mark.</param>
/// <param name="Kind">Why it is open.</param>
/// <param name="Expected">When it should be known.</param>
/// <param name="Span">The words that leave it open.</param>
/// <param name="Occasion">The occasion that should settle it.</param>
/// <param name="Criteria">What would count as an answer; only a person sets it.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record QuestionRaised(
    string Text, QuestionKind Kind, DateInterval? Expected, Span? Span, EntryId? Occasion, string? Criteria, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((Occasion, "settled by"), (Span?.Document, "found in"));
}

/// <summary><c>occasion.scheduled</c>: a future event that may settle questions.</summary>
/// <param name="What">The event, in the document's words.</param>
/// <param name="Where">The place, where it is told.</param>
/// <param name="Expected">The days it is expected on.</param>
/// <param name="Span">The words that schedule it.</param>
/// <param name="When">The words that date it.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record OccasionScheduled(string What, string? Where, DateInterval? Expected, Span? Span, Span? When, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, When);

    public override IEnumerable<Reference> References() => Some((Span?.Document, "found in"));
}
