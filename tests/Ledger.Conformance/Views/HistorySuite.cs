using System.Text;
using CsCheck;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Views;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Conformance.Views;

/// <summary>The temporal rule: live, rebuilt, as-of and replay are the same, for every view at every index, over random histories of real commands.</summary>
public abstract class HistorySuite(Func<Store> newStore)
{
    /// <summary>How many random histories each test tries.</summary>
    protected virtual int Histories => 12;

    private static readonly Gen<Step[]> Steps = Step.Any.Array[10, 45];

    [SkippableFact]
    public Task Live_views_are_the_fold_of_the_first_entries_at_every_index() => SampleAsync(async (ledger, steps) =>
    {
        var keeper = new ViewKeeper(ledger.Log, ledger.Views, AllViews.List);
        foreach (var step in steps)
        {
            await ledger.History.PlayAsync(step);
            if (step.Pick % 3 == 0)
            {
                // Up to somewhere, not always the head, and now and then by a keeper that remembers nothing.
                keeper = step.Pick % 2 == 0 ? new ViewKeeper(ledger.Log, ledger.Views, AllViews.List) : keeper;
                await keeper.CatchUpAsync((await ledger.Log.HeadAsync()).Size - (step.Words % 2));
            }
        }

        await keeper.CatchUpAsync();
        await CheckEveryIndexAsync(ledger);
    });

    [SkippableFact]
    public Task Rebuilt_views_are_the_live_ones_at_every_index() => SampleAsync(async (ledger, steps) =>
    {
        await PlayAsync(ledger, steps.Take(steps.Length / 2));
        var keeper = new ViewKeeper(ledger.Log, ledger.Views, AllViews.List);
        await keeper.CatchUpAsync();
        // Whatever was erased, the rules go on, and the views come to the same as if it had never been there.
        foreach (var entry in (await Given.AllAsync(ledger.Log)).Where(entry => entry.Index > 1 && (entry.Index * 7) % 11 == steps.Length % 11))
        {
            await ledger.Log.EraseAsync(entry.Id, Part.Body);
        }

        ledger.History.Forget();
        await PlayAsync(ledger, steps.Skip(steps.Length / 2));
        foreach (var view in AllViews.List)
        {
            await keeper.RebuildAsync(view);
        }

        await CheckEveryIndexAsync(ledger);
        (await ledger.Views.ProgressAsync()).Values.ShouldAllBe(progress => progress.Error == null);
    });

    [SkippableFact]
    public Task Published_by_agrees_with_a_naive_fold_also_together_with_as_of() => SampleAsync(async (ledger, steps) =>
    {
        await PlayAsync(ledger, steps);
        await new ViewKeeper(ledger.Log, ledger.Views, AllViews.List).CatchUpAsync();
        var entries = await Given.AllAsync(ledger.Log);
        foreach (var day in Enumerable.Range(-1, 12).Select(day => new DateOnly(2022, 10, 25).AddDays(day)))
        {
            foreach (var index in (long?[])[null, 0, entries.Count / 3, entries.Count * 2 / 3])
            {
                var fold = new ViewFold(AllViews.List);
                var published = NaivePublished([.. entries.Where(entry => entry.Index <= (index ?? long.MaxValue))]);
                foreach (var entry in entries
                    .Where(entry => entry.Index <= (index ?? long.MaxValue) && published[entry.Id] < Timestamp.StartOf(day.AddDays(1)))
                    .OrderBy(entry => published[entry.Id]).ThenBy(entry => entry.Index))
                {
                    fold.Apply(entry);
                }

                foreach (var view in AllViews.List)
                {
                    var query = new ViewQuery { Limit = ViewQuery.MaxLimit };
                    var page = (await ledger.Mediator.Send(new ListRecords(view, query, new AsOf(index, PublishedBy: day)))).Value;
                    Text(view, page.Records).ShouldBe(Text(view, fold.Matching(view, query).Select(found => found.Record)));
                }
            }
        }
    });

    [SkippableFact]
    public Task As_of_a_time_is_as_of_the_last_index_not_recorded_later() => SampleAsync(async (ledger, steps) =>
    {
        await PlayAsync(ledger, steps);
        await new ViewKeeper(ledger.Log, ledger.Views, AllViews.List).CatchUpAsync();
        var time = default(Timestamp?);
        var query = new ViewQuery { Limit = ViewQuery.MaxLimit };
        var fold = new ViewFold(ActivityView.View);
        var entries = await Given.AllAsync(ledger.Log);
        foreach (var entry in entries)
        {
            fold.Apply(entry);
            time = time is { } before ? Timestamp.Max(before, entry.Envelope.RecordedAt) : entry.Envelope.RecordedAt;
            if (entry.Index + 1 < entries.Count && entries[(int)entry.Index + 1].Envelope.RecordedAt <= time)
            {
                continue;
            }

            var page = (await ledger.Mediator.Send(new ListRecords(ActivityView.View, query, new AsOf(Time: time)))).Value;
            page.Records.Select(record => record.Index).ShouldBe(fold.List(ActivityView.View, query).Records.Select(record => record.Index));
        }

        (await ledger.Mediator.Send(new ListRecords(ActivityView.View, query, new AsOf(Time: Timestamp.MinValue)))).Value.Records.ShouldBeEmpty();
    });

