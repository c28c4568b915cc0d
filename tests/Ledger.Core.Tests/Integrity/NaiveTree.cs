using System.Security.Cryptography;
using Ledger.Core.Integrity;

namespace Ledger.Core.Tests.Integrity;

/// <summary>RFC 6962, section 2.1, word for word: slow, recursive, and without a thought of tiles.</summary>
internal static class NaiveTree
{
    internal static Digest Root(ReadOnlySpan<Digest> leaves) => leaves.Length switch
    {
        0 => new(SHA256.HashData([])),
        1 => leaves[0],
        var n => Node(Root(leaves[..Split(n)]), Root(leaves[Split(n)..])),
    };

    /// <summary>PATH(m, D[n]).</summary>
    internal static List<Digest> Path(int m, ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        var k = Split(leaves.Length);
        return m < k ? [.. Path(m, leaves[..k]), Root(leaves[k..])] : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    /// <summary>PROOF(m, D[n]).</summary>
    internal static List<Digest> Proof(int m, ReadOnlySpan<Digest> leaves) => m == 0 ? [] : SubProof(m, leaves, complete: true);

    private static List<Digest> SubProof(int m, ReadOnlySpan<Digest> leaves, bool complete)
    {
        if (m == leaves.Length)
        {
            return complete ? [] : [Root(leaves)];
        }

        var k = Split(leaves.Length);
        return m <= k
            ? [.. SubProof(m, leaves[..k], complete), Root(leaves[k..])]
            : [.. SubProof(m - k, leaves[k..], complete: false), Root(leaves[..k])];
    }

    private static Digest Node(Digest left, Digest right) => new(SHA256.HashData([1, .. left.ToArray(), .. right.ToArray()]));

    private static int Split(int n)
    {
        var k = 1;
        while (2 * k < n)
        {
            k *= 2;
        }

        return k;
    }
}

/// <summary>Tiles of a tree in memory, counting how many are read.</summary>
internal sealed class MemoryTiles : ITileSource
{
    private readonly List<Digest[]> levels = [];

    internal MemoryTiles(IReadOnlyList<Digest> leaves)
    {
        var level = leaves.ToArray();
        while (true)
        {
            levels.Add(level);
            if (level.Length < 256)
            {
                break;
            }

            level = [.. level.Chunk(256).Where(tile => tile.Length == 256).Select(tile => NaiveTree.Root(tile))];
        }
    }

    internal int Reads { get; private set; }

    public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default)
    {
        Reads++;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, levels.Count - 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((index * 256) + width, levels[level].Length);
        return new(levels[level].Skip((int)index * 256).Take(width).SelectMany(digest => digest.ToArray()).ToArray());
    }
}
