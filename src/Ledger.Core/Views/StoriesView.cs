using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>A story. The key is the story's id.</summary>
public sealed record StoryRecord : ViewRecord
{
    public required string Title { get; init; }

    public required string Slug { get; init; }

    public required string Language { get; init; }

    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Why it was closed; null while it is followed.</summary>
    public string? Closed { get; init; }

    public string Status => Closed is null ? "open" : "closed";
}

/// <summary><b>stories</b>: what there is to follow.</summary>
public static class StoriesView
{
    public static View<StoryRecord> View { get; } = new(
        "stories", 1, ViewJson.Default.StoryRecord,
        (_, entry) => entry.Envelope.Type is "story.opened" or "story.changed" or "story.closed" or "story.reopened" ? [entry.Story.Value] : [],
        Evolve,
        new Facet<StoryRecord>("slug", record => record.Slug),
        new Facet<StoryRecord>("status", record => record.Status));

    private static StoryRecord? Evolve(Guid key, StoryRecord? record, StoryState story, Entry entry) => entry.Body switch
    {
        StoryOpened opened => new()
        {
            Id = entry.Id,
            StoryId = entry.Story,
            Index = entry.Index,
            RecordedAt = entry.Envelope.RecordedAt,
            PublishedAt = Findings.Published(story, entry),
            RecordedBy = RecordedByName.Of(entry),
            Entries = [entry.Id],
            Title = opened.Title,
            Slug = opened.Slug,
            Language = opened.Language,
            Tags = opened.Tags,
        },
        StoryChanged changed when record is not null =>
            record with { Title = changed.Title, Language = changed.Language, Tags = changed.Tags, Entries = Findings.Rests(record, entry) },
        StoryClosed closed when record is not null => record with { Closed = closed.Reason, Entries = Findings.Rests(record, entry) },
        StoryReopened when record is not null => record with { Closed = null, Entries = Findings.Rests(record, entry) },
        _ => record,
    };
}
