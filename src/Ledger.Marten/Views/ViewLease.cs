using System.Globalization;
using Npgsql;

namespace Ledger.Marten;

/// <summary>
/// That this process keeps the views: an advisory lock, which PostgreSQL gives to one session and takes back when the session ends. So that one that has gone quiet (a machine without power, a process
/// that is stopped) does not hold it for long, the server ends the session when nothing was heard for <see cref="Silence"/>, and this says something <see cref="Sign"/>.
/// </summary>
internal sealed class ViewLease : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Sign = TimeSpan.FromSeconds(2);

    private const string Release = "SELECT pg_advisory_unlock_all(); RESET ALL";

    private readonly CancellationTokenSource ended = new();
    private readonly NpgsqlConnection connection;
    private readonly Task signs;

    private ViewLease(NpgsqlConnection connection)
    {
        this.connection = connection;
        signs = SignAsync();
    }

    /// <summary>Takes the lock; null when another session has it.</summary>
    internal static async Task<IAsyncDisposable?> TryTakeAsync(MartenStore store, long key, CancellationToken cancellation)
    {
        var connection = await store.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var take = connection.Command(
                """
                SELECT pg_try_advisory_lock($1), set_config('idle_session_timeout', $2, false),
                    set_config('tcp_keepalives_idle', '2', false), set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false)
                """,
                Sql.Value(key),
                Sql.Value(((long)Silence.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
            if (await take.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
            {
                return new ViewLease(connection);
            }

            await ViewTables.RunAsync(connection, Release, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Gives it back. When the connection broke, there is nothing to give.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ended.IsCancellationRequested)
        {
            return;
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await signs.ConfigureAwait(false);
        try
        {
            await ViewTables.RunAsync(connection, Release, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException)
        {
            // It was lost; nobody is kept from it by this.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        ended.Dispose();
    }

    private async Task SignAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Sign, ended.Token).ConfigureAwait(false);
                await ViewTables.RunAsync(connection, "SELECT 1", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It was given back.
        }
        catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException)
        {
            // The lock is gone with the connection. Whoever takes it writes first; what is written here does not follow on that, and is refused.
        }
    }
}
