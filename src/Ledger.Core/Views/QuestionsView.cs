using System.Collections.Immutable;
using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>Something the record does not know yet, or did not until it was resolved.</summary>
public sealed record QuestionRecord : FindingRecord
{
    public required string Text { get; init; }

    public required QuestionKind Kind { get; init; }

    /// <summary>When it should be known. Whether that has passed is told by the time of reading (<see cref="IsOverdue"/>).</summary>
    public DateInterval? Expected { get; init; }

    /// <summary>What would count as an answer; null until an editor has set it.</summary>
    public string? Criteria { get; init; }

    /// <summary>Where the answer will be looked for.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The occasion that should settle it.</summary>
    public EntryId? Occasion { get; init; }

    /// <summary>The words that raise it, and what was recorded since that bears on it.</summary>
    public required ImmutableArray<QuestionEvidence> Evidence { get; init; }

    /// <summary>Every wording, the first included, oldest first.</summary>
    public required ImmutableArray<QuestionWording> Wordings { get; init; }

    public ImmutableArray<QuestionAnswer> Answers { get; init; } = [];

    /// <summary>How it is resolved; null while it is open.</summary>
    public QuestionResolution? Resolution { get; init; }

    /// <summary>Which of what it or its answers rest on was withdrawn, or rejected by an editor.</summary>
    public ImmutableArray<FallenEvidence> Fallen { get; init; } = [];

    /// <summary><c>withdrawn</c>, <c>rejected</c>, <c>answered</c>, <c>ambiguous</c>, <c>annulled</c>, <c>proposed</c> (an answer is), or <c>open</c>.</summary>
    public string Status => Findings.Status(
        this, Resolution is { } resolution ? Findings.Name(resolution.Outcome) : Answers.Any(answer => answer.Stands) ? "proposed" : "open");

    /// <summary>Whether it should have been known before a day, and is not resolved.</summary>
    public bool IsOverdue(DateOnly today) => Expected is { } expected && expected.To < today && (Status is "open" or "proposed");
}

/// <summary>Something that bears on a question.</summary>
/// <param name="Entry">The quote, claim, occasion or document; the question itself for the words that raise it.</param>
/// <param name="Bearing">How it bears on it; null for the words that raise it.</param>
/// <param name="AddedBy">The entry that added it.</param>
/// <param name="By">Who did.</param>
/// <param name="State">Whether a program's proposal was accepted; a person's counts as it is.</param>
/// <param name="Span">The words that raise it.</param>
/// <param name="Reason">Why it bears on it.</param>
public sealed record QuestionEvidence(EntryId Entry, EvidenceBearing? Bearing, EntryId AddedBy, RecordedByName By, ProposalState State, Span? Span, string? Reason);

/// <summary>Evidence that does not stand any more.</summary>
/// <param name="Entry">The quote, claim, occasion or document.</param>
/// <param name="Status"><c>withdrawn</c> or <c>rejected</c>.</param>
public sealed record FallenEvidence(EntryId Entry, string Status);

/// <summary>A wording of a question.</summary>
public sealed record QuestionWording(EntryId Entry, string Text, string? Criteria, DateInterval? Expected, string? Reason, RecordedByName By);

/// <summary>A proposed answer.</summary>
/// <param name="Entry">The <c>answer.proposed</c> entry.</param>
/// <param name="Text">The answer.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="ObjectionsUntil">The last day for objections.</param>
/// <param name="By">Who proposed it.</param>
/// <param name="Stands">Whether it is neither rejected nor withdrawn.</param>
/// <param name="Objections">What was said against it.</param>
public sealed record QuestionAnswer(
    EntryId Entry, string Text, ImmutableArray<EntryId> Evidence, DateOnly? ObjectionsUntil, RecordedByName By, bool Stands, ImmutableArray<AnswerObjection> Objections);

/// <summary>What was said against a proposed answer.</summary>
public sealed record AnswerObjection(EntryId Entry, string Reason, RecordedByName By);

/// <summary>How a question was resolved.</summary>
public sealed record QuestionResolution(
    EntryId Entry, QuestionOutcome Outcome, string? Text, EntryId? Answer, ImmutableArray<EntryId> Evidence, string? Reason, RecordedByName By);

