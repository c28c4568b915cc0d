using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction;

/// <summary>What an extractor found in one document, in order of where it stands in the text.</summary>
/// <param name="All">The findings. <see cref="AttributedFinding.Parent"/> and <see cref="QuestionFinding.Occasion"/> are indexes into this list; a parent stands before its children, an occasion before its question.</param>
/// <param name="Dates">Every date expression that was resolved, whether or not a finding uses it.</param>
public sealed record Findings(ImmutableArray<Finding> All, ImmutableArray<DateExpression> Dates);

/// <summary>One finding: where it stands, and the rule that made it.</summary>
/// <param name="Content">The words found: one or more ranges, ordered and disjoint (several where a quote is interrupted by its "he said").</param>
/// <param name="Rule">The rule that made the finding, in lower case with hyphens; stable enough to be quoted in a bug report.</param>
public abstract record Finding(ImmutableArray<TextRange> Content, string Rule);

/// <summary>Somebody named in a document.</summary>
/// <param name="Written">The words that name the source at this place ("he", "the ministry"); null where the text names it elsewhere only.</param>
/// <param name="Name">The name these words stand for, resolved within the document; null where it is not known.</param>
public sealed record Source(TextRange? Written, string? Name);

/// <summary>Words or an assertion attributed to a source.</summary>
/// <param name="Source">Who said it; null where the document does not tell.</param>
/// <param name="Cue">The words that attribute ("said", "according to").</param>
/// <param name="Parent">The finding within whose content this one stands (a chain: "the ministry reports that the minister said …"); null at the outermost.</param>
public abstract record AttributedFinding(
    ImmutableArray<TextRange> Content, string Rule, Directness Directness, Source? Source, TextRange? Cue, int? Parent)
    : Finding(Content, Rule);

/// <summary>Words attributed to a speaker, wholly or partly in quotation marks (<see cref="Directness.Direct"/> or <see cref="Directness.Mixed"/>).</summary>
public sealed record QuoteFinding(
    ImmutableArray<TextRange> Content, string Rule, Directness Directness, Source? Source, TextRange? Cue, int? Parent)
    : AttributedFinding(Content, Rule, Directness, Source, Cue, Parent);

/// <summary>An assertion, attributed or not: reported speech, or the document's own statement that something is reported absent.</summary>
public sealed record ClaimFinding(
    ImmutableArray<TextRange> Content, string Rule, Directness Directness, Source? Source, TextRange? Cue, int? Parent, Modality Modality)
    : AttributedFinding(Content, Rule, Directness, Source, Cue, Parent);

/// <summary>A statement that something is not known, undecided, undisclosed, pending or being found out.</summary>
/// <param name="Text">The question as a reader would ask it, ending in a question mark; made from the document's words.</param>
/// <param name="Expected">When it should be known, where the text tells.</param>
/// <param name="Occasion">The index of the occasion whose outcome this asks for; null for any other question.</param>
public sealed record QuestionFinding(
    ImmutableArray<TextRange> Content, string Rule, string Text, QuestionKind Kind, DateInterval? Expected, int? Occasion)
    : Finding(Content, Rule);

/// <summary>A scheduled future event.</summary>
/// <param name="What">What is to happen, in the document's words ("a harbour summit").</param>
/// <param name="When">The words that date it; null where it is undated.</param>
/// <param name="Expected">The days these words mean, resolved against the publication date.</param>
public sealed record OccasionFinding(
    ImmutableArray<TextRange> Content, string Rule, string What, TextRange? When, DateInterval? Expected)
    : Finding(Content, Rule);

/// <summary>A date expression and what it means.</summary>
/// <param name="Range">The words.</param>
/// <param name="Timex">Their value in TIMEX3's notation (ISO-TimeML), such as <c>2022-11</c>, <c>2022-W47-3</c> or <c>2022-11-21/2022-11-30</c>.</param>
/// <param name="Days">The days of the value; null where it has no first or last day.</param>
public sealed record DateExpression(TextRange Range, string Timex, DateInterval? Days);
