using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Log;

public sealed class AppenderTests
{
    private static readonly LedgerException Failure = new(LedgerError.Refused("engine-failed", "The disk is full."));

    [Fact]
    public async Task Many_writers_on_one_story_queue_and_all_succeed()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var opening = (await ledger.EntriesAsync())[1].Id;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => ledger.RecordAsync(new RecordBody(new NoteAdded(opening, $"note {i}"))))));
        receipts.Select(receipt => receipt.LastIndex!.Value).Order().ShouldBe(Enumerable.Range(2, 200).Select(index => (long)index));
        (await Core.Integrity.Verification.VerifyAsync(ledger.Log)).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task A_story_is_folded_once_for_what_is_decided_and_for_the_lists()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var told = await Harbour.TellAsync(ledger);
        await new ViewKeeper(ledger.Log, ledger.Views, AllViews.List).CatchUpAsync();

        var log = new StagedLog(ledger.Log);
        var (appender, keeper) = (new Appender(log), new ViewKeeper(log, ledger.Views, AllViews.List));
        keeper.Remember(ledger.Story, await appender.StateAsync(ledger.Story));
        for (var i = 0; i < 3; i++)
        {
            (await appender.AppendAsync(ledger.Story, CommandId.New(), TestLedger.Ada, new RecordBody(new NoteAdded(told.Claim, $"note {i}")))).Error.ShouldBeNull();
            await keeper.CatchUpAsync();
            (await appender.StateAsync(ledger.Story)).Find(told.Claim).ShouldNotBeNull();
        }

        log.StoryReads.ShouldBe(1);
        (await ViewVerification.VerifyAsync(ledger.Log, ledger.Views, AllViews.List)).ShouldSatisfyAllConditions(report => report.Failure.ShouldBeNull(), report => report.NotKept.ShouldBeEmpty());
    }

    [Fact]
    public async Task Writers_that_do_not_know_of_each_other_collide_decide_again_and_all_succeed()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var opening = (await ledger.EntriesAsync())[1].Id;
        Appender[] processes = [new(ledger.Log), new(ledger.Log), new(ledger.Log)];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
            await processes[i % 3].AppendAsync(ledger.Story, CommandId.New(), TestLedger.Ada, new RecordBody(new NoteAdded(opening, $"note {i}"))))));
        outcomes.ShouldAllBe(outcome => outcome.Error == null);
        outcomes.SelectMany(outcome => outcome.Value.Entries).Select(entry => entry.Revision).Order().ShouldBe(Enumerable.Range(1, 30).Select(revision => (long)revision));
    }

    [Fact]
    public async Task A_conflict_with_another_process_is_decided_again_on_what_it_recorded()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await ledger.RecordAsync(Harbour.File());
        var other = await new Appender(ledger.Log).AppendAsync(ledger.Story, CommandId.New(), TestLedger.Ada, Harbour.File(url: "https://wire.example/2"));
        other.Error.ShouldBeNull();
        (await ledger.RecordAsync(Harbour.File(url: "https://wire.example/2"))).Entries.ShouldBeEmpty("the other process has filed it");
        (await ledger.RecordAsync(new RecordBody(new NoteAdded(other.Value.Entries[0].Id, "words")))).Entries[0].Revision.ShouldBe(3);
    }

    [Fact]
    public async Task A_command_that_is_repeated_while_it_runs_appends_once()
    {
        await using var ledger = await TestLedger.OpenAsync();
        var open = CommandId.New();
        await ShouldAppendOnceAsync(ledger, open, new OpenStory("Harbour", "harbour", "en", []));
        await ShouldAppendOnceAsync(ledger, CommandId.New(), Harbour.File());
        await ShouldAppendOnceAsync(ledger, CommandId.New(), new RecordBody(new NoteAdded(EntryId.For(ledger.Story, open, 0), "words")));
        (await ledger.Log.HeadAsync()).Size.ShouldBe(4);
    }

    [Fact]
    public async Task A_repeated_command_returns_the_first_receipt_whatever_has_happened_since()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var (file, note) = (CommandId.New(), CommandId.New());
        var filed = await ledger.RecordAsync(Harbour.File(), file);
        var noted = await ledger.RecordAsync(new RecordBody(new NoteAdded(filed.Entries[0].Id, "words")), note);
        await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(noted.Entries[0].Id, "wrong")));
        await ledger.RecordAsync(new RecordBody(new EntryWithdrawn(filed.Entries[0].Id, "wrong")));
        foreach (var appender in new[] { ledger.Appender, new Appender(ledger.Log) })
        {
            ShouldBeFirst(await appender.AppendAsync(ledger.Story, note, TestLedger.Ada, new RecordBody(new NoteAdded(filed.Entries[0].Id, "words"))), noted);
            ShouldBeFirst(await appender.AppendAsync(ledger.Story, file, TestLedger.Ada, Harbour.File()), filed);
        }

        (await ledger.Log.HeadAsync()).Size.ShouldBe(6);
    }

    [Fact]
    public async Task A_command_id_is_not_used_for_another_request()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var id = CommandId.New();
        var opening = (await ledger.EntriesAsync())[1].Id;
        await ledger.RecordAsync(new RecordBody(new NoteAdded(opening, "words")), id);
        (await ledger.SubmitAsync(new RecordBody(new NoteAdded(opening, "other words")), id)).Error!.Code.ShouldBe("command-reused");
        (await ledger.SubmitAsync(new RecordBody(new NoteAdded(default, "words")), id)).Error!.Code.ShouldBe("command-reused");
        (await ledger.Log.HeadAsync()).Size.ShouldBe(3);
    }

    [Fact]
    public async Task What_was_decided_on_an_append_that_failed_is_decided_again()
    {
        StagedLog? staged = null;
        await using var ledger = await TestLedger.WithStoryAsync(log => staged = new(log));
        var gate = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        staged!.Stage(async _ =>
        {
            await gate.Task;
            throw Failure;
        });
        staged.Stage(async request =>
        {
            arrived.SetResult();
            await gate.Task;
            return await staged.Inner.AppendAsync(request);
        });
        var file = CommandId.New();
        var filing = ledger.SubmitAsync(Harbour.File(), file);
        var noting = ledger.SubmitAsync(new RecordBody(new NoteAdded(EntryId.For(ledger.Story, file, 0), "on a document that is on its way")));
        await arrived.Task;
        gate.SetResult();
        (await Should.ThrowAsync<LedgerException>(filing)).Error.Code.ShouldBe("engine-failed");
        (await noting).Error!.Code.ShouldBe("entry-not-found");
        (await ledger.Log.HeadAsync()).Size.ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_append_casts_no_shadow_on_what_comes_after_it()
    {
        StagedLog? staged = null;
        await using var ledger = await TestLedger.WithStoryAsync(log => staged = new(log));
        staged!.Stage(_ => throw Failure);
        staged.Stage(async _ =>
        {
            await Task.Yield();
            throw Failure;
        });
        await Should.ThrowAsync<LedgerException>(ledger.SubmitAsync(Harbour.File()));
        await Should.ThrowAsync<LedgerException>(ledger.SubmitAsync(Harbour.File()));
        (await ledger.SubmitAsync(new RecordBody(new NoteAdded(default, "words")))).Error!.Code.ShouldBe("entry-not-found");
        (await ledger.SubmitAsync(new OpenStory("Harbour", "harbour", "en", []))).Error!.Code.ShouldBe("story-exists");
        (await ledger.RecordAsync(Harbour.File())).Entries.Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_recorded_without_an_index_yet_is_said_to_be_and_gets_its_receipt_when_repeated()
    {
        StagedLog? staged = null;
        await using var ledger = await TestLedger.WithStoryAsync(log => staged = new(log));
        staged!.Stage(async request =>
        {
            (await staged.Inner.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>();
            return new AppendResult.Recorded(request.Command);
        });
        var file = CommandId.New();

        (await ledger.SubmitAsync(Harbour.File(), file)).Error!.Code.ShouldBe("index-pending");

        (await ledger.SubmitAsync(Harbour.File(), file)).Value.Repeated.ShouldBeTrue();
        (await ledger.SubmitAsync(new RecordBody(new NoteAdded(EntryId.For(ledger.Story, file, 0), "on what is recorded")))).Error.ShouldBeNull();
        (await ledger.Log.HeadAsync()).Size.ShouldBe(4);
    }

    [Fact]
    public async Task What_was_decided_on_an_append_is_not_recorded_on_another_processs_entry_at_the_same_revision()
    {
        StagedLog? staged = null;
        await using var ledger = await TestLedger.WithStoryAsync(log => staged = new(log));
        var opening = (await ledger.EntriesAsync())[1].Id;
        var gate = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        async ValueTask<AppendResult> Held(AppendRequest request)
        {
            await gate.Task;
            return await staged!.Inner.AppendAsync(request);
        }

        staged!.Stage(Held);
        staged.Stage(request =>
        {
            arrived.SetResult();
            return Held(request);
        });
        var file = CommandId.New();
        var filing = ledger.SubmitAsync(Harbour.File(), file);
        var noting = ledger.SubmitAsync(new RecordBody(new NoteAdded(EntryId.For(ledger.Story, file, 0), "on a document that is on its way")));
        await arrived.Task;
        (await new Appender(staged.Inner).AppendAsync(ledger.Story, CommandId.New(), TestLedger.Ada, new RecordBody(new NoteAdded(opening, "first")))).Error.ShouldBeNull();
        gate.SetResult();
        var filed = (await filing).Value;
        var noted = await noting;
        (noted.Error?.Code == "entry-not-found" || noted.Value.LastIndex > filed.LastIndex).ShouldBeTrue("a note stands after what it is about");
    }

    [Fact]
    public async Task Every_text_of_every_command_can_be_recorded_or_the_command_is_refused()
    {
        await using var ledger = await TestLedger.OpenAsync();
        foreach (var bad in new[] { "a\0b", "a\ud83d", "\ude00" })
        {
            await ShouldNotBeValidAsync(new OpenStory(bad, "harbour", "en", []));
            await ShouldNotBeValidAsync(new OpenStory("Harbour", "harbour", "en", [bad]));
        }

        await ledger.RecordAsync(new OpenStory("Harbour", "harbour", "en", []));
        foreach (var bad in new[] { "a\0b", "a\ud83d", "\ude00" })
        {
            await ShouldNotBeValidAsync(Harbour.File(url: bad));
            await ShouldNotBeValidAsync(Harbour.File(publisher: bad));
            await ShouldNotBeValidAsync(Harbour.File() with { Document = Harbour.Description(title: bad) });
        }

        var document = (await ledger.RecordAsync(Harbour.File())).Entries[0].Id;
        await ShouldNotBeValidAsync(new RecordFindings(document, new("rules", "1.0"), [new(Harbour.Claim(document) with { Statement = "a\0" })], null));
        await ShouldNotBeValidAsync(new RecordFindings(document, new("rules\0", "1.0"), [], new(0, 0, 0, 0)));
        await ShouldNotBeValidAsync(new RecordBody(new NoteAdded(document, "words")), Recorder.Program("rules", "1\0"));
        await ShouldNotBeValidAsync(new RecordBody(new NoteAdded(document, "words")), Recorder.Program("rules", "1", "Ada\ud83d"));
        (await ledger.Log.HeadAsync()).Size.ShouldBe(3);

        async Task ShouldNotBeValidAsync(StoryCommand command, Recorder? recorder = null) =>
            (await ledger.SubmitAsync(command, recorder: recorder)).Error!.Code.ShouldBe("text-not-valid");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        var opening = (await ledger.EntriesAsync())[1].Id;
        (await ledger.SubmitAsync(new RecordBody(new NoteAdded(opening, new string('x', Limits.Body))))).Error!.Code.ShouldBe("part-too-large");
        (await ledger.RecordAsync(new RecordBody(new NoteAdded(opening, "words")))).Entries[0].Revision.ShouldBe(1);
    }

    [Fact]
    public async Task A_document_without_a_source_of_its_own_has_no_source_part()
    {
        await using var ledger = await TestLedger.WithStoryAsync();
        await ledger.RecordAsync(Harbour.File());
        (await ledger.EntriesAsync())[2].Parts.Select(part => part.Name).Order().ShouldBe(["body", "recorder", "text"]);
    }

    public static TheoryData<string, string, Recorder> Recorders => new()
    {
        { "no name", "recorder-missing", Recorder.Person(" ") },
        { "a long name", "recorder-too-long", Recorder.Person(new string('x', 201)) },
        { "a long name behind it", "recorder-too-long", Recorder.Program("p", "1", new string('x', 201)) },
        { "a NUL in the name", "text-not-valid", Recorder.Person("A\0") },
        { "a person for another", "recorder-not-valid", new(RecorderKind.Person, "Ada", null, "Eve") },
    };

    [Theory]
    [MemberData(nameof(Recorders))]
    public async Task Every_entry_names_who_recorded_it(string how, string code, Recorder recorder)
    {
        await using var ledger = await TestLedger.OpenAsync();
        (await ledger.SubmitAsync(new OpenStory("Harbour", "harbour", "en", []), recorder: recorder)).Error.ShouldNotBeNull(how).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Nobody_records_in_the_ledgers_own_story()
    {
        await using var ledger = await TestLedger.OpenAsync();
        var outcome = await ledger.Mediator.Send(new Submit(StoryId.Reserved, CommandId.New(), TestLedger.Ada, new OpenStory("Harbour", "harbour", "en", [])));
        outcome.Error!.Code.ShouldBe("story-reserved");
    }

    private static async Task ShouldAppendOnceAsync(TestLedger ledger, CommandId id, StoryCommand command)
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => ledger.RecordAsync(command, id))));
        var first = receipts.Where(receipt => !receipt.Repeated).ShouldHaveSingleItem();
        receipts.ShouldAllBe(receipt => receipt.Entries.SequenceEqual(first.Entries));
        first.Entries.Length.ShouldBe(1);
    }

    private static void ShouldBeFirst(Outcome<Receipt> outcome, Receipt first)
    {
        outcome.Error.ShouldBeNull();
        outcome.Value.Repeated.ShouldBeTrue();
        outcome.Value.Entries.ShouldBe(first.Entries);
    }
}
