using System.Buffers.Binary;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Takes on entries as they are. First all of them are looked at and their parts written, which nobody sees; their envelopes, which hold no words, wait in a file. Then the envelopes are
/// appended in order, each append awaited, because the order of appends is the order of the ledger. The server has no transaction over streams: an import that is cut off in its second
/// half has taken on a beginning, and the next import adds the rest.
/// </summary>
internal sealed class Importer(Server server, StreamNames names, EntryMap map, Follower follower, BlockWriter blocks, EventStoreSettings settings)
{
    // Parts are written so many entries at a time.
    private const int Together = 200;

    /// <param name="entries">The entries.</param>
    /// <param name="prepare">Done when all entries follow, before the first is appended.</param>
    /// <param name="cancellation">Cancels until then.</param>
    internal async ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Func<ValueTask> prepare, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ledger-import-{Guid.NewGuid():N}");
        await using var spool = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        var count = await SpoolAsync(entries, spool, cancellation).ConfigureAwait(false);
        if (count > 0)
        {
            await prepare().ConfigureAwait(false);
            spool.Position = 0;
            await AppendAsync(spool, count).ConfigureAwait(false);
        }
    }

    private async ValueTask<long> SpoolAsync(IAsyncEnumerable<Entry> entries, FileStream spool, CancellationToken cancellation)
    {
        var next = map.Head.Size;
        var ends = new Dictionary<StoryId, (long Revision, Digest? Hash)>();
        var ids = new HashSet<EntryId>();
        var together = new List<Entry>();
        var count = 0L;
        await foreach (var entry in entries.WithCancellation(cancellation).ConfigureAwait(false))
        {
            var envelope = entry.Envelope;
            if (!ends.TryGetValue(envelope.Story, out var end))
            {
                end = map.LastOf(envelope.Story) is { } last ? (last.Revision, last.Hash) : (AppendRequest.NoStory, null);
            }

            if (entry.Index != next || envelope.Revision != end.Revision + 1 || envelope.Previous != end.Hash)
            {
                throw DoesNotFollow($"The entry {envelope.Id} at index {entry.Index} does not follow on what is in the ledger ({map.Head.Size} entries).");
            }

            if (map.IndexOf(envelope.Id) is not null || !ids.Add(envelope.Id))
            {
                throw DoesNotFollow($"The entry {envelope.Id} is in the ledger already.");
            }

            ends[envelope.Story] = (envelope.Revision, entry.Hash);
            next++;
            count++;
            together.Add(entry);
            if (together.Count == Together)
            {
                await SpoolAsync(together, spool, cancellation).ConfigureAwait(false);
            }
        }

        await SpoolAsync(together, spool, cancellation).ConfigureAwait(false);
        return count;
    }

    private async ValueTask SpoolAsync(List<Entry> together, FileStream spool, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var placed = await blocks.WriteAsync(together.ConvertAll(entry => (entry.Id, entry.Envelope.Type, entry.Parts))).ConfigureAwait(false);
        for (var i = 0; i < together.Count; i++)
        {
            var bytes = together[i].EnvelopeBytes;
            var head = new byte[4 + 16 + 1 + 16];
            BinaryPrimitives.WriteInt32LittleEndian(head, bytes.Length);
            placed[i].Small.Id.TryWriteBytes(head.AsSpan(4));
            head[20] = placed[i].Large is null ? (byte)0 : (byte)1;
            placed[i].Large?.Id.TryWriteBytes(head.AsSpan(21));
            await spool.WriteAsync(head, CancellationToken.None).ConfigureAwait(false);
            await spool.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        }

        together.Clear();
    }

    /// <summary>Appends runs of one story, whole commands where they fit.</summary>
    private async ValueTask AppendAsync(FileStream spool, long count)
    {
        var run = new List<(Envelope Envelope, byte[] Bytes, Blocks Blocks)>();
        var size = 0;
        for (var i = 0L; i < count; i++)
        {
            var next = await ReadAsync(spool).ConfigureAwait(false);
            if (run.Count > 0
                && (next.Envelope.Story != run[0].Envelope.Story
                    || (next.Envelope.Command != run[^1].Envelope.Command && run.Count >= Together)
                    || size + next.Bytes.Length + 300 > Events.MaxAppend))
            {
                await AppendAsync(run).ConfigureAwait(false);
                size = 0;
            }

            run.Add(next);
            size += next.Bytes.Length + 300;
        }

        var last = run[^1].Envelope.Id;
        await AppendAsync(run).ConfigureAwait(false);
        if (!await follower.WaitAsync(last, settings.IndexPatience).ConfigureAwait(false))
        {
            throw new LedgerException(new AppendResult.Recorded(default).Pending);
        }
    }

    private async ValueTask AppendAsync(List<(Envelope Envelope, byte[] Bytes, Blocks Blocks)> run)
    {
        var first = run[0].Envelope;
        var events = run.Select((entry, i) =>
            Events.OfEnvelope(entry.Envelope.Type, new(entry.Bytes, entry.Blocks.Small, entry.Blocks.Large, run.Count - 1 - i))).ToList();
        if (await server.AppendAsync(names.Story(first.Story), first.Revision - 1, events).ConfigureAwait(false) is not null)
        {
            throw DoesNotFollow($"Another program appended to the story {first.Story} meanwhile, behind which the entry {first.Id} does not follow.");
        }

        run.Clear();
    }

    private static async ValueTask<(Envelope Envelope, byte[] Bytes, Blocks Blocks)> ReadAsync(FileStream spool)
    {
        var head = new byte[4 + 16 + 1 + 16];
        await spool.ReadExactlyAsync(head).ConfigureAwait(false);
        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        await spool.ReadExactlyAsync(bytes).ConfigureAwait(false);
        return (
            Envelope.Read(bytes),
            bytes,
            new(new(new Guid(head.AsSpan(4, 16)), IsLarge: false), head[20] == 0 ? null : new BlockId(new Guid(head.AsSpan(21, 16)), IsLarge: true)));
    }

    private static LedgerException DoesNotFollow(string message) => new(LedgerError.Integrity("import-does-not-follow", message));
}
