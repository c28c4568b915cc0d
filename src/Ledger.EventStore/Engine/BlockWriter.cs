using System.Collections.Immutable;
using EventStore.Client;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>Where a command's parts are: for each entry, the block of its small parts and of its large ones.</summary>
internal readonly record struct Blocks(BlockId Small, BlockId? Large);

/// <summary>
/// Writes parts before their envelopes, into streams of their own: what waits while appends are on their way goes into one block with the next, and every block is one append,
/// so that it can be replaced as a whole by a copy without what is erased.
/// </summary>
internal sealed class BlockWriter(Server server, StreamNames names, EventStoreSettings settings)
{
    private readonly Lock gate = new();
    private readonly Queue<Work> waiting = [];
    private int writing;

    /// <summary>Writes the parts of one command's entries. Each entry's small parts lie in one block, and so do its large ones.</summary>
    internal async ValueTask<ImmutableArray<Blocks>> WriteAsync(IReadOnlyList<(EntryId Id, string Type, ImmutableArray<Part> Parts)> entries)
    {
        var smalls = await PlaceAsync(entries, large: false).ConfigureAwait(false);
        var larges = await PlaceAsync(entries, large: true).ConfigureAwait(false);
        return [.. entries.Select((_, i) => new Blocks(smalls[i]!.Value, larges[i]))];
    }

    internal static IReadOnlyList<(EntryId Id, string Type, ImmutableArray<Part> Parts)> PartsOf(AppendRequest request) =>
        [.. request.Entries.Select((entry, ordinal) => (EntryId.For(request.Story, request.Command, ordinal), entry.Type, entry.Parts))];

    private async ValueTask<BlockId?[]> PlaceAsync(IReadOnlyList<(EntryId Id, string Type, ImmutableArray<Part> Parts)> entries, bool large)
    {
        var placed = new BlockId?[entries.Count];
        var chunks = new List<(Work Work, int First, int End)>();
        var events = new List<EventData>();
        var (size, first) = (0, 0);
        for (var i = 0; i < entries.Count; i++)
        {
            EventData[] own = [.. entries[i].Parts.Where(part => Events.IsLarge(part.Name) == large).Select(part => Events.OfPart(entries[i].Id, entries[i].Type, part))];
            var added = own.Sum(Events.Size);
            if (events.Count > 0 && size + added > Events.MaxAppend)
            {
                chunks.Add((Queue(events, size, large), first, i));
                (events, size, first) = ([], 0, i);
            }

            events.AddRange(own);
            size += added;
        }

        if (events.Count > 0)
        {
            chunks.Add((Queue(events, size, large), first, entries.Count));
        }

        foreach (var (work, begin, end) in chunks)
        {
            var block = await work.Written.Task.ConfigureAwait(false);
            for (var i = begin; i < end; i++)
            {
                placed[i] = !large || entries[i].Parts.Any(part => Events.IsLarge(part.Name)) ? block : null;
            }
        }

        return placed;
    }

    private Work Queue(List<EventData> events, int size, bool large)
    {
        var work = new Work(events, size, large);
        lock (gate)
        {
            waiting.Enqueue(work);
            if (writing == settings.BlocksAtOnce)
            {
                return work;
            }

            writing++;
        }

        _ = Task.Run(RunAsync);
        return work;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var batch = new List<Work>();
            lock (gate)
            {
                var size = 0;
                while (batch.Count < settings.CommandsPerBlock && waiting.TryPeek(out var next)
                    && (batch.Count == 0 || (next.IsLarge == batch[0].IsLarge && !next.IsLarge && size + next.Size <= Events.MaxAppend)))
                {
                    batch.Add(waiting.Dequeue());
                    size += next.Size;
                }

                if (batch.Count == 0)
                {
                    writing--;
                    return;
                }
            }

            var block = new BlockId(Guid.CreateVersion7(), batch[0].IsLarge);
            try
            {
                await server.AppendAsync(names.Block(block, 0), AppendRequest.NoStory, [.. batch.SelectMany(work => work.Events)]).ConfigureAwait(false);
                batch.ForEach(work => work.Written.SetResult(block));
            }
            catch (Exception error)
            {
                batch.ForEach(work => work.Written.SetException(error));
            }
        }
    }

    private sealed record Work(List<EventData> Events, int Size, bool IsLarge)
    {
        internal TaskCompletionSource<BlockId> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
