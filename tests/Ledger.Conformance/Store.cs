using Ledger.Core.Log;
using Ledger.Core.Views;

namespace Ledger.Conformance;

/// <summary>One place where an engine keeps a ledger: empty when made, gone when disposed. An engine that derives this can be put under every suite.</summary>
public abstract class Store : IAsyncDisposable
{
    /// <summary>Opens it for appending: one at a time, again after the one before was disposed.</summary>
    public abstract ValueTask<Opened> OpenAsync(TimeProvider? clock = null);

    /// <summary>Opens it for reading and following beside whoever appends, as another process would.</summary>
    public abstract ValueTask<Opened> OpenReaderAsync();

    /// <summary>Removes everything.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A store as one process has it open. Disposing closes it; the store stays.</summary>
public sealed record Opened(ILedgerLog Log, IViewStore Views) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
