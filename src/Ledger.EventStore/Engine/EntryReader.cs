using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.EventStore.Engine;

/// <summary>Puts entries together again from envelopes and parts. Where many are read, both come in one pass over <c>$all</c>; what the pass does not bring is read from its block.</summary>
internal sealed class EntryReader(Server server, StreamNames names, EntryMap map, Erasures erasures, Follower follower)
{
    // Stories are read so many entries at a time, their blocks side by side.
    private const int Page = 64;

    /// <summary>The entries from one index to another, which are there.</summary>
    internal async IAsyncEnumerable<Entry> RangeAsync(long from, long end, PartSelection selection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= end)
        {
            yield break;
        }

        var filter = Filter(selection);
        var start = map[from].Position;
        var records = server.ReadAsync(
            after => server.Client.ReadAllAsync(Direction.Forwards, after?.Position ?? start, filter, cancellationToken: cancellation), cancellation);
        await foreach (var entry in AssembleAsync(records, from, selection, cancellation).ConfigureAwait(false))
        {
            yield return entry;
            if (entry.Index == end - 1)
            {
                yield break;
            }
        }

        throw new LedgerException(LedgerError.Integrity("entry-missing", $"An entry before index {end} is missing on the server.", "'ledger verify' tells more."));
    }

    /// <summary>Every entry from an index on, as it is counted.</summary>
    internal async IAsyncEnumerable<Entry> FollowAsync(long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await follower.WaitSizeAsync(from, cancellation).ConfigureAwait(false);
        var filter = new SubscriptionFilterOptions(Filter(PartSelection.Small), checkpointInterval: 1000);
        var start = from == 0 ? map.Begin : map[from - 1].Position;
        var records = Server.SubscribeAsync(
            after => server.Client.SubscribeToAll(
                FromAll.After(after?.Position ?? start), filterOptions: filter, cancellationToken: cancellation),
            cancellation);
        await foreach (var entry in AssembleAsync(records, from, PartSelection.Small, cancellation).ConfigureAwait(false))
        {
            yield return entry;
        }
    }

    /// <summary>A story's entries from a revision on.</summary>
    internal async IAsyncEnumerable<Entry> StoryAsync(StoryId story, long from, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new PartBuffer();
        var page = new List<(long Index, StoredEnvelope Stored)>();
        await using var records = StreamAsync(story, from, long.MaxValue, cancellation).GetAsyncEnumerator(cancellation);
        var more = true;
        while (more)
        {
            more = await records.MoveNextAsync().ConfigureAwait(false);
            if (more)
            {
                // What another process has just appended is counted in a moment.
                var revision = records.Current.EventNumber.ToInt64();
                await follower.WaitAsync(story, revision, patience, cancellation).ConfigureAwait(false);
                page.Add((map.IndexOf(story, revision)!.Value, Events.ReadEnvelope(records.Current)));
            }

            if (page.Count == Page || !more)
            {
                await FetchAsync(buffer, page.Select(entry => entry.Stored.Small).Distinct(), cancellation).ConfigureAwait(false);
                foreach (var (index, stored) in page)
                {
                    yield return await AssembleAsync(index, stored, PartSelection.Small, buffer, cancellation).ConfigureAwait(false);
                }

                page.Clear();
            }
        }
    }

    /// <summary>One entry.</summary>
    internal async ValueTask<Entry> AtAsync(long index, PartSelection selection, CancellationToken cancellation)
    {
        var (buffer, blocks) = (new PartBuffer(), map[index].Blocks);
        var fetching = FetchAsync(buffer, selection == PartSelection.All && blocks.Large is { } large ? [blocks.Small, large] : [blocks.Small], cancellation);
        var stored = await StoredAsync(index, cancellation).ConfigureAwait(false);
        await fetching.ConfigureAwait(false);
        return await AssembleAsync(index, stored, selection, buffer, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<StoredEnvelope> StoredAsync(long index, CancellationToken cancellation)
    {
        var place = map[index];
        await foreach (var record in StreamAsync(place.Story, place.Revision, 1, cancellation).ConfigureAwait(false))
        {
            return Events.ReadEnvelope(record);
        }

        throw new LedgerException(LedgerError.Integrity("entry-missing", $"The entry at index {index} is missing on the server.", "'ledger verify' tells more."));
    }

    /// <summary>So many entries of a story, without their parts.</summary>
    internal async ValueTask<List<Entry>> EnvelopesAsync(StoryId story, long from, long count, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        await foreach (var record in StreamAsync(story, from, count, cancellation).ConfigureAwait(false))
        {
            var index = map.IndexOf(story, record.EventNumber.ToInt64())!.Value;
            entries.Add(new(index, record.Data, map[index].Hash, []));
        }

        return entries;
    }

    /// <summary>Counts anew, and compares: the first entry that is not found under what its envelope says; null when all are.</summary>
    internal async ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation)
    {
        var (index, time) = (0L, Timestamp.MinValue);
        if (size > 0)
        {
            await foreach (var record in server.ReadAsync(
                after => server.Client.ReadAllAsync(Direction.Forwards, after?.Position ?? map[0].Position, StreamFilter.Prefix(2000, names.Stories), cancellationToken: cancellation),
                cancellation).ConfigureAwait(false))
            {
                var envelope = Envelope.Read(record.Data);
                time = Timestamp.Max(time, envelope.RecordedAt);
                var place = map[index];
                var wrong = map.IndexOf(envelope.Id) != index || place.Id != envelope.Id ? "id"
                    : map.IndexOf(envelope.Story, envelope.Revision) != index || record.EventStreamId != names.Story(envelope.Story) || record.EventNumber.ToInt64() != envelope.Revision ? "revision"
                    : place.LedgerTime != time ? "time"
                    : null;
                if (wrong is not null)
                {
                    return new(index, envelope.Id, $"It is not found by its {wrong}: the server has it under another than its envelope states.");
                }

                if (++index == size)
                {
                    return null;
                }
            }
        }

        return index == size ? null : new(index, null, "It is missing on the server.");
    }

    /// <summary>The events of a block in the copy that is to be read, and which that is; none when all its parts were erased.</summary>
    internal async ValueTask<(int Copy, List<EventRecord> Parts)> BlockAsync(BlockId block, CancellationToken cancellation)
    {
        for (var copy = erasures.CopyOf(block); ; copy++)
        {
            var stream = names.Block(block, copy);
            var parts = new List<EventRecord>();
            try
            {
                await foreach (var record in server.ReadAsync(
                    after => server.Client.ReadStreamAsync(
                        Direction.Forwards, stream, after is null ? StreamPosition.Start : after.EventNumber.Next(), cancellationToken: cancellation),
                    cancellation).ConfigureAwait(false))
                {
                    parts.Add(record);
                }

                return (copy, parts);
            }
            catch (StreamNotFoundException)
            {
                return (copy, []);
            }
            catch (StreamDeletedException)
            {
                // Somebody has replaced it, and we have not heard of it yet.
            }
        }
    }

    private async IAsyncEnumerable<EventRecord> StreamAsync(StoryId story, long from, long count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var records = server.ReadAsync(
            after => server.Client.ReadStreamAsync(
                Direction.Forwards,
                names.Story(story),
                after is null ? StreamPosition.FromInt64(from) : after.EventNumber.Next(),
                after is null || count == long.MaxValue ? count : count - (after.EventNumber.ToInt64() - from) - 1,
                cancellationToken: cancellation),
            cancellation).GetAsyncEnumerator(cancellation);
        await using (records.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await records.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (StreamNotFoundException)
                {
                    yield break;
                }
                catch (StreamDeletedException error)
                {
                    throw new LedgerException(LedgerError.Integrity("entry-missing", $"The stream of the story {story} was deleted on the server.", "'ledger verify' tells more."), error);
                }

                yield return records.Current;
            }
        }
    }

    private async IAsyncEnumerable<Entry> AssembleAsync(
        IAsyncEnumerable<EventRecord> records, long next, PartSelection selection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new PartBuffer();
        await foreach (var record in records.ConfigureAwait(false))
        {
            if (Events.IsServers(record))
            {
                // A block that was replaced ends in the mark that it is deleted.
                continue;
            }

            if (names.BlockOf(record.EventStreamId) is { } block)
            {
                buffer.Add(block.Block, block.Copy, record);
                continue;
            }

            await follower.WaitSizeAsync(next + 1, cancellation).ConfigureAwait(false);
            if (map[next].Position != record.Position)
            {
                throw new LedgerException(LedgerError.Integrity("entry-missing", $"The entry at index {next} is not where it was counted.", "'ledger verify' tells more."));
            }

            yield return await AssembleAsync(next, Events.ReadEnvelope(record), selection, buffer, cancellation).ConfigureAwait(false);
            next++;
        }
    }

    private async ValueTask<Entry> AssembleAsync(long index, StoredEnvelope stored, PartSelection selection, PartBuffer buffer, CancellationToken cancellation)
    {
        var place = map[index];
        var parts = await PartsAsync(stored.Small).ConfigureAwait(false);
        if (selection == PartSelection.All && stored.Large is { } large)
        {
            parts = [.. parts, .. await PartsAsync(large).ConfigureAwait(false)];
        }

        return new(index, stored.Bytes, place.Hash, parts);

        async ValueTask<ImmutableArray<Part>> PartsAsync(BlockId block)
        {
            if (!buffer.Has(block, erasures.CopyOf(block)))
            {
                await FetchAsync(buffer, [block], cancellation).ConfigureAwait(false);
            }

            return buffer.Take(block, place.Id);
        }
    }

    private Task FetchAsync(PartBuffer buffer, IEnumerable<BlockId> blocks, CancellationToken cancellation) =>
        Task.WhenAll(blocks.Where(block => !buffer.Has(block, erasures.CopyOf(block))).ToList().ConvertAll(async block =>
        {
            var (copy, parts) = await BlockAsync(block, cancellation).ConfigureAwait(false);
            buffer.Set(block, copy, parts);
        }));

    private IEventFilter Filter(PartSelection selection) => selection == PartSelection.All
        ? StreamFilter.Prefix(2000, names.Stories, names.Smalls, names.Larges)
        : StreamFilter.Prefix(2000, names.Stories, names.Smalls);
}