    private static async Task PlayAsync(Played ledger, IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            await ledger.History.PlayAsync(step);
        }
    }

    /// <summary>Every view at every index against the fold: whole lists both ways, filtered, by story, by beginning, page by page, counted, and record by record.</summary>
    private static async Task CheckEveryIndexAsync(Played ledger)
    {
        var entries = await Given.AllAsync(ledger.Log);
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in entries)
        {
            fold.Apply(entry);
            foreach (var view in AllViews.List)
            {
                await CheckAsync(ledger.Views, view, fold, entry.Index, entry);
                if (entry.Index == entries.Count - 1)
                {
                    await CheckAsync(ledger.Views, view, fold, null, entry);
                }
            }
        }
    }

    private static async Task CheckAsync(IViewStore store, View view, ViewFold fold, long? asOf, Entry entry)
    {
        var whole = new ViewQuery { AsOf = asOf, Limit = ViewQuery.MaxLimit };
        var records = fold.List(view, whole).Records;
        foreach (var (place, record) in fold.Matching(view, whole))
        {
            Text(view, [(await store.FindAsync(view, place.Key, asOf)).ShouldNotBeNull()]).ShouldBe(Text(view, [record]));
        }

        var picked = records.Count == 0 ? null : records[(int)(entry.Index % records.Count)];
        var queries = new List<ViewQuery>
        {
            whole,
            whole with { OldestFirst = true, Limit = 2 },
            whole with { Limit = 3, Story = entry.Story },
            whole with { BeganFrom = entry.Index / 2, Limit = 4 },
            whole with { BeganTo = entry.Index / 2, OldestFirst = entry.Index % 2 == 0 },
        };
        for (var facet = 0; picked is not null && facet < view.Facets.Length; facet++)
        {
            var value = view.FacetsOf(picked)[facet] ?? "nothing";
            var filter = new FacetFilter(view.Facets[facet], value);
            queries.Add(whole with { Where = [filter], Limit = 2 });
            queries.Add(whole with { Where = [filter with { Not = true }], Story = picked.StoryId });
            queries.Add(whole with { Where = [filter with { Contains = true, Value = value[^Math.Min(3, value.Length)..].ToUpperInvariant() }], OldestFirst = true, Limit = 2 });
            queries.Add(whole with { Where = [filter with { Contains = true, Not = true, Value = "մ" }, filter] });
            queries.Add(whole with { Within = new(view.Facets[facet], value, value + "z"), Limit = 2 });
            queries.Add(whole with { Within = new(view.Facets[facet], "", value), Story = picked.StoryId, OldestFirst = true });
        }

        foreach (var query in queries)
        {
            (await store.CountAsync(view, query)).ShouldBe(fold.Matching(view, query).Count());
            var expected = fold.List(view, query);
            var cursor = default(ViewCursor?);
            var pages = 0;
            do
            {
                var actual = await store.ListAsync(view, query with { After = cursor });
                expected = fold.List(view, query with { After = cursor });
                Text(view, actual.Records).ShouldBe(Text(view, expected.Records));
                actual.Next.ShouldBe(expected.Next);
                cursor = actual.Next;
            }
            while (cursor is not null && ++pages < 3);
        }
    }

    private static string Text(View view, IEnumerable<ViewRecord> records) => string.Join('\n', records.Select(record => Encoding.UTF8.GetString(view.Write(record))));

    /// <summary>
    /// The second clock by its definition: each entry's own date as it was put right last, and never before anything it refers to, nor before the decision on its question
    /// that it takes the place of.
    /// </summary>
    private static Dictionary<EntryId, Timestamp> NaivePublished(IReadOnlyList<Entry> entries)
    {
        var bodies = entries.ToDictionary(entry => entry.Id, entry => entry.Body);
        foreach (var corrected in entries.Select(entry => entry.Body).OfType<EntryCorrected>())
        {
            bodies[corrected.Entry] = corrected.Corrected;
        }

        var published = new Dictionary<EntryId, Timestamp>();
        var decisions = new Dictionary<EntryId, EntryId>();
        foreach (var entry in entries)
        {
            var body = bodies[entry.Id]!;
            var own = body switch
            {
                LedgerOpened or StoryOpened or StoryChanged or ISpeakerNames or EntryCorrected => Timestamp.MinValue,
                DocumentFiled filed => DateOf(filed, entry),
                DocumentRevised revised => DateOf(revised.Document, entry),
                IDecision { BasedOnPublishedBy: { } day } => new Timestamp(Timestamp.StartOf(day.AddDays(1)).Microseconds - 1),
                _ => body.References().Any() ? Timestamp.MinValue : entry.Envelope.RecordedAt,
            };
            var references = body.References().Select(reference => reference.Entry).ToList();
            EntryId? decided = body switch
            {
                QuestionRestated restated => restated.Question,
                QuestionResolved resolved => resolved.Question,
                QuestionReopened reopened => reopened.Question,
                ProposalAccepted accepted => accepted.Proposal,
                ProposalRejected rejected => rejected.Proposal,
                _ => null,
            };
            if (decided is { } subject)
            {
                // A decision counts from no earlier than the one before it.
                references.AddRange(decisions.TryGetValue(subject, out var before) ? [before] : []);
                decisions[subject] = entry.Id;
            }

            published[entry.Id] = references.Select(reference => published[reference]).Append(own).Max();
        }

        return published;

        static Timestamp DateOf(DocumentFiled filed, Entry entry) => filed.PublishedAt?.At ?? filed.RetrievedAt ?? entry.Envelope.RecordedAt;
    }

    private Task SampleAsync(Func<Played, Step[], Task> check) => Steps.SampleAsync(
        async steps =>
        {
            await using var store = newStore();
            var clock = new ManualClock();
            await using var opened = await store.OpenAsync(clock);
            await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/history", default, Given.Ada, clock);
            await using var services = new ServiceCollection().AddLedger(opened.Log, opened.Views).BuildServiceProvider();
            await check(new(opened.Log, opened.Views, new History(opened.Log, clock), services.GetRequiredService<IMediator>()), steps);
        },
        iter: Histories,
        threads: 1);

    private sealed record Played(ILedgerLog Log, IViewStore Views, History History, IMediator Mediator);
}
