using Ledger.Core;
using Ledger.Core.Entries;

namespace Ledger.Marten;

/// <summary>Removes a part's salt and bytes.</summary>
internal sealed class Eraser(MartenStore store, EventTable table)
{
    internal async Task EraseAsync(EntryId id, string part, CancellationToken cancellation)
    {
        var connection = await store.OpenApartAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var index = await table.IndexOfAsync(connection, id, cancellation).ConfigureAwait(false)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}."));
        var erase = part switch
        {
            Part.Body => connection.Command($"UPDATE {store.Schema}.mt_events SET data = '{{}}', headers = headers #- '{{salts,body}}' WHERE seq_id = $1", Sql.Value(index + 1)),
            Part.Recorder => connection.Command($"UPDATE {store.Schema}.mt_events SET headers = headers #- '{{salts,recorder}}' #- '{{recorder}}' WHERE seq_id = $1", Sql.Value(index + 1)),
            _ => connection.Command($"DELETE FROM {store.Schema}.parts WHERE idx = $1 AND name = $2", Sql.Value(index), Sql.Value(part)),
        };
        await using var __ = erase.ConfigureAwait(false);
        await erase.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
