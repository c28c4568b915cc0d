using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;

namespace Ledger.Core.Tests.Reading;

public sealed class ChangesTests
{
    private static readonly DateOnly Today = new(2022, 11, 1);

    [Fact]
    public async Task Each_thing_that_happens_is_told_as_what_it_is()
    {
        await using var desk = await Desk.OpenAsync();
        var copy = await desk.FileAsync("https://other.example/1", "Other", Harbour.Text + " More.", new(2022, 3, 2));
        var other = default(EntryId);
        (await KindsAsync(async () => other = await desk.RecordAsync(Harbour.Claim(copy) with { Rule = null, Speaker = null }))).ShouldBe([ChangeKind.Stated]);
        (await KindsAsync(() => desk.RecordAsync(Harbour.Claim(copy) with { Rule = null }))).ShouldBe([ChangeKind.Stated, ChangeKind.Speaker], "a claim in partly quoted words is told once");
        (await KindsAsync(() => desk.RecordAsync(Harbour.Quote(copy) with { Rule = null }))).ShouldBe([ChangeKind.Stated, ChangeKind.Speaker]);
        (await KindsAsync(() => desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Repeats, null, null, "so")))).ShouldBe([ChangeKind.Repeated]);
        var contradicts = other;
        (await KindsAsync(async () => contradicts = await desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Contradicts, null, null, "so")))).ShouldBe([ChangeKind.Contradicted]);
        (await KindsAsync(() => desk.WithdrawAsync(contradicts))).ShouldBe([ChangeKind.Restored]);
        (await KindsAsync(() => desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Updates, null, null, "so")))).ShouldBe([ChangeKind.SourceChanged]);
        (await KindsAsync(() => desk.RecordAsync(new EntryCorrected(desk.Claim, Harbour.Claim(desk.Document) with { Statement = "It opens." }, "typo")))).ShouldBe([ChangeKind.Corrected]);
        (await KindsAsync(() => desk.WithdrawAsync(other))).ShouldContain(ChangeKind.Withdrawn);
        (await KindsAsync(() => desk.AcceptAsync(desk.Quote))).ShouldBe([ChangeKind.Other]);
        (await KindsAsync(() => desk.RejectAsync(desk.Claim))).ShouldBe([ChangeKind.Rejected, ChangeKind.Speaker]);

        (await KindsAsync(() => desk.RecordAsync(new QuestionRaised("Why?", QuestionKind.Unknown, null, null, null, null, null)))).ShouldBe([ChangeKind.Raised]);
        (await KindsAsync(() => desk.RecordAsync(new QuestionEvidenceAdded(desk.Question, desk.Quote, EvidenceBearing.Context, null, "so")))).ShouldBe([ChangeKind.EvidenceAdded]);
        (await KindsAsync(() => desk.RecordAsync(new EntryCorrected(desk.Question, Harbour.Question(desk.Document) with { Text = "Why so much?" }, "typo")))).ShouldBe([ChangeKind.Corrected]);
        (await KindsAsync(() => desk.RecordAsync(new QuestionRestated(desk.Question, "Who?", QuestionKind.Unknown, "a name", [], null, "so", null)))).ShouldBe([ChangeKind.Restated]);
        var answer = other;
        (await KindsAsync(async () => answer = await desk.RecordAsync(new AnswerProposed(desk.Question, "She.", [], null, null)))).ShouldBe([ChangeKind.AnswerProposed]);
        (await KindsAsync(() => desk.RecordAsync(new AnswerObjected(answer, "no")))).ShouldBe([ChangeKind.Other]);
        (await KindsAsync(() => desk.RecordAsync(new QuestionResolved(desk.Question, QuestionOutcome.Answered, "She.", answer, [desk.Quote], null, null)))).ShouldBe([ChangeKind.Resolved]);
        (await KindsAsync(() => desk.RecordAsync(new QuestionReopened(desk.Question, "no", null)))).ShouldBe([ChangeKind.Reopened]);

        (await KindsAsync(() => desk.RecordAsync(new OccasionMoved(desk.Occasion, null, null, null, "storm")))).ShouldBe([ChangeKind.Occasion]);
        (await KindsAsync(() => desk.RecordAsync(new OccasionHeld(desk.Occasion, null, null, "met", null)
            with
        { Span = Harbour.Words(desk.Document, "The council meets") }, Desk.Rules))).ShouldBe([ChangeKind.Other], "it is proposed only");
        (await KindsAsync(() => desk.RecordAsync(new EntryCorrected(desk.Occasion, Harbour.Occasion(desk.Document) with { Where = "Hall" }, "place")))).ShouldBe([ChangeKind.Corrected]);

        (await KindsAsync(() => desk.ReviseAsync(copy, Harbour.Text + " Less."))).ShouldBe([ChangeKind.Document]);
        (await KindsAsync(async () => await desk.RecordAsync(new EntryCorrected(desk.Document, await desk.FiledAsync(desk.Document) with { Title = "Port" }, "title")))).ShouldBe([ChangeKind.Corrected]);
        (await KindsAsync(() => desk.RecordAsync(new SpeakerIdentified("A. Mayor", ["The mayor"], null, null, null)))).ShouldContain(ChangeKind.Speaker);
        (await KindsAsync(() => desk.RecordAsync(new StoryClosed("done")))).ShouldBe([ChangeKind.Story]);
        (await KindsAsync(() => desk.RecordAsync(new NoteAdded(desk.Quote, "words")))).ShouldBeEmpty();

        async Task<IEnumerable<ChangeKind>> KindsAsync(Func<Task> happens)
        {
            var from = (await desk.Ledger.Log.HeadAsync()).LastIndex;
            await happens();
            var report = await AskAsync(desk, new(Index: from), AsOf.Now);
            return ChangeNote.Group(report.Changes).Select(group => group.Kind);
        }
    }

    [Fact]
    public async Task Changes_applied_to_the_records_before_give_those_after_by_every_clock()
    {
        await using var desk = await Desk.OpenAsync();
        var copy = await desk.FileAsync("https://other.example/1", "Other", Harbour.Text + " More.", new(2022, 4, 1));
        desk.Ledger.Clock.Now = desk.Ledger.Clock.Now.AddDays(1);
        var other = await desk.RecordAsync(Harbour.Claim(copy) with { Rule = null });
        await desk.RecordAsync(new ClaimLinked(other, desk.Claim, LinkRelation.Contradicts, null, null, "so"));
        await desk.RecordAsync(new SpeakerIdentified("A. Mayor", ["The mayor"], null, null, null));
        desk.Ledger.Clock.Now = desk.Ledger.Clock.Now.AddDays(1);
        await desk.RecordAsync(new EntryCorrected(desk.Document, await desk.FiledAsync(desk.Document) with { PublishedAt = new(new DateOnly(2022, 5, 1)) }, "date"));
        await desk.WithdrawAsync(desk.Quote);
        var head = (await desk.Ledger.Log.HeadAsync()).LastIndex;
        (AsOf, AsOf)[] points =
        [
            .. Enumerable.Range(0, (int)head).Select(index => (new AsOf(Index: index), AsOf.Now)),
            (new(Index: 3), new(Index: 9)), (new(Time: Timestamp.MinValue), AsOf.Now), (new(Time: Timestamp.StartOf(new(2022, 11, 2))), new(Time: Timestamp.StartOf(new(2022, 11, 3)))),
            (new(PublishedBy: new(2022, 3, 1)), new(PublishedBy: new(2022, 4, 1))), (new(PublishedBy: new(2022, 2, 1)), new(PublishedBy: DateOnly.MaxValue)),
            (new(Index: 8, PublishedBy: new(2022, 3, 1)), new(PublishedBy: new(2022, 3, 1))),
        ];
        foreach (var (from, to) in points)
        {
            var report = await AskAsync(desk, from, to);
            foreach (var view in RecordChange.Views)
            {
                var records = await RecordsAsync(desk, view, from);
                foreach (var change in report.Changes.Where(change => change.View == view))
                {
                    (change.Before is { } before ? Text(view, before) : null).ShouldBe(records.GetValueOrDefault(change.Key));
                    records.Remove(change.Key);
                    if (change.After is { } after)
                    {
                        records[change.Key] = Text(view, after);
                    }
                }

                records.OrderBy(pair => pair.Key).ShouldBe((await RecordsAsync(desk, view, to)).OrderBy(pair => pair.Key), $"{view.Name} from {from} to {to}");
            }
        }
    }

    [Fact]
    public async Task Points_of_two_clocks_or_in_reverse_are_refused()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Ledger.KeepViewsAsync();
        (await CodeAsync(new(PublishedBy: Today), AsOf.Now)).ShouldBe("clocks-differ");
        (await CodeAsync(AsOf.Now, new(PublishedBy: Today))).ShouldBe("clocks-differ");
        (await CodeAsync(new(Index: 4), new(Index: 3))).ShouldBe("points-reversed");
        (await CodeAsync(AsOf.Now, new(Index: 3))).ShouldBe("points-reversed");
        (await CodeAsync(new(PublishedBy: Today), new(PublishedBy: Today.AddDays(-1)))).ShouldBe("points-reversed");
        (await CodeAsync(new(PublishedBy: Today), new(Index: 2, PublishedBy: Today))).ShouldBe("points-reversed");
        (await CodeAsync(new(Index: 99), AsOf.Now)).ShouldBe("index-not-there");
        (await AskAsync(desk, new(Index: 4), new(Index: 4))).ShouldSatisfyAllConditions(report => report.Changes.ShouldBeEmpty(), report => (report.From, report.To).ShouldBe((4, 4)));

        async Task<string?> CodeAsync(AsOf from, AsOf to) => (await desk.Ledger.Mediator.Send(new AskChanges(from, to, null, Today))).Error?.Code;
    }

    [Fact]
    public async Task A_question_falls_overdue_between_two_points_though_nothing_was_recorded()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Ledger.KeepViewsAsync();
        // It should have been known by 31 May; what was published tells the day.
        (await OverdueAsync(new(PublishedBy: new(2022, 5, 31)), new(PublishedBy: new(2022, 6, 1)))).ShouldBe([desk.Question]);
        (await OverdueAsync(new(PublishedBy: new(2022, 5, 30)), new(PublishedBy: new(2022, 5, 31)))).ShouldBeEmpty();
        (await OverdueAsync(new(PublishedBy: new(2022, 6, 1)), new(PublishedBy: new(2022, 6, 2)))).ShouldBeEmpty("it was before");
        (await OverdueAsync(new(PublishedBy: new(2022, 2, 1)), new(PublishedBy: new(2022, 6, 2)))).ShouldBeEmpty("it is told as new");
        // By recording, now is today: the story was recorded on 1 November, long after.
        await desk.RecordAsync(new QuestionRestated(desk.Question, "What?", QuestionKind.Unknown, null, [], new(new(2022, 11, 2), new(2022, 11, 3)), "so", null));
        var head = (await desk.Ledger.Log.HeadAsync()).LastIndex;
        (await OverdueAsync(new(Index: head), AsOf.Now, new(2022, 11, 4))).ShouldBe([desk.Question]);
        (await OverdueAsync(new(Index: head), AsOf.Now, new(2022, 11, 3))).ShouldBeEmpty();

        async Task<IEnumerable<EntryId>> OverdueAsync(AsOf from, AsOf to, DateOnly? today = null) => (await AskAsync(desk, from, to, today)).Overdue.Select(question => question.Id);
    }

    [Fact]
    public async Task Replay_tells_what_each_entry_changed_by_either_clock()
    {
        await using var desk = await Desk.OpenAsync();
        var early = await desk.FileAsync("https://early.example/1", "Early", Harbour.Text + " Early.", new(2022, 1, 1));
        var claim = await desk.RecordAsync(Harbour.Claim(early) with { Rule = null });
        await desk.RecordAsync(new EntryCorrected(early, await desk.FiledAsync(early) with { PublishedAt = new(new DateOnly(2022, 2, 1)) }, "date"));
        var recorded = await Replay.StepsAsync(desk.Ledger.Log, desk.Ledger.Story, byPublication: false).ToListAsync();
        recorded.Select(step => step.Entry.Index).ShouldBe(Enumerable.Range(1, recorded.Count).Select(index => (long)index));
        recorded[^2].Changes.ShouldContain(change => change.View == ClaimsView.View && change.Key == claim.Value && change.Before == null);
        recorded[^3].Published.ShouldBe(Timestamp.StartOf(new(2022, 1, 1)));
        var published = await Replay.StepsAsync(desk.Ledger.Log, desk.Ledger.Story, byPublication: true).ToListAsync();
        published.Select(step => step.Published).ShouldBeInOrder();
        published.Select(step => step.Entry.Id).Take(3).Skip(1).ShouldBe([early, claim], "what was published first is told first, at the date that was put right");
        published[1].Published.ShouldBe(Timestamp.StartOf(new(2022, 2, 1)));
        (await Replay.StepsAsync(desk.Ledger.Log, desk.Ledger.Story, byPublication: true, through: 3).ToListAsync()).Count.ShouldBe(3);
        (await Replay.StepsAsync(desk.Ledger.Log, desk.Ledger.Story, byPublication: false, through: 3).ToListAsync()).Count.ShouldBe(3);
    }

    private static async Task<ChangeReport> AskAsync(Desk desk, AsOf from, AsOf to, DateOnly? today = null)
    {
        await desk.Ledger.KeepViewsAsync();
        var outcome = await desk.Ledger.Mediator.Send(new AskChanges(from, to, null, today ?? Today));
        outcome.Error.ShouldBeNull();
        return outcome.Value;
    }

    private static async Task<Dictionary<Guid, string>> RecordsAsync(Desk desk, View view, AsOf asOf)
    {
        var page = (await desk.Ledger.Mediator.Send(new ListRecords(view, new() { Limit = ViewQuery.MaxLimit }, asOf))).Value;
        return page.Records.ToDictionary(record => record switch { SpeakerRecord speaker => SpeakersView.Key(speaker.StoryId, speaker.Name), StoryRecord story => story.StoryId.Value, _ => record.Id.Value }, record => Text(view, record));
    }

    private static string Text(View view, ViewRecord record) => Encoding.UTF8.GetString(view.Write(record));
}
