using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>
/// Views computed in memory from entries in any order in which each stands after what it refers to: replay, and the published clock.
/// The same functions as in <see cref="ViewKeeper"/>, without a store.
/// </summary>
public sealed class ViewFold(params IReadOnlyList<View> views)
{
    private readonly Dictionary<StoryId, StoryState> stories = [];
    private readonly Dictionary<(View View, Guid Key), (long Began, ViewRecord Record)> records = [];

    /// <summary>The story's state so far.</summary>
    public StoryState Story(StoryId story) => stories.GetValueOrDefault(story, StoryState.Empty);

    /// <summary>Applies one more entry, and tells what it changed.</summary>
    public ImmutableArray<RecordChange> Apply(Entry entry)
    {
        var story = stories[entry.Story] = Story(entry.Story).Evolve(entry);
        var changes = ImmutableArray.CreateBuilder<RecordChange>();
        foreach (var view in views)
        {
            foreach (var key in view.Keys(story, entry))
            {
                var known = records.TryGetValue((view, key), out var before);
                var after = view.Evolve(key, known ? before.Record : null, story, entry);
                if (ReferenceEquals(after, known ? before.Record : null))
                {
                    continue;
                }

                changes.Add(new(view, key, known ? before.Record : null, after));
                if (after is null)
                {
                    records.Remove((view, key));
                }
                else
                {
                    records[(view, key)] = (known ? before.Began : entry.Index, after);
                }
            }
        }

        return changes.DrainToImmutable();
    }

    /// <summary>Every record of a view, by key.</summary>
    public IReadOnlyDictionary<Guid, ViewRecord> All(View view) =>
        records.Where(pair => pair.Key.View == view).ToDictionary(pair => pair.Key.Key, pair => pair.Value.Record);

    /// <summary>The record of a key; null when there is none.</summary>
    public ViewRecord? Find(View view, Guid key) => records.TryGetValue((view, key), out var found) ? found.Record : null;

    /// <summary>Every record of a view that a query asks for, in its order, without regard to its page.</summary>
    public IEnumerable<(ViewCursor Place, ViewRecord Record)> Matching(View view, ViewQuery query)
    {
        var matching = records
            .Where(pair => pair.Key.View == view && Matches(view, query, pair.Value.Began, pair.Value.Record))
            .Select(pair => (Place: new ViewCursor(pair.Value.Began, pair.Key.Key), pair.Value.Record));
        return query.OldestFirst
            ? matching.OrderBy(item => item.Place.Began).ThenBy(item => item.Place.Key, BigEndian)
            : matching.OrderByDescending(item => item.Place.Began).ThenByDescending(item => item.Place.Key, BigEndian);
    }

    /// <summary>The page that a query asks for.</summary>
    public ViewPage List(View view, ViewQuery query)
    {
        var rows = Matching(view, query)
            .Where(item => query.After is not { } after || (Compare(item.Place, after) < 0) != query.OldestFirst && Compare(item.Place, after) != 0)
            .Take(query.Limit + 1)
            .ToList();
        var page = rows.Take(query.Limit).ToList();
        return new([.. page.Select(item => item.Record)], rows.Count > query.Limit ? page[^1].Place : null);
    }

    private static readonly Comparer<Guid> BigEndian =
        Comparer<Guid>.Create((a, b) => a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true)));

    private static int Compare(ViewCursor a, ViewCursor b) => a.Began != b.Began ? a.Began.CompareTo(b.Began) : BigEndian.Compare(a.Key, b.Key);

    private static bool Matches(View view, ViewQuery query, long began, ViewRecord record)
    {
        if ((query.Story is { } story && record.StoryId != story) || began < (query.BeganFrom ?? 0) || began > (query.BeganTo ?? long.MaxValue))
        {
            return false;
        }

        if (query.Where.IsEmpty && query.Within is null)
        {
            return true;
        }

        var values = view.FacetsOf(record);
        return query.Where.All(filter => filter.Matches(values[view.Facets.IndexOf(filter.Facet)]))
            && (query.Within is not { } range || range.Matches(values[view.Facets.IndexOf(range.Facet)]));
    }
}
