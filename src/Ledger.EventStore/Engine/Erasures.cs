using System.Text.Json;
using EventStore.Client;
using Ledger.Core.Entries;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Which blocks were replaced by a copy without what was erased, as events of a stream of its own tell: one when the copy is to be read instead, one when the server's files have
/// been cleaned. Safe to use from many threads.
/// </summary>
internal sealed class Erasures(Server server, StreamNames names)
{
    private const string Replaced = "block-replaced";
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
    internal ValueTask ReplacedAsync(BlockId block, int copy, EntryId entry, string part) => WriteAsync(Replaced, block, copy, json =>
    {
        json.WriteString("entry", entry.Value);
        json.WriteString("part", part);
    });

    /// <summary>The copies before that one are in no file any more.</summary>
    internal ValueTask CleanedAsync(BlockId block, int copy) => WriteAsync(Cleaned, block, copy, _ => { });

    private async ValueTask WriteAsync(string type, BlockId block, int copy, Action<Utf8JsonWriter> more)
    {
        var data = Events.Write(json =>
        {
            json.WriteString("block", block.Id);
            json.WriteBoolean("texts", block.IsLarge);
            json.WriteNumber("copy", copy);
            more(json);
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
            if (type == Replaced && copy > copies.GetValueOrDefault(block))
            {
                copies[block] = unclean[block] = copy;
            }
            else if (type == Cleaned && copy >= unclean.GetValueOrDefault(block))
            {
                unclean.Remove(block);
            }
        }
    }
}
