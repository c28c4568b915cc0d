using System.Globalization;
using Ledger.Core.Entries;

namespace Ledger.Cli;

/// <summary>The beginning of an id: what tables show, and what can be typed for the whole.</summary>
internal static class ShortId
{
    internal const int Least = 6;

    private const int Shown = 8;

    internal static string Of(EntryId id) => id.ToString()[..Shown];

    /// <summary>The first and last id that begin so; false for what is no hex, too short or too long.</summary>
    internal static bool TryRange(string text, out EntryId first, out EntryId last)
    {
        var digits = text.Replace("-", "", StringComparison.Ordinal);
        first = last = default;
        if (digits.Length is < Least or > 32
            || !UInt128.TryParse(digits.PadRight(32, '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        first = new(Guid.ParseExact(digits.PadRight(32, '0'), "N"));
        last = new(Guid.ParseExact(digits.PadRight(32, 'f'), "N"));
        return true;
    }
}
