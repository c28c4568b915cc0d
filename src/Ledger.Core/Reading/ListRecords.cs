using Ledger.Core.Log;
using Ledger.Core.Views;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>Asks for a page of a view, as of any point.</summary>
public sealed record ListRecords(View View, ViewQuery Query, AsOf AsOf) : IRequest<Outcome<ViewPage>>;

/// <summary>Asks how many records a query finds, as of any point.</summary>
public sealed record CountRecords(View View, ViewQuery Query, AsOf AsOf) : IRequest<Outcome<long>>;

/// <summary>Asks for one record, as of any point.</summary>
public sealed record FindRecord(View View, Guid Key, AsOf AsOf) : IRequest<Outcome<ViewRecord>>;

/// <summary>Answers from the store where it can: as-of an index is an indexed look-up; the published clock is a fold.</summary>
internal sealed class RecordReader(ILedgerLog log, IViewStore store)
    : IRequestHandler<ListRecords, Outcome<ViewPage>>, IRequestHandler<CountRecords, Outcome<long>>, IRequestHandler<FindRecord, Outcome<ViewRecord>>
{
    public Task<Outcome<ViewPage>> Handle(ListRecords request, CancellationToken cancellationToken) => AtAsync<ViewPage>(
        request.AsOf,
        request.Query.Story,
        request.View,
        async index => await store.ListAsync(request.View, request.Query with { AsOf = index }, cancellationToken).ConfigureAwait(false),
        fold => fold.List(request.View, request.Query),
        cancellationToken);

    public Task<Outcome<long>> Handle(CountRecords request, CancellationToken cancellationToken) => AtAsync<long>(
        request.AsOf,
        request.Query.Story,
        request.View,
        async index => await store.CountAsync(request.View, request.Query with { AsOf = index }, cancellationToken).ConfigureAwait(false),
        fold => fold.Matching(request.View, request.Query).LongCount(),
        cancellationToken);

    public Task<Outcome<ViewRecord>> Handle(FindRecord request, CancellationToken cancellationToken) => AtAsync(
        request.AsOf,
        null,
        request.View,
        async index => Found(await store.FindAsync(request.View, request.Key, index, cancellation: cancellationToken).ConfigureAwait(false), request.Key),
        fold => Found(fold.Find(request.View, request.Key), request.Key),
        cancellationToken);

    private static Outcome<ViewRecord> Found(ViewRecord? record, Guid key) =>
        record is null ? LedgerError.NotFound("record-not-found", $"There is no {key:D} at that point.") : record;

    private async Task<Outcome<T>> AtAsync<T>(
        AsOf asOf, Entries.StoryId? story, View view, Func<long?, Task<Outcome<T>>> stored, Func<ViewFold, Outcome<T>> folded, CancellationToken cancellation)
    {
        var index = await asOf.ResolveAsync(log, cancellation).ConfigureAwait(false);
        if (index.Error is { } error)
        {
            return error;
        }

        return asOf.PublishedBy is { } day
            ? folded(await PublishedOrder.FoldAsync(log, [view], story, index.Value, day, cancellation).ConfigureAwait(false))
            : await stored(index.Value).ConfigureAwait(false);
    }
}
