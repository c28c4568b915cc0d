using Ledger.Core.Entries;

namespace Ledger.Extraction.Text;

internal enum TokenKind : byte
{
    /// <summary>Letters, with the apostrophes, hyphens and abbreviation points inside them.</summary>
    Word,

    /// <summary>Digits, with the points, commas, slashes and colons inside them.</summary>
    Number,

    /// <summary>The genitive or contracted <c>'s</c>, cut from the word before it.</summary>
    Genitive,

    /// <summary>A mark; dashes and ellipses of several characters are one token.</summary>
    Mark,
}

/// <summary>A word or mark at <c>[Start, End)</c>.</summary>
internal readonly record struct Token(int Start, int Length, TokenKind Kind)
{
    public int End => Start + Length;

    public bool IsWord => Kind == TokenKind.Word;
}

internal enum ParagraphKind : byte
{
    Prose,

    /// <summary>A short line of its own without final punctuation.</summary>
    Heading,

    /// <summary>An item of a list; the bullet belongs to the paragraph and not to its sentences.</summary>
    Item,
}

/// <summary>A paragraph, trimmed, with its sentences <c>[FirstSentence, EndSentence)</c>.</summary>
internal readonly record struct Paragraph(TextRange Range, ParagraphKind Kind, int FirstSentence, int EndSentence);

/// <summary>A sentence, trimmed, with its tokens <c>[FirstToken, EndToken)</c>.</summary>
internal readonly record struct Sentence(TextRange Range, int FirstToken, int EndToken, int Paragraph, bool IsHeading);

/// <summary>A stretch in quotation marks.</summary>
/// <param name="Outer">With its marks; without a closing mark, to the end of the paragraph.</param>
/// <param name="Inner">Without marks, trimmed.</param>
/// <param name="Parent">The region around this one; -1 for none.</param>
/// <param name="Continues">The region of the paragraph before that was left open and that this one takes up again; -1 for none.</param>
/// <param name="Closed">Whether it has its closing mark.</param>
/// <param name="Single">Whether its marks are single.</param>
internal readonly record struct QuoteRegion(TextRange Outer, TextRange Inner, int Parent, int Continues, bool Closed, bool Single);
