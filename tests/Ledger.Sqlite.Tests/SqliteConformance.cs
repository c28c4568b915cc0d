using Ledger.Conformance.Log;
using Ledger.Conformance.Views;

namespace Ledger.Sqlite.Tests;

public sealed class SqliteAppending() : AppendingSuite(new SqliteStore());

public sealed class SqliteRepeating() : RepeatingSuite(new SqliteStore());

public sealed class SqliteOrder() : OrderSuite(new SqliteStore());

public sealed class SqliteBytes() : BytesSuite(new SqliteStore());

public sealed class SqliteClosing() : ClosingSuite(new SqliteStore());

public sealed class SqliteLedgerTime() : LedgerTimeSuite(new SqliteStore());

public sealed class SqliteLookup() : LookupSuite(new SqliteStore());

public sealed class SqliteExchange() : ExchangeSuite(new SqliteStore(), () => new SqliteStore());

public sealed class SqliteErasure() : ErasureSuite(new SqliteStore());

public sealed class SqliteHistory() : HistorySuite(() => new SqliteStore());

public sealed class SqliteKeeping() : KeepingSuite(new SqliteStore());

public sealed class SqliteAsking() : AskingSuite(new SqliteStore());

public sealed class SqliteWords() : WordsSuite(new SqliteStore());

public sealed class SqliteKeeper() : KeeperSuite(new SqliteStore());
