using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Views;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>Asks what a quote or claim is linked to, oldest first, as of any point.</summary>
public sealed record AskLinks(EntryId Entry, AsOf AsOf) : IRequest<Outcome<ImmutableArray<LinkRecord>>>;

/// <summary>A link, as seen from one of its ends.</summary>
/// <param name="Entry">The <c>claim.linked</c> entry.</param>
/// <param name="Relation">How its <c>from</c> end bears on the other.</param>
/// <param name="IsFrom">Whether this end is the one that bears on the other.</param>
/// <param name="Other">The other end.</param>
/// <param name="OtherSummary">What that says; null when it was erased.</param>
/// <param name="Reason">Why they are linked.</param>
/// <param name="By">Who linked them.</param>
/// <param name="Status"><c>withdrawn</c>, <c>rejected</c>, <c>accepted</c>, <c>proposed</c> (by a program, undecided) or <c>recorded</c> (by a person).</param>
public sealed record LinkRecord(
    EntryId Entry, LinkRelation Relation, bool IsFrom, EntryId Other, string? OtherSummary, string? Reason, RecordedByName By, string Status)
{
    /// <summary>Whether it has its effect.</summary>
    public bool Counts => Status is "recorded" or "accepted";
}

internal sealed class LinksReader(ILedgerLog log, IMediator mediator) : IRequestHandler<AskLinks, Outcome<ImmutableArray<LinkRecord>>>
{
    public async Task<Outcome<ImmutableArray<LinkRecord>>> Handle(AskLinks request, CancellationToken cancellationToken)
    {
        if (await log.FindAsync(request.Entry, cancellation: cancellationToken).ConfigureAwait(false) is not { } entry)
        {
            return LedgerError.NotFound("entry-not-found", $"There is no entry {request.Entry}.");
        }

        var links = ImmutableArray.CreateBuilder<LinkRecord>();
        var query = new ViewQuery { Story = entry.Story, Where = [new("type", "claim.linked")], OldestFirst = true, Limit = ViewQuery.MaxLimit };
        do
        {
            var page = await mediator.Send(new ListRecords(ActivityView.View, query, request.AsOf), cancellationToken).ConfigureAwait(false);
            if (page.Error is { } error)
            {
                return error;
            }

            foreach (var record in page.Value.Records)
            {
                if ((await log.FindAsync(record.Id, cancellation: cancellationToken).ConfigureAwait(false))?.Body is ClaimLinked link && (link.From == request.Entry || link.To == request.Entry))
                {
                    links.Add(await SeenAsync(request, record, link, cancellationToken).ConfigureAwait(false));
                }
            }

            query = query with { After = page.Value.Next };
        }
        while (query.After is not null);

        return links.ToImmutable();
    }

    private async Task<LinkRecord> SeenAsync(AskLinks request, ViewRecord record, ClaimLinked link, CancellationToken cancellation)
    {
        var said = new ViewQuery { Story = record.StoryId, Where = [new("on", record.Id.ToString())], Limit = ViewQuery.MaxLimit };
        var types = (await mediator.Send(new ListRecords(ActivityView.View, said, request.AsOf), cancellation).ConfigureAwait(false)).Value.Records
            .Cast<ActivityRecord>().Select(activity => activity.Type).ToHashSet();
        var status = types.Contains("entry.withdrawn") ? "withdrawn"
            : types.Contains("proposal.rejected") ? "rejected"
            : types.Contains("proposal.accepted") ? "accepted"
            : record.RecordedBy.Kind == RecorderKind.Program ? "proposed"
            : "recorded";
        var isFrom = link.From == request.Entry;
        var other = isFrom ? link.To : link.From;
        var summary = await mediator.Send(new FindRecord(ActivityView.View, other.Value, request.AsOf), cancellation).ConfigureAwait(false);
        return new(record.Id, link.Relation, isFrom, other, summary.Error is null ? ((ActivityRecord)summary.Value).Summary : null, link.Reason, record.RecordedBy, status);
    }
}
