using System.Net;
using System.Net.Sockets;

namespace Ledger.EventStore.Tests.Engine;

/// <summary>Stands between client and server, and lets a test hold up or cut what goes through.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private readonly List<TcpClient> clients = [];
    private readonly DnsEndPoint target;
    private TaskCompletionSource open = Opened();
    private bool refusing;

    private TcpProxy(DnsEndPoint target) => this.target = target;

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal static TcpProxy Start(string host, int port)
    {
        var proxy = new TcpProxy(new(host, port));
        proxy.listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Nothing goes through either way; connections stay.</summary>
    internal void Hold()
    {
        lock (gate)
        {
            open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Cuts every connection, also what has gone in and not come out, and takes no new ones.</summary>
    internal void Cut()
    {
        lock (gate)
        {
            refusing = true;
            clients.ForEach(client => client.Close());
            clients.Clear();
        }
    }

    internal void Restore()
    {
        lock (gate)
        {
            refusing = false;
            open.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        Cut();
        open.TrySetResult();
        closing.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var incoming = await listener.AcceptTcpClientAsync(closing.Token);
                var outgoing = new TcpClient { NoDelay = true };
                incoming.NoDelay = true;
                lock (gate)
                {
                    if (refusing)
                    {
                        incoming.Close();
                        continue;
                    }

                    clients.AddRange([incoming, outgoing]);
                }

                await outgoing.ConnectAsync(target.Host, target.Port, closing.Token);
                _ = PumpAsync(incoming, outgoing);
                _ = PumpAsync(outgoing, incoming);
            }
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.GetStream().ReadAsync(buffer, closing.Token) is var read and > 0)
            {
                await Volatile.Read(ref open).Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), closing.Token);
            }
        }
        catch (Exception)
        {
            // Either side is gone, and so is the other.
        }

        from.Close();
        to.Close();
    }
}
