using System.Collections.Immutable;

namespace Ledger.Core.Entries;

/// <summary><c>story.opened</c>, always revision 0 of its story.</summary>
/// <param name="Title">As a person would write it.</param>
/// <param name="Slug">Its name on the command line and in addresses: lower-case letters and digits in groups joined by hyphens, at most 80.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Tags">Free words.</param>
public sealed record StoryOpened(string Title, string Slug, string Language, ImmutableArray<string> Tags) : Body;

/// <summary><c>story.changed</c>: what the story is called from here on; all of it, changed or not. The slug never changes: it names the stream.</summary>
public sealed record StoryChanged(string Title, string Language, ImmutableArray<string> Tags, string? Reason) : Body;

/// <summary><c>story.closed</c>: the story is no longer followed. Nothing new is filed or raised in it; what is there can still be corrected, contested and decided.</summary>
public sealed record StoryClosed(string Reason) : Body;

/// <summary><c>story.reopened</c>: it is followed again.</summary>
public sealed record StoryReopened(string Reason) : Body;
