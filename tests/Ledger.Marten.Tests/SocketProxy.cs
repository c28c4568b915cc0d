using System.Collections.Concurrent;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>Stands between a ledger and its server, on a socket of its own, and can be told to cut the way or to let nothing through.</summary>
internal sealed class SocketProxy : IAsyncDisposable
{
    private static readonly byte[] Committed = "COMMIT\0"u8.ToArray();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger-proxy");
    private readonly UnixDomainSocketEndPoint server;
    private readonly Socket listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<Socket, byte> open = [];
    private int answersToCut;
    private int answersToHold;
    private volatile bool down;
    private volatile bool cutsForGood;

    private readonly string original;

    internal SocketProxy(string connectionString)
    {
        original = connectionString;
        server = new(Path.Combine(new NpgsqlConnectionStringBuilder(connectionString).Host!, ".s.PGSQL.5432"));
        listening.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, ".s.PGSQL.5432")));
        listening.Listen(100);
        _ = AcceptAsync();
    }

    /// <summary>The way through the proxy.</summary>
    internal string ConnectionString => new NpgsqlConnectionStringBuilder(original) { Host = folder.FullName }.ToString();

    /// <summary>How many answers to a commit were kept from the ledger.</summary>
    internal int Kept { get; private set; }

    /// <summary>Cuts the connection on which the server next says that it has committed, instead of passing that on.</summary>
    /// <param name="forGood">Whether nothing goes through afterwards, until <see cref="Up"/>.</param>
    internal void CutNextCommit(bool forGood = false)
    {
        cutsForGood = forGood;
        Interlocked.Increment(ref answersToCut);
    }

    /// <summary>Passes nothing on from where the server next says that it has committed; the connection stays.</summary>
    internal void HoldNextCommit() => Interlocked.Increment(ref answersToHold);

    /// <summary>Cuts every connection, and takes no new one.</summary>
    internal void Down()
    {
        down = true;
        foreach (var socket in open.Keys)
        {
            Drop(socket);
        }
    }

    internal void Up() => down = false;

    public ValueTask DisposeAsync()
    {
        Down();
        listening.Dispose();
        folder.Delete(recursive: true);
        return default;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listening.AcceptAsync();
                if (down)
                {
                    client.Dispose();
                    continue;
                }

                var through = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                open[client] = open[through] = 0;
                try
                {
                    await through.ConnectAsync(server);
                }
                catch (SocketException)
                {
                    // The server is not there: whoever connects to it is told so.
                    Drop(client);
                    Drop(through);
                    continue;
                }

                _ = PassAsync(client, through, fromServer: false);
                _ = PassAsync(through, client, fromServer: true);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool fromServer)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                var bytes = buffer.AsMemory(0, read);
                if (fromServer && bytes.Span.IndexOf(Committed) >= 0)
                {
                    if (Take(ref answersToCut))
                    {
                        Kept++;
                        down |= cutsForGood;
                        break;
                    }

                    if (Take(ref answersToHold))
                    {
                        Kept++;
                        await Task.Delay(Timeout.Infinite);
                    }
                }

                await to.SendAsync(bytes);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        Drop(from);
        Drop(to);
        if (cutsForGood && down)
        {
            Down();
        }
    }

    private static bool Take(ref int count)
    {
        while (Volatile.Read(ref count) is > 0 and var now)
        {
            if (Interlocked.CompareExchange(ref count, now - 1, now) == now)
            {
                return true;
            }
        }

        return false;
    }

    private void Drop(Socket socket)
    {
        open.TryRemove(socket, out _);
        socket.Dispose();
    }
}
