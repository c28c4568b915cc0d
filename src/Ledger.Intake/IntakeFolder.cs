using System.IO.Enumeration;
using System.Text;
using Ledger.Intake.Decisions;

namespace Ledger.Intake;

/// <summary>Files and folders, in the order they were published.</summary>
public static class IntakeFolder
{
    /// <summary>
    /// Reads paths, folders with all below them. Hidden files and folders and linked folders below a folder are passed over in silence, other kinds of file and a
    /// README without front matter as <see cref="SkippedFile"/>; a file reached twice is read once. A document set is small enough to be held at once.
    /// </summary>
    /// <returns>Problems first, then skipped files, each by path; then documents by publication (a day is its first instant), then by path, ordinal; then decisions.</returns>
    public static async Task<IReadOnlyList<IntakeResult>> Read(IEnumerable<string> paths, IntakeOptions options, CancellationToken cancellationToken = default)
    {
        var results = new List<IntakeResult>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (!Directory.Exists(path))
            {
                await One(path, false).ConfigureAwait(false);
                continue;
            }

            var before = results.Count;
            foreach (var file in Below(path, results).Order(StringComparer.Ordinal))
                await One(file, true).ConfigureAwait(false);
            if (!results.Skip(before).Any(result => result is not (SkippedFile { Code: not IntakeCodes.SameFile } or DecisionsFile)))
                results.Add(new IntakeProblem(path, null, IntakeCodes.NoDocuments, "The folder has no documents.", "Documents are .txt, .md and .html files."));
        }

        return [.. results.OrderBy(Rank).ThenBy(When).ThenBy(result => result.Path, StringComparer.Ordinal)];

        async Task One(string file, bool walked)
        {
            if (!FileKinds.IsUrl(file) && File.Exists(file) && !seen.Add(Identity(file)))
                results.Add(new SkippedFile(file, IntakeCodes.SameFile, "The same file was named before."));
            else if (walked && FileKinds.Of(file) == FileKind.NotYet)
                results.Add(new SkippedFile(file, IntakeCodes.NotYet, "Not yet: save as text or HTML."));
            else if (walked && FileKinds.Of(file) == FileKind.Unknown && !DecisionsFile.IsNamed(file))
                results.Add(new SkippedFile(file, IntakeCodes.UnknownType, "Not a .txt, .md or .html file."));
            else if (walked && IsCompanion(file))
                results.Add(new SkippedFile(file, IntakeCodes.Companion, "A README without front matter is about the folder, not a document."));
            else
                results.Add(await IntakeFile.Read(file, options, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>What the README of a folder of documents is headed, when it begins with a Markdown heading; null otherwise, and for a file.</summary>
    public static string? TitleOf(string folder)
    {
        var readme = Path.Combine(folder, "README.md");
        try
        {
            return File.Exists(readme) && !FileTypes.IsSpecial(readme) && File.ReadLines(readme).FirstOrDefault() is { } first && first.StartsWith("# ", StringComparison.Ordinal)
                && first[2..].Trim() is { Length: > 0 } title ? title : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files of a folder and of those below it. A folder that cannot be read is a problem of its own, and the others are read.</summary>
    private static List<string> Below(string folder, List<IntakeResult> problems)
    {
        var (files, folders) = (new List<string>(), new Stack<string>([folder]));
        while (folders.TryPop(out var next))
        {
            try
            {
                // A linked folder may lead back to itself, and what it links to can be named by hand.
                foreach (var (path, isFolder, isLink) in Entries(next))
                {
                    if (!isFolder)
                        files.Add(path);
                    else if (!isLink)
                        folders.Push(path);
                }
            }
            catch (UnauthorizedAccessException)
            {
                problems.Add(new IntakeProblem(next, null, IntakeCodes.NoPermission, "You have no permission to read this folder.", "Ask its owner, or change its permissions."));
            }
            catch (IOException error)
            {
                problems.Add(new IntakeProblem(next, null, IntakeCodes.Unreadable, $"The folder cannot be read: {error.Message}", null));
            }
        }

        return files;
    }

    private static FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)> Entries(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => (entry.ToSpecifiedFullPath(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
        new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System });

    private static string Identity(string file)
    {
        try
        {
            return new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFullPath(file);
        }
    }

    private static bool IsCompanion(string file)
    {
        if (!Path.GetFileNameWithoutExtension(file).Equals("README", StringComparison.OrdinalIgnoreCase) || FileTypes.IsSpecial(file))
            return false;
        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadLine() is not "---";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Rank(IntakeResult result) => result switch { IntakeProblem => 0, SkippedFile => 1, DecisionsFile => 3, _ => 2 };

    private static DateTimeOffset When(IntakeResult result) => result is FrozenDocument { PublishedAt: var time }
        ? time.Instant ?? new DateTimeOffset(time.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
        : DateTimeOffset.MinValue;
}
