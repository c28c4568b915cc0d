using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Ledger.Core;

/// <summary>
/// The plain letters that stand for others: accents dropped, case and width folded, ligatures taken apart. The program carries no Unicode tables of decomposition
/// (InvariantGlobalization), so the table is its own: <c>Letters.txt</c>.
/// </summary>
internal static class Letters
{
    private static readonly FrozenDictionary<Rune, string> Plain = Read();

    /// <summary>Appends what stands for a letter or digit; nothing for a mark over or under the letter before it.</summary>
    internal static void AppendPlain(StringBuilder text, Rune rune)
    {
        // The table has the capitals whose small letters Unicode takes apart otherwise, or not at all.
        var small = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
        if (Plain.TryGetValue(rune, out var plain) || Plain.TryGetValue(small, out plain))
        {
            text.Append(plain);
        }
        else if (!IsAccent(rune))
        {
            text.Append(small);
        }
    }

    /// <summary>Accents, points and strokes; not the vowel signs of scripts that write vowels so, without which other words would be meant.</summary>
    internal static bool IsAccent(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark && rune.Value is
        (>= 0x0300 and <= 0x036F) or (>= 0x0483 and <= 0x0489) or (>= 0x0591 and <= 0x05C7) or (>= 0x064B and <= 0x065F) or 0x0670
        or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F);

    private static FrozenDictionary<Rune, string> Read()
    {
        using var table = new StreamReader(typeof(Letters).Assembly.GetManifestResourceStream("Ledger.Core.Letters.txt")!, Encoding.UTF8);
        var plain = new Dictionary<Rune, string>();
        while (table.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
            {
                foreach (var rune in line[(space + 1)..].EnumerateRunes())
                {
                    plain[rune] = line[..space];
                }
            }
        }

        return plain.ToFrozenDictionary();
    }
}
