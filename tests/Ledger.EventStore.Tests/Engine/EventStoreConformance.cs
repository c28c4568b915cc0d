using Ledger.Conformance.Log;
using Ledger.Conformance.Views;

namespace Ledger.EventStore.Tests.Engine;

public sealed class EventStoreAppending() : AppendingSuite(new EventStoreStore());

public sealed class EventStoreRepeating() : RepeatingSuite(new EventStoreStore());

public sealed class EventStoreOrder() : OrderSuite(new EventStoreStore());

public sealed class EventStoreBytes() : BytesSuite(new EventStoreStore());

public sealed class EventStoreClosing() : ClosingSuite(new EventStoreStore());

public sealed class EventStoreLedgerTime() : LedgerTimeSuite(new EventStoreStore());

public sealed class EventStoreLookup() : LookupSuite(new EventStoreStore());

public sealed class EventStoreExchange() : ExchangeSuite(new EventStoreStore(), () => new EventStoreStore());

public sealed class EventStoreErasure() : ErasureSuite(new EventStoreStore());

public sealed class EventStoreHistory : HistorySuite
{
    public EventStoreHistory()
        : base(() => new EventStoreStore()) => TestServer.Require();
}

public sealed class EventStoreKeeping() : KeepingSuite(new EventStoreStore());
