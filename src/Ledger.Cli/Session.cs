using System.Security.Cryptography;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Intake;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Cli;

/// <summary>An open ledger, and the commands and queries over it.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly OpenStore store;
    private readonly ServiceProvider services;
    private readonly Dictionary<StoryId, string> slugs = [];
    private readonly ViewKeeper keeper;
    private readonly Appender appender;

    private Session(OpenStore store)
    {
        this.store = store;
        keeper = store.Keeper();
        services = new ServiceCollection().AddLedger(store.Log, store.Views).BuildServiceProvider();
        Mediator = services.GetRequiredService<IMediator>();
        appender = services.GetRequiredService<Appender>();
    }

    internal ILedgerLog Ledger => store.Log;

    internal IViewStore Views => store.Views;

    internal IMediator Mediator { get; }

    /// <summary>Opens a ledger to read it, with its views up to date unless another process is about to bring them there.</summary>
    internal static async Task<Session> ReadAsync(Run run)
    {
        var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
        var behind = await BehindAsync(store, run.Cancellation).ConfigureAwait(false);
        if (behind > 0)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            try
            {
                var writer = await run.Store.OpenAsync(StoreAccess.Write, run.Cancellation).ConfigureAwait(false);
                await using var _ = writer.ConfigureAwait(false);
                await writer.Keeper().CatchUpAsync(cancellation: run.Cancellation).ConfigureAwait(false);
            }
            catch (LedgerException error) when (error.Error.Code is "another-writer" or "read-only")
            {
                run.Terminal.Note($"note: the lists are {behind} entries behind the ledger. {error.Error.Message}");
            }

            store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
        }

        return new(store);
    }

    /// <summary>Opens a ledger to record in it. With <paramref name="origin"/> it is created where there is none.</summary>
    internal static async Task<Session> WriteAsync(Run run, string? origin = null)
    {
        if (origin is null && !await run.Store.ExistsAsync(run.Cancellation).ConfigureAwait(false))
        {
            // The same answer as a reader gets.
            await (await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        var store = await run.Store.OpenAsync(StoreAccess.Write, run.Cancellation).ConfigureAwait(false);
        try
        {
            if (origin is not null && (await store.Log.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size == 0)
            {
                await BeginAsync(store, origin, run.Cancellation).ConfigureAwait(false);
            }

            return new(store);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The file of the private key that the ledger was begun with, and beside which others are.</summary>
    internal string KeyFile(string origin) => store.Name.KeyFile(origin);

    /// <summary>The name for a ledger that was given none by an option: that of the variable <c>LEDGER_ORIGIN</c>, else one made up.</summary>
    internal static string SomeOrigin() => Environment.GetEnvironmentVariable("LEDGER_ORIGIN") is { Length: > 0 } origin ? origin
        : $"ledger.local/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Makes a view anew beside the live one.</summary>
    internal Task RebuildAsync(View view, IProgress<long> progress, CancellationToken cancellation) => keeper.RebuildAsync(view, progress, cancellation);

    /// <summary>What a story's entries come to now.</summary>
    internal ValueTask<StoryState> StateAsync(StoryId story, CancellationToken cancellation) => appender.StateAsync(story, cancellation);

    /// <summary>Before anything is recorded in a story: it is folded once, for what is decided and for the lists.</summary>
    internal async Task FoldAsync(StoryId story, CancellationToken cancellation) => keeper.Remember(story, await appender.StateAsync(story, cancellation).ConfigureAwait(false));

    internal Task CatchUpAsync(CancellationToken cancellation) => keeper.CatchUpAsync(cancellation: cancellation);

    /// <summary>The story of a slug; null when there is none. It is looked up, not derived: an imported story's id was made under another ledger's secret.</summary>
    internal async Task<StoryId?> FindStoryAsync(string slug, CancellationToken cancellation)
    {
        var query = new ViewQuery { Where = [new("slug", slug)], OldestFirst = true, Limit = 1 };
        return (await Views.ListAsync(StoriesView.View, query, cancellation).ConfigureAwait(false)).Records is [var story] ? story.StoryId : null;
    }

    /// <summary>The story of a slug.</summary>
    /// <exception cref="LedgerException"><c>story-not-found</c>, with the one that was probably meant.</exception>
    internal async Task<StoryId> StoryAsync(string slug, CancellationToken cancellation)
    {
        if (await FindStoryAsync(slug, cancellation).ConfigureAwait(false) is { } id)
        {
            return id;
        }

        var known = await SlugsAsync(cancellation).ConfigureAwait(false);
        throw new LedgerException(LedgerError.NotFound(
            "story-not-found",
            $"There is no story '{slug}'.",
            Nearest.Of(slug, known) is { } near ? $"Did you mean '{near}'?" : known.Count == 0 ? "There are none yet: 'ledger ingest FOLDER' opens one." : $"There are: {string.Join(", ", known.Take(8))}."));
    }

    /// <summary>Every story's slug, newest first, up to a thousand.</summary>
    internal async Task<List<string>> SlugsAsync(CancellationToken cancellation) =>
        [.. (await Views.ListAsync(StoriesView.View, new ViewQuery { Limit = ViewQuery.MaxLimit }, cancellation).ConfigureAwait(false))
            .Records.Cast<StoryRecord>().Select(story => story.Slug)];

    /// <summary>The slug of a story; the id where it has none.</summary>
    internal async Task<string> SlugAsync(StoryId story, CancellationToken cancellation)
    {
        if (!slugs.TryGetValue(story, out var slug))
        {
            var record = await Views.FindAsync(StoriesView.View, story.Value, cancellation: cancellation).ConfigureAwait(false);
            slugs[story] = slug = (record as StoryRecord)?.Slug ?? (story == StoryId.Reserved ? "(ledger)" : story.ToString());
        }

        return slug;
    }

    /// <summary>The document that an id, or the beginning of one, names.</summary>
    /// <exception cref="LedgerException">As <see cref="EntryAsync"/>, or <c>wrong-type</c>.</exception>
    internal async Task<EntryId> DocumentAsync(string text, CancellationToken cancellation)
    {
        var id = await EntryAsync(text, cancellation).ConfigureAwait(false);
        return (await Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false))?.Envelope.Type switch
        {
            "document.filed" or "document.revised" => id,
            null => throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}.", "'ledger documents' lists the documents.")),
            var type => throw new LedgerException(LedgerError.Refused("wrong-type", $"{ShortId.Of(id)} is a {type}, not a document.", "'ledger documents' lists the documents.")),
        };
    }

    /// <summary>The entry that an id, or the beginning of one, names.</summary>
    /// <exception cref="UsageException">It is no id.</exception>
    /// <exception cref="LedgerException"><c>entry-not-found</c> or <c>id-ambiguous</c>.</exception>
    internal async Task<EntryId> EntryAsync(string text, CancellationToken cancellation)
    {
        if (EntryId.TryParse(text, out var whole))
        {
            return whole;
        }

        if (!ShortId.TryRange(text, out var first, out var last))
        {
            throw new UsageException($"'{text}' is not an id.", $"An id looks like 0f3a91c2-…; its first {ShortId.Least} characters or more are enough.");
        }

        var found = await Ledger.FindIdsAsync(first, last, 9, cancellation).ConfigureAwait(false);
        return found.Count switch
        {
            0 => throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry whose id begins with '{text}'.", "'ledger activity' lists every entry.")),
            1 => found[0],
            _ => throw Ambiguous(text, found),
        };
    }

    internal static LedgerException Ambiguous(string text, IReadOnlyList<EntryId> found) => new(LedgerError.Refused(
        "id-ambiguous",
        $"'{text}' begins {(found.Count > 8 ? "many" : found.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))} ids.",
        $"Give more of it: {string.Join(", ", found.Take(8))}."));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync().ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<long> BehindAsync(OpenStore store, CancellationToken cancellation)
    {
        var head = await store.Log.HeadAsync(cancellation).ConfigureAwait(false);
        var progress = await store.Views.ProgressAsync(cancellation).ConfigureAwait(false);
        return AllViews.List.Max(view => progress.TryGetValue(view.Name, out var kept) && kept.Version == view.Version
            ? kept.Error is null ? head.Size - kept.Next : 0
            : Math.Max(1, head.Size));
    }

    private static async Task BeginAsync(OpenStore store, string origin, CancellationToken cancellation)
    {
        var path = store.Name.KeyFile(origin);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A key without a ledger is what an interrupted start leaves behind.
        using var key = File.Exists(path) ? SigningKey.Load(path) : SigningKey.Create(path);
        await LedgerOpening.EnsureOpenedAsync(store.Log, origin, key.PublicKey, Programs.Cli(), TimeProvider.System, cancellation).ConfigureAwait(false);
    }
}
