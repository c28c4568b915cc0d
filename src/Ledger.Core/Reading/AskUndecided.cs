using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>Asks which proposals of programs nobody has decided on yet, oldest first.</summary>
/// <param name="Story">The story.</param>
/// <param name="Document">Only what rests on words of this document.</param>
/// <param name="Rule">Only what this rule proposes.</param>
public sealed record AskUndecided(StoryId Story, EntryId? Document = null, string? Rule = null) : IRequest<Outcome<ImmutableArray<UndecidedProposal>>>;

/// <summary>A proposal that nobody has decided on.</summary>
public sealed record UndecidedProposal(EntryId Entry, string Type, string? Rule);

internal sealed class UndecidedReader(ILedgerLog log) : IRequestHandler<AskUndecided, Outcome<ImmutableArray<UndecidedProposal>>>
{
    public async Task<Outcome<ImmutableArray<UndecidedProposal>>> Handle(AskUndecided request, CancellationToken cancellationToken)
    {
        var story = StoryState.Empty;
        var proposals = new List<(UndecidedProposal Proposal, EntryId? Document)>();
        await foreach (var entry in log.ReadStoryAsync(request.Story, cancellation: cancellationToken).ConfigureAwait(false))
        {
            story = story.Evolve(entry);
            if (entry.Envelope.RecordedBy.Kind == RecorderKind.Program && EntryKinds.IsProposal(entry.Envelope.Type))
            {
                proposals.Add((new(entry.Id, entry.Envelope.Type, RuleOf(entry.Body)), entry.Body?.Spans().FirstOrDefault()?.Document));
            }
        }

        return proposals
            .Where(found => story.Find(found.Proposal.Entry) is { Withdrawn: false, Decided: ProposalState.Undecided })
            .Where(found => (request.Document is null || found.Document == request.Document) && (request.Rule is null || found.Proposal.Rule == request.Rule))
            .Select(found => found.Proposal)
            .ToImmutableArray();
    }

    private static string? RuleOf(Body? body) => body switch
    {
        IFinding finding => finding.Rule,
        ClaimLinked link => link.Rule,
        QuestionEvidenceAdded evidence => evidence.Rule,
        AnswerProposed answer => answer.Rule,
        IOccasionChange change => change.Rule,
        SpeakerIdentified identified => identified.Rule,
        SpeakerSeparated separated => separated.Rule,
        _ => null,
    };
}