/// <summary><b>questions</b>: what is open, since when, until when, and how it was answered.</summary>
public static class QuestionsView
{
    public static View<QuestionRecord> View { get; } = new(
        "questions", 2, ViewJson.Default.QuestionRecord,
        (story, entry) => Findings.Keys(story, entry, "question.raised").Union(RestingOn(story, entry)), Evolve,
        new Facet<QuestionRecord>("status", record => record.Status),
        new Facet<QuestionRecord>("kind", record => Findings.Name(record.Kind)),
        new Facet<QuestionRecord>("document", record => record.Document?.ToString()),
        // The last day on which it should be known, while it is not resolved.
        new Facet<QuestionRecord>("due", record => record.IsOverdue(DateOnly.MaxValue) ? Day(record.Expected!.Value.To) : null));

    /// <summary>A day as the facet <c>due</c> has it: in order of time.</summary>
    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The questions that have something among their evidence which an entry withdraws, or decides on.</summary>
    private static IEnumerable<Guid> RestingOn(StoryState story, Entry entry)
    {
        IEnumerable<EntryId> fallen = entry.Body switch
        {
            EntryWithdrawn withdrawn => Findings.WithdrawnBy(story, entry.Id, withdrawn),
            ProposalAccepted accepted => [accepted.Proposal],
            ProposalRejected rejected => [rejected.Proposal],
            _ => [],
        };
        var settled = fallen.Where(id => story.Find(id) is { } facts && (EntryKinds.IsFinding(facts.Type) || EntryKinds.IsDocument(facts.Type))).ToHashSet();
        return settled.Count == 0 ? [] : story.Entries.Values
            .Where(facts => facts is { Type: "question.evidence.added" or "answer.proposed" or "question.resolved", Subject: not null } && facts.Refers.Any(settled.Contains))
            .OrderBy(facts => facts.Revision)
            .Select(facts => facts.Subject!.Value)
            .Distinct()
            .Where(question => story.Find(question) is { Type: "question.raised" })
            .Select(question => question.Value);
    }

    private static QuestionRecord? Evolve(Guid key, QuestionRecord? record, StoryState story, Entry entry)
    {
        if (Told(key, record, story, entry) is not { } told)
        {
            return null;
        }

        ImmutableArray<FallenEvidence> fallen =
        [
            .. told.Evidence.Where(item => item.Bearing is not null).Select(item => item.Entry)
                .Concat(told.Answers.Where(answer => answer.Stands).SelectMany(answer => answer.Evidence)).Concat(told.Resolution?.Evidence ?? [])
                .Distinct()
                .Select(id => (Id: id, Facts: story.Find(id)))
                .Where(item => item.Facts is { Stands: false })
                .Take(Findings.MaxItems)
                .Select(item => new FallenEvidence(item.Id, item.Facts!.Withdrawn ? "withdrawn" : "rejected")),
        ];
        return fallen.SequenceEqual(told.Fallen) ? told : told with { Fallen = fallen, Entries = Findings.Rests(told, entry) };
    }

    private static QuestionRecord? Told(Guid key, QuestionRecord? record, StoryState story, Entry entry)
    {
        var evolved = Findings.Evolve(key, record, story, entry, body => Begin(story, entry, body));
        if (evolved is null || record is null)
        {
            return evolved;
        }

        if (entry.Body is EntryCorrected corrected && corrected.Entry == record.Id)
        {
            return Correct(record, evolved, story, entry, corrected.Reason);
        }

        var changed = Change(evolved, story, entry);
        return ReferenceEquals(changed, evolved) ? evolved : changed with { Entries = Findings.Rests(changed, entry) };
    }

