using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventStore.Client;
using Ledger.Core;

namespace Ledger.EventStore.Engine;

/// <summary>Has every node write its files anew without what was deleted. Each node does so by itself, over its HTTP interface; the account needs to be one of operations.</summary>
internal sealed class Scavenge(EventStoreClientSettings settings, Server server) : IDisposable
{
    private const int MaxTries = 5;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient http = Connect(settings);

    /// <summary>Ends when every node has come to the end of a scavenge that began after this was called.</summary>
    /// <exception cref="LedgerException">A node is away, refused, or did not get through (<c>engine-failed</c>).</exception>
    internal async ValueTask RunAsync(CancellationToken cancellation)
    {
        try
        {
            // One after the other: up to where the first cleans, all do, and two that begin at once dispute that.
            foreach (var node in await NodesAsync(cancellation).ConfigureAwait(false))
            {
                await RunAsync(node, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Server.Failed(error);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task RunAsync(Uri node, CancellationToken cancellation)
    {
        for (var tries = 1; ;)
        {
            if (await CurrentAsync(node, cancellation).ConfigureAwait(false) is not null)
            {
                // One that runs already may be past what was deleted just now.
                await Task.Delay(Poll, cancellation).ConfigureAwait(false);
                continue;
            }

            using var started = await http.PostAsync(new Uri(node, "/admin/scavenge"), null, cancellation).ConfigureAwait(false);
            if (!started.IsSuccessStatusCode)
            {
                if (await CurrentAsync(node, cancellation).ConfigureAwait(false) is not null)
                {
                    continue;
                }

                throw new HttpRequestException($"the scavenge on {node} was refused: {(int)started.StatusCode} {started.ReasonPhrase}");
            }

            var id = (await started.Content.ReadFromJsonAsync<Started>(cancellation).ConfigureAwait(false))?.ScavengeId;
            while (await CurrentAsync(node, cancellation).ConfigureAwait(false) is { } current && current == id)
            {
                await Task.Delay(Poll, cancellation).ConfigureAwait(false);
            }

            var result = await ResultAsync(id ?? "", cancellation).ConfigureAwait(false);
            if (result.Success)
            {
                return;
            }

            if (tries++ == MaxTries)
            {
                throw new HttpRequestException($"the scavenge on {node} did not get through: {result.Message}");
            }

            await Task.Delay(Poll * Random.Shared.Next(1, 10), cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<string?> CurrentAsync(Uri node, CancellationToken cancellation)
    {
        var current = await http.GetFromJsonAsync<Started>(new Uri(node, "/admin/scavenge/current"), cancellation).ConfigureAwait(false);
        return string.IsNullOrEmpty(current?.ScavengeId) ? null : current.ScavengeId;
    }

    /// <summary>A scavenge keeps its log in a stream of its own; its last event says how it went, and comes a moment after the end.</summary>
    private async ValueTask<(bool Success, string Message)> ResultAsync(string id, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var last = await server.CallAsync(
                async (client, token) =>
                {
                    var records = client.ReadStreamAsync(Direction.Backwards, "$scavenges-" + id, StreamPosition.End, 1, cancellationToken: token);
                    if (await records.ReadState.ConfigureAwait(false) == ReadState.Ok)
                    {
                        await foreach (var record in records.ConfigureAwait(false))
                        {
                            return record.Event;
                        }
                    }

                    return null;
                },
                cancellation).ConfigureAwait(false);
            if (last?.EventType == "$scavengeCompleted")
            {
                using var data = JsonDocument.Parse(last.Data);
                return (data.RootElement.GetProperty("result").GetString() == "Success", Encoding.UTF8.GetString(last.Data.Span));
            }

            if (tries == MaxTries * 5)
            {
                return (false, "its end was not logged");
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<Uri>> NodesAsync(CancellationToken cancellation)
    {
        var connectivity = settings.ConnectivitySettings;
        var scheme = connectivity.Insecure ? "http" : "https";
        if (connectivity.IsSingleNode)
        {
            return [connectivity.Address ?? new Uri($"{scheme}://localhost:2113")];
        }

        HttpRequestException? last = null;
        foreach (var seed in connectivity.GossipSeeds)
        {
            try
            {
                var gossip = await http.GetFromJsonAsync<Gossip>(new Uri($"{scheme}://{Authority(seed)}/gossip"), cancellation).ConfigureAwait(false);
                // A node that is away keeps its files: nothing is clean until it is back.
                return gossip!.Members.Any(member => !member.IsAlive)
                    ? throw new LedgerException(LedgerError.Refused("engine-failed", "A node of the cluster is away, and its files cannot be cleaned.", "Erase again when it is back."))
                    : [.. gossip.Members.Select(member => new Uri($"{scheme}://{member.HttpEndPointIp}:{member.HttpEndPointPort}"))];
            }
            catch (HttpRequestException error)
            {
                last = error;
            }
        }

        throw last!;
    }

    private static string Authority(System.Net.EndPoint seed) => seed is System.Net.DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : seed.ToString()!;

    private static HttpClient Connect(EventStoreClientSettings settings)
    {
        var handler = new SocketsHttpHandler();
        if (!settings.ConnectivitySettings.TlsVerifyCert)
        {
#pragma warning disable CA5359 // Asked for in the connection string (tlsVerifyCert=false), for the client and so for this.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (settings.ConnectivitySettings.TlsCaFile is { } authority)
        {
            handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }

        var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (settings.DefaultCredentials is { } credentials)
        {
            http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(credentials.ToString());
        }

        return http;
    }

    private sealed record Started([property: JsonPropertyName("scavengeId")] string? ScavengeId);

    private sealed record Gossip([property: JsonPropertyName("members")] IReadOnlyList<Member> Members);

    private sealed record Member(
        [property: JsonPropertyName("isAlive")] bool IsAlive,
        [property: JsonPropertyName("state")] string State,
        [property: JsonPropertyName("httpEndPointIp")] string HttpEndPointIp,
        [property: JsonPropertyName("httpEndPointPort")] int HttpEndPointPort);
}
