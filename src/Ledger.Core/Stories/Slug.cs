using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Ledger.Core.Stories;

/// <summary>A story's name on the command line and in addresses: lower-case ASCII letters and digits in groups joined by single hyphens.</summary>
public static class Slug
{
    public const int MaxLength = 80;

    // The program carries no Unicode tables (InvariantGlobalization), so that .NET takes no letter apart.
    private static readonly FrozenDictionary<char, char> Plain =
        new[]
        {
            "aàáâãäåāăą", "cçćĉċč", "dďđ", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł", "nñńņň", "oòóôõöøōŏő", "rŕŗř", "sśŝşšș", "tţťŧț",
            "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
        }.SelectMany(letters => letters[1..].Select(accented => (accented, letters[0]))).ToFrozenDictionary(pair => pair.accented, pair => pair.Item2);

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength && slug[0] != '-' && slug[^1] != '-' && !slug.Contains("--", StringComparison.Ordinal)
        && slug.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>The nearest valid slug: accents of Latin letters dropped, everything else that is no letter or digit a hyphen; <c>story</c> where nothing is left.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        foreach (var original in name)
        {
            var letter = char.ToLowerInvariant(original);
            letter = Plain.GetValueOrDefault(letter, letter);
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, MaxLength)).Trim('-');
        return text.Length == 0 ? "story" : text;
    }
}
