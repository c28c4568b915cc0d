using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Reading;

public sealed class ReadingTests
{
    [Fact]
    public async Task Why_walks_back_to_words_in_a_document_with_their_context()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        await ledger.KeepViewsAsync();
        var steps = (await ledger.Mediator.Send(new AskWhy(told.Question))).Value;
        steps.Select(step => (step.Entry, step.Depth, step.Relation)).ShouldBe(
            [(told.Question, 0, "asked"), (told.Occasion, 1, "settled by"), (told.Document, 1, "found in")]);
        steps[0].Summary.ShouldBe("What does the harbour cost?");
        steps[0].RecordedBy.Name.ShouldBe("rules");
        var words = steps[0].Words.ShouldNotBeNull();
        words.Before.ShouldBe("The mayor said the harbour “will open in May”. 🚢 ");
        words.Gaps.ShouldBe([", she added, "]);
        words.After.ShouldBe(", and has not told it.");
        (words.Holds, words.Document, words.Published).ShouldBe((true, "Harbour to open", new PublicationDate(Harbour.Published)));
        steps[1].Words!.Before.ShouldBe("", "a paragraph begins with it");
        steps[2].Words.ShouldBeNull("a document rests on no words of another");
    }

    [Fact]
    public async Task Why_follows_the_chain_of_attribution_and_tells_of_withdrawals()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        await ledger.KeepViewsAsync();
        (await ledger.Mediator.Send(new AskWhy(told.Note))).Value.Select(step => (step.Entry, step.Depth, step.Relation)).ShouldBe(
        [
            (told.Note, 0, "asked"), (told.Claim, 1, "about"), (told.Quote, 2, "passed on by"), (told.Document, 2, "found in"), (told.Withdrawal, 3, "withdrawn by"),
        ]);
    }

    [Fact]
    public async Task Why_says_that_words_can_no_longer_be_checked_when_their_document_was_erased()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        await ledger.KeepViewsAsync();
        await ledger.Log.EraseAsync(told.Document, Part.Text);
        var words = (await ledger.Mediator.Send(new AskWhy(told.Question))).Value[0].Words.ShouldNotBeNull();
        words.Holds.ShouldBeNull();
        words.Before.ShouldBeNull();
        words.Document.ShouldBe("Harbour to open");
    }

    [Fact]
    public async Task Why_of_nothing_is_an_error()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await ledger.KeepViewsAsync();
        (await ledger.Mediator.Send(new AskWhy(default))).Error!.Code.ShouldBe("entry-not-found");
    }

    [Fact]
    public async Task Context_ends_with_the_paragraph_and_with_a_whole_word()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var text = string.Concat(Enumerable.Repeat("before ", 100)) + "The mayor spoke" + string.Concat(Enumerable.Repeat(" afterwards", 100));
        var document = (await ledger.RecordAsync(Harbour.File(text))).Entries[0].Id;
        var span = Span.In(document, text, Harbour.At("The mayor spoke", text));
        var claim = (await ledger.RecordAsync(new RecordFindings(document, new("rules", "1.0"), [new(Harbour.Claim(document) with { Span = span, Speaker = null, Cue = null })], null))).Entries[0].Id;
        await ledger.KeepViewsAsync();
        var words = (await ledger.Mediator.Send(new AskWhy(claim))).Value[0].Words!;
        words.Before!.Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(word => word == "before");
        words.After!.Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(word => word == "afterwards");
        words.Before.Length.ShouldBeInRange(140, 160);
        words.After.Length.ShouldBeInRange(140, 160);
    }

    [Fact]
    public async Task A_list_is_asked_as_of_an_index_a_time_or_a_day()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        ledger.Clock.Now = ledger.Clock.Now.AddHours(1);
        var told = await Harbour.TellAsync(ledger);
        await ledger.KeepViewsAsync();
        var start = Timestamp.From(ledger.Clock.Now);
        (await CountAsync(AsOf.Now)).ShouldBe(11);
        (await CountAsync(new(Index: 0))).ShouldBe(1);
        (await CountAsync(new(Index: 10))).ShouldBe(11);
        (await CountAsync(new(Time: start))).ShouldBe(11);
        (await CountAsync(new(Time: new Timestamp(start.Microseconds - 1)))).ShouldBe(2);
        (await CountAsync(new(Time: Timestamp.MinValue))).ShouldBe(0);
        (await CountAsync(new(PublishedBy: new(2022, 2, 28)))).ShouldBe(2, "the openings come before everything");
        (await CountAsync(new(PublishedBy: Harbour.Published))).ShouldBe(10);
        (await CountAsync(new(PublishedBy: new(2022, 3, 4)))).ShouldBe(11);
        (await CountAsync(new(Index: 4, PublishedBy: Harbour.Published))).ShouldBe(5);
        (await CountAsync(new(Time: Timestamp.MinValue, PublishedBy: Harbour.Published))).ShouldBe(0);

        var quote = new FindRecord(QuotesView.View, told.Quote.Value, new(Index: 9));
        (await ledger.Mediator.Send(quote)).Value.Withdrawn.ShouldBeNull();
        (await ledger.Mediator.Send(quote with { AsOf = AsOf.Now })).Value.Withdrawn.ShouldNotBeNull();
        (await ledger.Mediator.Send(quote with { AsOf = new(Index: 2) })).Error!.Code.ShouldBe("record-not-found");

        async Task<long> CountAsync(AsOf asOf)
        {
            var count = (await ledger.Mediator.Send(new CountRecords(ActivityView.View, new(), asOf))).Value;
            (await ledger.Mediator.Send(new ListRecords(ActivityView.View, new(), asOf))).Value.Records.Count.ShouldBe((int)count);
            return count;
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public async Task An_index_that_is_not_there_is_an_error_that_names_the_last(long index)
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await Harbour.TellAsync(ledger);
        var error = (await ledger.Mediator.Send(new ListRecords(ActivityView.View, new(), new(Index: index)))).Error!;
        (error.Kind, error.Code, error.Hint).ShouldBe((ErrorKind.NotFound, "index-not-there", "The last is 10."));
    }

    [Fact]
    public async Task An_empty_ledger_has_no_index_at_all()
    {
        await using var ledger = TestLedger.Empty();
        var error = (await ledger.Mediator.Send(new ListRecords(ActivityView.View, new(), new(Index: 0)))).Error!;
        (error.Code, error.Hint).ShouldBe(("index-not-there", null));
    }

    [Fact]
    public async Task By_published_time_a_story_is_told_in_the_order_in_which_it_was_published()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        DateOnly[] days = [new(2022, 5, 1), new(2022, 1, 1), new(2022, 3, 1), new(2022, 3, 1), new(2021, 12, 31)];
        foreach (var (day, i) in days.Select((day, i) => (day, i)))
        {
            var text = $"{Harbour.Text}\nEdition {i}.";
            var document = (await ledger.RecordAsync(Harbour.File(text, url: $"https://example.org/{i}") with { Document = Harbour.Description(url: $"https://example.org/{i}", published: new(day)) })).Entries[0].Id;
            await ledger.RecordAsync(Harbour.Findings(document));
            if (i % 2 == 0)
            {
                await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(document, "wrong")));
            }
        }

        var entries = await ledger.EntriesAsync();
        foreach (var through in (long?[])[null, 5, 12, 20])
        {
            foreach (var day in days.Append(new(2022, 2, 1)).Append(new(2021, 1, 1)).Append(DateOnly.MaxValue))
            {
                var fold = await PublishedOrder.FoldAsync(ledger.Log, AllViews.List, ledger.Story, through, day);
                var all = await PublishedOrder.FoldAsync(ledger.Log, AllViews.List, null, through, day);
                var naive = Naive(entries, ledger.Story, through, day);
                foreach (var view in AllViews.List)
                {
                    Shown(fold, view, ledger.Story).ShouldBe(Shown(naive, view, ledger.Story), $"{view.Name} through {through} by {day}");
                    Shown(all, view, ledger.Story).ShouldBe(Shown(naive, view, ledger.Story));
                }
            }
        }
    }

    private static ViewFold Naive(List<Entry> entries, StoryId story, long? through, DateOnly day)
    {
        var state = StoryState.Empty;
        var published = new List<(Timestamp At, Entry Entry)>();
        foreach (var entry in entries.Where(entry => entry.Story == story && entry.Index <= (through ?? long.MaxValue)))
        {
            state = state.Evolve(entry);
            published.Add((state.Find(entry.Id)!.Published, entry));
        }

        var fold = new ViewFold(AllViews.List);
        foreach (var (_, entry) in published.Where(item => item.At.Day <= day).OrderBy(item => (item.At, item.Entry.Index)))
        {
            fold.Apply(entry);
        }

        return fold;
    }

    private static List<string> Shown(ViewFold fold, View view, StoryId story) =>
        [.. fold.Matching(view, new() { Story = story, OldestFirst = true }).Select(item => Encoding.UTF8.GetString(view.Write(item.Record)))];
}
