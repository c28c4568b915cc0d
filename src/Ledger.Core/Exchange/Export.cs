using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Exchange;

/// <summary>Writes a whole ledger as NDJSON: envelopes, parts and salts, so that anybody can recompute it, and another store can take it on.</summary>
public static class Export
{
    /// <summary>Writes every entry up to the head as it is now, each after its hashes were computed anew.</summary>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="LedgerException">The ledger is empty (<c>ledger-empty</c>), or an entry is not what was recorded (<c>entry-altered</c>): what was written is not whole then.</exception>
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
        var frontier = new Frontier();
        await foreach (var entry in log.ReadAsync(0, head.Size, PartSelection.All, cancellation).ConfigureAwait(false))
        {
            if (Problem(entry, frontier.Size) is { } problem)
            {
                throw Altered($"Entry {frontier.Size} is not what was recorded: {problem}");
            }

            frontier.Append(entry.Hash);
            await output.WriteAsync(ExportFormat.WriteEntry(entry), cancellation).ConfigureAwait(false);
            if ((entry.Index + 1) % 1000 == 0)
            {
                progress?.Report(entry.Index + 1);
            }
        }

        if (frontier.Size != head.Size || frontier.Root() != header.Root)
        {
            throw Altered($"The {frontier.Size} entries do not give the ledger's {head.Size} and its root.");
        }

        await output.FlushAsync(cancellation).ConfigureAwait(false);
        progress?.Report(head.Size);
        return head.Size;
    }

    private static string? Problem(Entry entry, long index)
    {
        if (entry.Index != index)
        {
            return $"it is missing; the next one stands at {entry.Index}.";
        }

        if (TreeHash.Leaf(entry.EnvelopeBytes.Span) != entry.Hash)
        {
            return "its envelope does not have the hash that is stored with it.";
        }

        Envelope envelope;
        try
        {
            envelope = entry.Envelope;
        }
        catch (LedgerException error)
        {
            return error.Error.Message;
        }

        var wrong = entry.Parts.FirstOrDefault(part => !envelope.Parts.TryGetValue(part.Name, out var commitment) || part.Salt.Length != Part.SaltLength || part.Commitment() != commitment);
        return wrong is null ? null : $"the commitment to its {wrong.Name} does not hold ({entry.Id}).";
    }

    private static LedgerException Altered(string message) =>
        new(LedgerError.Integrity("entry-altered", message, "'ledger verify' tells more; restore the last backup, and keep the altered file."));
}
