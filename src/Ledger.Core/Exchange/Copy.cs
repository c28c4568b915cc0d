using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Exchange;

/// <summary>What a copy did.</summary>
/// <param name="Size">How many entries both ledgers have now.</param>
/// <param name="Added">How many of them were added.</param>
/// <param name="Root">The root hash over them, the same in both.</param>
public sealed record CopyReport(long Size, long Added, Digest Root);

/// <summary>
/// Takes a whole ledger from one store to another: envelopes, parts, salts and the secret of its names, so that it is the same ledger there. Every entry is verified
/// before it is written. It is written in batches of whole commands: a copy that was interrupted goes on when it is repeated.
/// </summary>
public static class Copy
{
    // About so many entries, or bytes of parts, in one transaction of the store that they go to.
    private const int BatchEntries = 5_000;
    private const long BatchBytes = 16 << 20;

    /// <summary>Copies a ledger as it is now.</summary>
    /// <param name="from">The ledger.</param>
    /// <param name="to">An empty log, or one that holds exactly the beginning of the ledger.</param>
    /// <param name="progress">Told the number of entries copied, now and then.</param>
    /// <param name="cancellation">Cancels between two batches; what was copied stays.</param>
    /// <returns>The report, or why not: <c>ledger-empty</c>, <c>copy-other-ledger</c>, <c>copy-not-valid</c> (naming the entry of the source that does not hold).</returns>
    public static async ValueTask<Outcome<CopyReport>> RunAsync(ILedgerLog from, ILedgerLog to, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var size = (await from.HeadAsync(cancellation).ConfigureAwait(false)).Size;
        var there = (await to.HeadAsync(cancellation).ConfigureAwait(false)).Size;
        if (size == 0)
        {
            return LedgerError.Refused("ledger-empty", "There is nothing to copy: the ledger has no entries.");
        }

        if (there > 0 && (there > size || await Proofs.RootAsync(to, there, cancellation).ConfigureAwait(false) != await Proofs.RootAsync(from, there, cancellation).ConfigureAwait(false)))
        {
            return LedgerError.Refused(
                "copy-other-ledger", $"The {there} entries that are there are not the beginning of this ledger; nothing was written.", "Copy to an empty store, or to one that an earlier copy of this ledger went to.");
        }

        var checker = new EntryChecker(async document =>
            (await from.FindAsync(document, PartSelection.All, cancellation).ConfigureAwait(false))?.Part(Part.Text) is { } text ? Encoding.UTF8.GetString(text.Bytes.Span) : null);
        var batch = new List<Entry>();
        var bytes = 0L;
        var frontier = new Frontier();
        await foreach (var entry in from.ReadAsync(0, size, PartSelection.All, cancellation).ConfigureAwait(false))
        {
            var at = checker.Size;
            if (await checker.CheckAsync(entry).ConfigureAwait(false) is { } reason)
            {
                return NotValid(at, reason);
            }

            frontier.Append(entry.Hash);
            if (entry.Index < there)
            {
                continue;
            }

            batch.Add(entry);
            bytes += entry.Parts.Sum(part => part.Bytes.Length);
            if ((batch.Count >= BatchEntries || bytes >= BatchBytes) && entry.Envelope.Ordinal == entry.Envelope.Of - 1)
            {
                await WriteAsync().ConfigureAwait(false);
            }
        }

        if (checker.CheckEnd() is { } failure)
        {
            return NotValid(failure.Index, failure.Reason);
        }

        await WriteAsync().ConfigureAwait(false);
        var root = await Proofs.RootAsync(to, size, cancellation).ConfigureAwait(false);
        return root == frontier.Root()
            ? new CopyReport(size, size - there, root)
            : LedgerError.Integrity("copy-not-valid", $"What was written has another root hash than what was read: {root}, not {frontier.Root()}.", "Verify both stores; do not use the copy.");

        async ValueTask WriteAsync()
        {
            if (batch.Count > 0)
            {
                await to.ImportAsync(batch.ToAsyncEnumerable(), from.Naming, cancellation).ConfigureAwait(false);
                progress?.Report(batch[^1].Index + 1);
                batch.Clear();
                bytes = 0;
            }
        }
    }

    private static LedgerError NotValid(long index, string reason) => LedgerError.Integrity(
        "copy-not-valid", $"Entry {index} of the ledger does not hold: {reason}", "'ledger verify' tells more. Do not use the copy.");
}
