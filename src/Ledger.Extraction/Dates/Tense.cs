using Ledger.Extraction.Text;

namespace Ledger.Extraction.Dates;

/// <summary>Whether a sentence looks ahead: what decides between the Monday before and the Monday after.</summary>
internal static class Tense
{
    internal static bool IsFuture(Page page, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (page.QuoteAt(i) >= 0)
            {
                continue;
            }

            if (page.Is(i, "will") || page.Is(i, "shall") || page.Is(i, "won't") || page.Is(i, "scheduled") || page.Is(i, "slated") || page.Is(i, "upcoming") || page.Is(i, "forthcoming")
                || page.Is(i, "due") || page.Is(i, "expected") || page.Is(i, "plans") || page.Is(i, "planned") || page.Is(i, "intends")
                || ((page.Is(i, "is") || page.Is(i, "are")) && (page.Is(i + 1, "to") || (page.Is(i + 1, "set") && page.Is(i + 2, "to")) || (page.Is(i + 1, "going") && page.Is(i + 2, "to"))))
                || (page.Is(i, "to") && page.Is(i + 1, "be") && (page.Is(i + 2, "held") || page.Is(i + 2, "decided"))))
            {
                return true;
            }
        }

        return false;
    }
}
