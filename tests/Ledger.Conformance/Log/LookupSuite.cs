using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Conformance.Log;

/// <summary>Ids, tiles and proofs: what the engine keeps beside the entries belongs to them.</summary>
public abstract class LookupSuite(Store store) : EngineSuite(store)
{
    [SkippableFact]
    public async Task An_entry_is_found_by_its_id_and_nothing_else_is()
    {
        await FillAsync(40);
        foreach (var entry in await Given.AllAsync(Log))
        {
            ShouldBeSame((await Log.FindAsync(entry.Id)).ShouldNotBeNull(), entry);
        }

        (await Log.FindAsync(new EntryId(Guid.NewGuid()))).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Ids_between_two_ids_come_in_their_order()
    {
        await FillAsync(300);
        var ids = (await Given.AllAsync(Log)).ConvertAll(entry => entry.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var all = (First: new EntryId(Guid.Empty), Last: new EntryId(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff")));

        (await Log.FindIdsAsync(all.First, all.Last, 1000)).ShouldBe(ids);
        (await Log.FindIdsAsync(all.First, all.Last, 7)).ShouldBe(ids.Take(7));
        (await Log.FindIdsAsync(ids[20], ids[40], 1000)).ShouldBe(ids.Skip(20).Take(21));
        (await Log.FindIdsAsync(ids[5], ids[5], 1000)).ShouldBe([ids[5]]);
        (await Log.FindIdsAsync(ids[40], ids[20], 1000)).ShouldBeEmpty();
        foreach (var prefix in ids.Take(50).Select(id => id.ToString()[..2]))
        {
            var found = await Log.FindIdsAsync(
                new(Guid.Parse(prefix + "000000-0000-0000-0000-000000000000")), new(Guid.Parse(prefix + "ffffff-ffff-ffff-ffff-ffffffffffff")), 1000);
            found.ShouldBe(ids.Where(id => id.ToString().StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    [SkippableFact]
    public async Task Tiles_are_those_of_the_naive_tree()
    {
        const int Size = 1100;
        await FillAsync(Size - 1);
        var level = (await Given.AllAsync(Log)).ConvertAll(entry => entry.Hash);
        for (var height = 0; level.Count > 0; height++)
        {
            for (var tile = 0; tile * 256 < level.Count; tile++)
            {
                var hashes = level.Skip(tile * 256).Take(256).ToList();
                foreach (var width in new[] { 1, hashes.Count / 2, hashes.Count }.Where(width => width > 0).Distinct())
                {
                    (await Log.ReadTileAsync(height, tile, width)).ToArray().ShouldBe(hashes.Take(width).SelectMany(hash => hash.ToArray()));
                }

                if (hashes.Count < 256)
                {
                    await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Log.ReadTileAsync(height, tile, hashes.Count + 1));
                }
            }

            level = [.. level.Chunk(256).Where(tile => tile.Length == 256).Select(tile => NaiveRoot(tile))];
        }

        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Log.ReadTileAsync(0, 5, 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Log.ReadTileAsync(2, 0, 1));
    }

    [SkippableFact]
    public async Task Proofs_made_from_the_engine_verify_against_the_naive_root()
    {
        await FillAsync(599);
        var leaves = (await Given.AllAsync(Log)).ConvertAll(entry => entry.Hash).ToArray();
        int[] sizes = [1, 2, 3, 255, 256, 257, 511, 512, 513, 600];
        foreach (var size in sizes)
        {
            var root = NaiveRoot(leaves.AsSpan(0, size));
            (await Proofs.RootAsync(Log, size)).ShouldBe(root);
            foreach (var index in new[] { 0, 1, size / 2, size - 1 }.Where(index => index < size).Distinct())
            {
                var proof = await Proofs.InclusionAsync(Log, index, size);
                Proofs.VerifyInclusion(leaves[index], index, size, proof.AsSpan(), root).ShouldBeTrue();
            }

            foreach (var earlier in sizes.Where(earlier => earlier <= size))
            {
                var proof = await Proofs.ConsistencyAsync(Log, earlier, size);
                Proofs.VerifyConsistency(earlier, size, NaiveRoot(leaves.AsSpan(0, earlier)), root, proof.AsSpan()).ShouldBeTrue();
            }
        }
    }

    /// <summary>RFC 6962 §2.1, word for word.</summary>
    private static Digest NaiveRoot(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var split = 1;
        while (split * 2 < leaves.Length)
        {
            split *= 2;
        }

        return TreeHash.Node(NaiveRoot(leaves[..split]), NaiveRoot(leaves[split..]));
    }
}
