using Ledger.Core.Entries;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>A finding in the making: tokens and ranges, before speakers, parents and directness are known.</summary>
internal sealed class Draft(string rule)
{
    public string Rule { get; } = rule;

    /// <summary>What was said; ordered and disjoint when the draft is finished.</summary>
    public List<TextRange> Content { get; } = [];

    public Phrase? Source { get; set; }

    /// <summary>Whose speaker this one shares where it has no source of its own: the draft of the quote before it.</summary>
    public Draft? SpeaksAs { get; set; }

    public TextRange? Cue { get; set; }

    public Modality Modality { get; set; } = Modality.Asserted;

    /// <summary>The attribution whose content this one stands in, where a rule knows it; otherwise it is found by containment.</summary>
    public Draft? Parent { get; set; }

    /// <summary>Whether the verb tells a stand rather than words ("supports", "opposes"): worth keeping of somebody, not within what somebody else says.</summary>
    public bool Stand { get; set; }

    /// <summary>The sentence of the cue, or of the content where there is none.</summary>
    public int Sentence { get; set; }

    public int Start => Content[0].Start;

    public int End => Content[^1].End;
}
