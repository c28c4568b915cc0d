using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Views;

/// <summary>A story. The key is the story's id.</summary>
public sealed record StoryRecord : ViewRecord
{
    public required string Title { get; init; }

    public required string Slug { get; init; }

    public required string Language { get; init; }

    public required ImmutableArray<string> Tags { get; init; }
}

/// <summary><b>stories</b>: what there is to follow.</summary>
public static class StoriesView
{
    public static View<StoryRecord> View { get; } = new(
        "stories", 1, ViewJson.Default.StoryRecord,
        (_, entry) => entry.Envelope.Type == "story.opened" ? [entry.Story.Value] : [],
        (record, story, entry) => entry.Body is StoryOpened opened
            ? new()
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
            }
            : record,
        new Facet<StoryRecord>("slug", record => record.Slug));
}
