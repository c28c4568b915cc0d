using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>Asks why the ledger says something: walks an entry back to words in a document.</summary>
public sealed record AskWhy(EntryId Entry) : IRequest<Outcome<ImmutableArray<WhyStep>>>;

/// <summary>One entry on the way back.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Depth">How many steps from what was asked; 0 is that itself.</param>
/// <param name="Relation">How the step before rests on it (<c>asked</c>, <c>found in</c>, <c>passed on by</c>, <c>evidence</c>, <c>corrected by</c>, <c>resolved by</c>, <c>linked by</c> …).</param>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its leaf hash.</param>
/// <param name="Type">Its type.</param>
/// <param name="Summary">What it records, in one line; null when erased.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="RecordedBy">By whom.</param>
/// <param name="Words">The words it rests on, in their context; null for an entry that rests on none itself.</param>
public sealed record WhyStep(
    EntryId Entry, int Depth, string Relation, long Index, Digest Hash, string Type, string? Summary, Timestamp RecordedAt, RecordedByName RecordedBy,
    QuotedWords? Words)
{
    /// <summary>Set when it was withdrawn since, itself or with its document.</summary>
    public Withdrawal? Withdrawn { get; init; }
}

/// <summary>Words in their context.</summary>
/// <param name="Span">The words and where they stand.</param>
/// <param name="Document">The document's title.</param>
/// <param name="Published">The document's date, as it gives it.</param>
/// <param name="Before">Up to a sentence of what stands before the words.</param>
/// <param name="Gaps">What stands between the ranges; one fewer than ranges.</param>
/// <param name="After">Up to a sentence of what stands after.</param>
/// <param name="Holds">Whether the words re-read exactly in the document as it is stored; null when its text was erased.</param>
public sealed record QuotedWords(
    Span Span, string? Document, PublicationDate? Published, string? Before, ImmutableArray<string> Gaps, string? After, bool? Holds);

internal sealed class WhyReader(ILedgerLog log, IViewStore store, IMediator mediator) : IRequestHandler<AskWhy, Outcome<ImmutableArray<WhyStep>>>
{
    private const int Context = 160;

    public async Task<Outcome<ImmutableArray<WhyStep>>> Handle(AskWhy request, CancellationToken cancellationToken)
    {
        var steps = ImmutableArray.CreateBuilder<WhyStep>();
        var seen = new HashSet<EntryId>();
        var waiting = new Queue<(EntryId Id, int Depth, string Relation)>([(request.Entry, 0, "asked")]);
        while (waiting.TryDequeue(out var next))
        {
            if (!seen.Add(next.Id))
            {
                continue;
            }

            if (await log.FindAsync(next.Id, PartSelection.Small, cancellationToken).ConfigureAwait(false) is not { } entry)
            {
                return LedgerError.NotFound("entry-not-found", $"There is no entry {next.Id}.");
            }

            var activity = (ActivityRecord?)await store.FindAsync(ActivityView.View, entry.Id.Value, cancellation: cancellationToken).ConfigureAwait(false);
            steps.Add(new(
                entry.Id, next.Depth, next.Relation, entry.Index, entry.Hash, entry.Envelope.Type, activity?.Summary, entry.Envelope.RecordedAt,
                RecordedByName.Of(entry), await WordsAsync(entry, cancellationToken).ConfigureAwait(false))
            { Withdrawn = activity?.Withdrawn });
            foreach (var (id, relation) in await RestsOnAsync(entry, next.Depth, cancellationToken).ConfigureAwait(false))
            {
                waiting.Enqueue((id, next.Depth + 1, relation));
            }
        }

        return steps.ToImmutable();
    }

