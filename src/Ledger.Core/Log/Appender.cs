using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;
using Polly;
using Polly.Retry;

namespace Ledger.Core.Log;

/// <summary>
/// Takes a command to the ledger: load the story, decide, append at the expected revision; when somebody else was first, load and decide again.
/// Stories in use stay in memory; the expected revision tells when that memory is old. Safe to use from many threads.
/// </summary>
public sealed class Appender(ILedgerLog log)
{
    private const int MaxStories = 10_000;

    private readonly Recent<StoryId, LoadedStory> stories = new(MaxStories);

    // Waits grow from a few milliseconds with full jitter, so that writers who collided do not collide again in step.
    private readonly ResiliencePipeline<AppendResult> retry = new ResiliencePipelineBuilder<AppendResult>()
        .AddRetry(new RetryStrategyOptions<AppendResult>
        {
            ShouldHandle = new PredicateBuilder<AppendResult>().HandleResult(result => result is AppendResult.Conflict),
            MaxRetryAttempts = 11,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(2),
            MaxDelay = TimeSpan.FromMilliseconds(200),
            UseJitter = true,
        })
        .Build();

    /// <summary>Carries out one command.</summary>
    /// <param name="story">The story.</param>
    /// <param name="id">The command's id; repeating it returns the first receipt.</param>
    /// <param name="recorder">Who asks.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellation">Cancels while nothing was appended.</param>
    /// <returns>The receipt (without entries, when everything was recorded already), or why not: a rule's refusal, the engine's, <c>story-contended</c>, or <c>index-pending</c>: recorded, and the receipt comes when the command is repeated.</returns>
    /// <exception cref="LedgerException">The engine failed: nothing was appended, or (<c>outcome-unknown</c>) it cannot be told whether it was.</exception>
    public async ValueTask<Outcome<Receipt>> AppendAsync(
        StoryId story, CommandId id, Recorder recorder, StoryCommand command, CancellationToken cancellation = default)
    {
        try
        {
            var asked = new Asked(story, id, recorder, command, Requests.Hash(command, out var written), written);
            var loadedStory = Enter(story);
            var result = await AttemptAsync(loadedStory, asked, cancellation).ConfigureAwait(false);
            if (result is AppendResult.Conflict)
            {
                result = await retry.ExecuteAsync(
                    async token => await AttemptAsync(loadedStory, asked, token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            }

            return result switch
            {
                AppendResult.Appended appended => appended.Receipt,
                AppendResult.Refused refused => refused.Error,
                AppendResult.Recorded recorded => recorded.Pending,
                _ => LedgerError.Conflict("story-contended", "Other programs kept changing the story meanwhile; nothing was recorded.", "Repeat the command."),
            };
        }
        catch (LedgerException error) when (error.Error.Code == "text-not-valid")
        {
            // Found where the parts are written, before anything is appended: no rule has to look at every text of every body.
            return error.Error;
        }
    }

    /// <summary>What a story's entries come to, as this process knows it: folded once, and then kept up to date by what is appended here.</summary>
    public async ValueTask<StoryState> StateAsync(StoryId story, CancellationToken cancellation = default)
    {
        var loaded = Enter(story);
        await loaded.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!loaded.IsValid)
            {
                await LoadAsync(loaded, story, cancellation).ConfigureAwait(false);
            }

            return loaded.State;
        }
        finally
        {
            loaded.Turn.Release();
        }
    }

    /// <summary>
    /// Decides and queues while it is this writer's turn, and lets the next one decide on what is queued, so that one forced write serves
    /// both. What turns out not to have been appended makes everybody behind it load and decide again.
    /// </summary>
    private async ValueTask<AppendResult> AttemptAsync(LoadedStory story, Asked asked, CancellationToken cancellation)
    {
        Task<AppendResult> appending;
        await story.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!story.IsValid)
            {
                await LoadAsync(story, asked.Story, cancellation).ConfigureAwait(false);
            }

            if (story.State.Find(EntryId.For(asked.Story, asked.Id, 0)) is not null)
            {
                // What its entries have come to since is no matter: a repeated command gets its receipt.
                return await SettleAsync(story, asked, new AppendResult.Conflict(story.State.Revision), cancellation).ConfigureAwait(false);
            }

