using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Views;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>Asks where words and phrases stand, newest first.</summary>
/// <param name="Words">A query as in <see cref="SearchWords.Query"/>.</param>
/// <param name="Query">Which records (story, facets), and which page; what was withdrawn or rejected is left out unless a status is asked for.</param>
/// <param name="AsOf">The point: only what was there then.</param>
public sealed record AskSearch(string Words, ViewQuery Query, AsOf AsOf) : IRequest<Outcome<SearchPage>>;

/// <summary>A page of hits.</summary>
public sealed record SearchPage(ImmutableArray<SearchHit> Hits, ViewCursor? Next);

/// <summary>A record in which everything that was asked for was found.</summary>
/// <param name="Record">The record.</param>
/// <param name="Text">The text it was found in: a document's frozen text, or the record's own words; null when it was erased, or for a document found by its title alone.</param>
/// <param name="Found">Where in that text, in order.</param>
public sealed record SearchHit(SearchRecord Record, string? Text, ImmutableArray<TextRange> Found);

internal sealed class SearchReader(ILedgerLog log, IViewStore store) : IRequestHandler<AskSearch, Outcome<SearchPage>>
{
    public async Task<Outcome<SearchPage>> Handle(AskSearch request, CancellationToken cancellationToken)
    {
        var phrases = SearchWords.Query(request.Words);
        if (phrases.IsEmpty)
        {
            return LedgerError.Refused("search-empty", "There is no word to search for.", "Give words, or a phrase in quotation marks.");
        }

        var index = await request.AsOf.ResolveAsync(log, cancellationToken).ConfigureAwait(false);
        if (index.Error is { } error)
        {
            return error;
        }

        var until = request.AsOf.PublishedBy is { } day ? Timestamp.EndOf(day) : Timestamp.MaxValue;
        var query = request.Query with { AsOf = index.Value, Words = phrases };
        if (!query.Where.Any(filter => filter.Facet == "status"))
        {
            query = query with { Where = [.. query.Where, new("status", "withdrawn", Not: true), new("status", "rejected", Not: true)] };
        }

        var hits = ImmutableArray.CreateBuilder<SearchHit>();
        ViewCursor? next;
        do
        {
            var page = await store.ListAsync(SearchView.View, query with { Limit = request.Query.Limit - hits.Count }, cancellationToken).ConfigureAwait(false);
            foreach (var record in page.Records.Cast<SearchRecord>().Where(record => record.PublishedAt <= until))
            {
                hits.Add(await HitAsync(record, phrases, cancellationToken).ConfigureAwait(false));
            }

            next = page.Next;
            query = query with { After = next };
        }
        while (next is not null && hits.Count < request.Query.Limit);
        return new SearchPage(hits.DrainToImmutable(), next);
    }

    private async ValueTask<SearchHit> HitAsync(SearchRecord record, ImmutableArray<ImmutableArray<string>> phrases, CancellationToken cancellation)
    {
        var text = record.Text;
        if (record.Kind == "document")
        {
            var stored = (await log.FindAsync(record.Id, PartSelection.All, cancellation).ConfigureAwait(false))?.Part(Part.Text);
            text = stored is null ? null : Encoding.UTF8.GetString(stored.Bytes.Span);
        }

        return text is null ? new(record, null, []) : new(record, text, SearchWords.Find(text, phrases));
    }
}
