using System.Collections.Immutable;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Appends, one append after the other in each story: what waits for a story's turn goes together into one. Parts first, then the envelopes in one append at the expected revision,
/// which decides; then the follower's count, which gives the indexes.
/// </summary>
internal sealed class StoryWriter(
    EventStoreSettings settings, Server server, StreamNames names, EntryMap map, Follower follower, EntryReader reader, BlockWriter blocks, Eraser eraser)
{
    // Of several commands in one append; a single one has as many as it has.
    private const int EntriesTogether = 400;

    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<StoryId, Story> stories = [];
    private readonly HashSet<Work> open = [];
    private bool closed;

    internal async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation)
    {
        var work = new Work(request, cancellation);
        lock (gate)
        {
            if (closed)
            {
                throw new LedgerException(Follower.Closed);
            }

            open.Add(work);
            if (!stories.TryGetValue(request.Story, out var story))
            {
                stories[request.Story] = story = new(request.Story);
            }

            story.Waiting.Enqueue(work);
            if (!story.IsRunning)
            {
                story.IsRunning = true;
                _ = Task.Run(() => RunAsync(story), CancellationToken.None);
            }
        }

        try
        {
            return await work.Result.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                open.Remove(work);
            }
        }
    }

    /// <summary>Ends when everything that was begun has come to its end; what was not begun is not.</summary>
    internal async ValueTask CloseAsync()
    {
        List<Task> ending;
        lock (gate)
        {
            closed = true;
            ending = [.. open.Select(work => work.Result.Task)];
        }

        await Task.WhenAll(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(Story story)
    {
        while (true)
        {
            var batch = new List<Work>();
            lock (gate)
            {
                var entries = 0;
                while (story.Waiting.TryPeek(out var next) && (batch.Count == 0 || entries + next.Request.Entries.Length <= EntriesTogether))
                {
                    story.Waiting.Dequeue();
                    if (closed)
                    {
                        next.Result.SetException(new LedgerException(Follower.Closed));
                    }
                    else if (next.Cancellation.IsCancellationRequested)
                    {
                        next.Result.SetCanceled(next.Cancellation);
                    }
                    else
                    {
                        batch.Add(next);
                        entries += next.Request.Entries.Length;
                    }
                }

                if (batch.Count == 0)
                {
                    story.IsRunning = false;
                    Forget(story);
                    return;
                }
            }

            try
            {
                await AppendAsync(story, batch).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // What is not known to be appended is not built upon.
                story.End = null;
                batch.ForEach(work => work.Result.TrySetException(error is OperationCanceledException ? new LedgerException(Follower.Closed, error) : error));
            }
        }
    }

    private async ValueTask AppendAsync(Story story, List<Work> batch)
    {
        // What is accepted is accepted on this end, and appended behind it or not at all, whatever the follower counts meanwhile.
        var start = EndOf(story);
        var end = start;
        var accepted = new List<Work>();
        foreach (var work in batch)
        {
            if (Repeats(story, accepted, work))
            {
                continue;
            }

            var request = work.Request;
            if (accepted.Count == 0 && request.ExpectedRevision > end.Revision)
            {
                // Perhaps another process was here, and the follower has not come to it yet.
                start = end = await CatchUpAsync(story).ConfigureAwait(false);
                if (Repeats(story, accepted, work))
                {
                    continue;
                }
            }

            if (end.Revision != request.ExpectedRevision || (request.ExpectedLast is { } last && last != end.Id))
            {
                work.Result.SetResult(new AppendResult.Conflict(end.Revision));
            }
            else if (ClockBehind() is { } refused)
            {
                work.Result.SetResult(refused);
            }
            else
            {
                accepted.Add(work);
                end = end with { Revision = end.Revision + request.Entries.Length, Id = work.LastId };
            }
        }

        if (accepted.Count == 0)
        {
            return;
        }

        lock (gate)
        {
            accepted.ForEach(work => story.OnTheirWay.Add(work.FirstId, work));
        }

        try
        {
            await AppendAcceptedAsync(story, start, accepted).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            story.End = null;
            Settle(story, accepted, work => work.Result.TrySetException(error));
        }
    }

    private async ValueTask AppendAcceptedAsync(Story story, End start, List<Work> accepted)
    {
        var placed = await Task.WhenAll(accepted.Select(work => blocks.WriteAsync(BlockWriter.PartsOf(work.Request)).AsTask())).ConfigureAwait(false);
        var end = start;
        var events = Seal(accepted, placed, ref end);
        long? actual;
        try
        {
            actual = await server.AppendAsync(names.Story(story.Id), start.Revision, events, "outcome-unknown").ConfigureAwait(false);
        }
        catch (LedgerException error) when (error.Error.Code == "outcome-unknown")
        {
            // The last look: these very entries, and not another process's under the same ids, are there or are not known to be.
            if (!await follower.WaitAsync(accepted[^1].LastId, LastLook).ConfigureAwait(false))
            {
                throw;
            }

            actual = map[map.IndexOf(accepted[^1].LastId)!.Value].Hash == end.Hash ? null : map.LastRevision(story.Id);
        }

        if (actual is null)
        {
            story.End = end;
            accepted.ForEach(work => _ = FinishAsync(story, work));
            return;
        }

        // Another process was first. Its entries are counted before anybody is told, so that whoever loads the story again finds them.
        story.End = null;
        await follower.WaitAsync(story.Id, actual.Value, settings.IndexPatience, CancellationToken.None).ConfigureAwait(false);
        foreach (var work in accepted)
        {
            if (map.IndexOf(work.FirstId) is not null)
            {
                await AnswerAsync(work, () => RepeatedAsync(work.Request)).ConfigureAwait(false);
            }
        }

        Settle(story, accepted, work => work.Result.TrySetResult(new AppendResult.Conflict(actual.Value)));
        await DropAsync(story, accepted, placed).ConfigureAwait(false);
    }

    /// <summary>Takes back the parts of what was not appended. What fails is left to the sweeper.</summary>
    private async ValueTask DropAsync(Story story, List<Work> works, ImmutableArray<Blocks>[] placed)
    {
        try
        {
            await eraser.DropAsync(works.SelectMany((work, i) => placed[i].SelectMany((blocks, ordinal) =>
            {
                var id = EntryId.For(story.Id, work.Request.Command, ordinal);
                return blocks.Large is { } large ? new[] { (id, blocks.Small), (id, large) } : [(id, blocks.Small)];
            }))).ConfigureAwait(false);
        }
        catch (LedgerException)
        {
            // Words that belong to no entry and that nobody finds.
        }
    }

    /// <summary>Whether a command was appended before, or is on its way; it is answered then.</summary>
    private bool Repeats(Story story, List<Work> accepted, Work work)
    {
        if (map.IndexOf(work.FirstId) is not null)
        {
            _ = AnswerAsync(work, () => RepeatedAsync(work.Request));
            return true;
        }

        Work? first;
        lock (gate)
        {
            story.OnTheirWay.TryGetValue(work.FirstId, out first);
        }

        first ??= accepted.Find(other => other.FirstId == work.FirstId);
        if (first is null)
        {
            return false;
        }

        _ = AnswerAsync(work, async () =>
        {
            var result = await first.Result.Task.ConfigureAwait(false);
            return result is AppendResult.Appended ? await RepeatedAsync(work.Request).ConfigureAwait(false) : result;
        });
        return true;
    }

    private async ValueTask<AppendResult> RepeatedAsync(AppendRequest request)
    {
        var index = map.IndexOf(EntryId.For(request.Story, request.Command, 0))!.Value;
        var first = await reader.AtAsync(index, PartSelection.Small, CancellationToken.None).ConfigureAwait(false);
        return first.Recorder is { } recorder && recorder.Request != request.Request
            ? new AppendResult.Refused(AppendResult.CommandReused(request.Command))
            : new AppendResult.Appended(Receipt.Of(
                request.Story,
                request.Command,
                await reader.EnvelopesAsync(request.Story, first.Envelope.Revision, first.Envelope.Of, CancellationToken.None).ConfigureAwait(false),
                repeated: true));
    }

    /// <summary>Waits until an append is counted, and gives the receipt of what was counted.</summary>
    private async Task FinishAsync(Story story, Work work)
    {
        var request = work.Request;
        var counted = await follower.WaitAsync(work.LastId, settings.IndexPatience).ConfigureAwait(false);
        AppendResult result = new AppendResult.Recorded(request.Command);
        if (counted)
        {
            var entries = ImmutableArray.CreateBuilder<ReceiptEntry>(request.Entries.Length);
            for (var ordinal = 0; ordinal < request.Entries.Length; ordinal++)
            {
                var id = EntryId.For(request.Story, request.Command, ordinal);
                var index = map.IndexOf(id)!.Value;
                var place = map[index];
                entries.Add(new(id, request.Entries[ordinal].Type, index, place.Revision, place.RecordedAt, place.Hash));
            }

            result = new AppendResult.Appended(new(request.Story, request.Command, entries.MoveToImmutable(), Repeated: false));
        }

        Settle(story, [work], settled => settled.Result.TrySetResult(result));
    }

    private static async Task AnswerAsync(Work work, Func<ValueTask<AppendResult>> answer)
    {
        try
        {
            work.Result.TrySetResult(await answer().ConfigureAwait(false));
        }
        catch (Exception error)
        {
            work.Result.TrySetException(error);
        }
    }

    private void Settle(Story story, List<Work> settled, Action<Work> settle)
    {
        lock (gate)
        {
            settled.ForEach(work => story.OnTheirWay.Remove(work.FirstId));
            Forget(story);
        }

        settled.ForEach(settle);
    }

    /// <summary>Lets a story go whose end the follower knows. Under the lock.</summary>
    private void Forget(Story story)
    {
        if (!story.IsRunning && story.OnTheirWay.Count == 0 && (story.End is not { } end || map.LastRevision(story.Id) >= end.Revision))
        {
            stories.Remove(story.Id);
        }
    }

    private End EndOf(Story story)
    {
        var counted = map.LastOf(story.Id);
        return story.End is { } own && own.Revision > (counted?.Revision ?? -1)
            ? own
            : counted is { } last ? new(last.Revision, last.Id, last.Hash, last.RecordedAt) : new(AppendRequest.NoStory, null, null, null);
    }

    private async ValueTask<End> CatchUpAsync(Story story)
    {
        var last = await server.CallAsync(
            async (client, token) =>
            {
                var records = client.ReadStreamAsync(Direction.Backwards, names.Story(story.Id), StreamPosition.End, 1, cancellationToken: token);
                if (await records.ReadState.ConfigureAwait(false) == ReadState.StreamNotFound)
                {
                    return AppendRequest.NoStory;
                }

                await foreach (var record in records.ConfigureAwait(false))
                {
                    return record.Event.EventNumber.ToInt64();
                }

                return AppendRequest.NoStory;
            },
            CancellationToken.None).ConfigureAwait(false);
        await follower.WaitAsync(story.Id, last, settings.IndexPatience, CancellationToken.None).ConfigureAwait(false);
        return EndOf(story);
    }

    private AppendResult.Refused? ClockBehind()
    {
        var now = Timestamp.From(settings.Clock.GetUtcNow());
        return map.Head.Time is { } headTime && headTime.ToDateTimeOffset() - now.ToDateTimeOffset() > ILedgerLog.MaxClockLag
            ? new AppendResult.Refused(LedgerError.Refused(
                "clock-behind",
                $"The clock of this machine says {now}, and the last entry was recorded at {headTime}: it is more than {ILedgerLog.MaxClockLag.TotalSeconds:0} s behind.",
                "Set the clock, and repeat the command."))
            : null;
    }

    /// <summary>Fixes time and order, now that nothing but the append is left to do.</summary>
    private List<EventData> Seal(List<Work> accepted, ImmutableArray<Blocks>[] placed, ref End end)
    {
        var now = Timestamp.From(settings.Clock.GetUtcNow());
        var events = new List<EventData>();
        var rest = accepted.Sum(work => work.Request.Entries.Length);
        for (var i = 0; i < accepted.Count; i++)
        {
            var request = accepted[i].Request;
            for (var ordinal = 0; ordinal < request.Entries.Length; ordinal++)
            {
                var recordedAt = end.RecordedAt is { } before ? Timestamp.Max(now, before) : now;
                var (envelope, hash) = request.Seal(ordinal, end.Revision + 1, recordedAt, end.Hash);
                var parts = placed[i][ordinal];
                events.Add(Events.OfEnvelope(request.Entries[ordinal].Type, new(envelope, parts.Small, parts.Large, --rest)));
                end = new(end.Revision + 1, EntryId.For(request.Story, request.Command, ordinal), hash, recordedAt);
            }
        }

        return events;
    }

    private readonly record struct End(long Revision, EntryId? Id, Digest? Hash, Timestamp? RecordedAt);

    private sealed class Story(StoryId id)
    {
        internal StoryId Id { get; } = id;

        internal Queue<Work> Waiting { get; } = [];

        internal bool IsRunning { get; set; }

        internal End? End { get; set; }

        /// <summary>Commands that are appended or being appended, and not counted yet, by their first entry.</summary>
        internal Dictionary<EntryId, Work> OnTheirWay { get; } = [];
    }

    private sealed class Work(AppendRequest request, CancellationToken cancellation)
    {
        internal AppendRequest Request { get; } = request;

        internal CancellationToken Cancellation { get; } = cancellation;

        internal EntryId FirstId { get; } = EntryId.For(request.Story, request.Command, 0);

        internal EntryId LastId { get; } = EntryId.For(request.Story, request.Command, request.Entries.Length - 1);

        internal TaskCompletionSource<AppendResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
