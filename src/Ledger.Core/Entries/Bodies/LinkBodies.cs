namespace Ledger.Core.Entries;

/// <summary><c>claim.linked</c>: how one claim or quote bears on another.</summary>
/// <param name="From">The later or speaking one: it repeats, contradicts, corrects … the other.</param>
/// <param name="To">The one it bears on.</param>
/// <param name="Relation">How.</param>
/// <param name="Span">The words that show the relation, where a text states it.</param>
/// <param name="Rule">The rule of the program that proposes it; null for a person's.</param>
/// <param name="Reason">Why, in a person's words.</param>
public sealed record ClaimLinked(EntryId From, EntryId To, LinkRelation Relation, Span? Span, string? Rule, string? Reason) : Body
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((From, "from"), (To, "to"), (Span?.Document, "found in"));
}
