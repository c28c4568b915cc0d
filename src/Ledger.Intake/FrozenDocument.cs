using System.Collections.Immutable;

namespace Ledger.Intake;

/// <summary>What became of one path: a <see cref="FrozenDocument"/>, a <see cref="Decisions.DecisionsFile"/>, an <see cref="IntakeProblem"/> or a <see cref="SkippedFile"/>.</summary>
public abstract record IntakeResult(string Path);

/// <summary>A text frozen from a file, with what the file says about itself.</summary>
/// <param name="Path">The path as the caller gave it or the folder walk found it.</param>
/// <param name="Text">The frozen text: never blank, at most <see cref="IntakeFile.MaxTextBytes"/> of UTF-8, line ends LF only. Spans count its UTF-16 units.</param>
/// <param name="TextSha256">SHA-256 of the UTF-8 bytes of <paramref name="Text"/>, 64 lower-case hex digits.</param>
/// <param name="Source">The file's bytes, untouched.</param>
/// <param name="SourceSha256">SHA-256 of <paramref name="Source"/>, 64 lower-case hex digits.</param>
/// <param name="MediaType">Of the source: text/plain, text/markdown or text/html.</param>
/// <param name="Converter">What turned the source into text; null where the text is the source.</param>
public sealed record FrozenDocument(
    string Path,
    string Text,
    string TextSha256,
    ReadOnlyMemory<byte> Source,
    string SourceSha256,
    string MediaType,
    TextConverter? Converter) : IntakeResult(Path)
{
    public required PublicationTime PublishedAt { get; init; }
    public string? Title { get; init; }
    public string? Publisher { get; init; }
    public string? Author { get; init; }
    public string? Url { get; init; }
    public string? ArchivedUrl { get; init; }

    /// <summary>A BCP 47 tag as the file gives it, for example "en".</summary>
    public string? Language { get; init; }

    public PublicationTime? RetrievedAt { get; init; }

    /// <summary>What the text says it rests on, in the file's order.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    public ImmutableArray<IntakeWarning> Warnings { get; init; } = [];
}

/// <summary>Names a converter and its version, so that a conversion can be repeated.</summary>
public sealed record TextConverter(string Name, string Version);

/// <summary>Something odd that did not stop the file from being read.</summary>
/// <param name="Line">1-based, in the file; null where no line is to blame.</param>
/// <param name="Code">Stable, kebab-case.</param>
public sealed record IntakeWarning(int? Line, string Code, string Message);

/// <summary>A file that cannot be filed.</summary>
/// <param name="Line">1-based, in the file; null where no line is to blame.</param>
/// <param name="Code">Stable, kebab-case; see <see cref="IntakeCodes"/>.</param>
/// <param name="Message">A sentence for the person at the keyboard.</param>
/// <param name="Hint">What to do about it, if anything is known to help.</param>
public sealed record IntakeProblem(string Path, int? Line, string Code, string Message, string? Hint) : IntakeResult(Path);

/// <summary>A file in a walked folder that was passed over, with the reason.</summary>
public sealed record SkippedFile(string Path, string Code, string Message) : IntakeResult(Path);

/// <summary>Given by hand; each overrides what the file says, and null leaves the file's word.</summary>
public sealed record IntakeOptions
{
    public static IntakeOptions None { get; } = new();

    public DateOnly? Date { get; init; }
    public string? Title { get; init; }
    public string? Publisher { get; init; }
    public string? Url { get; init; }
    public string? Language { get; init; }
}
