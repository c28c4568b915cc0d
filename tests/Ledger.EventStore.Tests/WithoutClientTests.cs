#if !EVENTSTOREDB
using Ledger.Conformance;

namespace Ledger.EventStore.Tests;

public sealed class WithoutClientTests
{
    [Fact]
    public async Task An_engine_that_was_not_built_says_how_to_get_it()
    {
        EventStoreLedger.IsBuilt.ShouldBeFalse();
        (await Given.CodeAsync(async () => await EventStoreLedger.OpenAsync(new EventStoreSettings("esdb://localhost:2113")))).ShouldBe("engine-not-built");
    }
}
#endif
