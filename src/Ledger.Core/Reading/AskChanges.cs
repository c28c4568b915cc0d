using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Views;
using MediatR;

namespace Ledger.Core.Reading;

/// <summary>
/// Asks what changed between two points: records, not entries. Applied to the records as of the first point, the changes give those as of the second.
/// Both points are told by the same clock: by recording (index or time), or both by publication.
/// </summary>
/// <param name="From">The point before.</param>
/// <param name="To">The point after.</param>
/// <param name="Story">One story, or null for all.</param>
/// <param name="Today">The day that the second point stands for when it is now.</param>
/// <param name="Since">The day that the first point stands for: what was overdue by then is not news; null for the day of the point itself.</param>
public sealed record AskChanges(AsOf From, AsOf To, StoryId? Story, DateOnly Today, DateOnly? Since = null) : IRequest<Outcome<ChangeReport>>;

/// <summary>What changed.</summary>
/// <param name="From">The index of the first point: the last entry that was seen; −1 for none. By publication: the head.</param>
/// <param name="To">The index of the second point.</param>
/// <param name="Changes">The changed records of <see cref="RecordChange.Views"/>, by view, in order of beginning.</param>
/// <param name="Overdue">Open questions that should have been known by a day that came to pass between the two points.</param>
public sealed record ChangeReport(long From, long To, ImmutableArray<RecordChange> Changes, ImmutableArray<QuestionRecord> Overdue);

internal sealed class ChangesReader(ILedgerLog log, IViewStore store) : IRequestHandler<AskChanges, Outcome<ChangeReport>>
{
    public async Task<Outcome<ChangeReport>> Handle(AskChanges request, CancellationToken cancellationToken)
    {
        if (request.From.PublishedBy is null != request.To.PublishedBy is null)
        {
            return LedgerError.Refused("clocks-differ", "One point is told by recording, the other by publication.", "Give both as days of publication, or neither.");
        }

        var head = (await log.HeadAsync(cancellationToken).ConfigureAwait(false)).LastIndex;
        var from = await request.From.ResolveAsync(log, cancellationToken).ConfigureAwait(false);
        var to = await request.To.ResolveAsync(log, cancellationToken).ConfigureAwait(false);
        if ((from.Error ?? to.Error) is { } error)
        {
            return error;
        }

        var (first, last) = (from.Value ?? head, to.Value ?? head);
        var byPublication = request.To.PublishedBy is not null;
        if (byPublication ? request.From.PublishedBy > request.To.PublishedBy || first > last : first > last)
        {
            return LedgerError.Refused("points-reversed", "The first point is after the second.", "Ask from the earlier to the later.");
        }

        var changes = byPublication
            ? await PublishedAsync(request, first, last, cancellationToken).ConfigureAwait(false)
            : await RecordedAsync(request.Story, first, last, cancellationToken).ConfigureAwait(false);
        return new ChangeReport(first, last, changes, await OverdueAsync(request, first, last, changes, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What two sets of records differ in.</summary>
    internal static IEnumerable<RecordChange> Between(View view, IReadOnlyDictionary<Guid, ViewRecord> before, IReadOnlyDictionary<Guid, ViewRecord> after) => before.Keys
        .Union(after.Keys)
        .Select(key => new RecordChange(view, key, before.GetValueOrDefault(key), after.GetValueOrDefault(key)))
        .Where(change => change.Before is null || change.After is null || !view.Write(change.Before).AsSpan().SequenceEqual(view.Write(change.After)))
        .OrderBy(change => change.Record.Index)
        .ThenBy(change => change.Key);

    private async Task<ImmutableArray<RecordChange>> RecordedAsync(StoryId? story, long first, long last, CancellationToken cancellation)
    {
        var changes = ImmutableArray.CreateBuilder<RecordChange>();
        foreach (var view in RecordChange.Views)
        {
            var (before, after) = (new Dictionary<Guid, ViewRecord>(), new Dictionary<Guid, ViewRecord>());
            foreach (var key in await store.ChangedAsync(view, first, last, story, cancellation).ConfigureAwait(false))
            {
                if (await store.FindAsync(view, key, first, cancellation: cancellation).ConfigureAwait(false) is { } was)
                {
                    before[key] = was;
                }

                if (await store.FindAsync(view, key, last, cancellation: cancellation).ConfigureAwait(false) is { } @is)
                {
                    after[key] = @is;
                }
            }

            changes.AddRange(Between(view, before, after));
        }

        return changes.ToImmutable();
    }

    private async Task<ImmutableArray<RecordChange>> PublishedAsync(AskChanges request, long first, long last, CancellationToken cancellation)
    {
        var before = await PublishedOrder.FoldAsync(log, RecordChange.Views, request.Story, first, request.From.PublishedBy!.Value, cancellation).ConfigureAwait(false);
        var after = await PublishedOrder.FoldAsync(log, RecordChange.Views, request.Story, last, request.To.PublishedBy!.Value, cancellation).ConfigureAwait(false);
        return [.. RecordChange.Views.SelectMany(view => Between(view, before.All(view), after.All(view)))];
    }

    /// <summary>Nothing needs to have been recorded for a day to pass: these are looked for by the day on which they should have been known.</summary>
    private async Task<ImmutableArray<QuestionRecord>> OverdueAsync(
        AskChanges request, long first, long last, ImmutableArray<RecordChange> changes, CancellationToken cancellation)
    {
        var (since, until) = (request.Since ?? await DayAsync(request.From, first, request.Today, cancellation).ConfigureAwait(false), await DayAsync(request.To, last, request.Today, cancellation).ConfigureAwait(false));
        if (since >= until)
        {
            return [];
        }

        var told = changes.Where(change => change.View == QuestionsView.View && change.Before is null).Select(change => change.Key).ToHashSet();
        IEnumerable<QuestionRecord> due;
        if (request.To.PublishedBy is { } day)
        {
            var fold = await PublishedOrder.FoldAsync(log, [QuestionsView.View], request.Story, last, day, cancellation).ConfigureAwait(false);
            due = fold.All(QuestionsView.View).Values.Cast<QuestionRecord>();
        }
        else
        {
            due = await DueAsync(request.Story, last, since, until, cancellation).ConfigureAwait(false);
        }

        return [.. due.Where(question => question.IsOverdue(until) && !question.IsOverdue(since) && !told.Contains(question.Id.Value)).OrderBy(question => question.Index)];
    }

    private async Task<List<QuestionRecord>> DueAsync(StoryId? story, long index, DateOnly since, DateOnly until, CancellationToken cancellation)
    {
        var due = new List<QuestionRecord>();
        var query = new ViewQuery { AsOf = index, Story = story, Within = new("due", QuestionsView.Day(since), QuestionsView.Day(until)), Limit = ViewQuery.MaxLimit };
        do
        {
            var page = await store.ListAsync(QuestionsView.View, query, cancellation).ConfigureAwait(false);
            due.AddRange(page.Records.Cast<QuestionRecord>());
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return due;
    }

    private async Task<DateOnly> DayAsync(AsOf point, long index, DateOnly today, CancellationToken cancellation)
    {
        if (point.PublishedBy is { } day)
        {
            return day;
        }

        if (point.Time is { } time)
        {
            return time.Day;
        }

        if (point.Index is null)
        {
            return today;
        }

        await foreach (var entry in log.ReadAsync(Math.Max(index, 0), index + 1, cancellation: cancellation).ConfigureAwait(false))
        {
            return entry.Envelope.RecordedAt.Day;
        }

        return DateOnly.MinValue;
    }
}
