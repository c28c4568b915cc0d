using System.Collections.Immutable;

namespace Ledger.Core.Integrity;

/// <summary>
/// Inclusion and consistency proofs (RFC 6962 §2.1; verified as in RFC 9162 §2.1.3 and §2.1.4). Making one reads a number of tiles, and does a number of hashes,
/// logarithmic in the size of the tree. Verifying never throws, whatever it is given.
/// </summary>
public static class Proofs
{
    /// <summary>The root of the tree when it had <paramref name="size"/> leaves.</summary>
    public static async ValueTask<Digest> RootAsync(ITileSource tiles, long size, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? TreeHash.EmptyRoot : await new Subtrees(tiles, size).RangeAsync(0, size, cancellation).ConfigureAwait(false);
    }

    /// <summary>That the leaf at an index is in the tree of a size: the hashes beside its path, from the leaf up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ index &lt; size.</exception>
    public static async ValueTask<ImmutableArray<Digest>> InclusionAsync(ITileSource tiles, long index, long size, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var subtrees = new Subtrees(tiles, size);
        var proof = new List<Digest>();
        long from = 0, to = size;
        while (to - from > 1)
        {
            var middle = from + Split(to - from);
            if (index < middle)
            {
                proof.Add(await subtrees.RangeAsync(middle, to, cancellation).ConfigureAwait(false));
                to = middle;
            }
            else
            {
                proof.Add(await subtrees.RangeAsync(from, middle, cancellation).ConfigureAwait(false));
                from = middle;
            }
        }

        proof.Reverse();
        return [.. proof];
    }

    /// <summary>That the tree of the first size is the beginning of the tree of the second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ first ≤ second.</exception>
    public static async ValueTask<ImmutableArray<Digest>> ConsistencyAsync(ITileSource tiles, long first, long second, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        if (first == 0 || first == second)
        {
            return [];
        }

        var subtrees = new Subtrees(tiles, second);
        var proof = new List<Digest>();
        long from = 0, to = second;
        // While the first tree ends inside the range; it is left out of the proof when it is the range (the verifier has its root).
        while (first < to)
        {
            var middle = from + Split(to - from);
            if (first <= middle)
            {
                proof.Add(await subtrees.RangeAsync(middle, to, cancellation).ConfigureAwait(false));
                to = middle;
            }
            else
            {
                proof.Add(await subtrees.RangeAsync(from, middle, cancellation).ConfigureAwait(false));
                from = middle;
            }
        }

        if (from > 0)
        {
            proof.Add(await subtrees.RangeAsync(from, to, cancellation).ConfigureAwait(false));
        }

        proof.Reverse();
        return [.. proof];
    }

    /// <summary>Whether a proof shows that <paramref name="leaf"/> (a leaf hash) stands at an index of the tree with that size and root.</summary>
    public static bool VerifyInclusion(Digest leaf, long index, long size, ReadOnlySpan<Digest> proof, Digest root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        long node = index, last = size - 1;
        var hash = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = TreeHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = TreeHash.Node(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether a proof shows that the tree with the first size and root is the beginning of the one with the second.</summary>
    public static bool VerifyConsistency(long first, long second, Digest firstRoot, Digest secondRoot, ReadOnlySpan<Digest> proof)
    {
        if (first < 0 || first > second)
        {
            return false;
        }

        if (first == second || first == 0)
        {
            return proof.IsEmpty && (first == second ? firstRoot == secondRoot : firstRoot == TreeHash.EmptyRoot);
        }

        long node = first - 1, last = second - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        // A first tree that is a full subtree of the second is its own beginning; else the proof tells it.
        var start = node == 0 ? 0 : 1;
        if (proof.Length < start)
        {
            return false;
        }

        var firstHash = start == 0 ? firstRoot : proof[0];
        var secondHash = firstHash;
        foreach (var sibling in proof[start..])
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                firstHash = TreeHash.Node(sibling, firstHash);
                secondHash = TreeHash.Node(sibling, secondHash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                secondHash = TreeHash.Node(secondHash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && firstHash == firstRoot && secondHash == secondRoot;
    }

    /// <summary>The largest power of two below a size (RFC 6962's k).</summary>
    private static long Split(long size) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(size - 1)));

    /// <summary>Roots of ranges of leaves, computed from tiles.</summary>
    private sealed class Subtrees(ITileSource tiles, long size)
    {
        private const int TileHeight = 8;
        private const int TileWidth = 1 << TileHeight;

        private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> read = [];

        /// <summary>The root over <c>[from, to)</c>, a range of the tree's own recursion: from is a multiple of the power of two at or above its length.</summary>
        internal async ValueTask<Digest> RangeAsync(long from, long to, CancellationToken cancellation)
        {
            var length = to - from;
            if (System.Numerics.BitOperations.IsPow2(length))
            {
                return await FullAsync(System.Numerics.BitOperations.TrailingZeroCount(length), from, cancellation).ConfigureAwait(false);
            }

            var middle = from + Split(length);
            var left = await RangeAsync(from, middle, cancellation).ConfigureAwait(false);
            return TreeHash.Node(left, await RangeAsync(middle, to, cancellation).ConfigureAwait(false));
        }

        /// <summary>The root of the full subtree of a height whose first leaf is at an index: within one tile.</summary>
        private async ValueTask<Digest> FullAsync(int height, long firstLeaf, CancellationToken cancellation)
        {
            var level = height / TileHeight;
            var first = firstLeaf >> (level * TileHeight);
            var width = 1 << (height % TileHeight);
            var tile = await TileAsync(level, first / TileWidth, cancellation).ConfigureAwait(false);
            return Root(tile.Span.Slice((int)(first % TileWidth) * Digest.Length, width * Digest.Length));
        }

        private async ValueTask<ReadOnlyMemory<byte>> TileAsync(int level, long index, CancellationToken cancellation)
        {
            if (!read.TryGetValue((level, index), out var tile))
            {
                var width = (int)Math.Min(TileWidth, (size >> (level * TileHeight)) - (index * TileWidth));
                read[(level, index)] = tile = await tiles.ReadTileAsync(level, index, width, cancellation).ConfigureAwait(false);
            }

            return tile;
        }

        private static Digest Root(ReadOnlySpan<byte> hashes)
        {
            var digests = new Digest[hashes.Length / Digest.Length];
            for (var i = 0; i < digests.Length; i++)
            {
                digests[i] = new(hashes.Slice(i * Digest.Length, Digest.Length));
            }

            return TreeHash.Root(digests);
        }
    }
}
