using Ledger.Core;
using Ledger.Core.Log;

namespace Ledger.EventStore;

/// <summary>A ledger whose log is in EventStoreDB: one server, or a cluster that goes on while most of its nodes do. Its views are kept elsewhere.</summary>
public static class EventStoreLedger
{
    /// <summary>Whether this program was built with the engine.</summary>
    public static bool IsBuilt =>
#if EVENTSTOREDB
        true;
#else
        false;
#endif

    /// <summary>Opens a ledger, and returns when everything that is in it has been counted.</summary>
    /// <param name="settings">Where it is, and what for.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="LedgerException"><c>engine-not-built</c>, <c>connection-not-valid</c>, <c>ledger-not-found</c>, <c>engine-failed</c>.</exception>
    public static ValueTask<ILedgerLog> OpenAsync(EventStoreSettings settings, CancellationToken cancellation = default) =>
#if EVENTSTOREDB
        Engine.EventStoreLog.OpenAsync(settings, cancellation);
#else
        throw new LedgerException(LedgerError.Refused(
            "engine-not-built",
            "This program was built without the EventStoreDB engine.",
            "Build it with 'dotnet build -p:EventStoreDb=true' where the package EventStore.Client.Grpc.Streams 23.3.8 restores, or use the container image."));
#endif
}
