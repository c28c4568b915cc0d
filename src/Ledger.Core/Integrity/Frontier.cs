namespace Ledger.Core.Integrity;

/// <summary>
/// The right edge of a growing tree: the roots of its full subtrees, one for each bit that is set in its size. Appending is constant work on average,
/// the root logarithmic; memory is 64 hashes at most. Not for use by several threads at once.
/// </summary>
public sealed class Frontier
{
    private readonly List<Digest> roots = [];

    /// <summary>How many leaves there are.</summary>
    public long Size { get; private set; }

    public void Append(Digest leaf)
    {
        // As in binary addition: every subtree of the same height at the edge is carried into the next.
        for (var carry = Size; (carry & 1) == 1; carry >>= 1)
        {
            leaf = TreeHash.Node(roots[^1], leaf);
            roots.RemoveAt(roots.Count - 1);
        }

        roots.Add(leaf);
        Size++;
    }

    /// <summary>The RFC 6962 root over the leaves so far.</summary>
    public Digest Root()
    {
        if (roots.Count == 0)
        {
            return TreeHash.EmptyRoot;
        }

        var root = roots[^1];
        for (var i = roots.Count - 2; i >= 0; i--)
        {
            root = TreeHash.Node(roots[i], root);
        }

        return root;
    }
}
