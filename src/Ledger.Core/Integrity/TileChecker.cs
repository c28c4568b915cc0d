namespace Ledger.Core.Integrity;

/// <summary>Recomputes every tile of a tree from its leaf hashes, given in order, and compares each with the one that a source gives. Holds at most a tile a level.</summary>
internal sealed class TileChecker(ITileSource source)
{
    private const int Width = 256;

    private readonly List<(List<Digest> Hashes, long Tile)> levels = [];

    /// <summary>Takes the next leaf hash. The first leaf under a hash that is not the source's; null while there is none.</summary>
    internal ValueTask<long?> AddAsync(Digest leaf, CancellationToken cancellation) => AddAsync(0, leaf, cancellation);

    /// <summary>After the last leaf: compares the tiles that are not full.</summary>
    internal async ValueTask<long?> EndAsync(CancellationToken cancellation)
    {
        for (var level = 0; level < levels.Count; level++)
        {
            if (levels[level].Hashes.Count > 0 && await CompareAsync(level, cancellation).ConfigureAwait(false) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private async ValueTask<long?> AddAsync(int level, Digest hash, CancellationToken cancellation)
    {
        if (level == levels.Count)
        {
            levels.Add(([], 0));
        }

        var (hashes, tile) = levels[level];
        hashes.Add(hash);
        if (hashes.Count < Width)
        {
            return null;
        }

        if (await CompareAsync(level, cancellation).ConfigureAwait(false) is { } wrong)
        {
            return wrong;
        }

        var root = TreeHash.Root(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes));
        hashes.Clear();
        levels[level] = (hashes, tile + 1);
        return await AddAsync(level + 1, root, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<long?> CompareAsync(int level, CancellationToken cancellation)
    {
        var (hashes, tile) = levels[level];
        ReadOnlyMemory<byte> stored;
        try
        {
            stored = await source.ReadTileAsync(level, tile, hashes.Count, cancellation).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException)
        {
            return FirstLeaf(0);
        }

        for (var i = 0; i < hashes.Count; i++)
        {
            if (stored.Length < (i + 1) * Digest.Length || new Digest(stored.Span.Slice(i * Digest.Length, Digest.Length)) != hashes[i])
            {
                return FirstLeaf(i);
            }
        }

        return null;

        long FirstLeaf(int place) => ((tile * Width) + place) << (8 * level);
    }
}
