using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

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

/// <summary>
/// <c>entry.corrected</c>: the recorder's own error in a finding or document, put right. The entry stays as it was recorded; views show what it should have been.
/// What the source itself corrected is a link (<see cref="LinkRelation.Corrects"/>), not this.
/// </summary>
/// <param name="Entry">The entry in error.</param>
/// <param name="Corrected">What it should have recorded: a body of the same type, whole. A document keeps its text and its hashes.</param>
/// <param name="Reason">What was wrong.</param>
public sealed record EntryCorrected(EntryId Entry, [property: JsonConverter(typeof(BodyWithinConverter))] Body Corrected, string Reason) : Body
{
    public override IEnumerable<Span> Spans() => Corrected.Spans();

    public override IEnumerable<Reference> References() => [new(Entry, "about"), .. Corrected.References()];
}

/// <summary>
/// <c>entry.redacted</c>: the words of these parts are to be erased, salts and bytes, wherever the ledger keeps them. Their entries stay, and every proof still holds.
/// </summary>
/// <param name="Parts">Which parts of which entries.</param>
/// <param name="Authority">Who ordered it (a court and its file number; the person concerned).</param>
/// <param name="Reason">Why, from a fixed vocabulary.</param>
public sealed record EntryRedacted(ImmutableArray<EntryPart> Parts, string Authority, RedactionReason Reason) : Body
{
    public override IEnumerable<Reference> References() => Parts.Select(part => new Reference(part.Entry, "about"));
}

/// <summary>A part of an entry, by name.</summary>
public readonly record struct EntryPart(EntryId Entry, string Part);
