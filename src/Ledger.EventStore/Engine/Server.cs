using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventStore.Client;
using Grpc.Core;
using Ledger.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Calls to the server, tried again with jitter while it does not answer or has no leader. Each try ends after a time of its own, because a server that hangs does not keep the
/// deadline it was given; when hardly any answers, all calls wait a moment before the next try. What the server refuses is never tried again.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly EventStoreSettings settings;
    private readonly ResiliencePipeline pipeline;

    internal Server(EventStoreSettings settings, EventStoreClientSettings client)
    {
        this.settings = settings;
        Client = new(client);
        pipeline = new ResiliencePipelineBuilder { Name = "ledger-eventstore", TimeProvider = TimeProvider.System }
            .AddTimeout(new TimeoutStrategyOptions { Name = "call", Timeout = settings.CallPatience })
            .AddRetry(new RetryStrategyOptions
            {
                Name = "retry",
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = "breaker",
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                FailureRatio = 0.9,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = TimeSpan.FromMilliseconds(500),
            })
            .AddTimeout(new TimeoutStrategyOptions { Name = "try", Timeout = settings.TryPatience })
            .Build();
    }

    internal EventStoreClient Client { get; }

    /// <summary>What is given to the server, too, so that it does not do late what nobody waits for.</summary>
    internal TimeSpan Deadline => settings.TryPatience;

    /// <summary>Carries out a call whose repetition does no harm.</summary>
    /// <exception cref="LedgerException">The server did not answer in time (<c>engine-failed</c>, or the code given), or refused.</exception>
    internal async ValueTask<T> CallAsync<T>(Func<EventStoreClient, CancellationToken, Task<T>> call, CancellationToken cancellation, string code = "engine-failed")
    {
        Exception? last = null;
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        // The client does not give a call up that it has sent.
                        return await call(Client, token).WaitAsync(token).ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is not OperationCanceledException)
                    {
                        last = error;
                        throw;
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && (IsTransient(error) || IsServers(error)))
        {
            throw Failed(last ?? error, code);
        }
    }

    /// <summary>Appends; the same events again at the same revision are appended once. The last revision there is, when it is not the expected one; null when they are appended.</summary>
    /// <exception cref="LedgerException">The server did not answer in time, and it is not known whether they are appended (<paramref name="code"/>), or refused.</exception>
    internal async ValueTask<long?> AppendAsync(string stream, long expectedRevision, IReadOnlyList<EventData> events, string code = "engine-failed")
    {
        try
        {
            await CallAsync(
                (client, token) => expectedRevision < 0
                    ? client.AppendToStreamAsync(stream, StreamState.NoStream, events, deadline: Deadline, cancellationToken: token)
                    : client.AppendToStreamAsync(stream, StreamRevision.FromInt64(expectedRevision), events, deadline: Deadline, cancellationToken: token),
                CancellationToken.None,
                code).ConfigureAwait(false);
            return null;
        }
        catch (WrongExpectedVersionException conflict)
        {
            return conflict.ActualStreamRevision == StreamRevision.None ? -1 : conflict.ActualStreamRevision.ToInt64();
        }
    }

    /// <summary>Reads forward to the end of what is read, and goes on behind the last event where it was cut off.</summary>
    /// <param name="open">Opens the reading behind an event, or (null) where it begins.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="LedgerException">The server did not answer for too long.</exception>
    internal IAsyncEnumerable<EventRecord> ReadAsync(Func<EventRecord?, IAsyncEnumerable<ResolvedEvent>> open, CancellationToken cancellation) =>
        ResumeAsync(open, settings.CallPatience, cancellation);

    /// <summary>Reads forward and goes on for ever, however often it is cut off.</summary>
    internal static IAsyncEnumerable<EventRecord> SubscribeAsync(Func<EventRecord?, IAsyncEnumerable<ResolvedEvent>> open, CancellationToken cancellation) =>
        ResumeAsync(open, null, cancellation);

    private static async IAsyncEnumerable<EventRecord> ResumeAsync(
        Func<EventRecord?, IAsyncEnumerable<ResolvedEvent>> open, TimeSpan? patience, [EnumeratorCancellation] CancellationToken cancellation)
    {
        EventRecord? last = null;
        var heard = Stopwatch.GetTimestamp();
        while (true)
        {
            await using (var events = open(last).GetAsyncEnumerator(cancellation))
            {
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync().ConfigureAwait(false))
                        {
                            if (patience is not null)
                            {
                                yield break;
                            }

                            break;
                        }
                    }
                    catch (Exception error) when (!cancellation.IsCancellationRequested && (IsTransient(error) || (IsServers(error) && error is not StreamDeletedException)))
                    {
                        if (!IsTransient(error) || Stopwatch.GetElapsedTime(heard) > patience)
                        {
                            throw Failed(error);
                        }

                        break;
                    }

                    heard = Stopwatch.GetTimestamp();
                    var record = events.Current.Event;
                    if (last is null || record.Position > last.Position)
                    {
                        yield return last = record;
                    }
                }
            }

            await Task.Delay(Random.Shared.Next(20, 200), cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>Whether a later try may succeed: nobody answers, or nobody leads.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        RpcException rpc => rpc.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Cancelled
            or StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Unknown,
        // Without a leader the server answers "Server Is Not Ready", which the client does not know.
        InvalidOperationException unknown => unknown.Message.StartsWith("Could not recognize", StringComparison.Ordinal) || unknown.Message.Contains("imeout", StringComparison.Ordinal),
        NotLeaderException or DiscoveryException or TimeoutRejectedException or BrokenCircuitException or TimeoutException
            or HttpRequestException or IOException or System.Threading.Channels.ChannelClosedException => true,
        _ => false,
    };

    /// <summary>A failure as the ledger's.</summary>
    internal static LedgerException Failed(Exception error, string code = "engine-failed") => new(
        code == "outcome-unknown"
            ? LedgerError.Conflict(code, $"EventStoreDB does not answer, and it is not known whether the command was recorded: {error.Message}", "Repeat the command when the server is there: it is recorded once.")
            : LedgerError.Refused(code, $"EventStoreDB does not answer, or refused: {error.Message}", IsServers(error) ? "Check the account in the connection string and what it may do." : "Check that the server is there, and repeat the command."),
        error);

    private static bool IsServers(Exception error) => error is AccessDeniedException or NotAuthenticatedException or MaximumAppendSizeExceededException or StreamDeletedException or RpcException;
}
