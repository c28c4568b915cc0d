using System.Security.Cryptography;
using Ledger.Core.Integrity;

namespace Ledger.Core.Tests.Integrity;

/// <summary>RFC 6962, section 2.1, word for word: recursive, and without a thought of tiles. Roots of ranges are remembered, or all sizes would take minutes.</summary>
internal sealed class NaiveTree(Digest[] leaves)
{
    private readonly Dictionary<(int From, int To), Digest> roots = [];

    /// <summary>MTH(D[from:to]).</summary>
    internal Digest Root(int from, int to)
    {
        if (!roots.TryGetValue((from, to), out var root))
        {
            var k = from + Split(to - from);
            roots[(from, to)] = root = (to - from) switch
            {
                0 => new(SHA256.HashData([])),
                1 => leaves[from],
                _ => new(SHA256.HashData([1, .. Root(from, k).ToArray(), .. Root(k, to).ToArray()])),
            };
        }

        return root;
    }

    /// <summary>PATH(m, D[n]).</summary>
    internal List<Digest> Path(int m, int n) => Path(m, 0, n);

    /// <summary>PROOF(m, D[n]).</summary>
    internal List<Digest> Proof(int m, int n) => m == 0 ? [] : SubProof(m, 0, n, complete: true);

    private List<Digest> Path(int m, int from, int to)
    {
        if (to - from == 1)
        {
            return [];
        }

        var k = Split(to - from);
        return m < k ? [.. Path(m, from, from + k), Root(from + k, to)] : [.. Path(m - k, from + k, to), Root(from, from + k)];
    }

    private List<Digest> SubProof(int m, int from, int to, bool complete)
    {
        if (m == to - from)
        {
            return complete ? [] : [Root(from, to)];
        }

        var k = Split(to - from);
        return m <= k
            ? [.. SubProof(m, from, from + k, complete), Root(from + k, to)]
            : [.. SubProof(m - k, from + k, to, complete: false), Root(from, from + k)];
    }

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

            level = [.. level.Chunk(256).Where(tile => tile.Length == 256).Select(tile => new NaiveTree(tile).Root(0, 256))];
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
