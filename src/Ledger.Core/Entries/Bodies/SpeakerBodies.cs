using System.Collections.Immutable;

namespace Ledger.Core.Entries;

/// <summary>Word on who is who among the speakers of a story.</summary>
public interface ISpeakerNames
{
    /// <summary>The name that stands for the speaker.</summary>
    string Name { get; }

    /// <summary>The other names that this is about.</summary>
    ImmutableArray<string> Names { get; }
}

/// <summary><c>speaker.identified</c>: these names are the same person or body.</summary>
/// <param name="Name">The name that stands for the speaker from here on.</param>
/// <param name="Names">The other names and ways of writing it.</param>
/// <param name="Kind">A person or a body; null where it is not said.</param>
/// <param name="Rule">The rule of the program that proposes it; null for a person's.</param>
/// <param name="Reason">Why.</param>
public sealed record SpeakerIdentified(string Name, ImmutableArray<string> Names, SpeakerKind? Kind, string? Rule, string? Reason) : Body, ISpeakerNames;

/// <summary><c>speaker.separated</c>: these names are not the same person or body.</summary>
/// <param name="Name">A name.</param>
/// <param name="Names">Names that are not its.</param>
/// <param name="Rule">The rule of the program that proposes it; null for a person's.</param>
/// <param name="Reason">Why.</param>
public sealed record SpeakerSeparated(string Name, ImmutableArray<string> Names, string? Rule, string? Reason) : Body, ISpeakerNames;
