using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Npgsql;

namespace Ledger.Marten;

/// <summary>Takes entries in as they are, all or none, in one transaction that holds the ledger's end; a part of them in memory at a time.</summary>
internal sealed class Importer(MartenStore store, EventTable table, TimeProvider clock)
{
    private const int MaxEntries = 2000;
    private const long MaxBytes = 8 << 20;

    /// <summary>Imports the entries; whether the names were taken on with them.</summary>
    internal async Task<bool> ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming, CancellationToken cancellation)
    {
        var connection = await store.OpenApartAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var writer = new EntryWriter(store.Schema, table, clock);
        await writer.BeginAsync(connection, [], [], cancellation).ConfigureAwait(false);
        var before = writer.Head.Size;
        // The source may be slow.
        var patient = connection.Command("SET LOCAL idle_in_transaction_session_timeout = 0");
        await using (patient.ConfigureAwait(false))
        {
            await patient.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var takesNames = naming is not null && before == 0;
        if (takesNames)
        {
            var command = connection.Command($"UPDATE {store.Schema}.meta SET secret = $1", Sql.Bytes(naming!.Secret.ToArray()));
            await using var __ = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var chunk = new List<Entry>();
        var bytes = 0L;
        await foreach (var entry in entries.WithCancellation(cancellation).ConfigureAwait(false))
        {
            chunk.Add(entry);
            bytes += entry.EnvelopeBytes.Length + entry.Parts.Sum(part => part.Bytes.Length);
            if (chunk.Count == MaxEntries || bytes >= MaxBytes)
            {
                await WriteAsync(writer, connection, chunk, cancellation).ConfigureAwait(false);
                bytes = 0;
            }
        }

        await WriteAsync(writer, connection, chunk, cancellation).ConfigureAwait(false);
        if (writer.Head.Size == before)
        {
            return false;
        }

        try
        {
            // Not to be cancelled: it would not be known whether they are there.
            await writer.EndAsync(connection, CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (error is not PostgresException && writer.Last is { } last)
        {
            if (!await IsThereAsync(writer.Head.Size - 1, last, error).ConfigureAwait(false))
            {
                throw;
            }
        }

        return takesNames;
    }

    /// <summary>Looks up what became of a commit that got no answer, once the lock that it had is free.</summary>
    private async Task<bool> IsThereAsync(long index, Digest hash, NpgsqlException unanswered)
    {
        try
        {
            var connection = await store.OpenApartAsync(CancellationToken.None).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var wait = connection.Command($"SELECT size FROM {store.Schema}.head FOR UPDATE");
            await using (wait.ConfigureAwait(false))
            {
                await wait.ExecuteScalarAsync().ConfigureAwait(false);
            }

            return (await table.HashesAsync(connection, 0, index, 1, CancellationToken.None).ConfigureAwait(false)).SequenceEqual([hash]);
        }
        catch (NpgsqlException)
        {
            throw new LedgerException(MartenErrors.OutcomeUnknown(store), unanswered);
        }
    }

    private static async Task WriteAsync(EntryWriter writer, NpgsqlConnection connection, List<Entry> chunk, CancellationToken cancellation)
    {
        if (chunk.Count > 0)
        {
            await writer.LoadAsync(connection, chunk.Select(entry => entry.Story).Distinct(), cancellation).ConfigureAwait(false);
            chunk.ForEach(writer.Import);
            await writer.FlushAsync(connection, cancellation).ConfigureAwait(false);
            chunk.Clear();
        }
    }
}
