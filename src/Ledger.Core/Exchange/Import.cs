using System.Runtime.CompilerServices;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Exchange;

/// <summary>What an import did.</summary>
/// <param name="Size">How many entries the ledger has now.</param>
/// <param name="Added">How many of them were added.</param>
public sealed record ImportReport(long Size, long Added);

/// <summary>Takes an export into a ledger: all of it or nothing. The whole file is verified before anything is written.</summary>
public static class Import
{
    /// <summary>Imports a file.</summary>
    /// <param name="path">An export.</param>
    /// <param name="log">An empty log, or one that holds exactly the beginning of the export.</param>
    /// <param name="progress">Told the number of entries verified, now and then.</param>
    /// <param name="cancellation">Cancels; nothing is written then.</param>
    /// <returns>The report, or why nothing was written: <c>import-not-valid</c> (naming the line and the entry) or <c>import-other-ledger</c>.</returns>
    public static async ValueTask<Outcome<ImportReport>> ReadAsync(string path, ILedgerLog log, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var file = new ExportFile(path);
        try
        {
            var header = await file.ReadHeaderAsync(cancellation).ConfigureAwait(false);
            var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
            Digest? rootAtHead = null;
            string? origin = null;
            var line = 1L;
            var frontier = new Frontier();

            async IAsyncEnumerable<Entry> Watched([EnumeratorCancellation] CancellationToken token = default)
            {
                await foreach (var entry in file.ReadEntriesAsync(token).ConfigureAwait(false))
                {
                    line++;
                    yield return entry;
                    origin ??= (entry.Body as LedgerOpened)?.Origin;
                    frontier.Append(entry.Hash);
                    rootAtHead = frontier.Size == head.Size ? frontier.Root() : rootAtHead;
                }
            }

            var report = await Verification.VerifyAsync(Watched(cancellation), file.FindTextAsync, progress).ConfigureAwait(false);
            if (report.Failure is { } failure)
            {
                // What is found missing at the end is told where it should have been.
                return NotValid(path, failure.Index == frontier.Size ? line : failure.Index + 2, $"entry {failure.Index}{(failure.Entry is { } id ? $" ({id})" : "")}: {failure.Reason}");
            }

            if (report.Size != header.Size || report.Root != header.Root)
            {
                return NotValid(path, 1, $"the header promises {header.Size} entries with root {header.Root}; the file has {report.Size} with root {report.Root}.");
            }

            if (origin != header.Origin)
            {
                return NotValid(path, 1, $"the header names the ledger {header.Origin}; its first entry names it {origin}.");
            }

            if (head.Size > 0 && (head.Size > report.Size || rootAtHead != await Proofs.RootAsync(log, head.Size, cancellation).ConfigureAwait(false)))
            {
                return LedgerError.Refused(
                    "import-other-ledger",
                    $"This ledger's {head.Size} entries are not the beginning of the export; nothing was written.",
                    "Import into a new file (--db NEW.db), or into the ledger that the export came from.");
            }

            await log.ImportAsync(After(file, head.Size, cancellation), cancellation: cancellation).ConfigureAwait(false);
            return new ImportReport(report.Size, report.Size - head.Size);
        }
        catch (ExportFormatException error)
        {
            return NotValid(path, error.Line, error.Message);
        }
    }

    private static LedgerError NotValid(string path, long line, string reason) =>
        LedgerError.Integrity("import-not-valid", $"{path}, line {line}: {reason}", "Nothing was written. Ask for the export again; one altered byte is enough.");

    private static async IAsyncEnumerable<Entry> After(ExportFile file, long size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in file.ReadEntriesAsync(cancellation).ConfigureAwait(false))
        {
            if (entry.Index >= size)
            {
                yield return entry;
            }
        }
    }
}

/// <summary>A line of an export that does not read.</summary>
internal sealed class ExportFormatException(long line, string message, Exception? inner = null) : Exception(message, inner)
{
    internal long Line { get; } = line;
}

/// <summary>An export on disk: read twice, to verify and to import, without holding it in memory.</summary>
internal sealed class ExportFile(string path)
{
    private readonly Dictionary<EntryId, (long Offset, long Line)> documents = [];

    internal async ValueTask<ExportHeader> ReadHeaderAsync(CancellationToken cancellation)
    {
        await foreach (var (line, _, number) in LinesAsync(0, 1, cancellation).ConfigureAwait(false))
        {
            return Parse(line, number, ExportFormat.ReadHeader);
        }

        throw new ExportFormatException(1, "the file is empty");
    }

    internal async IAsyncEnumerable<Entry> ReadEntriesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (line, offset, number) in LinesAsync(0, 1, cancellation).ConfigureAwait(false))
        {
            if (number == 1)
            {
                continue;
            }

            var entry = Parse(line, number, ExportFormat.ReadEntry);
            if (entry.Part(Part.Text) is not null && Parse(line, number, _ => entry.Id) is var id)
            {
                documents[id] = (offset, number);
            }

            yield return entry;
        }
    }

    internal async ValueTask<string?> FindTextAsync(EntryId document)
    {
        if (documents.TryGetValue(document, out var place))
        {
            await foreach (var (line, _, number) in LinesAsync(place.Offset, place.Line, default).ConfigureAwait(false))
            {
                return Encoding.UTF8.GetString(Parse(line, number, ExportFormat.ReadEntry).Part(Part.Text)!.Bytes.Span);
            }
        }

        return null;
    }

    private static T Parse<T>(ReadOnlyMemory<byte> line, long number, Func<ReadOnlyMemory<byte>, T> parse)
    {
        try
        {
            return parse(line);
        }
        catch (Exception error) when (error is FormatException or LedgerException)
        {
            throw new ExportFormatException(number, error.Message, error);
        }
    }

    private async IAsyncEnumerable<(ReadOnlyMemory<byte> Line, long Offset, long Number)> LinesAsync(
        long offset, long number, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: false);
        await using var _ = file.ConfigureAwait(false);
        if (!file.CanSeek)
        {
            throw new ExportFormatException(1, "it is no file that can be read twice: save it to one first");
        }

        file.Seek(offset, SeekOrigin.Begin);
        var buffer = new byte[1 << 16];
        int start = 0, end = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                yield return (buffer.AsMemory(start, newline).ToArray(), offset, number++);
                start += newline + 1;
                offset += newline + 1;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
            {
                if (buffer.Length > 16 << 20)
                {
                    throw new ExportFormatException(number, "the line is longer than any entry can be");
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await file.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                if (end > start)
                {
                    throw new ExportFormatException(number, "the line is cut off: it has no end");
                }

                yield break;
            }

            end += read;
        }
    }
}
