using Ledger.Core.Integrity;
using Npgsql;

namespace Ledger.Marten;

/// <summary>A full tile of the tree.</summary>
internal readonly record struct Tile(int Level, long Index, Digest Root, byte[] Hashes);

/// <summary>
/// The right edge of the tree: the hashes of each level that no full tile holds yet. It grows with the leaves and gives each tile as it becomes full, so that a proof never has to read all leaves.
/// </summary>
internal sealed class Tiles(EventTable table)
{
    internal const int Width = 256;

    private readonly List<List<Digest>> edge = [];

    // How many leaves the edge has taken in; −1 while it is not known.
    private long size = -1;

    /// <summary>Drops what is remembered: the tree may have grown otherwise.</summary>
    internal void Forget() => size = -1;

    /// <summary>The tiles that become full when leaves are added to a tree of a size; not to be asked again for the same leaves.</summary>
    internal async Task<List<Tile>> AddAsync(NpgsqlConnection connection, long before, IReadOnlyList<Digest> leaves, CancellationToken cancellation)
    {
        var full = new List<Tile>();
        if (size != before)
        {
            if ((before % Width) + leaves.Count < Width)
            {
                // Nothing becomes full, and the edge can be read when something does.
                size = -1;
                return full;
            }

            await LoadAsync(connection, before, cancellation).ConfigureAwait(false);
        }

        foreach (var leaf in leaves)
        {
            Add(0, leaf, full);
            size++;
        }

        return full;
    }

    internal static byte[] Join(IReadOnlyList<Digest> hashes)
    {
        var joined = new byte[hashes.Count * Digest.Length];
        for (var i = 0; i < hashes.Count; i++)
        {
            hashes[i].CopyTo(joined.AsSpan(i * Digest.Length));
        }

        return joined;
    }

    private void Add(int level, Digest hash, List<Tile> full)
    {
        if (edge.Count == level)
        {
            edge.Add(new(Width));
        }

        edge[level].Add(hash);
        if (edge[level].Count < Width)
        {
            return;
        }

        var root = TreeHash.Root([.. edge[level]]);
        // The tile's place follows from how many leaves stand before it.
        full.Add(new(level, size >> (8 * (level + 1)), root, Join(edge[level])));
        edge[level].Clear();
        Add(level + 1, root, full);
    }

    private async Task LoadAsync(NpgsqlConnection connection, long leaves, CancellationToken cancellation)
    {
        edge.Clear();
        for (var (level, count) = (0, leaves); count > 0; level++, count /= Width)
        {
            var partial = (int)(count % Width);
            edge.Add(partial == 0 ? new(Width) : await table.HashesAsync(connection, level, count - partial, partial, cancellation).ConfigureAwait(false));
        }

        size = leaves;
    }
}
