using System.Security.Cryptography;

namespace Ledger.Core.Integrity;

/// <summary>The hashes of an RFC 6962 Merkle tree (§2.1): SHA-256, with a byte in front that keeps leaves and nodes apart.</summary>
public static class TreeHash
{
    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static Digest EmptyRoot { get; } = new(SHA256.HashData([]));

    /// <summary>SHA-256(0x00 || leaf).</summary>
    public static Digest Leaf(ReadOnlySpan<byte> leaf)
    {
        const int OnStack = 2048;
        var input = leaf.Length < OnStack ? stackalloc byte[leaf.Length + 1] : new byte[leaf.Length + 1];
        input[0] = 0;
        leaf.CopyTo(input[1..]);
        return Hash(input);
    }

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static Digest Node(Digest left, Digest right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Digest.Length)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Digest.Length)..]);
        return Hash(input);
    }

    /// <summary>The root over some hashes, as if they were leaf hashes (RFC 6962 §2.1): of leaves, or of equally high full subtrees.</summary>
    public static Digest Root(ReadOnlySpan<Digest> hashes)
    {
        var frontier = new Frontier();
        foreach (var hash in hashes)
        {
            frontier.Append(hash);
        }

        return frontier.Root();
    }

    private static Digest Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        SHA256.HashData(input, hash);
        return new(hash);
    }
}
