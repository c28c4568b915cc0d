using Ledger.Intake.Freezing;

namespace Ledger.Intake;

internal enum FileKind
{
    Plain,
    Markdown,
    Html,
    NotYet,
    Unknown,
}

/// <summary>What a path's ending says of its kind; bytes that belie it are found out on reading.</summary>
internal static class FileKinds
{
    public static FileKind Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".txt" or ".text" => FileKind.Plain,
        ".md" or ".markdown" => FileKind.Markdown,
        ".html" or ".htm" or ".xhtml" => FileKind.Html,
        ".pdf" or ".doc" or ".docx" or ".odt" or ".rtf" => FileKind.NotYet,
        _ => FileKind.Unknown,
    };

    public static bool IsUrl(string path) =>
        path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public static void RefuseUnread(string path)
    {
        if (IsUrl(path))
            throw new Refusal(IntakeCodes.NotYet, "A web address cannot be read.", "Not yet: save as text or HTML.");
        if (Of(path) == FileKind.NotYet && File.Exists(path))
            throw new Refusal(IntakeCodes.NotYet, $"A {Path.GetExtension(path)} file cannot be read.", "Not yet: save as text or HTML.");
    }
}
