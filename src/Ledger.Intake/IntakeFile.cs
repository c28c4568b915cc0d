using System.Text;
using Ledger.Intake.Decisions;
using Ledger.Intake.Formats;
using Ledger.Intake.Freezing;

namespace Ledger.Intake;

/// <summary>Files to frozen text. Offline and deterministic: the same bytes and options give the same document.</summary>
public static class IntakeFile
{
    /// <summary>Most UTF-8 bytes of a frozen text.</summary>
    public const int MaxTextBytes = 512 * 1024;

    /// <summary>Most bytes of an HTML or Markdown source, whose text is smaller than its markup.</summary>
    public const int MaxMarkupBytes = 4 * 1024 * 1024;

    /// <summary>Reads one file: .txt (or any unnamed kind) as plain text, .md and .markdown, .html, .htm and .xhtml, and a <c>decisions.yaml</c> as a <see cref="DecisionsFile"/>. What is wrong with the file is returned, not thrown.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IntakeResult> Read(string path, IntakeOptions options, CancellationToken cancellationToken = default)
    {
        try
        {
            FileKinds.RefuseUnread(path);
            var source = await Load(path, cancellationToken).ConfigureAwait(false);
            return DecisionsFile.IsNamed(path) ? DecisionsFile.Of(path, source) : Freeze(path, source, options);
        }
        catch (Refusal refusal)
        {
            return refusal.At(path);
        }
        catch (UnauthorizedAccessException)
        {
            return new IntakeProblem(path, null, IntakeCodes.NoPermission, "You have no permission to read this file.", "Ask its owner, or change its permissions.");
        }
        catch (IOException e)
        {
            return new IntakeProblem(path, null, IntakeCodes.Unreadable, $"The file cannot be read: {e.Message}", null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A file that a converter stumbles over is one bad file, not the end of a batch.
            return new IntakeProblem(path, null, IntakeCodes.Unreadable, $"The file cannot be converted: {e.Message}", "Save it as plain text.");
        }
    }

    internal static FrozenDocument Freeze(string path, byte[] source, IntakeOptions options)
    {
        var draft = FileKinds.Of(path) switch
        {
            FileKind.Html => HtmlText.Read(HtmlText.Decode(source)),
            FileKind.Markdown => MarkdownText.Read(FrozenText.Decode(source)),
            _ => PlainText.Read(FrozenText.Decode(source)),
        };
        FrozenText.RefuseUnfit(draft.Text);
        var published = options.Date is { } day ? PublicationTime.OfDay(day) : draft.PublishedAt;
        if (published is null)
            throw new Refusal(IntakeCodes.NoDate, "The file does not say when it was published.",
                "Begin it with a line 'date YYYY-MM-DD Title', or give 'date:' in its front matter, or pass --date YYYY-MM-DD.");
        return new(path, draft.Text, FrozenText.Sha256(Encoding.UTF8.GetBytes(draft.Text)), source, FrozenText.Sha256(source), draft.MediaType, draft.Converter)
        {
            PublishedAt = published,
            Title = options.Title ?? draft.Title,
            Publisher = options.Publisher ?? draft.Publisher,
            Author = draft.Author,
            Url = options.Url ?? draft.Url,
            ArchivedUrl = draft.ArchivedUrl,
            Language = options.Language ?? draft.Language,
            RetrievedAt = draft.RetrievedAt,
            Sources = draft.Sources,
            Warnings = draft.Warnings,
        };
    }

    private static async Task<byte[]> Load(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw Missing(path);
        if (IsBrokenLink(path))
            throw new Refusal(IntakeCodes.Missing, "This link leads nowhere.", null);
        if (FileTypes.IsSpecial(path))
            throw new Refusal(IntakeCodes.NotAFile, "This is not a regular file, but a pipe, socket or device.", "Save what it gives as a file.");
        var stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
        {
            // One BOM and a CR per line at most leave the text; what is far above the limit is refused before it is read.
            var most = FileKinds.Of(path) is FileKind.Html or FileKind.Markdown ? MaxMarkupBytes : 2 * MaxTextBytes + 3;
            if (stream.Length > most)
                throw FrozenText.TooLarge(stream.Length);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    private static bool IsBrokenLink(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is { Exists: false };
        }
        catch (IOException)
        {
            // In a circle.
            return true;
        }
    }

    private static Refusal Missing(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        var near = Directory.Exists(folder) ? Nearest.Of(Path.GetFileName(path), Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))) : null;
        return new(IntakeCodes.Missing, "There is no such file.", near is null ? null : $"Did you mean '{near}'?");
    }
}
