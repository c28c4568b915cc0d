using System.Collections.Immutable;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Dates;

/// <summary>
/// Finds date expressions and resolves them against the day of publication. At each token the longest reading counts; what could be another word
/// (may, march, second, fall) needs its context. Linear in the text: a reading looks at a few tokens only.
/// </summary>
internal static class DateExpressions
{
    internal static ImmutableArray<DateMention> Find(Reading reading, DateOnly published)
    {
        var page = reading.Page;
        var found = ImmutableArray.CreateBuilder<DateMention>();
        foreach (var sentence in page.Sentences)
        {
            var reader = new DateReader(reading, published, sentence.FirstToken, sentence.EndToken);
            for (var i = sentence.FirstToken; i < sentence.EndToken;)
            {
                if (MayBegin(reading, i) && reader.Read(i) is { } read && read.End > i)
                {
                    found.Add(new(i, read.End, page.Range(i, read.End), read.Value));
                    i = read.End;
                }
                else
                {
                    i++;
                }
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Most words that can begin a date ("the", "in", "a") begin none: a word of the calendar or a number must be near.</summary>
    private static bool MayBegin(Reading reading, int token)
    {
        if (IsCore(reading, token))
            return true;
        if (!reading.Has(token, WordClass.Dating))
            return false;
        for (var i = token + 1; i <= token + 4; i++)
        {
            if (IsCore(reading, i))
                return true;
        }

        return false;
    }

    private static bool IsCore(Reading reading, int token) =>
        (uint)token < (uint)reading.Count && (reading.Has(token, WordClass.Calendar) || reading.Page.Tokens[token].Kind == TokenKind.Number || reading.Is(token, "New") && reading.Is(token + 1, "Year"));
}

/// <summary>A reading from some token to before <paramref name="End"/>.</summary>
/// <param name="Yearless">Whether the year was not written and is the nearest one.</param>
internal readonly record struct DateReading(int End, DateValue Value, bool Yearless = false);
