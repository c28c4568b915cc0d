using System.Collections.Immutable;
using EventStore.Client;
using Ledger.Core.Entries;

namespace Ledger.EventStore.Engine;

/// <summary>Parts that were read before their envelopes, block by block; the oldest block goes when there are too many bytes. Of one reading; its blocks may be fetched side by side.</summary>
internal sealed class PartBuffer
{
    private const long MaxBytes = 16 << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<BlockId, Block> blocks = [];
    private readonly Queue<BlockId> order = [];
    private long bytes;

    /// <summary>Whether a block is here, in that copy or a later one.</summary>
    internal bool Has(BlockId block, int copy)
    {
        lock (gate)
        {
            return blocks.TryGetValue(block, out var there) && there.Copy >= copy;
        }
    }

    /// <summary>Adds one part. A block is one append, so its parts come one after the other.</summary>
    internal void Add(BlockId block, int copy, EventRecord record)
    {
        lock (gate)
        {
            if (!blocks.TryGetValue(block, out var there) || there.Copy != copy)
            {
                if (there?.Copy > copy)
                {
                    return;
                }

                there = Begin(block, copy);
            }

            if (there.IsWhole)
            {
                // It was read from its own stream before the pass came to it.
                return;
            }

            Add(there, record);
            Shrink(block);
        }
    }

    /// <summary>Puts a block in as a whole.</summary>
    internal void Set(BlockId block, int copy, List<EventRecord> parts)
    {
        lock (gate)
        {
            var there = Begin(block, copy);
            parts.ForEach(record => Add(there, record));
            there.IsWhole = true;
            Shrink(block);
        }
    }

    /// <summary>An entry's parts of a block; none when they were erased.</summary>
    internal ImmutableArray<Part> Take(BlockId block, EntryId entry)
    {
        lock (gate)
        {
            return blocks.TryGetValue(block, out var there) && there.Parts.TryGetValue(entry, out var parts) ? [.. parts] : [];
        }
    }

    private Block Begin(BlockId id, int copy)
    {
        if (blocks.Remove(id, out var before))
        {
            bytes -= before.Bytes;
        }
        else
        {
            order.Enqueue(id);
        }

        return blocks[id] = new(copy);
    }

    private void Add(Block block, EventRecord record)
    {
        var (entry, part) = Events.ReadPart(record);
        if (!block.Parts.TryGetValue(entry, out var parts))
        {
            block.Parts[entry] = parts = [];
        }

        parts.Add(part);
        block.Bytes += part.Bytes.Length;
        bytes += part.Bytes.Length;
    }

    private void Shrink(BlockId keep)
    {
        while (bytes > MaxBytes && order.Peek() != keep)
        {
            blocks.Remove(order.Dequeue(), out var dropped);
            bytes -= dropped!.Bytes;
        }
    }

    private sealed class Block(int copy)
    {
        internal int Copy { get; } = copy;

        internal long Bytes { get; set; }

        internal bool IsWhole { get; set; }

        internal Dictionary<EntryId, List<Part>> Parts { get; } = [];
    }
}
