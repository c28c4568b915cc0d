using Ledger.Core.Entries;

namespace Ledger.Extraction.Dates;

/// <summary>A date expression on a page.</summary>
/// <param name="First">Its first token.</param>
/// <param name="End">The token after its last.</param>
/// <param name="Range">Its words.</param>
/// <param name="Value">What it means.</param>
internal readonly record struct DateMention(int First, int End, TextRange Range, DateValue Value)
{
    /// <summary>Its last day; null where it has none.</summary>
    internal DateOnly? Last => Value.Days?.To;
}
