using Ledger.Core.Log;
using Ledger.Core.Views;

namespace Ledger.Cli.Stores;

/// <summary>A ledger as this process has it open. Disposing closes it.</summary>
internal sealed record OpenStore(StoreName Name, ILedgerLog Log, IViewStore Views) : IAsyncDisposable
{
    /// <summary>Who keeps the views of this ledger.</summary>
    internal ViewKeeper Keeper() => new(Log, Views, AllViews.List);

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
