using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Ledger.Core.Integrity;

namespace Ledger.Core.Tests.Integrity;

public sealed class ProofTests
{
    private const int Most = 257;
    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, Most).Select(i => TreeHash.Leaf(Encoding.ASCII.GetBytes($"leaf {i}")))];
    private static readonly NaiveTree Naive = new(Leaves);
    private static readonly Digest[] Roots = [.. Enumerable.Range(0, Most + 1).Select(size => Naive.Root(0, size))];

    // The leaves and roots that Certificate Transparency's implementations have checked each other with since 2013.
    private static readonly (string Leaf, string Root)[] Published =
    [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];

    [Fact]
    public void Roots_are_those_that_other_implementations_publish()
    {
        var frontier = new Frontier();
        Convert.ToHexStringLower(frontier.Root().ToArray()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        foreach (var (leaf, root) in Published)
        {
            frontier.Append(TreeHash.Leaf(Convert.FromHexString(leaf)));
            Convert.ToHexStringLower(frontier.Root().ToArray()).ShouldBe(root);
        }
    }

    [Fact]
    public void A_leaf_and_a_node_are_hashed_apart()
    {
        TreeHash.Leaf("x"u8).ToArray().ShouldBe(SHA256.HashData("\0x"u8));
        TreeHash.Node(Leaves[0], Leaves[1]).ToArray().ShouldBe(SHA256.HashData([1, .. Leaves[0].ToArray(), .. Leaves[1].ToArray()]));
        foreach (var length in new[] { 2046, 2047, 2048, 2049, 100_000 })
        {
            TreeHash.Leaf(new byte[length]).ToArray().ShouldBe(SHA256.HashData(new byte[length + 1]));
        }
    }

    [Fact]
    public async Task Every_root_up_to_257_leaves_is_that_of_the_rfc()
    {
        var frontier = new Frontier();
        for (var size = 0; size <= Most; size++)
        {
            frontier.Size.ShouldBe(size);
            frontier.Root().ShouldBe(Roots[size]);
            TreeHash.Root(Leaves.AsSpan(0, size)).ShouldBe(Roots[size]);
            (await Proofs.RootAsync(new MemoryTiles(Leaves[..size]), size)).ShouldBe(Roots[size]);
            if (size < Most)
            {
                frontier.Append(Leaves[size]);
            }
        }
    }

    [Fact]
    public async Task Every_inclusion_proof_up_to_257_leaves_is_that_of_the_rfc_and_holds()
    {
        for (var size = 1; size <= Most; size++)
        {
            var tiles = new MemoryTiles(Leaves[..size]);
            for (var index = 0; index < size; index++)
            {
                var proof = await Proofs.InclusionAsync(tiles, index, size);
                Same(proof, Naive.Path(index, size)).ShouldBeTrue($"{index} of {size}");
                Proofs.VerifyInclusion(Leaves[index], index, size, proof.AsSpan(), Roots[size]).ShouldBeTrue($"{index} of {size}");
            }
        }
    }

    [Fact]
    public async Task Every_consistency_proof_up_to_257_leaves_is_that_of_the_rfc_and_holds()
    {
        for (var second = 0; second <= Most; second++)
        {
            var tiles = new MemoryTiles(Leaves[..second]);
            for (var first = 0; first <= second; first++)
            {
                var proof = await Proofs.ConsistencyAsync(tiles, first, second);
                Same(proof, Naive.Proof(first, second)).ShouldBeTrue($"{first} in {second}");
                Proofs.VerifyConsistency(first, second, Roots[first], Roots[second], proof.AsSpan()).ShouldBeTrue($"{first} in {second}");
            }
        }
    }

    [Fact]
    public async Task An_inclusion_proof_with_one_altered_hash_index_or_size_fails()
    {
        foreach (var size in new[] { 1, 2, 3, 5, 7, 8, 13, 64, 100, 255, 256, 257 })
        {
            var tiles = new MemoryTiles(Leaves[..size]);
            for (var index = 0; index < size; index++)
            {
                var proof = await Proofs.InclusionAsync(tiles, index, size);
                foreach (var altered in Altered(proof))
                {
                    Proofs.VerifyInclusion(Leaves[index], index, size, altered.AsSpan(), Roots[size]).ShouldBeFalse();
                }

                Proofs.VerifyInclusion(Flip(Leaves[index]), index, size, proof.AsSpan(), Roots[size]).ShouldBeFalse();
                Proofs.VerifyInclusion(Leaves[index], index, size, proof.AsSpan(), Flip(Roots[size])).ShouldBeFalse();
                for (var other = -1; other <= size; other++)
                {
                    Proofs.VerifyInclusion(Leaves[index], other, size, proof.AsSpan(), Roots[size]).ShouldBe(other == index);
                }

                // A larger tree can have a path of the same shape; with its own root it is another tree.
                for (var other = 0; other <= Most; other++)
                {
                    if (other != size)
                    {
                        Proofs.VerifyInclusion(Leaves[index], index, other, proof.AsSpan(), Roots[other]).ShouldBeFalse($"{index} of {size} in {other}");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_consistency_proof_with_one_altered_hash_or_size_fails()
    {
        foreach (var second in new[] { 1, 2, 3, 5, 7, 8, 13, 64, 100, 255, 256, 257 })
        {
            var tiles = new MemoryTiles(Leaves[..second]);
            for (var first = 1; first <= second; first++)
            {
                var proof = await Proofs.ConsistencyAsync(tiles, first, second);
                foreach (var altered in Altered(proof))
                {
                    Proofs.VerifyConsistency(first, second, Roots[first], Roots[second], altered.AsSpan()).ShouldBeFalse();
                }

                Proofs.VerifyConsistency(first, second, Flip(Roots[first]), Roots[second], proof.AsSpan()).ShouldBeFalse();
                Proofs.VerifyConsistency(first, second, Roots[first], Flip(Roots[second]), proof.AsSpan()).ShouldBeFalse();
                for (var other = 0; other <= second; other++)
                {
                    if (other != first)
                    {
                        Proofs.VerifyConsistency(other, second, Roots[first], Roots[second], proof.AsSpan()).ShouldBeFalse($"{first} as {other} in {second}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Random_larger_trees_prove_what_they_hold() => Gen.Int[258, 70_000].SelectMany(size => Gen.Select(Gen.Const(size), Gen.Int[0, size - 1], Gen.Int[0, size])).Sample(
        (size, index, first) =>
        {
            var tiles = new MemoryTiles(Large.Value.Leaves[..size]);
            var root = Proofs.RootAsync(tiles, size).AsTask().Result;
            root.ShouldBe(TreeHash.Root(Large.Value.Leaves.AsSpan(0, size)));
            var firstRoot = TreeHash.Root(Large.Value.Leaves.AsSpan(0, first));
            var inclusion = Proofs.InclusionAsync(tiles, index, size).AsTask().Result;
            Proofs.VerifyInclusion(Large.Value.Leaves[index], index, size, inclusion.AsSpan(), root).ShouldBeTrue();
            Proofs.VerifyInclusion(Flip(Large.Value.Leaves[index]), index, size, inclusion.AsSpan(), root).ShouldBeFalse();
            var consistency = Proofs.ConsistencyAsync(tiles, first, size).AsTask().Result;
            Proofs.VerifyConsistency(first, size, firstRoot, root, consistency.AsSpan()).ShouldBeTrue();
            Proofs.VerifyConsistency(first, size, Flip(firstRoot), root, consistency.AsSpan()).ShouldBeFalse();
        },
        iter: 12, threads: 1);

    [Theory]
    [InlineData(300, 4)]
    [InlineData(66_000, 6)]
    [InlineData(70_000, 6)]
    public async Task A_proof_reads_a_number_of_tiles_that_grows_with_the_logarithm(int size, int most)
    {
        foreach (var index in new[] { 0, 1, 255, 256, size / 2, size - 1 })
        {
            var tiles = new MemoryTiles(Large.Value.Leaves[..size]);
            await Proofs.InclusionAsync(tiles, index, size);
            tiles.Reads.ShouldBeLessThanOrEqualTo(most);
            tiles = new MemoryTiles(Large.Value.Leaves[..size]);
            await Proofs.ConsistencyAsync(tiles, index, size);
            tiles.Reads.ShouldBeLessThanOrEqualTo(most);
        }
    }

    [Fact]
    public async Task A_proof_is_asked_for_within_the_tree()
    {
        var tiles = new MemoryTiles(Leaves[..5]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.RootAsync(tiles, -1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.InclusionAsync(tiles, -1, 5));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.InclusionAsync(tiles, 5, 5));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.InclusionAsync(tiles, 0, 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.ConsistencyAsync(tiles, -1, 5));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Proofs.ConsistencyAsync(tiles, 6, 5));
    }

    [Fact]
    public void A_verifier_says_no_to_garbage_and_never_throws() => Gen.Select(Extreme, Extreme, Gen.Int[0, 200], Gen.Bool).Sample(
        (a, b, length, first) =>
        {
            var proof = Enumerable.Range(0, length).Select(i => Leaves[i % Most]).ToArray();
            if (length > 0)
            {
                Proofs.VerifyInclusion(first ? default : Leaves[0], a, b, proof, Leaves[1]).ShouldBeFalse();
                Proofs.VerifyConsistency(a, b, first ? default : Leaves[0], Leaves[1], proof).ShouldBeFalse();
            }
        },
        iter: 2_000);

    [Fact]
    public void An_empty_consistency_proof_holds_for_the_same_tree_and_from_nothing_and_for_no_other()
    {
        Proofs.VerifyConsistency(5, 5, Roots[5], Roots[5], []).ShouldBeTrue();
        Proofs.VerifyConsistency(5, 5, Roots[5], Roots[6], []).ShouldBeFalse();
        Proofs.VerifyConsistency(0, 5, TreeHash.EmptyRoot, Roots[5], []).ShouldBeTrue();
        Proofs.VerifyConsistency(0, 5, Roots[1], Roots[5], []).ShouldBeFalse();
        Proofs.VerifyConsistency(0, 0, TreeHash.EmptyRoot, TreeHash.EmptyRoot, []).ShouldBeTrue();
        Proofs.VerifyConsistency(0, 5, TreeHash.EmptyRoot, Roots[5], [Roots[5]]).ShouldBeFalse();
        Proofs.VerifyConsistency(6, 5, Roots[6], Roots[5], []).ShouldBeFalse();
        Proofs.VerifyConsistency(3, 5, Roots[3], Roots[5], []).ShouldBeFalse();
        Proofs.VerifyConsistency(4, 5, Roots[4], Roots[5], []).ShouldBeFalse();
    }

    private static readonly Lazy<(Digest[] Leaves, int Size)> Large = new(() =>
        ([.. Enumerable.Range(0, 70_000).Select(i => TreeHash.Leaf(BitConverter.GetBytes(i)))], 70_000));

    private static readonly Gen<long> Extreme = Gen.OneOf(Gen.Long, Gen.Long[-2, 300], Gen.Const(long.MaxValue), Gen.Const(long.MinValue), Gen.Const(1L << 62));

    private static bool Same(ImmutableArray<Digest> proof, List<Digest> expected) => proof.AsSpan().SequenceEqual(expected.ToArray());

    /// <summary>The proof with each of its hashes altered, left out or doubled, with one too many and with its order reversed.</summary>
    private static IEnumerable<ImmutableArray<Digest>> Altered(ImmutableArray<Digest> proof)
    {
        for (var i = 0; i < proof.Length; i++)
        {
            yield return proof.SetItem(i, Flip(proof[i]));
            yield return proof.RemoveAt(i);
            yield return proof.Insert(i, proof[i]);
        }

        yield return proof.Add(Leaves[0]);
        if (proof.Length > 1)
        {
            yield return [.. proof.Reverse()];
        }
    }

    private static Digest Flip(Digest digest)
    {
        var bytes = digest.ToArray();
        bytes[31] ^= 1;
        return new(bytes);
    }
}
