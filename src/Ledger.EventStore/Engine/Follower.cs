using System.Collections.Concurrent;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Counts envelopes in the order of <c>$all</c>, which gives each its index. Resumes when its subscription ends; stops for good only at an event that is no envelope of its story,
/// and then everybody who waits is told.
/// </summary>
internal sealed class Follower(Server server, StreamNames names, EntryMap map, Erasures erasures) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<EntryId, TaskCompletionSource> waiting = [];
    private readonly CancellationTokenSource closing = new();
    private readonly List<Place> append = [];
    private Position? last;
    private TaskCompletionSource grown = NewSource();
    private Task running = Task.CompletedTask;
    private LedgerException? failure;

    /// <summary>Completes when the ledger has grown, or the follower has stopped, after this was asked for.</summary>
    internal Task Grown => Volatile.Read(ref grown).Task;

    /// <exception cref="LedgerException">The follower has stopped.</exception>
    internal void Check()
    {
        if (Volatile.Read(ref failure) is { } error)
        {
            throw new LedgerException(error.Error, error);
        }
    }

    /// <summary>Counts everything that is there, and goes on in the background.</summary>
    internal async ValueTask StartAsync(CancellationToken cancellation)
    {
        await foreach (var record in server.ReadAsync(
            after => server.Client.ReadAllAsync(Direction.Forwards, after?.Position ?? map.Begin, Filter(), cancellationToken: closing.Token), cancellation).ConfigureAwait(false))
        {
            Count(record);
        }

        running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Waits until an entry is counted; false when it was not in time.</summary>
    internal async ValueTask<bool> WaitAsync(EntryId id, TimeSpan patience)
    {
        var counted = waiting.GetOrAdd(id, _ => NewSource());
        if (map.IndexOf(id) is not null)
        {
            waiting.TryRemove(id, out _);
            return true;
        }

        try
        {
            Check();
            await counted.Task.WaitAsync(patience).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or LedgerException)
        {
            return map.IndexOf(id) is not null;
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Waits until a story has an entry of that revision.</summary>
    /// <exception cref="LedgerException">It was not counted in time.</exception>
    internal async ValueTask WaitAsync(StoryId story, long revision, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        while (true)
        {
            var changed = Grown;
            if (map.LastRevision(story) >= revision)
            {
                return;
            }

            Check();
            try
            {
                await changed.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw Server.Failed(new TimeoutException($"the story's entry {revision} was not seen within {patience.TotalSeconds:0} s"));
            }
        }
    }

    /// <summary>Waits until the ledger has so many entries.</summary>
    /// <exception cref="LedgerException">The follower has stopped.</exception>
    internal async ValueTask WaitSizeAsync(long size, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = Grown;
            if (map.Head.Size >= size)
            {
                return;
            }

            Check();
            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        Stop(new LedgerException(Closed));
        closing.Dispose();
    }

    internal static readonly LedgerError Closed = LedgerError.Refused("ledger-closed", "The ledger was closed.");

    private async Task RunAsync()
    {
        try
        {
            var counted = last;
            append.Clear();
            await foreach (var record in Server.SubscribeAsync(
                after => server.Client.SubscribeToAll(
                    FromAll.After(after?.Position ?? counted ?? map.Begin),
                    filterOptions: new SubscriptionFilterOptions(Filter(), checkpointInterval: 1000),
                    cancellationToken: closing.Token),
                closing.Token).ConfigureAwait(false))
            {
                Count(record);
            }
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // Closing says so to whoever waits.
        }
        catch (Exception error)
        {
            Stop(error as LedgerException ?? Server.Failed(error));
        }
    }

    private IEventFilter Filter() => StreamFilter.Prefix(2000, names.Stories, names.Erasures);

    private void Count(EventRecord record)
    {
        if (record.EventStreamId == names.Erasures)
        {
            erasures.Take(record);
            return;
        }

        if (!record.EventStreamId.StartsWith(names.Stories, StringComparison.Ordinal))
        {
            return;
        }

        var events = Events.ReadEnvelope(record);
        var envelope = Envelope.Read(events.Bytes);
        if (record.EventStreamId != names.Story(envelope.Story) || record.EventNumber.ToInt64() != envelope.Revision)
        {
            throw new LedgerException(LedgerError.Integrity(
                "entry-does-not-read", $"Event {record.EventNumber} of the stream {record.EventStreamId} holds the entry {envelope.Id}, which belongs to another place."));
        }

        if (map.IndexOf(envelope.Id) is not null || append.Exists(place => place.Id == envelope.Id))
        {
            throw new LedgerException(LedgerError.Integrity("entry-does-not-read", $"Event {record.EventNumber} of the stream {record.EventStreamId} holds the entry {envelope.Id} a second time."));
        }

        append.Add(new(envelope.Id, envelope.Story, envelope.Revision, envelope.RecordedAt, default, TreeHash.Leaf(events.Bytes.Span), record.Position, new(events.Small, events.Large)));
        if (events.Rest > 0)
        {
            // The head never stands within a command.
            return;
        }

        map.Add(append);
        last = record.Position;
        foreach (var place in append)
        {
            if (waiting.TryRemove(place.Id, out var counted))
            {
                counted.TrySetResult();
            }
        }

        append.Clear();
        Interlocked.Exchange(ref grown, NewSource()).SetResult();
    }

    private void Stop(LedgerException error)
    {
        Volatile.Write(ref failure, error);
        foreach (var counted in waiting.Values)
        {
            counted.TrySetException(error);
        }

        Interlocked.Exchange(ref grown, NewSource()).TrySetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
