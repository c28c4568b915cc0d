using System.Collections.Immutable;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary><c>document.filed</c>: a text, frozen. The text itself is the entry's <c>text</c> part, the original bytes its <c>source</c> part.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Publisher">Who published it.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Url">Where it was published.</param>
/// <param name="ArchivedUrl">Where a copy is kept.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="PublishedAt">When it says it was published.</param>
/// <param name="RetrievedAt">When it was fetched.</param>
/// <param name="TextSha256">SHA-256 of the text's UTF-8 bytes.</param>
/// <param name="TextLength">The text's length in UTF-16 units, the unit of spans.</param>
/// <param name="SourceSha256">SHA-256 of the original bytes, kept or not.</param>
/// <param name="MediaType">Of the original bytes.</param>
/// <param name="Converter">The program that made the text from the original bytes; null where the text is the bytes.</param>
/// <param name="SameTextAs">An earlier document of the story with the same text, published elsewhere.</param>
/// <param name="TranslationOf">The document this is a translation of.</param>
/// <param name="Sources">What the document says it rests on.</param>
public sealed record DocumentFiled(
    string Title,
    string? Publisher,
    string? Author,
    string? Url,
    string? ArchivedUrl,
    string? Language,
    PublicationDate? PublishedAt,
    Timestamp? RetrievedAt,
    Digest TextSha256,
    int TextLength,
    Digest SourceSha256,
    string MediaType,
    ProgramVersion? Converter,
    EntryId? SameTextAs,
    EntryId? TranslationOf,
    ImmutableArray<string> Sources) : Body
{
    // Which of two equal texts was filed first says nothing of which was published first: the copy does not rest on the other.
    public override IEnumerable<Reference> References() => Some((TranslationOf, "translation of"));
}

/// <summary>A program, as recorded.</summary>
public sealed record ProgramVersion(string Name, string Version);

/// <summary><c>extraction.completed</c>: the document was read to its end; the counts may be zero.</summary>
/// <param name="Document">The <c>document.filed</c> entry.</param>
/// <param name="Extractor">The program that read it.</param>
/// <param name="Counts">How many findings it reported.</param>
public sealed record ExtractionCompleted(EntryId Document, ProgramVersion Extractor, FindingCounts Counts) : Body
{
    public override IEnumerable<Reference> References() => Some((Document, "found in"));
}

/// <summary>How many findings of each kind.</summary>
public sealed record FindingCounts(int Quotes, int Claims, int Questions, int Occasions);

/// <summary>
/// <c>document.revised</c>: the publisher changed the text at an address. The new text is this entry's <c>text</c> part, and spans on it name this entry. Spans on the
/// old text stay where they are: what stands unchanged in the new one is the same finding, what does not is <paramref name="Orphaned"/>.
/// </summary>
/// <param name="Revises">The document, or the revision of it, that this follows on.</param>
/// <param name="Document">What is known of the new text, in the shape of <c>document.filed</c>.</param>
/// <param name="Orphaned">The findings whose words the new text no longer has, in the order in which they were recorded.</param>
/// <param name="OrphanedMore">How many more there are than <paramref name="Orphaned"/> can list; absent when it lists all.</param>
public sealed record DocumentRevised(EntryId Revises, DocumentFiled Document, ImmutableArray<EntryId> Orphaned, int? OrphanedMore = null) : Body
{
    /// <summary>At most so many are listed: an id is 39 bytes, a body 64 KiB.</summary>
    public const int MaxOrphaned = 1000;

    public override IEnumerable<Reference> References() => [new(Revises, "revises"), .. Document.References()];
}
