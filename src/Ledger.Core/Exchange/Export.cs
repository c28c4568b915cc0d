using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Exchange;

/// <summary>Writes a whole ledger as NDJSON: envelopes, parts and salts, so that anybody can recompute it, and another store can take it on.</summary>
public static class Export
{
    /// <summary>Writes every entry up to the head as it is now.</summary>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="LedgerException">The ledger is empty (<c>ledger-empty</c>).</exception>
    public static async ValueTask<long> WriteAsync(ILedgerLog log, Stream output, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
        LedgerOpened? opened = null;
        await foreach (var first in log.ReadAsync(0, 1, cancellation: cancellation).ConfigureAwait(false))
        {
            opened = first.Body as LedgerOpened;
        }

        if (opened is null)
        {
            throw new LedgerException(LedgerError.Refused("ledger-empty", "There is nothing to export: the ledger has no entries."));
        }

        var header = new ExportHeader(opened.Origin, head.Size, await Proofs.RootAsync(log, head.Size, cancellation).ConfigureAwait(false));
        await output.WriteAsync(ExportFormat.WriteHeader(header), cancellation).ConfigureAwait(false);
        await foreach (var entry in log.ReadAsync(0, head.Size, PartSelection.All, cancellation).ConfigureAwait(false))
        {
            await output.WriteAsync(ExportFormat.WriteEntry(entry), cancellation).ConfigureAwait(false);
            if ((entry.Index + 1) % 1000 == 0)
            {
                progress?.Report(entry.Index + 1);
            }
        }

        await output.FlushAsync(cancellation).ConfigureAwait(false);
        progress?.Report(head.Size);
        return head.Size;
    }
}
