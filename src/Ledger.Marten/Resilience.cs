using System.Diagnostics.Metrics;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Ledger.Marten;

/// <summary>
/// How this engine meets a server that fails: what is transient is tried again with growing, jittered waits; an attempt that gets no answer is given up; a server that keeps
/// failing is left alone for a moment. A conflict of the ledger's own is no failure, and is not seen here.
/// </summary>
internal static class Resilience
{
    /// <summary>Counts <c>ledger.postgres.retries</c> and <c>ledger.postgres.breaks</c>, tagged with the pipeline's name.</summary>
    internal const string MeterName = "Ledger.Marten";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("ledger.postgres.retries", description: "Attempts that failed and were made again.");
    private static readonly Counter<long> Breaks = Meter.CreateCounter<long>("ledger.postgres.breaks", description: "Times that a failing server was left alone.");

    /// <summary>Whoever waits for an answer: a handful of attempts, within three times what one may take.</summary>
    internal static ResiliencePipeline Calling(string name, TimeSpan attempt) =>
        Trying(name, 3 * attempt, 6).AddCircuitBreaker(Breaker(name)).AddTimeout(attempt).Build();

    /// <summary>A follower, whom nobody waits for: it outlasts a server that is gone for a minute.</summary>
    internal static ResiliencePipeline Following(string name, TimeSpan attempt) =>
        Trying(name, TimeSpan.FromMinutes(1) + attempt, int.MaxValue).AddTimeout(attempt).Build();

    private static ResiliencePipelineBuilder Trying(string name, TimeSpan total, int attempts)
    {
        var tag = Tag(name);
        return new ResiliencePipelineBuilder { Name = name }
            .AddTimeout(total)
            .AddRetry(new RetryStrategyOptions
            {
                Name = "retry",
                ShouldHandle = new PredicateBuilder().Handle<Exception>(MartenErrors.IsTransient),
                MaxRetryAttempts = attempts,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
                OnRetry = _ =>
                {
                    Retries.Add(1, tag);
                    return default;
                },
            });
    }

    private static CircuitBreakerStrategyOptions Breaker(string name)
    {
        var tag = Tag(name);
        return new()
        {
            Name = "breaker",
            ShouldHandle = new PredicateBuilder().Handle<Exception>(MartenErrors.IsTransient),
            FailureRatio = 0.9,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(1),
            OnOpened = _ =>
            {
                Breaks.Add(1, tag);
                return default;
            },
        };
    }

    private static KeyValuePair<string, object?> Tag(string name) => new("pipeline", name);
}
