using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>What kind of recorder appended an entry.</summary>
[JsonConverter(typeof(NameConverter<RecorderKind>))]
public enum RecorderKind
{
    /// <summary>A person, who may decide.</summary>
    Person,

    /// <summary>A program, which may only propose.</summary>
    Program,

    /// <summary>A service acting for a person, who is named in <see cref="Recorder.OnBehalfOf"/>.</summary>
    Service,
}

/// <summary>Who appends: a person, a program with its version, or a service on behalf of a person.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Name">The name as it is recorded; not blank, at most 200 UTF-16 units.</param>
/// <param name="Version">A program's version; null for a person.</param>
/// <param name="OnBehalfOf">The name of the person that a program or service acts for; null where it acts for nobody.</param>
public sealed record Recorder(RecorderKind Kind, string Name, string? Version = null, string? OnBehalfOf = null)
{
    public const int MaxNameLength = 200;

    public static Recorder Person(string name) => new(RecorderKind.Person, name);

    public static Recorder Program(string name, string version, string? onBehalfOf = null) => new(RecorderKind.Program, name, version, onBehalfOf);
}

/// <summary>The pseudonym of a recorder, as the envelope carries it.</summary>
public readonly record struct RecordedBy(RecorderId Id, RecorderKind Kind);

/// <summary>The <c>recorder</c> part of an entry: what the envelope's pseudonym stands for.</summary>
/// <param name="Name">The recorder's name.</param>
/// <param name="Version">A program's version.</param>
/// <param name="OnBehalfOf">Whom it acted for.</param>
/// <param name="Request">SHA-256 of the request that led to the entry: a repeated command with another request is refused.</param>
public sealed record RecorderPart(string Name, string? Version, string? OnBehalfOf, Integrity.Digest Request);
