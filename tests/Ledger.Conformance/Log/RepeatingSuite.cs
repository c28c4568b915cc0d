using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>Once: a repeated command appends nothing and gets the first receipt.</summary>
public abstract class RepeatingSuite(Store store) : EngineSuite(store)
{
    private readonly StoryId story = Given.NewStory();
    private readonly CommandId command = CommandId.New();

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_repeated_command_returns_the_first_receipt(int entries)
    {
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, entries, command));
        Clock.Move(TimeSpan.FromMinutes(5));

        // Sealed anew, so with other salts: the receipt can only come from the stored bytes.
        var again = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, entries, command));

        again.Repeated.ShouldBeTrue();
        again.Entries.AsEnumerable().ShouldBe(first.Entries);
        (await Log.HeadAsync()).Size.ShouldBe(1 + entries);
    }

    [SkippableFact]
    public async Task A_repeated_command_returns_the_first_receipt_after_reopening()
    {
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 3, command));
        await ReopenAsync();

        var again = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 3, command));

        again.Repeated.ShouldBeTrue();
        again.Entries.AsEnumerable().ShouldBe(first.Entries);
        (await Log.HeadAsync()).Size.ShouldBe(4);
    }

    [SkippableTheory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task A_repeated_command_is_answered_before_the_revision_is_compared(long expected)
    {
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 1, command));
        await AppendAsync(Given.Notes(Log, story, 0, 2));

        var again = await AppendAsync(Given.Notes(Log, story, expected, 1, command));

        again.Entries.AsEnumerable().ShouldBe(first.Entries);
        (await Log.HeadAsync()).Size.ShouldBe(4);
    }

    [SkippableTheory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_command_that_is_used_for_another_request_is_refused(long expected)
    {
        await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 1, command));

        var refused = (await Log.AppendAsync(Given.Notes(Log, story, expected, 1, command, "another note"))).ShouldBeOfType<AppendResult.Refused>();

        refused.Error.Code.ShouldBe("command-reused");
        (await Log.HeadAsync()).Size.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_repeated_command_is_answered_while_the_clock_is_behind()
    {
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 1, command));
        Clock.Move(-ILedgerLog.MaxClockLag * 2);

        (await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 1, command))).Entries.AsEnumerable().ShouldBe(first.Entries);
        (await AppendAsync(Given.Notes(Log, story, 0, 1, command))).Entries.AsEnumerable().ShouldBe(first.Entries);
    }

    [SkippableFact]
    public async Task The_same_command_in_another_story_is_another_command()
    {
        await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 1, command));
        (await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 1, command))).Repeated.ShouldBeFalse();
        (await Log.HeadAsync()).Size.ShouldBe(3);
    }

    [SkippableFact]
    public async Task A_command_sent_many_times_at_once_is_appended_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 2, command)))));

        results.Count(receipt => !receipt.Repeated).ShouldBe(1);
        results.ShouldAllBe(receipt => receipt.Entries.SequenceEqual(results[0].Entries));
        (await Log.HeadAsync()).Size.ShouldBe(3);
    }

    [SkippableFact]
    public async Task A_receipt_is_found_by_its_command_and_only_in_its_story()
    {
        (await Log.FindReceiptAsync(story, command)).ShouldBeNull();
        var first = await AppendAsync(Given.Notes(Log, story, AppendRequest.NoStory, 3, command));

        (await Log.FindReceiptAsync(story, command)).ShouldNotBeNull().Entries.AsEnumerable().ShouldBe(first.Entries);
        (await Log.FindReceiptAsync(Given.NewStory(), command)).ShouldBeNull();
    }
}
