using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>Names the source of each attribution.</summary>
internal sealed class Speakers(Reading reading, List<Draft> drafts)
{
    public Source? Of(Draft draft)
    {
        _ = drafts;
        return draft.Source is { } phrase ? new Source(reading.Page.Range(phrase.First, phrase.End), null) : null;
    }
}
