namespace Ledger.Core.Entries;

/// <summary>What every text of the ledger keeps to, so that each engine can store it and every program hash it.</summary>
public static class Texts
{
    /// <summary>Whether bytes are such a text in UTF-8.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Contains((byte)0);

    /// <summary>What keeps a text out, as a sentence: a NUL (PostgreSQL cannot hold it) or half of a surrogate pair (it has no UTF-8); null when nothing does.</summary>
    public static string? Problem(string text)
    {
        if (!text.AsSpan().Contains('\0') && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return null;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return $"The text holds a NUL character at UTF-16 unit {i}, which cannot be recorded.";
            }

            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return $"The text holds half of a surrogate pair at UTF-16 unit {i}, which cannot be recorded.";
                }

                i++;
            }
        }

        return null;
    }
}