            var context = new DecisionContext(
                asked.Story, asked.Id, asked.Recorder, await TextsAsync(story.State, asked.Command, cancellation).ConfigureAwait(false));
            switch (Story.Decide(story.State, asked.Command, context))
            {
                case Decision.Refused refused:
                    return await SettleAsync(story, asked, new AppendResult.Refused(refused.Error), cancellation).ConfigureAwait(false);
                case Decision.Accepted { Entries: [] }:
                    return await SettleAsync(
                        story, asked, new AppendResult.Appended(new(asked.Story, asked.Id, [], Repeated: false)), cancellation).ConfigureAwait(false);
                case Decision.Accepted accepted:
                    var request = Drafts.Of(
                        asked.Story, story.State.Revision, asked.Id, asked.Recorder, log.Naming, asked.Request, accepted.Entries,
                        asked is { Written: { } bytes, Command: StoryCommand.RecordBody { Body: var body } } ? (body, bytes) : null) with
                    { ExpectedLast = story.Last };
                    appending = log.AppendAsync(request, cancellation).AsTask();
                    if (accepted.Entries.Any(entry => PublishedTime.DependsOnRecording(entry.Body)))
                    {
                        // The state would hold the time of recording, which is not known before it is recorded.
                        story.IsValid = false;
                        return await appending.ConfigureAwait(false);
                    }

                    story.Expect(asked, accepted.Entries, appending);
                    break;
                default:
                    throw new InvalidOperationException("A decision is accepted or refused.");
            }
        }
        finally
        {
            story.Turn.Release();
        }

        try
        {
            var result = await appending.ConfigureAwait(false);
            if (result is not AppendResult.Appended { Receipt.Repeated: false })
            {
                story.IsValid = false;
            }

            return result;
        }
        catch
        {
            story.IsValid = false;
            throw;
        }
    }

    /// <summary>An answer that appends nothing holds once everything it was decided on is in the log; what was on its way may have been this very command.</summary>
    private async ValueTask<AppendResult> SettleAsync(LoadedStory story, Asked asked, AppendResult answer, CancellationToken cancellation)
    {
        if (!await story.IsSettledAsync().ConfigureAwait(false))
        {
            return new AppendResult.Conflict(story.State.Revision);
        }

        return await log.FindReceiptAsync(asked.Story, asked.Id, cancellation).ConfigureAwait(false) is { } receipt
            ? await CheckRepeatedAsync(receipt, asked.Request, cancellation).ConfigureAwait(false)
            : answer;
    }

    private async ValueTask<AppendResult> CheckRepeatedAsync(Receipt receipt, Digest request, CancellationToken cancellation)
    {
        var first = await log.FindAsync(receipt.Entries[0].Id, PartSelection.Small, cancellation).ConfigureAwait(false);
        return first?.Recorder is { } recorder && recorder.Request != request
            ? new AppendResult.Refused(AppendResult.CommandReused(receipt.Command))
            : new AppendResult.Appended(receipt);
    }

    private async ValueTask LoadAsync(LoadedStory loaded, StoryId story, CancellationToken cancellation)
    {
        // What is on its way comes to its end first: it is in what is read then, or it never will be.
        await loaded.IsSettledAsync().ConfigureAwait(false);
        loaded.Forget();
        var state = StoryState.Empty;
        EntryId? last = null;
        await foreach (var stored in log.ReadStoryAsync(story, 0, cancellation).ConfigureAwait(false))
        {
            state = state.Evolve(stored);
            last = stored.Id;
        }

        (loaded.State, loaded.Last) = (state, last);
        loaded.IsValid = true;
    }

    private async ValueTask<ImmutableDictionary<EntryId, string>> TextsAsync(StoryState story, StoryCommand command, CancellationToken cancellation)
    {
        var texts = ImmutableDictionary<EntryId, string>.Empty;
        foreach (var document in Story.Cited(story, command))
        {
            // Another story's documents are not this story's to cite.
            if (story.Find(document) is not null
                && (await log.FindAsync(document, PartSelection.All, cancellation).ConfigureAwait(false))?.Part(Part.Text) is { } text)
            {
                texts = texts.Add(document, Encoding.UTF8.GetString(text.Bytes.Span));
            }
        }

        return texts;
    }

    /// <summary>Two callers may come to hold two memories of one story when one was let go between them; the expected revision keeps them apart.</summary>
    private LoadedStory Enter(StoryId story)
    {
        lock (stories)
        {
            if (!stories.TryGet(story, out var loaded))
            {
                stories.Set(story, loaded = new(), 1);
            }

            return loaded;
        }
    }

    private sealed record Asked(StoryId Story, CommandId Id, Recorder Recorder, StoryCommand Command, Digest Request, byte[]? Written);

    private sealed class LoadedStory
    {
        private Task<AppendResult>? last;

        // Writers on one story wait for each other here instead of colliding in the engine.
        internal SemaphoreSlim Turn { get; } = new(1, 1);

        internal StoryState State { get; set; } = StoryState.Empty;

        /// <summary>The last entry of the state, in the log or on its way there.</summary>
        internal EntryId? Last { get; set; }

        /// <summary>Whether the state is the log's, as far as this process knows.</summary>
        internal volatile bool IsValid;

        /// <summary>Goes on to the state that will hold once these entries are appended.</summary>
        internal void Expect(Asked asked, ImmutableArray<DecidedEntry> entries, Task<AppendResult> appending)
        {
            for (var ordinal = 0; ordinal < entries.Length; ordinal++)
            {
                var body = entries[ordinal].Body;
                Last = EntryId.For(asked.Story, asked.Id, ordinal);
                State = State.Evolve(Last.Value, BodyTypes.Of(body).Name, body, asked.Recorder.Kind, Timestamp.MinValue);
            }

            last = appending;
        }

        /// <summary>What was on its way has come to its end, and the log is read anew: what became of it decides nothing any more.</summary>
        internal void Forget() => last = null;

        /// <summary>Waits for what is on its way; false when it did not come to be, so that what was decided on it does not hold.</summary>
        internal async ValueTask<bool> IsSettledAsync()
        {
            if (last is null)
            {
                return true;
            }

            await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var appended = last.IsCompletedSuccessfully && await last.ConfigureAwait(false) is AppendResult.Appended { Receipt.Repeated: false };
            IsValid &= appended;
            last = appended ? null : last;
            return appended;
        }
    }
}
