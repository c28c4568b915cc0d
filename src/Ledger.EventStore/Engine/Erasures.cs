using System.Text.Json;
using EventStore.Client;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Which blocks were replaced by a copy without what was erased, as events of a stream of its own tell: one when the copy is to be read instead, one when the server's files have
/// been cleaned. Safe to use from many threads.
/// </summary>
internal sealed class Erasures(Server server, StreamNames names)
{
    private const string Replaced = "block-replaced";
    private const string Trimmed = "block-trimmed";
    private const string Cleaned = "files-cleaned";

    private readonly Lock gate = new();
    private readonly Dictionary<BlockId, int> copies = [];
    private readonly Dictionary<BlockId, int> unclean = [];

    /// <summary>Which copy of a block is to be read; 0 for the one that was written first.</summary>
    internal int CopyOf(BlockId block)
    {
        lock (gate)
        {
            return copies.GetValueOrDefault(block);
        }
    }

    /// <summary>Blocks whose replaced copies may still be in the server's files, and the first copy that may stay.</summary>
    internal IReadOnlyDictionary<BlockId, int> Unclean
    {
        get
        {
            lock (gate)
            {
                return unclean.ToDictionary();
            }
        }
    }

    /// <summary>Takes one of the stream's events; one that was taken before changes nothing.</summary>
    internal void Take(EventRecord record)
    {
        using var data = JsonDocument.Parse(record.Data);
        var block = new BlockId(data.RootElement.GetProperty("block").GetGuid(), data.RootElement.GetProperty("texts").GetBoolean());
        Take(record.EventType, block, data.RootElement.GetProperty("copy").GetInt32());
    }

    /// <summary>From now on, everybody reads that copy.</summary>
    /// <param name="block">The block.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="words">Whether the copies before it hold words of the ledger, which have to go from the server's files.</param>
    internal ValueTask ReplacedAsync(BlockId block, int copy, bool words) => WriteAsync(words ? Replaced : Trimmed, block, copy);

    /// <summary>The copies before that one are in no file any more.</summary>
    internal ValueTask CleanedAsync(BlockId block, int copy) => WriteAsync(Cleaned, block, copy);

    private async ValueTask WriteAsync(string type, BlockId block, int copy)
    {
        var data = Events.Write(json =>
        {
            json.WriteString("block", block.Id);
            json.WriteBoolean("texts", block.IsLarge);
            json.WriteNumber("copy", copy);
        });
        var written = new EventData(Uuid.NewUuid(), type, data);
        await server.CallAsync(
            (client, token) => client.AppendToStreamAsync(names.Erasures, StreamState.Any, [written], deadline: server.Deadline, cancellationToken: token),
            CancellationToken.None).ConfigureAwait(false);
        Take(type, block, copy);
    }

    private void Take(string type, BlockId block, int copy)
    {
        lock (gate)
        {
            if (type is Replaced or Trimmed && copy > copies.GetValueOrDefault(block))
            {
                copies[block] = copy;
                if (type == Replaced)
                {
                    unclean[block] = copy;
                }
            }
            else if (type == Cleaned && copy >= unclean.GetValueOrDefault(block))
            {
                unclean.Remove(block);
            }
        }
    }
}
