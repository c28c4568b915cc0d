using System.Text;

namespace Ledger.Core.Stories;

/// <summary>A story's name on the command line and in addresses: lower-case ASCII letters and digits in groups joined by single hyphens.</summary>
public static class Slug
{
    public const int MaxLength = 80;

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength && slug[0] != '-' && slug[^1] != '-' && !slug.Contains("--", StringComparison.Ordinal)
        && slug.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>The nearest valid slug: accents dropped, everything else that is no letter or digit a hyphen; <c>story</c> where nothing is left.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        var plain = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            Letters.AppendPlain(plain.Clear(), rune);
            for (var i = 0; i < plain.Length; i++)
            {
                if (char.IsAsciiLetterOrDigit(plain[i]))
                {
                    slug.Append(plain[i]);
                }
                else if (slug.Length > 0 && slug[^1] != '-')
                {
                    slug.Append('-');
                }
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, MaxLength)).Trim('-');
        return text.Length == 0 ? "story" : text;
    }
}
