namespace Ledger.Core.Tests.Support;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class TestClock : TimeProvider
{
    internal DateTimeOffset Now { get; set; } = new(2022, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
