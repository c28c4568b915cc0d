using System.Net.Sockets;
using Ledger.Core;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ledger.Marten;

/// <summary>PostgreSQL's failures in a reporter's words. No message has a connection string's password in it.</summary>
internal static class MartenErrors
{
    internal static readonly LedgerError Closed = LedgerError.Refused("ledger-closed", "The ledger was closed.");

    /// <summary>Whether the same may succeed in a moment, because it was the server, the way to it or another transaction that was in the way.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        // A full disk does not pass in a moment; Npgsql counts it among what may.
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory } => false,
        // Who asked for a connection of the pool has waited for it already.
        NpgsqlException when IsOfPool(error) => false,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or "25P03" } => true,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException or SocketException or TimeoutException,
        TimeoutRejectedException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>Whether PostgreSQL refuses what was to be written, so that others' may still be taken.</summary>
    internal static bool IsOfData(Exception error) =>
        error is PostgresException { SqlState: { } state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal));

    /// <summary>What a caller is to see: PostgreSQL's failures as the ledger's; what the caller's own code threw, as it was.</summary>
    internal static Exception Wrap(Exception error, MartenStore store, bool opening = false) =>
        error is NpgsqlException or TimeoutRejectedException or BrokenCircuitException or SocketException
            ? new LedgerException(store.IsClosed && !opening ? Closed : Of(error, store), error)
            : error is ObjectDisposedException or InvalidOperationException && store.IsClosed && !opening ? new LedgerException(Closed, error)
            : error;

    internal static LedgerError Of(Exception error, MartenStore store)
    {
        var settings = store.Settings;
        var server = $"PostgreSQL at {settings.Host}";
        return error switch
        {
            PostgresException postgres => postgres.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    Failed($"{server} does not let '{settings.Username}' in: {postgres.MessageText}.", "Check the name and the password of the connection."),
                PostgresErrorCodes.InvalidCatalogName => Failed($"{server} has no database '{settings.Database}'.", "Name another, or have it created: CREATE DATABASE."),
                PostgresErrorCodes.InsufficientPrivilege => LedgerError.Refused(
                    "read-only",
                    $"'{settings.Username}' may not do this in the schema '{store.Schema}' of '{settings.Database}': {postgres.MessageText}.",
                    "Ask whoever runs the database for the grants in ops/postgres/roles.sql."),
                PostgresErrorCodes.DiskFull => Failed($"The disk of {server} is full; what was to be written last was not.", "Make room there and repeat the command: what was recorded before is safe."),
                PostgresErrorCodes.TooManyConnections => Failed($"{server} has no connection left.", "Close programs that use it, or raise its max_connections."),
                PostgresErrorCodes.CannotConnectNow => Failed($"{server} is starting up or shutting down.", "Repeat the command in a moment."),
                PostgresErrorCodes.ReadOnlySqlTransaction => LedgerError.Refused("read-only", $"{server} takes no writes: it is a standby, or set to reading.", "Connect to the primary."),
                PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => Failed($"The tables of the ledger '{store.Schema}' in '{settings.Database}' are not there any more.", null),
                _ => Failed($"{server} could not do it: {postgres.MessageText} ({postgres.SqlState}).", null),
            },
            BrokenCircuitException => Failed($"{server} has failed several times in a row and is left alone for a moment.", "Repeat the command in a moment."),
            NpgsqlException when IsOfPool(error) =>
                Failed($"All {settings.MaxPoolSize} connections to {server} are in use.", "Repeat the command in a moment, or raise 'Maximum Pool Size' in the connection."),
            _ => Failed($"{server} did not answer.", "Check that it runs and can be reached, and repeat the command."),
        };
    }

    /// <summary>What Npgsql says of a connection that was lost before it was used: the caller has not done anything wrong.</summary>
    internal static Exception Lost(InvalidOperationException error) => new NpgsqlException("The connection was lost.", new IOException(error.Message, error));

    private static bool IsOfPool(Exception error) => error.InnerException is TimeoutException && error.Message.Contains("connection pool", StringComparison.OrdinalIgnoreCase);

    internal static LedgerError OutcomeUnknown(MartenStore store) => LedgerError.Refused(
        "outcome-unknown", $"PostgreSQL at {store.Settings.Host} was asked to commit and did not answer: it is not known whether it was recorded.", "Repeat the command: it is recorded once.");

    internal static LedgerException NotALedger(MartenStore store, string why) => new(LedgerError.Refused(
        "not-a-ledger", $"The schema '{store.Schema}' of '{store.Settings.Database}' is not a ledger: {why}.", "Name another with 'Search Path' in the connection; nothing was written."));

    private static LedgerError Failed(string message, string? hint) => LedgerError.Refused("engine-failed", message, hint);
}
