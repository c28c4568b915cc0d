using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Cli;

/// <summary>Whether words stand in quotation marks.</summary>
internal static class QuotationMarks
{
    /// <summary>Direct when all of the words do, mixed when some do, indirect when none does. Marks are read from the beginning of the paragraph.</summary>
    internal static Directness Around(string text, ImmutableArray<TextRange> ranges)
    {
        var (inside, outside) = (false, false);
        foreach (var range in ranges)
        {
            var opened = '\0';
            for (var at = Math.Max(0, text.LastIndexOf("\n\n", range.Start, StringComparison.Ordinal)); at < range.End; at++)
            {
                if (opened == '\0' ? text[at] is '"' or '“' or '„' or '«' or '»' : Closes(opened, text[at]))
                {
                    opened = opened == '\0' ? text[at] : '\0';
                }
                else if (at >= range.Start && char.IsLetterOrDigit(text[at]))
                {
                    inside |= opened != '\0';
                    outside |= opened == '\0';
                }
            }
        }

        return (inside, outside) switch { (true, false) => Directness.Direct, (true, true) => Directness.Mixed, _ => Directness.Indirect };
    }

    private static bool Closes(char opened, char mark) => opened switch
    {
        '„' => mark is '“' or '”',
        '“' => mark is '”',
        '«' => mark is '»',
        '»' => mark is '«',
        _ => mark == opened,
    };
}
