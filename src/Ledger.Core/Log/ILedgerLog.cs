using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Log;

/// <summary>
/// The log port: what every engine promises, and one conformance suite tests on each of them.
/// <list type="number">
/// <item><b>Whole commands.</b> All entries of one command are there or none, also when the process dies half-way.</item>
/// <item><b>Durable.</b> When <see cref="AppendAsync"/> returns <see cref="AppendResult.Appended"/>, the entries survive a crash of process and machine.</item>
/// <item><b>One order.</b> Index order is the order in which everybody sees entries, without gaps. Nobody who reads forward or follows misses, repeats or reorders one, however commits interleave.</item>
/// <item><b>Never quiet.</b> <see cref="FollowAsync"/> reads the past, goes on live, starts anywhere, and delivers or ends in an error.</item>
/// <item><b>Once.</b> A repeated command (per story), also after a crash between append and answer, appends nothing and gets the first receipt, built from the stored bytes.</item>
/// <item><b>Erasable.</b> After <see cref="EraseAsync"/> a part's salt and bytes are nowhere in the engine's files, and every hash and proof still holds.</item>
/// </list>
/// <para>
/// Time: <c>recordedAt</c> is stamped when the order is fixed and is never before the story's previous entry. The <b>ledger time</b> at an index is the latest
/// <c>recordedAt</c> of all entries up to it. A clock more than <see cref="MaxClockLag"/> behind the ledger time of the head refuses appends (<c>clock-behind</c>).
/// </para>
/// <para>Members may be called from any thread at once.</para>
/// </summary>
public interface ILedgerLog : ITileSource, IAsyncDisposable
{
    /// <summary>How far the machine's clock may stand behind the head before appends are refused.</summary>
    static readonly TimeSpan MaxClockLag = TimeSpan.FromSeconds(60);

    /// <summary>The names made in this ledger; their secret stays in the store and is not exported.</summary>
    Naming Naming { get; }

    /// <summary>How many entries there are, and the ledger time of the last.</summary>
    ValueTask<LedgerHead> HeadAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Appends the entries of one command, in order, at the story's expected revision and, where the request names it, on the expected last entry. A repeated command is answered before the revision is compared.
    /// Cancelled while it waits its turn, it appends nothing; after that the cancellation is too late and the result is returned.
    /// </summary>
    /// <returns>Appended; recorded, with the indexes not known yet; a conflict; or refused: over a limit (<c>part-too-large</c>, <c>command-too-large</c>, <c>command-size</c>), <c>command-not-valid</c>, <c>command-reused</c> with another request, <c>clock-behind</c>, <c>read-only</c>.</returns>
    /// <exception cref="LedgerException">
    /// The engine failed and nothing was appended (<c>engine-failed</c>); a distant server stopped answering and it cannot be told whether it was
    /// (<c>outcome-unknown</c>: the same command again finds out); or it was closed (<c>ledger-closed</c>).
    /// </exception>
    ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default);

    /// <summary>The receipt of a command that was appended before; null when it was not.</summary>
    ValueTask<Receipt?> FindReceiptAsync(StoryId story, CommandId command, CancellationToken cancellation = default);

    /// <summary>Reads forward from <paramref name="from"/> up to, not including, <paramref name="to"/> or the head as it is at the first entry.</summary>
    IAsyncEnumerable<Entry> ReadAsync(long from, long? to = null, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default);

    /// <summary>Reads one story's entries from a revision on; nothing when there is no such story.</summary>
    IAsyncEnumerable<Entry> ReadStoryAsync(StoryId story, long fromRevision = 0, CancellationToken cancellation = default);

    /// <summary>Reads forward from <paramref name="from"/>, and goes on with every entry as it is appended, by this process or another, until cancelled.</summary>
    /// <exception cref="LedgerException">The engine failed, or was closed (<c>ledger-closed</c>).</exception>
    IAsyncEnumerable<Entry> FollowAsync(long from, CancellationToken cancellation = default);

    /// <summary>The entry of that name; null when there is none.</summary>
    ValueTask<Entry?> FindAsync(EntryId id, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default);

    /// <summary>The ids of entries from one id to another, both included, in their order, at most <paramref name="limit"/>: what the beginning of an id may stand for.</summary>
    ValueTask<IReadOnlyList<EntryId>> FindIdsAsync(EntryId first, EntryId last, int limit, CancellationToken cancellation = default);

    /// <summary>The last index whose ledger time is not after <paramref name="time"/>; −1 when there is none.</summary>
    ValueTask<long> IndexAtAsync(Timestamp time, CancellationToken cancellation = default);

    /// <summary>
    /// Checks what the engine finds entries by (ids, stories, revisions, ledger time) against their envelopes, up to a size: the first entry that is not found
    /// under what its envelope says; null when all are. Verification asks for it after it has checked the entries themselves.
    /// </summary>
    ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation = default);

    /// <summary>
    /// Appends entries as they are, envelopes, salts and all, to a log that holds exactly the entries before the first of them. All or none.
    /// The caller has verified them; the engine checks that each index and revision follows.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="naming">The names of the ledger they come from, which an empty log takes on: it is that ledger from then on. A log with entries has names already.</param>
    /// <param name="cancellation">Cancels; nothing is written then.</param>
    /// <exception cref="LedgerException">An entry does not follow on what is there (<c>import-does-not-follow</c>); nothing was written.</exception>
    ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming = null, CancellationToken cancellation = default);

    /// <summary>Removes the salt and bytes of one part for good. Erasing what is erased already does nothing.</summary>
    /// <exception cref="LedgerException">There is no such entry (<c>entry-not-found</c>).</exception>
    ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation = default);
}

/// <summary>Where the ledger ends.</summary>
/// <param name="Size">How many entries there are; the next gets this index.</param>
/// <param name="Time">The ledger time at the head: the latest <c>recordedAt</c>; null when there are no entries.</param>
public readonly record struct LedgerHead(long Size, Timestamp? Time)
{
    public long LastIndex => Size - 1;
}