    private async ValueTask<List<(EntryId Id, string Relation)>> RestsOnAsync(Entry entry, int depth, CancellationToken cancellation)
    {
        List<(EntryId, string)> rests = [.. (entry.Body?.References() ?? []).Select(reference => (reference.Entry, reference.Relation))];
        // What was said of a record since is part of why it stands as it does.
        foreach (var view in AllViews.List)
        {
            if (view == ActivityView.View || view == TimelineView.View || await store.FindAsync(view, entry.Id.Value, cancellation: cancellation).ConfigureAwait(false) is not { } record)
            {
                continue;
            }

            rests.AddRange(record.Corrections.Select(correction => (correction.By, "corrected by")));
            if (record.Withdrawn is { } withdrawal)
            {
                rests.Add((withdrawal.By, "withdrawn by"));
            }

            // Further out this would walk through the whole story.
            if (depth == 0)
            {
                rests.AddRange(SaidOf(record));
            }
        }

        if (depth == 0 && EntryKinds.IsStatement(entry.Envelope.Type))
        {
            var links = (await mediator.Send(new AskLinks(entry.Id, AsOf.Now), cancellation).ConfigureAwait(false)).Value;
            rests.AddRange(links.Where(link => link.Counts).Select(link => (link.Entry, "linked by")));
        }

        return rests;
    }

    /// <summary>The decisions, evidence and changes that make a record what it is.</summary>
    private static IEnumerable<(EntryId, string)> SaidOf(ViewRecord record)
    {
        if (record is FindingRecord { Decision: { } decision })
        {
            yield return (decision.By, decision.Accepted ? "accepted by" : "rejected by");
        }

        if (record is FindingRecord { Orphaned: { } revision })
        {
            yield return (revision, "orphaned by");
        }

        switch (record)
        {
            case QuestionRecord question:
                foreach (var evidence in question.Evidence.Where(evidence => evidence.Bearing is not null && evidence.State != ProposalState.Rejected))
                {
                    yield return (evidence.AddedBy, "evidence");
                }

                foreach (var wording in question.Wordings.Skip(1))
                {
                    yield return (wording.Entry, "restated by");
                }

                if (question.Resolution is { } resolution)
                {
                    yield return (resolution.Entry, "resolved by");
                }

                break;
            case OccasionRecord occasion:
                foreach (var change in occasion.Changes.Where(change => change.Counts))
                {
                    yield return (change.Entry, $"{change.What} by");
                }

                break;
        }
    }

    private async ValueTask<QuotedWords?> WordsAsync(Entry entry, CancellationToken cancellation)
    {
        if (entry.Body?.Spans().FirstOrDefault() is not { } span)
        {
            return null;
        }

        var document = await log.FindAsync(span.Document, PartSelection.All, cancellation).ConfigureAwait(false);
        var filed = document?.Body as DocumentFiled ?? (document?.Body as DocumentRevised)?.Document;
        if (filed is not null && await store.FindAsync(DocumentsView.View, span.Document.Value, cancellation: cancellation).ConfigureAwait(false) is DocumentRecord { Corrections.IsEmpty: false } right)
        {
            filed = filed with { Title = right.Title, PublishedAt = right.Dated };
        }

        if (document?.Part(Part.Text) is not { } part)
        {
            return new(span, filed?.Title, filed?.PublishedAt, null, [], null, null);
        }

        var text = Encoding.UTF8.GetString(part.Bytes.Span);
        if (span.Check(text) is not null)
        {
            return new(span, filed?.Title, filed?.PublishedAt, null, [], null, false);
        }

        var gaps = span.Ranges.Zip(span.Ranges.Skip(1), (before, after) => text[before.End..after.Start]);
        return new(
            span, filed?.Title, filed?.PublishedAt, Before(text, span.Ranges[0].Start), [.. gaps], After(text, span.Ranges[^1].End), true);
    }

    /// <summary>What stands before, from the paragraph's beginning or a word's.</summary>
    private static string Before(string text, int start)
    {
        var from = Math.Max(text.LastIndexOf('\n', Math.Max(start - 1, 0)) + 1, start - Context);
        while (from > 0 && from < start && !char.IsWhiteSpace(text[from - 1]))
        {
            from++;
        }

        return from >= start ? "" : text[from..start];
    }

    /// <summary>What stands after, to the paragraph's end or a word's.</summary>
    private static string After(string text, int end)
    {
        var newline = text.IndexOf('\n', end);
        var to = Math.Min(newline < 0 ? text.Length : newline, end + Context);
        while (to < text.Length && to > end && !char.IsWhiteSpace(text[to]))
        {
            to--;
        }

        return text[end..to];
    }
}
