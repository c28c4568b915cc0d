using System.Collections.Immutable;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary>
/// What an entry records: its <c>body</c> part. One record a type; the member names, in camel case, are the storage format (see <see cref="BodyTypes"/>).
/// A member added later is optional; any other change is a new schema with an upcaster.
/// </summary>
/// <remarks>What an entry rests on is told by the record itself, once: rules, verification, the second clock and <c>why</c> all ask here.</remarks>
public abstract record Body
{
    /// <summary>The words it rests on; each must re-read exactly in its document.</summary>
    public virtual IEnumerable<Span> Spans() => [];

    /// <summary>The earlier entries of the story that it refers to, and how it rests on each.</summary>
    public virtual IEnumerable<Reference> References() => [];

    private protected static IEnumerable<Span> Some(params Span?[] spans) => spans.OfType<Span>();

    private protected static IEnumerable<Reference> Some(params (EntryId? Entry, string Relation)[] references) =>
        references.Where(reference => reference.Entry is not null).Select(reference => new Reference(reference.Entry!.Value, reference.Relation));
}

/// <summary>An entry that another refers to.</summary>
/// <param name="Entry">The earlier entry.</param>
/// <param name="Relation">How the later one rests on it, as it is told to a reader (<c>found in</c>, <c>passed on by</c>, <c>about</c>).</param>
public readonly record struct Reference(EntryId Entry, string Relation);

/// <summary><c>ledger.opened</c>, always the entry at index 0.</summary>
/// <param name="Origin">The ledger's name in signed statements (C2SP: a schema-less URL, such as <c>example.org/ledger</c>).</param>
/// <param name="Created">When it was created.</param>
/// <param name="PublicKey">The Ed25519 public key of its checkpoints: 32 bytes, base64url.</param>
public sealed record LedgerOpened(string Origin, Timestamp Created, Digest PublicKey) : Body;

/// <summary><c>story.opened</c>, always revision 0 of its story.</summary>
/// <param name="Title">As a person would write it.</param>
/// <param name="Slug">Its name on the command line and in addresses: lower-case letters and digits in groups joined by hyphens, at most 80.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Tags">Free words.</param>
public sealed record StoryOpened(string Title, string Slug, string Language, ImmutableArray<string> Tags) : Body;

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
    public override IEnumerable<Reference> References() => Some((SameTextAs, "same text as"), (TranslationOf, "translation of"));
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

/// <summary>Who is said to have said something.</summary>
/// <param name="Name">The resolved name; null where only the written words are known.</param>
/// <param name="Written">The words that stand for the speaker at this place.</param>
public sealed record Speaker(string? Name, Span? Written);

/// <summary>A finding: it rests on words of a document.</summary>
public interface IFinding
{
    /// <summary>The words; null only for what an editor recorded without any.</summary>
    Span? Span { get; }

    /// <summary>The extraction rule that found it; null for what a person recorded.</summary>
    string? Rule { get; }
}

/// <summary><c>quote.recorded</c>: words attributed to a speaker, wholly or partly in quotation marks.</summary>
/// <param name="Span">The words.</param>
/// <param name="Directness">Direct or mixed.</param>
/// <param name="Speaker">Who said them.</param>
/// <param name="Cue">The words that attribute them.</param>
/// <param name="Parent">The quote or claim within whose words these stand: who passed them on.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record QuoteRecorded(Span Span, Directness Directness, Speaker? Speaker, Span? Cue, EntryId? Parent, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, Speaker?.Written, Cue);

    public override IEnumerable<Reference> References() => Some((Parent, "passed on by"), (Span.Document, "found in"));
}

/// <summary><c>claim.recorded</c>: an assertion, with who makes it.</summary>
/// <param name="Span">The words.</param>
/// <param name="Statement">The assertion as a sentence of its own.</param>
/// <param name="Modality">How it is put.</param>
/// <param name="Directness">How the words stand in the document.</param>
/// <param name="Speaker">Who makes it; null where the document itself does.</param>
/// <param name="Cue">The words that attribute it.</param>
/// <param name="Parent">The quote or claim within whose words it stands; following parents gives the attribution chain.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record ClaimRecorded(
    Span Span, string Statement, Modality Modality, Directness Directness, Speaker? Speaker, Span? Cue, EntryId? Parent, string? Rule)
    : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, Speaker?.Written, Cue);

    public override IEnumerable<Reference> References() => Some((Parent, "passed on by"), (Span.Document, "found in"));
}

/// <summary><c>question.raised</c>: something the record does not know yet.</summary>
/// <param name="Text">The question, ending in a question mark.</param>
/// <param name="Kind">Why it is open.</param>
/// <param name="Expected">When it should be known.</param>
/// <param name="Span">The words that leave it open.</param>
/// <param name="Occasion">The occasion that should settle it.</param>
/// <param name="Criteria">What would count as an answer; only a person sets it.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record QuestionRaised(
    string Text, QuestionKind Kind, DateInterval? Expected, Span? Span, EntryId? Occasion, string? Criteria, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((Occasion, "settled by"), (Span?.Document, "found in"));
}

/// <summary><c>occasion.scheduled</c>: a future event that may settle questions.</summary>
/// <param name="What">The event, in the document's words.</param>
/// <param name="Where">The place, where it is told.</param>
/// <param name="Expected">The days it is expected on.</param>
/// <param name="Span">The words that schedule it.</param>
/// <param name="When">The words that date it.</param>
/// <param name="Rule">The extraction rule.</param>
public sealed record OccasionScheduled(string What, string? Where, DateInterval? Expected, Span? Span, Span? When, string? Rule) : Body, IFinding
{
    public override IEnumerable<Span> Spans() => Some(Span, When);

    public override IEnumerable<Reference> References() => Some((Span?.Document, "found in"));
}

/// <summary><c>note.added</c>: a remark on any entry of the story.</summary>
public sealed record NoteAdded(EntryId On, string Text) : Body
{
    public override IEnumerable<Reference> References() => Some((On, "about"));
}

/// <summary><c>entry.withdrawn</c>: the recorder's own error in a finding, a document or a note. The entry stays; nothing may rest on it from here on.</summary>
public sealed record EntryWithdrawn(EntryId Entry, string Reason) : Body
{
    public override IEnumerable<Reference> References() => Some((Entry, "about"));
}
