using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>A link between two quotes or claims.</summary>
public readonly record struct LinkFacts(EntryId From, EntryId To, LinkRelation Relation)
{
    internal EntryId Other(EntryId end) => end == From ? To : From;
}

/// <summary>The links of a story, and what they come to.</summary>
public sealed record Links
{
    internal static Links None { get; } = new();

    internal ImmutableDictionary<EntryId, LinkFacts> All { get; init; } = ImmutableDictionary<EntryId, LinkFacts>.Empty;

    private ImmutableDictionary<EntryId, ImmutableArray<EntryId>> ByEnd { get; init; } = ImmutableDictionary<EntryId, ImmutableArray<EntryId>>.Empty;

    internal Links Add(EntryId link, LinkFacts facts) => this with
    {
        All = All.SetItem(link, facts),
        ByEnd = ByEnd.SetItem(facts.From, Of(facts.From).Add(link)).SetItem(facts.To, Of(facts.To).Add(link)),
    };

    internal ImmutableArray<EntryId> Of(EntryId end) => ByEnd.GetValueOrDefault(end, []);

    /// <summary>The links that count, from or to an end whose other end stands.</summary>
    internal IEnumerable<(EntryId Id, LinkFacts Link)> Counting(StoryState story, EntryId end)
    {
        foreach (var id in Of(end))
        {
            var link = All[id];
            if (story.Find(id) is { Counts: true } && story.Find(link.Other(end)) is { Stands: true })
            {
                yield return (id, link);
            }
        }
    }

    /// <summary>What says the same as a quote or claim, itself first, by links that count.</summary>
    internal IReadOnlyList<EntryId> Repeating(StoryState story, EntryId statement)
    {
        List<EntryId> same = [statement];
        var seen = new HashSet<EntryId>(same);
        for (var i = 0; i < same.Count; i++)
        {
            foreach (var (_, link) in Counting(story, same[i]))
            {
                if (link.Relation == LinkRelation.Repeats && seen.Add(link.Other(same[i])))
                {
                    same.Add(link.Other(same[i]));
                }
            }
        }

        return same;
    }

    /// <summary>The quotes and claims whose standing may change with one of them: those tied to it by links, counting or not, and all that say the same as any of these.</summary>
    internal IEnumerable<EntryId> Touched(StoryState story, EntryId statement)
    {
        var touched = new List<EntryId> { statement };
        touched.AddRange(Of(statement).Select(link => All[link].Other(statement)));
        return touched.SelectMany(end => Repeating(story, end)).Distinct();
    }
}

/// <summary>How a quote or claim stands among the others of its story.</summary>
/// <param name="Sources">How many independent sources say it, its own included.</param>
/// <param name="Contradicted">Whether another that stands contradicts it, or it contradicts one.</param>
/// <param name="Status"><c>retracted</c> or <c>corrected</c> (by its source), <c>contradicted</c>, <c>updated</c>, <c>repeated</c> or <c>asserted</c>: the first of these that holds.</param>
public sealed record Standing(int Sources, bool Contradicted, string Status)
{
    internal static Standing Alone { get; } = new(1, false, "asserted");

    /// <summary>What does not stand itself stands alone: that others come and go beside it is no news of it.</summary>
    internal static Standing Of(StoryState story, EntryId statement)
    {
        if (story.Links.Of(statement).IsEmpty || story.Find(statement) is not { Stands: true })
        {
            return Alone;
        }

        var links = story.Links.Counting(story, statement).Select(pair => pair.Link).ToList();
        var contradicted = links.Any(link => link.Relation == LinkRelation.Contradicts);
        var sources = SourceFacts.CountIndependent(story.Links.Repeating(story, statement)
            .Select(id => story.Find(id)?.Document).OfType<EntryId>()
            .Select(document => story.Sources.GetValueOrDefault(document)).OfType<SourceFacts>());
        var status = Has(LinkRelation.Retracts) ? "retracted"
            : Has(LinkRelation.Corrects) ? "corrected"
            : contradicted ? "contradicted"
            : Has(LinkRelation.Updates) ? "updated"
            : sources > 1 ? "repeated"
            : "asserted";
        return new(Math.Max(1, sources), contradicted, status);

        bool Has(LinkRelation relation) => links.Any(link => link.Relation == relation && link.To == statement);
    }
}
