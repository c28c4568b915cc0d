using EventStore.Client;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>One entry as it was counted, and where its parts are.</summary>
internal readonly record struct Place(EntryId Id, StoryId Story, long Revision, Timestamp RecordedAt, Timestamp LedgerTime, Digest Hash, Position Position, Blocks Blocks);

/// <summary>
/// What was counted in <c>$all</c>: which entry has which index, and what entries are found by. In memory, some 250 bytes an entry; made anew from the server whenever the ledger is opened.
/// Safe to use from many threads; whole appends appear at once.
/// </summary>
internal sealed class EntryMap
{
    private const int TileWidth = 256;

    private readonly Lock gate = new();
    private readonly List<Place> places = [];
    private readonly Dictionary<EntryId, long> byId = [];
    private readonly Dictionary<StoryId, List<long>> stories = [];

    // At n, the roots of the full tiles of level n.
    private readonly List<List<Digest>> roots = [];

    /// <summary>Where the ledger begins on a server that may hold much else.</summary>
    internal Position Begin { get; set; }

    internal LedgerHead Head
    {
        get
        {
            lock (gate)
            {
                return new(places.Count, places.Count == 0 ? null : places[^1].LedgerTime);
            }
        }
    }

    internal void Add(IReadOnlyList<Place> append)
    {
        lock (gate)
        {
            foreach (var place in append)
            {
                byId.Add(place.Id, places.Count);
                if (!stories.TryGetValue(place.Story, out var story))
                {
                    stories[place.Story] = story = [];
                }

                story.Add(places.Count);
                places.Add(place with { LedgerTime = places.Count == 0 ? place.RecordedAt : Timestamp.Max(places[^1].LedgerTime, place.RecordedAt) });
                if (places.Count % TileWidth == 0)
                {
                    CompleteTile(0, (places.Count / TileWidth) - 1);
                }
            }
        }
    }

    internal Place this[long index]
    {
        get
        {
            lock (gate)
            {
                return places[checked((int)index)];
            }
        }
    }

    internal long? IndexOf(EntryId id)
    {
        lock (gate)
        {
            return byId.TryGetValue(id, out var index) ? index : null;
        }
    }

    /// <summary>The index of a story's entry; null when it does not have that many.</summary>
    internal long? IndexOf(StoryId story, long revision)
    {
        lock (gate)
        {
            return stories.TryGetValue(story, out var indexes) && revision < indexes.Count ? indexes[checked((int)revision)] : null;
        }
    }

    /// <summary>The revision of a story's last entry; −1 when there is no such story.</summary>
    internal long LastRevision(StoryId story)
    {
        lock (gate)
        {
            return stories.TryGetValue(story, out var indexes) ? indexes.Count - 1 : AppendRequest.NoStory;
        }
    }

    /// <summary>The story's last entry; null when there is no such story.</summary>
    internal Place? LastOf(StoryId story)
    {
        lock (gate)
        {
            return stories.TryGetValue(story, out var indexes) ? places[checked((int)indexes[^1])] : null;
        }
    }

    internal IReadOnlyList<EntryId> Ids(EntryId first, EntryId last, int limit)
    {
        lock (gate)
        {
            return [.. byId.Keys.Where(id => id.Value >= first.Value && id.Value <= last.Value).OrderBy(id => id.Value).Take(limit)];
        }
    }

    /// <summary>The last index whose ledger time is not after a time; −1 when there is none. Ledger time never falls, so halving finds it.</summary>
    internal long IndexAt(Timestamp time)
    {
        lock (gate)
        {
            int low = -1, high = places.Count;
            while (high - low > 1)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = places[middle].LedgerTime <= time ? (middle, high) : (low, middle);
            }

            return low;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The tree is not that large yet.</exception>
    internal byte[] Tile(int level, long tile, int width)
    {
        lock (gate)
        {
            var there = level == 0 ? places.Count : level <= roots.Count ? roots[level - 1].Count : 0;
            var first = tile * TileWidth;
            if (first + width > there)
            {
                throw new ArgumentOutOfRangeException(nameof(width), $"The tile {level}/{tile} has {Math.Max(0, there - first)} hashes, not {width}.");
            }

            var hashes = new byte[width * Digest.Length];
            for (var i = 0; i < width; i++)
            {
                HashAt(level, (int)first + i).CopyTo(hashes.AsSpan(i * Digest.Length));
            }

            return hashes;
        }
    }

    private Digest HashAt(int level, int place) => level == 0 ? places[place].Hash : roots[level - 1][place];

    private void CompleteTile(int level, int tile)
    {
        Span<Digest> hashes = new Digest[TileWidth];
        for (var i = 0; i < TileWidth; i++)
        {
            hashes[i] = HashAt(level, (tile * TileWidth) + i);
        }

        if (level == roots.Count)
        {
            roots.Add([]);
        }

        roots[level].Add(TreeHash.Root(hashes));
        if (roots[level].Count % TileWidth == 0)
        {
            CompleteTile(level + 1, (roots[level].Count / TileWidth) - 1);
        }
    }
}
