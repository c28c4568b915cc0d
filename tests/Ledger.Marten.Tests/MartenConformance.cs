using Ledger.Conformance.Log;
using Ledger.Conformance.Views;

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

public sealed class MartenHistory() : HistorySuite(() => new MartenPlace())
{
    // Each asks a server thousands of times.
    protected override int Histories => 4;
}

public sealed class MartenKeeping() : KeepingSuite(new MartenPlace());

public sealed class MartenAsking() : AskingSuite(new MartenPlace());

public sealed class MartenWords() : WordsSuite(new MartenPlace());

public sealed class MartenKeeper() : KeeperSuite(new MartenPlace());
