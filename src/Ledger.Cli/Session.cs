using System.Security.Cryptography;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Sqlite;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Cli;

/// <summary>An open ledger, and the commands and queries over it.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly Dictionary<StoryId, string> slugs = [];
    private readonly ViewKeeper keeper;
    private readonly Appender appender;

    private Session(SqliteLedger ledger)
    {
        Ledger = ledger;
        keeper = Keeper(ledger);
        services = new ServiceCollection().AddLedger(ledger, ledger.Views).BuildServiceProvider();
        Mediator = services.GetRequiredService<IMediator>();
        appender = services.GetRequiredService<Appender>();
    }

    internal SqliteLedger Ledger { get; }

    internal IMediator Mediator { get; }

    /// <summary>Opens a ledger to read it, with its views up to date unless another process is about to bring them there.</summary>
    internal static async Task<Session> ReadAsync(Run run)
    {
        var ledger = SqliteLedger.Open(run.Db, SqliteAccess.Read);
        var behind = await BehindAsync(ledger, run.Cancellation).ConfigureAwait(false);
        if (behind > 0)
        {
            await ledger.DisposeAsync().ConfigureAwait(false);
            try
            {
                var writer = SqliteLedger.Open(run.Db, SqliteAccess.Write);
                await using var _ = writer.ConfigureAwait(false);
                await Keeper(writer).CatchUpAsync(cancellation: run.Cancellation).ConfigureAwait(false);
            }
            catch (LedgerException error) when (error.Error.Code is "another-writer" or "read-only")
            {
                run.Terminal.Note($"note: the lists are {behind} entries behind the ledger. {error.Error.Message}");
            }

            ledger = SqliteLedger.Open(run.Db, SqliteAccess.Read);
        }

        return new(ledger);
    }

    /// <summary>Opens a ledger to record in it. With <paramref name="origin"/> it is created where there is none.</summary>
    internal static async Task<Session> WriteAsync(Run run, string? origin = null)
    {
        if (origin is null && !File.Exists(run.Db))
        {
            // The same answer as a reader gets.
            await SqliteLedger.Open(run.Db, SqliteAccess.Read).DisposeAsync().ConfigureAwait(false);
        }

        var ledger = SqliteLedger.Open(run.Db, SqliteAccess.Write);
        try
        {
            if (origin is not null && (await ledger.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size == 0)
            {
                await OpenAsync(ledger, origin, run.Cancellation).ConfigureAwait(false);
            }

            return new(ledger);
        }
        catch
        {
            await ledger.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The name for a ledger that was given none by an option: that of the variable <c>LEDGER_ORIGIN</c>, else one made up.</summary>
    internal static string SomeOrigin() => Environment.GetEnvironmentVariable("LEDGER_ORIGIN") is { Length: > 0 } origin ? origin
        : $"ledger.local/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    internal static ViewKeeper Keeper(SqliteLedger ledger) => new(ledger, ledger.Views, AllViews.List);

    /// <summary>What a story's entries come to now.</summary>
    internal ValueTask<StoryState> StateAsync(StoryId story, CancellationToken cancellation) => appender.StateAsync(story, cancellation);

    /// <summary>Before anything is recorded in a story: it is folded once, for what is decided and for the lists.</summary>
    internal async Task FoldAsync(StoryId story, CancellationToken cancellation) => keeper.Remember(story, await appender.StateAsync(story, cancellation).ConfigureAwait(false));

    internal Task CatchUpAsync(CancellationToken cancellation) => keeper.CatchUpAsync(cancellation: cancellation);

    /// <summary>The story of a slug; null when there is none. It is looked up, not derived: an imported story's id was made under another ledger's secret.</summary>
    internal async Task<StoryId?> FindStoryAsync(string slug, CancellationToken cancellation)
    {
        var query = new ViewQuery { Where = [new("slug", slug)], OldestFirst = true, Limit = 1 };
        return (await Ledger.Views.ListAsync(StoriesView.View, query, cancellation).ConfigureAwait(false)).Records is [var story] ? story.StoryId : null;
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
        [.. (await Ledger.Views.ListAsync(StoriesView.View, new ViewQuery { Limit = ViewQuery.MaxLimit }, cancellation).ConfigureAwait(false))
            .Records.Cast<StoryRecord>().Select(story => story.Slug)];

    /// <summary>The slug of a story; the id where it has none.</summary>
    internal async Task<string> SlugAsync(StoryId story, CancellationToken cancellation)
    {
        if (!slugs.TryGetValue(story, out var slug))
        {
            var record = await Ledger.Views.FindAsync(StoriesView.View, story.Value, cancellation: cancellation).ConfigureAwait(false);
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
        await Ledger.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<long> BehindAsync(SqliteLedger ledger, CancellationToken cancellation)
    {
        var head = await ledger.HeadAsync(cancellation).ConfigureAwait(false);
        var progress = await ledger.Views.ProgressAsync(cancellation).ConfigureAwait(false);
        return AllViews.List.Max(view => progress.TryGetValue(view.Name, out var kept) && kept.Version == view.Version
            ? kept.Error is null ? head.Size - kept.Next : 0
            : Math.Max(1, head.Size));
    }

    private static async Task OpenAsync(SqliteLedger ledger, string origin, CancellationToken cancellation)
    {
        var path = ledger.Path + ".key";
        // A key without a ledger is what an interrupted start leaves behind.
        using var key = File.Exists(path) ? SigningKey.Load(path) : SigningKey.Create(path);
        await LedgerOpening.EnsureOpenedAsync(ledger, origin, key.PublicKey, Programs.Cli(), TimeProvider.System, cancellation).ConfigureAwait(false);
    }
}
