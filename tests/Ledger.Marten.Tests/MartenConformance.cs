using Ledger.Conformance.Log;

namespace Ledger.Marten.Tests;

public sealed class MartenAppending() : AppendingSuite(new MartenPlace());

public sealed class MartenRepeating() : RepeatingSuite(new MartenPlace());

public sealed class MartenOrder() : OrderSuite(new MartenPlace());

public sealed class MartenBytes() : BytesSuite(new MartenPlace());

public sealed class MartenClosing() : ClosingSuite(new MartenPlace());

public sealed class MartenLedgerTime() : LedgerTimeSuite(new MartenPlace());

public sealed class MartenLookup() : LookupSuite(new MartenPlace());

public sealed class MartenExchange() : ExchangeSuite(new MartenPlace(), () => new MartenPlace());

public sealed class MartenErasure() : ErasureSuite(new MartenPlace());
