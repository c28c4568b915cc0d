using System.Net.Sockets;
using Ledger.Core;
using Npgsql;

namespace Ledger.Marten;

/// <summary>PostgreSQL's failures as the ledger's.</summary>
internal static class ViewFaults
{
    /// <summary>Does something, and tells the server's failures, however Marten wraps them, as <c>engine-failed</c>.</summary>
    internal static async ValueTask<T> WrapAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ObjectDisposedException error)
        {
            throw new LedgerException(LedgerError.Refused("ledger-closed", "The ledger was closed."), error);
        }
        catch (Exception error) when (error is not LedgerException && Cause(error) is { } cause)
        {
            throw new LedgerException(LedgerError.Refused("engine-failed", $"The database could not be read or written: {cause.Message}"), error);
        }
    }

    internal static async ValueTask WrapAsync(Func<Task> work) => await WrapAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <summary>Whether the server gave this code.</summary>
    internal static bool IsOf(Exception error, string state) => Cause(error) is PostgresException { SqlState: var given } && given == state;

    private static Exception? Cause(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                return cause;
            }
        }

        return null;
    }
}
