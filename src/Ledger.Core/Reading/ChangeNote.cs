using System.Collections.Immutable;
using Ledger.Core.Views;

namespace Ledger.Core.Reading;

/// <summary>What happened to a record, in the order in which an editor would tell it.</summary>
public enum ChangeKind
{
    /// <summary>A question was answered, found ambiguous, or annulled.</summary>
    Resolved,

    /// <summary>A question that was resolved is open again.</summary>
    Reopened,

    /// <summary>A question should have been known meanwhile, and is open.</summary>
    Overdue,

    /// <summary>A question is open that was not there.</summary>
    Raised,

    /// <summary>An answer to an open question was proposed.</summary>
    AnswerProposed,

    /// <summary>A question has another wording, other criteria or sources.</summary>
    Restated,

    /// <summary>Something was recorded that bears on a question.</summary>
    EvidenceAdded,

    /// <summary>A quote or claim is contradicted by another.</summary>
    Contradicted,

    /// <summary>Its source corrected, updated or took back a quote or claim.</summary>
    SourceChanged,

    /// <summary>The recorder's error was put right.</summary>
    Corrected,

    /// <summary>What was recorded in error was withdrawn.</summary>
    Withdrawn,

    /// <summary>An editor rejected what a program had found.</summary>
    Rejected,

    /// <summary>A quote or claim stands again, or no longer contradicted.</summary>
    Restored,

    /// <summary>An occasion was scheduled, moved, held or cancelled.</summary>
    Occasion,

    /// <summary>A document was filed, or another text came in its place.</summary>
    Document,

    /// <summary>A quote or claim is new.</summary>
    Stated,

    /// <summary>Another source says the same, or one fewer.</summary>
    Repeated,

    /// <summary>A story was opened, changed, closed or reopened.</summary>
    Story,

    /// <summary>Speakers were found, or told apart or together.</summary>
    Speaker,

    /// <summary>Anything else: accepted by an editor, orphaned by a revision, published at another time.</summary>
    Other,
}

/// <summary>Reads a change as an editor would tell it.</summary>
public static class ChangeNote
{
    /// <summary>What a change is first of all.</summary>
    public static ChangeKind KindOf(RecordChange change) => (change.Before, change.After) switch
    {
        ({ Withdrawn: null }, { Withdrawn: not null }) or ({ Withdrawn: null }, null) when change.Record is not SpeakerRecord => ChangeKind.Withdrawn,
        (FindingRecord { Decision: not { Accepted: false } }, FindingRecord { Decision.Accepted: false }) => ChangeKind.Rejected,
        (null, { Withdrawn: not null }) => ChangeKind.Withdrawn,
        (_, QuestionRecord after) => Question((QuestionRecord?)change.Before, after),
        (_, OccasionRecord after) => Occasion((OccasionRecord?)change.Before, after),
        (_, ClaimRecord after) => Statement(change.Before, after, (change.Before as ClaimRecord)?.Standing, after.Standing),
        (_, QuoteRecord after) => Statement(change.Before, after, (change.Before as QuoteRecord)?.Standing, after.Standing),
        (_, DocumentRecord after) => change.Before is not DocumentRecord before || after.RevisedBy != before.RevisedBy ? ChangeKind.Document
            : IsCorrected(before, after) ? ChangeKind.Corrected
            : ChangeKind.Other,
        _ when change.Record is SpeakerRecord => ChangeKind.Speaker,
        _ when change.Record is StoryRecord => ChangeKind.Story,
        _ => ChangeKind.Other,
    };

    /// <summary>
    /// The changes by kind, in the order of <see cref="ChangeKind"/>, each kind's in the order in which its records began. A claim with a speaker is in two views, and is told once.
    /// </summary>
    public static ImmutableArray<ChangeGroup> Group(IEnumerable<RecordChange> changes)
    {
        var all = changes.ToList();
        var claims = all.Where(change => change.View == ClaimsView.View).Select(change => change.Key).ToHashSet();
        return
        [
            .. all
                .Where(change => change.View != QuotesView.View || !claims.Contains(change.Key))
                .GroupBy(KindOf)
                .OrderBy(group => group.Key)
                .Select(group => new ChangeGroup(group.Key, [.. group.OrderBy(change => change.Record.Index).ThenBy(change => change.View.Name, StringComparer.Ordinal)])),
        ];
    }

    private static ChangeKind Question(QuestionRecord? before, QuestionRecord after) =>
        after.Resolution is not null && after.Resolution.Entry != before?.Resolution?.Entry ? ChangeKind.Resolved
        : before is null ? ChangeKind.Raised
        : before.Resolution is not null && after.Resolution is null ? ChangeKind.Reopened
        : after.Answers.Length > before.Answers.Length ? ChangeKind.AnswerProposed
        : IsCorrected(before, after) ? ChangeKind.Corrected
        : after.Wordings.Length > before.Wordings.Length ? ChangeKind.Restated
        : after.Evidence.Length > before.Evidence.Length ? ChangeKind.EvidenceAdded
        : ChangeKind.Other;

    private static ChangeKind Occasion(OccasionRecord? before, OccasionRecord after) =>
        before is null || before.Status != after.Status || before.Expected != after.Expected ? ChangeKind.Occasion
        : IsCorrected(before, after) ? ChangeKind.Corrected
        : ChangeKind.Other;

    private static ChangeKind Statement(ViewRecord? before, ViewRecord after, Stories.Standing? stood, Stories.Standing stands) =>
        stands.Contradicted && stood?.Contradicted != true ? ChangeKind.Contradicted
        : stands.Status is "retracted" or "corrected" or "updated" && stood?.Status != stands.Status ? ChangeKind.SourceChanged
        : before is null ? ChangeKind.Stated
        : IsCorrected(before, after) ? ChangeKind.Corrected
        : stood!.Contradicted && !stands.Contradicted ? ChangeKind.Restored
        : stood.Sources != stands.Sources ? ChangeKind.Repeated
        : ChangeKind.Other;

    private static bool IsCorrected(ViewRecord before, ViewRecord after) => after.Corrections.Length > before.Corrections.Length;
}

/// <summary>Changes of one kind.</summary>
public sealed record ChangeGroup(ChangeKind Kind, ImmutableArray<RecordChange> Changes);
