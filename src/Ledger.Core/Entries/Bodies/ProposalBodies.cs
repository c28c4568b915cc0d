namespace Ledger.Core.Entries;

/// <summary>An editor's decision: only a person, or a service acting for one, records it.</summary>
public interface IDecision
{
    /// <summary>The decision rests on what was published through this day (UTC); null: on the latest that it refers to.</summary>
    DateOnly? BasedOnPublishedBy { get; }
}

/// <summary><c>proposal.accepted</c>: what a program proposed holds.</summary>
/// <param name="Proposal">A program's finding, link, evidence, change of an occasion or word on a speaker.</param>
/// <param name="Reason">Why.</param>
/// <param name="BasedOnPublishedBy">The decision rests on what was published through this day.</param>
public sealed record ProposalAccepted(EntryId Proposal, string? Reason, DateOnly? BasedOnPublishedBy) : Body, IDecision
{
    public override IEnumerable<Reference> References() => Some((Proposal, "about"));
}

/// <summary><c>proposal.rejected</c>: what a program proposed does not hold.</summary>
public sealed record ProposalRejected(EntryId Proposal, string? Reason, DateOnly? BasedOnPublishedBy) : Body, IDecision
{
    public override IEnumerable<Reference> References() => Some((Proposal, "about"));
}
