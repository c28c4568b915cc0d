using Npgsql;

namespace Ledger.Marten;

/// <summary>
/// Raises the signal whenever somebody, in whatever process, has appended. A connection that is lost is opened again for as long as the ledger is open; followers look by themselves meanwhile.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    private readonly MartenStore store;
    private readonly HeadSignal signal;
    private readonly CancellationTokenSource closing = new();
    private readonly Task listening;

    internal Listener(MartenStore store, HeadSignal signal)
    {
        this.store = store;
        this.signal = signal;
        listening = Task.Run(ListenAsync);
    }

    internal static string Channel(string schema) => $"{schema}_head";

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        closing.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var connection = await store.OpenApartAsync(closing.Token).ConfigureAwait(false);
                await using var _ = connection.ConfigureAwait(false);
                connection.Notification += (_, _) => signal.Raise();
                var listen = connection.Command($"LISTEN {Channel(store.Schema)}");
                await using (listen.ConfigureAwait(false))
                {
                    await listen.ExecuteNonQueryAsync(closing.Token).ConfigureAwait(false);
                }

                // What was appended before it listened was told to nobody.
                signal.Raise();
                while (true)
                {
                    await connection.WaitAsync(closing.Token).ConfigureAwait(false);
                }
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException)
            {
                await Task.Delay(Wait, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
