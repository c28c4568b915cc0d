using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>Who is who among the speakers of a story: names as they are written, and which of them are one person or body.</summary>
public sealed record SpeakerNames
{
    internal static SpeakerNames None { get; } = new();

    private ImmutableList<(EntryId Entry, ISpeakerNames Word)> Words { get; init; } = [];

    /// <summary>The name that stands for each folded name, where it is another.</summary>
    private ImmutableDictionary<string, string> Standing { get; init; } = ImmutableDictionary<string, string>.Empty;

    private ImmutableDictionary<string, SpeakerTally> Tallies { get; init; } = ImmutableDictionary<string, SpeakerTally>.Empty;

    /// <summary>The name that stands for a speaker.</summary>
    internal string NameOf(string written)
    {
        var name = written;
        // A chain of names ends: no name comes to stand, directly or not, for one that stands for it.
        while (Standing.TryGetValue(Fold(name), out var next))
        {
            name = next;
        }

        return Tallies.TryGetValue(Fold(name), out var tally) ? tally.Name : name;
    }

    /// <summary>The other names of a speaker that were found or given, in order.</summary>
    internal ImmutableArray<string> AlsoOf(string name)
    {
        var stands = Fold(NameOf(name));
        return [.. Standing.Keys.Where(folded => folded != stands && Fold(NameOf(folded)) == stands)
            .Select(folded => Tallies.TryGetValue(folded, out var tally) ? tally.Name : Given(folded)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What was found of a speaker under all names.</summary>
    internal SpeakerTally? TallyOf(string name)
    {
        var total = default(SpeakerTally);
        foreach (var also in AlsoOf(name).Append(NameOf(name)))
        {
            if (Tallies.TryGetValue(Fold(also), out var tally))
            {
                total = total is null ? tally with { Name = NameOf(name) } : total with { Quotes = total.Quotes + tally.Quotes, Claims = total.Claims + tally.Claims };
            }
        }

        return total is { Quotes: 0, Claims: 0 } ? null : total;
    }

    /// <summary>Every name that a word on names may have moved: those it gives, and those that stand together with them now.</summary>
    internal ImmutableArray<string> Group(ISpeakerNames word) =>
        [.. word.Names.Prepend(word.Name).SelectMany(name => AlsoOf(name).Prepend(NameOf(name)).Prepend(name)).DistinctBy(Fold)];

    /// <summary>Every name that was found or given.</summary>
    internal IEnumerable<string> All() => Tallies.Values.Select(tally => tally.Name).Concat(Words.SelectMany(word => word.Word.Names.Prepend(word.Word.Name))).DistinctBy(Fold);

    /// <summary>Counts a quote or claim of a speaker, or takes one back.</summary>
    internal SpeakerNames Count(string written, bool isQuote, int change)
    {
        var folded = Fold(written);
        var tally = Tallies.GetValueOrDefault(folded) ?? new SpeakerTally(written, 0, 0);
        return this with
        {
            Tallies = Tallies.SetItem(folded, isQuote ? tally with { Quotes = tally.Quotes + change } : tally with { Claims = tally.Claims + change }),
        };
    }

    internal SpeakerNames Say(EntryId entry, ISpeakerNames word) => this with { Words = Words.Add((entry, word)) };

    /// <summary>The names, with only the words on them that count.</summary>
    internal SpeakerNames Settle(Func<EntryId, bool> counts)
    {
        var settled = this with { Standing = ImmutableDictionary<string, string>.Empty };
        foreach (var (entry, word) in Words)
        {
            if (!counts(entry))
            {
                continue;
            }

            foreach (var other in word.Names)
            {
                settled = word is SpeakerIdentified ? settled.Join(word.Name, other) : settled.Part(word.Name, other);
            }
        }

        return settled;
    }

    /// <summary>What two names are compared by: without regard to case and to the kind of white space.</summary>
    internal static string Fold(string name) => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    /// <summary>Both and all who stand under either come to stand under the first.</summary>
    private SpeakerNames Join(string name, string other)
    {
        var stands = Fold(name);
        var standing = Standing.Remove(stands);
        foreach (var root in new[] { Fold(NameOf(name)), Fold(NameOf(other)) })
        {
            if (root != stands)
            {
                standing = standing.SetItem(root, name);
            }
        }

        return this with { Standing = standing };
    }

    /// <summary>The second comes to stand for itself; where it stands for the first, the first does.</summary>
    private SpeakerNames Part(string name, string other)
    {
        if (Fold(NameOf(name)) != Fold(NameOf(other)))
        {
            return this;
        }

        return this with { Standing = Standing.Remove(StandsFor(name, other) ? Fold(name) : Fold(other)) };
    }

    /// <summary>Whether the second is on the first's way to the name that stands for both.</summary>
    private bool StandsFor(string name, string other)
    {
        for (var on = Fold(name); Standing.TryGetValue(on, out var next);)
        {
            on = Fold(next);
            if (on == Fold(other))
            {
                return true;
            }
        }

        return false;
    }

    private string Given(string folded) =>
        Words.SelectMany(word => word.Word.Names.Append(word.Word.Name)).FirstOrDefault(name => Fold(name) == folded) ?? folded;
}

/// <summary>How much is recorded of a speaker.</summary>
public sealed record SpeakerTally(string Name, int Quotes, int Claims);
