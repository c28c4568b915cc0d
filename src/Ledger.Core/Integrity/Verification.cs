using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Core.Integrity;

/// <summary>What a verification found.</summary>
/// <param name="Size">How many entries held, from the first.</param>
/// <param name="Root">The RFC 6962 root over them, recomputed; of the whole ledger when nothing failed.</param>
/// <param name="Parts">How many commitments were recomputed.</param>
/// <param name="Spans">How many spans were re-read.</param>
/// <param name="NotCheckable">How many spans could not be, because their text was erased on record.</param>
/// <param name="Failure">The first entry that fails; null when everything holds.</param>
public sealed record VerificationReport(long Size, Digest Root, long Parts, long Spans, long NotCheckable, VerificationFailure? Failure)
{
    /// <summary>The checkpoint that the ledger was to be held against; null when there was none, or the entries themselves do not hold.</summary>
    public CheckpointReport? Checkpoint { get; init; }
}

/// <summary>The first thing that does not hold.</summary>
/// <param name="Index">The entry's index.</param>
/// <param name="Entry">Its id, where its envelope reads.</param>
/// <param name="Reason">What is wrong, in a sentence.</param>
public sealed record VerificationFailure(long Index, EntryId? Entry, string Reason);

/// <summary>Recomputes every commitment, hash, chain and span of a ledger, and its root, from the bytes as they are stored.</summary>
public static class Verification
{
    /// <summary>Verifies a log: its entries, every tile that its proofs are made from, and that every entry is found under what its envelope says.</summary>
    /// <param name="log">The log.</param>
    /// <param name="progress">Told the number of entries checked, now and then.</param>
    /// <param name="cancellation">Cancels.</param>
    public static ValueTask<VerificationReport> VerifyAsync(ILedgerLog log, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        VerifyAsync(log, null, progress, cancellation);

    /// <summary>Verifies a log, and holds it against a checkpoint that was kept elsewhere: root and keys are those that its entries give, not what is stored of them.</summary>
    /// <param name="log">The log.</param>
    /// <param name="kept">A note that <see cref="CheckpointReport.Read"/> gave; null for none.</param>
    /// <param name="progress">Told the number of entries checked, now and then.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async ValueTask<VerificationReport> VerifyAsync(ILedgerLog log, SignedNote? kept, IProgress<long>? progress, CancellationToken cancellation = default)
    {
        var head = await log.HeadAsync(cancellation).ConfigureAwait(false);
        var tiles = new TileChecker(log);
        var past = kept is null ? null : new Past(Checkpoint.Parse(kept).Size);
        long? wrongTile = null;
        var report = await VerifyAsync(WatchedAsync(), FindTextAsync, progress).ConfigureAwait(false);
        if (report.Failure is not null)
        {
            return report;
        }

        if (report.Size != head.Size)
        {
            return report with { Failure = new(report.Size, null, $"The ledger has {head.Size} entries, of which {report.Size} read.") };
        }

        if ((wrongTile ?? await tiles.EndAsync(cancellation).ConfigureAwait(false)) is { } wrong)
        {
            await foreach (var entry in log.ReadAsync(wrong, wrong + 1, cancellation: cancellation).ConfigureAwait(false))
            {
                return report with { Failure = new(wrong, entry.Id, "The stored hash tiles over it do not belong to the entries: proofs made from them would not hold.") };
            }
        }

        return report with
        {
            Failure = await log.CheckLookupsAsync(head.Size, cancellation).ConfigureAwait(false),
            Checkpoint = past is null ? null : CheckpointReport.Of(kept!, past.Origin, past.Keys, head.Size, past.Root),
        };

        async IAsyncEnumerable<Entry> WatchedAsync()
        {
            await foreach (var entry in log.ReadAsync(0, head.Size, PartSelection.All, cancellation).ConfigureAwait(false))
            {
                yield return entry;
                // Reached only when the entry holds.
                past?.Add(entry);
                wrongTile ??= await tiles.AddAsync(entry.Hash, cancellation).ConfigureAwait(false);
            }
        }

        async ValueTask<string?> FindTextAsync(EntryId document) =>
            (await log.FindAsync(document, PartSelection.All, cancellation).ConfigureAwait(false))?.Part(Part.Text) is { } part
                ? Encoding.UTF8.GetString(part.Bytes.Span)
                : null;
    }

    /// <summary>Verifies entries from any source, in index order from 0.</summary>
    internal static async ValueTask<VerificationReport> VerifyAsync(
        IAsyncEnumerable<Entry> entries, Func<EntryId, ValueTask<string?>> findText, IProgress<long>? progress = null)
    {
        var checker = new EntryChecker(findText);
        var frontier = new Frontier();
        VerificationFailure? failure = null;
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            var at = checker.Size;
            if (await checker.CheckAsync(entry).ConfigureAwait(false) is { } reason)
            {
                // Where an entry is missing, the one that stands in its place is not the one to name.
                failure = new(at, entry.Index == at ? IdOf(entry) : null, reason);
                break;
            }

            frontier.Append(entry.Hash);
            if (checker.Size % 1000 == 0)
            {
                progress?.Report(checker.Size);
            }
        }

        failure ??= checker.CheckEnd();
        progress?.Report(checker.Size);
        return new(frontier.Size, frontier.Root(), checker.Parts, checker.Spans, checker.NotCheckable, failure);
    }

    /// <summary>What the entries say the ledger was at a size: its root, and the keys it has had.</summary>
    private sealed class Past(long size)
    {
        private readonly Frontier frontier = new();

        internal string? Origin { get; private set; }

        internal ImmutableArray<LedgerKey> Keys { get; private set; } = [];

        /// <summary>The root at that size; null before it is reached.</summary>
        internal Digest? Root { get; private set; } = size == 0 ? TreeHash.EmptyRoot : null;

        internal void Add(Entry entry)
        {
            Keys = LedgerKeys.After(Keys, entry);
            Origin ??= entry.Index == 0 && BodyTypes.IsKnown(entry.Envelope.Type, entry.Envelope.Schema) ? (entry.Body as LedgerOpened)?.Origin : null;
            if (entry.Index < size)
            {
                frontier.Append(entry.Hash);
                Root = frontier.Size == size ? frontier.Root() : null;
            }
        }
    }

    private static EntryId? IdOf(Entry entry)
    {
        try
        {
            return entry.Id;
        }
        catch (LedgerException)
        {
            return null;
        }
    }
}