    private static QuestionRecord Change(QuestionRecord record, StoryState story, Entry entry) => entry.Body switch
    {
        QuestionRestated restated => record with
        {
            Text = restated.Text,
            Kind = restated.Kind,
            Criteria = restated.Criteria,
            Sources = restated.Sources,
            Expected = restated.Expected,
            Wordings = Findings.Append(record.Wordings, new(entry.Id, restated.Text, restated.Criteria, restated.Expected, restated.Reason, RecordedByName.Of(entry))),
        },
        QuestionEvidenceAdded added => record with
        {
            Evidence = Findings.Append(record.Evidence, new(added.Evidence, added.Bearing, entry.Id, RecordedByName.Of(entry), ProposalState.Undecided, null, added.Reason)),
        },
        AnswerProposed answer => record with
        {
            Answers = Findings.Append(record.Answers, new(entry.Id, answer.Text, answer.Evidence, answer.ObjectionsUntil, RecordedByName.Of(entry), true, [])),
        },
        AnswerObjected objected => record with
        {
            Answers = [.. record.Answers.Select(answer => answer.Entry == objected.Answer
                ? answer with { Objections = Findings.Append(answer.Objections, new(entry.Id, objected.Reason, RecordedByName.Of(entry))) }
                : answer)],
        },
        QuestionResolved resolved => record with
        {
            Resolution = new(entry.Id, resolved.Outcome, resolved.Text, resolved.Answer, resolved.Evidence, resolved.Reason, RecordedByName.Of(entry)),
        },
        QuestionReopened => record with { Resolution = null },
        EntryWithdrawn withdrawn => Settle(record, story, withdrawn.Entry, withdrawn: true),
        ProposalAccepted accepted => Settle(record, story, accepted.Proposal, withdrawn: false),
        ProposalRejected rejected => Settle(record, story, rejected.Proposal, withdrawn: false),
        _ => record,
    };

    /// <summary>What was wrong in how it was raised is put right; what was recorded of it since stays.</summary>
    private static QuestionRecord Correct(QuestionRecord before, QuestionRecord right, StoryState story, Entry entry, string reason)
    {
        // Not told by the wordings: a correction before this one is among them too.
        var restated = story.Questions.GetValueOrDefault(before.Id) is { Restated: true };
        return right with
        {
            Text = restated ? before.Text : right.Text,
            Kind = restated ? before.Kind : right.Kind,
            Criteria = restated ? before.Criteria : right.Criteria,
            Expected = restated ? before.Expected : right.Expected,
            Sources = before.Sources,
            Evidence = [.. right.Evidence.Select(words => words with { Entry = before.Id }), .. before.Evidence.Where(item => item.Bearing is not null)],
            Wordings = restated ? before.Wordings : Findings.Append(before.Wordings, new(entry.Id, right.Text, right.Criteria, right.Expected, reason, RecordedByName.Of(entry))),
            Answers = before.Answers,
            Resolution = before.Resolution,
            Fallen = before.Fallen,
        };
    }

    /// <summary>What becomes of the record when evidence, an answer, an objection or its resolution is decided on or withdrawn.</summary>
    private static QuestionRecord Settle(QuestionRecord record, StoryState story, EntryId target, bool withdrawn)
    {
        if (record.Resolution?.Entry == target)
        {
            return withdrawn ? record with { Resolution = null } : record;
        }

        if (record.Evidence.FirstOrDefault(item => item.AddedBy == target && item.Bearing is not null) is { } evidence)
        {
            return record with
            {
                Evidence = withdrawn ? record.Evidence.Remove(evidence) : record.Evidence.Replace(evidence, evidence with { State = story.Find(target)!.Decided }),
            };
        }

        if (record.Answers.FirstOrDefault(item => item.Entry == target) is { } answer)
        {
            return record with { Answers = record.Answers.Replace(answer, answer with { Stands = story.Find(target)!.Stands }) };
        }

        return record.Answers.FirstOrDefault(item => item.Objections.Any(objection => objection.Entry == target)) is { } contested && withdrawn
            ? record with { Answers = record.Answers.Replace(contested, contested with { Objections = contested.Objections.RemoveAll(objection => objection.Entry == target) }) }
            : record;
    }

    private static QuestionRecord? Begin(StoryState story, Entry entry, Body body) => body is not QuestionRaised question ? null : new()
    {
        Id = entry.Id,
        StoryId = entry.Story,
        Index = entry.Index,
        RecordedAt = entry.Envelope.RecordedAt,
        PublishedAt = Findings.Published(story, entry),
        RecordedBy = RecordedByName.Of(entry),
        Entries = [entry.Id],
        Text = question.Text,
        Kind = question.Kind,
        Expected = question.Expected,
        Criteria = question.Criteria,
        Occasion = question.Occasion,
        Evidence = question.Span is { } span ? [new(entry.Id, null, entry.Id, RecordedByName.Of(entry), ProposalState.Undecided, span, null)] : [],
        Wordings = [new(entry.Id, question.Text, question.Criteria, question.Expected, null, RecordedByName.Of(entry))],
        Document = question.Span?.Document,
        Rule = question.Rule,
    };
}
