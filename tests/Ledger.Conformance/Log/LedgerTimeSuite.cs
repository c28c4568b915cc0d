using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>Ledger time never falls, whatever the clock does; a clock too far behind appends nothing.</summary>
public abstract class LedgerTimeSuite(Store store) : EngineSuite(store)
{
    [SkippableFact]
    public async Task A_clock_that_jumps_back_a_little_never_puts_an_entry_before_its_storys_last()
    {
        StoryId[] stories = [Given.NewStory(), Given.NewStory(), Given.NewStory()];
        var random = new Random(11);
        for (var i = 0; i < 60; i++)
        {
            Clock.Move(TimeSpan.FromSeconds(random.Next(-20, 25)));
            var head = (await Log.HeadAsync()).Time!.Value;
            if (head.ToDateTimeOffset() - Clock.GetUtcNow() > ILedgerLog.MaxClockLag)
            {
                Clock.Move(head.ToDateTimeOffset() - Clock.GetUtcNow());
            }

            await AppendAsync(Given.Notes(Log, stories[i % 3], (i / 3) - 1));
        }

        var entries = await Given.AllAsync(Log);
        foreach (var story in entries.GroupBy(entry => entry.Story))
        {
            story.Select(entry => entry.Envelope.RecordedAt).ShouldBe(story.Select(entry => entry.Envelope.RecordedAt).Order());
        }

        // The clock did jump between stories, or this would show nothing.
        entries.Select(entry => entry.Envelope.RecordedAt).ShouldNotBe(entries.Select(entry => entry.Envelope.RecordedAt).Order());
        (await Log.HeadAsync()).Time.ShouldBe(entries.Max(entry => entry.Envelope.RecordedAt));
    }

    [SkippableFact]
    public async Task Ledger_time_never_falls()
    {
        var before = (await Log.HeadAsync()).Time!.Value;
        Clock.Move(-TimeSpan.FromSeconds(59));
        await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));
        (await Log.HeadAsync()).Time.ShouldBe(before);
        await ReopenAsync();
        (await Log.HeadAsync()).Time.ShouldBe(before);
    }

    [SkippableTheory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    [InlineData(86_400, true)]
    public async Task A_clock_more_than_a_minute_behind_is_refused_with_both_times(int seconds, bool refused)
    {
        var head = (await Log.HeadAsync()).Time!.Value;
        Clock.Move(-TimeSpan.FromSeconds(seconds));

        var result = await Log.AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));

        if (refused)
        {
            var error = result.ShouldBeOfType<AppendResult.Refused>().Error;
            error.Code.ShouldBe("clock-behind");
            error.Message.ShouldContain(head.ToString());
            error.Message.ShouldContain(Timestamp.From(Clock.GetUtcNow()).ToString());
            (await Log.HeadAsync()).Size.ShouldBe(1);
            Clock.Move(TimeSpan.FromSeconds(seconds));
            await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));
        }
        else
        {
            result.ShouldBeOfType<AppendResult.Appended>();
        }
    }

    [SkippableFact]
    public async Task A_clock_behind_is_measured_against_the_ledger_and_not_the_last_entry()
    {
        Clock.Move(-TimeSpan.FromSeconds(50));
        await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory));
        Clock.Move(-TimeSpan.FromSeconds(50));
        (await Log.AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe("clock-behind");
    }

    [SkippableFact]
    public async Task The_index_at_a_time_is_the_last_one_whose_ledger_time_is_not_later()
    {
        var random = new Random(5);
        for (var i = 0; i < 80; i++)
        {
            // Often the same time, sometimes back, sometimes a microsecond on.
            Clock.Move(random.Next(4) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromMicroseconds(1), 2 => -TimeSpan.FromSeconds(1), _ => TimeSpan.FromSeconds(3) });
            await AppendAsync(Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 1 + (i % 3)));
        }

        var entries = await Given.AllAsync(Log);
        var times = new List<Timestamp>();
        foreach (var entry in entries)
        {
            times.Add(times.Count == 0 ? entry.Envelope.RecordedAt : Timestamp.Max(times[^1], entry.Envelope.RecordedAt));
        }

        (await Log.HeadAsync()).Time.ShouldBe(times[^1]);
        var asked = times.Concat(entries.Select(entry => entry.Envelope.RecordedAt)).Distinct()
            .SelectMany(time => new[] { new Timestamp(time.Microseconds - 1), time, new Timestamp(time.Microseconds + 1) })
            .Append(Timestamp.MinValue).Append(Timestamp.MaxValue);
        foreach (var time in asked)
        {
            (await Log.IndexAtAsync(time)).ShouldBe(times.FindLastIndex(ledgerTime => ledgerTime <= time));
        }
    }
}
