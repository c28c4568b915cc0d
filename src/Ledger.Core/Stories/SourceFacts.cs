using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Stories;

/// <summary>Where a document comes from, as far as that tells whether two documents are independent sources.</summary>
/// <param name="First">The first text at the document's address: itself, unless it is a revision.</param>
/// <param name="Text">SHA-256 of its text: copied wire text has the same.</param>
/// <param name="Publisher">Who published it.</param>
/// <param name="Sources">What it says it rests on.</param>
public sealed record SourceFacts(EntryId First, Digest Text, string? Publisher, ImmutableArray<string> Sources)
{
    /// <summary>The text's length in UTF-16 units.</summary>
    public int TextLength { get; init; }

    /// <summary>SHA-256 of the original bytes.</summary>
    public Digest SourceSha256 { get; init; }

    /// <summary>
    /// How many independent sources some documents are. Two are one source when they have the same text, the same publisher, are texts of one address, or when one
    /// rests on what the other rests on or publishes; and so on from one to the next.
    /// </summary>
    internal static int CountIndependent(IEnumerable<SourceFacts> documents)
    {
        var groups = new List<HashSet<string>>();
        foreach (var document in documents)
        {
            var names = new HashSet<string>(document.Names(), StringComparer.OrdinalIgnoreCase);
            foreach (var group in groups.Where(names.Overlaps).ToList())
            {
                names.UnionWith(group);
                groups.Remove(group);
            }

            groups.Add(names);
        }

        return groups.Count;
    }

    private IEnumerable<string> Names()
    {
        yield return "first:" + First;
        yield return "text:" + Text;
        foreach (var source in Sources.Prepend(Publisher))
        {
            if (!string.IsNullOrWhiteSpace(source))
            {
                yield return "source:" + source.Trim();
            }
        }
    }
}
