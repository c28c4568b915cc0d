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

    /// <summary>A pipeline for one kind of call.</summary>
    /// <param name="name"><c>postgres-append</c>, <c>postgres-read</c> or <c>postgres-open</c>.</param>
    /// <param name="attempt">How long one attempt may take; all together may take three times as long.</param>
    /// <param name="attempts">How often at most it is tried again.</param>
    internal static ResiliencePipeline Pipeline(string name, TimeSpan attempt, int attempts = 6)
    {
        var tag = new KeyValuePair<string, object?>("pipeline", name);
        return new ResiliencePipelineBuilder { Name = name }
            .AddTimeout(3 * attempt)
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
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
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
            })
            .AddTimeout(attempt)
            .Build();
    }
}
