using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Views;

namespace Ledger.Conformance;

/// <summary>What every suite starts from: a fresh store, opened for appending, with <c>ledger.opened</c> at index 0.</summary>
public abstract class EngineSuite(Store store) : IAsyncLifetime
{
    /// <summary>How long something that must come may take on the slowest machine before the test gives up; no promise.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Opened? opened;

    protected Store Store => store;

    protected ManualClock Clock { get; } = new();

    protected ILedgerLog Log => opened!.Log;

    protected IViewStore Views => opened!.Views;

    public async Task InitializeAsync()
    {
        opened = await store.OpenAsync(Clock);
        await LedgerOpening.EnsureOpenedAsync(Log, "example.org/conformance", new Digest(new byte[32]), Given.Ada, Clock);
    }

    public async Task DisposeAsync()
    {
        // A suite that was skipped has opened nothing.
        await (opened?.DisposeAsync() ?? default);
        await store.DisposeAsync();
    }

    /// <summary>Closes the ledger and opens it again.</summary>
    protected async Task ReopenAsync()
    {
        await opened!.DisposeAsync();
        opened = await store.OpenAsync(Clock);
    }

    protected async Task<Receipt> AppendAsync(AppendRequest request) => (await Log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;

    /// <summary>Appends so many notes to one story, some to a command.</summary>
    protected async Task<StoryId> FillAsync(int entries)
    {
        var story = Given.NewStory();
        for (var done = 0; done < entries;)
        {
            var count = Math.Min(1 + (done % 97), entries - done);
            await AppendAsync(Given.Notes(Log, story, done - 1, count));
            done += count;
        }

        return story;
    }

    /// <summary>The same entry, byte for byte.</summary>
    protected static void ShouldBeSame(Entry actual, Entry expected)
    {
        actual.Index.ShouldBe(expected.Index);
        actual.Hash.ShouldBe(expected.Hash);
        actual.EnvelopeBytes.Span.SequenceEqual(expected.EnvelopeBytes.Span).ShouldBeTrue();
        actual.Parts.Select(part => part.Name).ShouldBe(expected.Parts.Select(part => part.Name), ignoreOrder: true);
        foreach (var part in expected.Parts)
        {
            actual.Part(part.Name)!.Salt.Span.SequenceEqual(part.Salt.Span).ShouldBeTrue();
            actual.Part(part.Name)!.Bytes.Span.SequenceEqual(part.Bytes.Span).ShouldBeTrue();
        }
    }
}

/// <summary>A clock that says what it is told.</summary>
public sealed class ManualClock : TimeProvider
{
    private long ticks = new DateTimeOffset(2022, 10, 29, 9, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <summary>Moves it, also back.</summary>
    public void Move(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
