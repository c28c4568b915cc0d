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
