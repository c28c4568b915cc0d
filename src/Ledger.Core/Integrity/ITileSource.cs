namespace Ledger.Core.Integrity;

/// <summary>
/// Gives the hashes of a tree in tiles (C2SP tlog-tiles): a tile is up to 256 hashes of one height; at level 0 leaf hashes, at level n the roots of full tiles
/// of level n−1. A store keeps full tiles; one that is not full yet it makes from what is below.
/// </summary>
public interface ITileSource
{
    /// <summary>The first <paramref name="width"/> hashes of a tile, one after the other.</summary>
    /// <param name="level">From 0.</param>
    /// <param name="index">The tile's place in its level, from 0.</param>
    /// <param name="width">1 to 256.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tree does not have these hashes (yet).</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default);
}
