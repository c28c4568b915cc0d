using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>Something the record does not know yet.</summary>
public sealed record QuestionRecord : ViewRecord
{
    public required string Text { get; init; }

    public required QuestionKind Kind { get; init; }

    /// <summary>When it should be known.</summary>
    public DateInterval? Expected { get; init; }

    /// <summary>What would count as an answer; null until an editor has set it.</summary>
    public string? Criteria { get; init; }

    /// <summary>The occasion that should settle it.</summary>
    public EntryId? Occasion { get; init; }

    /// <summary>The words it rests on.</summary>
    public required ImmutableArray<Span> Evidence { get; init; }

    public EntryId? Document { get; init; }

    public string? Rule { get; init; }

    public string Status => Findings.Status(this, "open");
}

/// <summary><b>questions</b>: what is open, since when, and until when.</summary>
public static class QuestionsView
{
    public static View<QuestionRecord> View { get; } = new(
        "questions", 1, ViewJson.Default.QuestionRecord,
        (story, entry) => Findings.Keys(story, entry, "question.raised"), Evolve,
        new Facet<QuestionRecord>("status", record => record.Status),
        new Facet<QuestionRecord>("kind", record => Findings.Name(record.Kind)),
        new Facet<QuestionRecord>("document", record => record.Document?.ToString()));

    private static QuestionRecord? Evolve(QuestionRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        QuestionRaised question => new()
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
            Evidence = question.Span is { } span ? [span] : [],
            Document = question.Span?.Document,
            Rule = question.Rule,
        },
        EntryWithdrawn => Findings.Withdraw(record, entry),
        _ => record,
    };
}
