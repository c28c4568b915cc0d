using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Tests.Support;

/// <summary>An engine whose appends a test can hold up, fail, or let another process slip in before.</summary>
internal sealed class StagedLog(ILedgerLog inner) : ILedgerLog
{
    private readonly Queue<Func<AppendRequest, ValueTask<AppendResult>>> staged = [];

    internal ILedgerLog Inner => inner;

    public Naming Naming => inner.Naming;

    /// <summary>What the next append that is not staged yet does instead of reaching the engine.</summary>
    internal void Stage(Func<AppendRequest, ValueTask<AppendResult>> append)
    {
        lock (staged)
        {
            staged.Enqueue(append);
        }
    }

    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        lock (staged)
        {
            return staged.TryDequeue(out var append) ? append(request) : inner.AppendAsync(request, cancellation);
        }
    }

    public ValueTask<LedgerHead> HeadAsync(CancellationToken cancellation = default) => inner.HeadAsync(cancellation);

    public ValueTask<Receipt?> FindReceiptAsync(StoryId story, CommandId command, CancellationToken cancellation = default) => inner.FindReceiptAsync(story, command, cancellation);

    public IAsyncEnumerable<Entry> ReadAsync(long from, long? to = null, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default) =>
        inner.ReadAsync(from, to, parts, cancellation);

    /// <summary>How often a story was read.</summary>
    internal int StoryReads { get; private set; }

    public IAsyncEnumerable<Entry> ReadStoryAsync(StoryId story, long fromRevision = 0, CancellationToken cancellation = default)
    {
        StoryReads++;
        return inner.ReadStoryAsync(story, fromRevision, cancellation);
    }

    public IAsyncEnumerable<Entry> FollowAsync(long from, CancellationToken cancellation = default) => inner.FollowAsync(from, cancellation);

    public ValueTask<Entry?> FindAsync(EntryId id, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default) => inner.FindAsync(id, parts, cancellation);

    public ValueTask<IReadOnlyList<EntryId>> FindIdsAsync(EntryId first, EntryId last, int limit, CancellationToken cancellation = default) => inner.FindIdsAsync(first, last, limit, cancellation);

    public ValueTask<long> IndexAtAsync(Timestamp time, CancellationToken cancellation = default) => inner.IndexAtAsync(time, cancellation);

    public ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation = default) => inner.CheckLookupsAsync(size, cancellation);

    public ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming = null, CancellationToken cancellation = default) => inner.ImportAsync(entries, naming, cancellation);

    public ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation = default) => inner.EraseAsync(id, part, cancellation);

    public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default) => inner.ReadTileAsync(level, index, width, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
