using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Takes parts out of blocks: what stays is copied in one append, everybody is told to read the copy, the block is deleted for good, and the server's files are cleaned. A copy is there
/// as a whole or not at all, so whoever finds one, after a crash or beside another eraser, goes on from it.
/// </summary>
internal sealed class Eraser(Server server, StreamNames names, EntryMap map, Erasures erasures, EntryReader reader, Sweeper sweeper, Scavenge scavenge) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    internal async ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation)
    {
        var index = map.IndexOf(id) ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}."));
        var blocks = map[index].Blocks;
        if ((Events.IsLarge(part) ? blocks.Large : blocks.Small) is not { } block)
        {
            return;
        }

        // A command that was tried twice may have left its words in another block, too.
        await sweeper.RunAsync(this, cancellation).ConfigureAwait(false);
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReplaceAsync(block, (entry, name) => entry == id && name == part, words: true).ConfigureAwait(false);
            await CleanAsync(cancellation).ConfigureAwait(false);
        }
        catch (LedgerException error) when (error.Error.Code == "engine-failed")
        {
            throw new LedgerException(
                LedgerError.Conflict("erasure-pending", $"The {part} of {id} may still be in the server's files: {error.Message}", "Erase again; opening the ledger to write takes it up, too."), error);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes out what belongs to commands that were not appended. The server's files lose it with their next cleaning.</summary>
    internal async ValueTask DropAsync(IEnumerable<(EntryId Entry, BlockId Block)> orphans)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var block in orphans.ToLookup(orphan => orphan.Block, orphan => orphan.Entry))
            {
                var entries = block.ToHashSet();
                await ReplaceAsync(block.Key, (entry, _) => entries.Contains(entry), words: false).ConfigureAwait(false);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes up what a process that died did not bring to its end.</summary>
    internal async ValueTask ResumeAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            foreach (var (block, copy) in erasures.Unclean)
            {
                await DeleteAsync(names.Block(block, copy - 1)).ConfigureAwait(false);
            }

            await CleanAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async ValueTask ReplaceAsync(BlockId block, Func<EntryId, string, bool> isErased, bool words)
    {
        while (true)
        {
            var (copy, parts) = await reader.BlockAsync(block, CancellationToken.None).ConfigureAwait(false);
            var kept = parts.Where(record => Events.ReadPart(record) is var (of, read) && !isErased(of, read.Name)).ToList();
            if (kept.Count == parts.Count)
            {
                return;
            }

            if (kept.Count > 0)
            {
                // A copy that is there already was made by another eraser, and the next round looks at it.
                await server.AppendAsync(names.Block(block, copy + 1), AppendRequest.NoStory, kept.ConvertAll(Events.Again)).ConfigureAwait(false);
            }

            await erasures.ReplacedAsync(block, copy + 1, words).ConfigureAwait(false);
            await DeleteAsync(names.Block(block, copy)).ConfigureAwait(false);
        }
    }

    private async ValueTask DeleteAsync(string stream)
    {
        try
        {
            await server.CallAsync(
                (client, token) => client.TombstoneAsync(stream, StreamState.Any, deadline: server.Deadline, cancellationToken: token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StreamDeletedException)
        {
            // Already.
        }
        catch (LedgerException error) when (error.InnerException is StreamDeletedException)
        {
            // Already.
        }
    }

    private async ValueTask CleanAsync(CancellationToken cancellation)
    {
        var unclean = erasures.Unclean;
        if (unclean.Count == 0)
        {
            return;
        }

        await scavenge.RunAsync(cancellation).ConfigureAwait(false);
        foreach (var (block, copy) in unclean)
        {
            await erasures.CleanedAsync(block, copy).ConfigureAwait(false);
        }
    }
}
