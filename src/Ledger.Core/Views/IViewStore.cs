using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Views;

/// <summary>
/// Where an engine keeps views, and how far their readers have read. Records are temporal: a version is valid for <c>[From, To)</c> in indexes, and writing one closes the one before it,
/// in one transaction with the view's progress; so any view as of any index is an indexed look-up.
/// </summary>
public interface IViewStore
{
    /// <summary>How far each view has come; a view that was never kept here is missing.</summary>
    ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation = default);

    /// <summary>Makes room for a view that was never kept here, or was kept in another version: empty, at index 0. Others are left as they are.</summary>
    ValueTask PrepareAsync(View view, CancellationToken cancellation = default);

    /// <summary>
    /// Becomes the one that keeps these views, among all processes that could; null while somebody else is. Disposing ends it; so does, within seconds, the death of the process or of its connection.
    /// It saves work that others do already. That nothing is written twice is seen to by <see cref="ViewWrite.Since"/>, also when a keeper does not know yet that it is none any more.
    /// </summary>
    /// <exception cref="LedgerException">The store was opened for reading (<c>read-only</c>).</exception>
    ValueTask<IAsyncDisposable?> TryKeepAsync(CancellationToken cancellation = default);

    /// <summary>Writes versions and progress of one or more views, all or nothing.</summary>
    /// <exception cref="LedgerException">A view is not where the write follows on (<c>kept-elsewhere</c>), or was never made (<c>view-not-kept</c>); nothing was written.</exception>
    ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation = default);

    /// <summary>The record of a key as of an index (null: as written last); null when there is none.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">The key.</param>
    /// <param name="asOf">The index.</param>
    /// <param name="rebuilding">Whether to look in the copy that a rebuild is making.</param>
    /// <param name="cancellation">Cancels.</param>
    ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf = null, bool rebuilding = false, CancellationToken cancellation = default);

    /// <summary>The records that a query asks for.</summary>
    ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation = default);

    /// <summary>How many records a query asks for; its page is ignored.</summary>
    ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation = default);

    /// <summary>The keys whose record was begun, changed or ended by an entry after one index and up to another, in any order.</summary>
    ValueTask<IReadOnlyList<Guid>> ChangedAsync(View view, long after, long through, StoryId? story = null, CancellationToken cancellation = default);

    /// <summary>Starts an empty copy of a view beside the live one, dropping one that an interrupted rebuild left.</summary>
    ValueTask BeginRebuildAsync(View view, CancellationToken cancellation = default);

    /// <summary>Puts the copy, which has come to <paramref name="progress"/>, in the live one's place, in one transaction; false, and nothing is changed, when the live one has come further.</summary>
    ValueTask<bool> SwapAsync(View view, long progress, CancellationToken cancellation = default);

    /// <summary>How far a reader has read of one story, or (null) of all; null when it never did. Readers are told apart by name alone.</summary>
    ValueTask<ReaderPlace?> PlaceAsync(string reader, StoryId? story, CancellationToken cancellation = default);

    /// <summary>Keeps how far a reader has read; also where the store was opened for reading, and without waiting long for whoever writes.</summary>
    ValueTask SetPlaceAsync(string reader, StoryId? story, ReaderPlace place, CancellationToken cancellation = default);
}

/// <summary>How far a reader has read.</summary>
/// <param name="Seen">The index of the last entry that it was told of; −1 for none.</param>
/// <param name="At">When it was: days that have passed since are news, too.</param>
public sealed record ReaderPlace(long Seen, Timestamp At);

/// <summary>How far a view has come.</summary>
/// <param name="Version">The version of the view that made its records.</param>
/// <param name="Next">The index of the first entry that is not in it.</param>
/// <param name="Error">Why it stopped there; null while it is being kept.</param>
/// <param name="Made">How many times its records were made anew: whoever knows records of another time must not go on from them.</param>
public sealed record ViewProgress(int Version, long Next, string? Error, long Made = 1);

/// <summary>Versions to write, and how far the view has then come.</summary>
/// <param name="View">The view.</param>
/// <param name="Versions">In order of index; at most one a key and index.</param>
/// <param name="Next">The view's progress afterwards.</param>
/// <param name="Error">Set when the view stops here.</param>
/// <param name="Rebuilding">Whether they go to the copy that a rebuild is making.</param>
/// <param name="Since">The progress that the versions follow on, its error aside: written only where it is still so. Null: wherever the view is. Not looked at in a copy.</param>
public sealed record ViewWrite(View View, IReadOnlyList<ViewVersion> Versions, long Next, string? Error = null, bool Rebuilding = false, ViewProgress? Since = null);

/// <summary>A record as it is from an index on.</summary>
/// <param name="Key">The record's key.</param>
/// <param name="From">The index of the entry that made this version.</param>
/// <param name="Record">The record; null when there is none from here on.</param>
/// <param name="Replaces">Whether an earlier version is open, to be closed.</param>
/// <param name="Words">The words to find it by; null for none, or those of the version that it replaces.</param>
public sealed record ViewVersion(Guid Key, long From, ViewRecord? Record, bool Replaces, string? Words = null);

/// <summary>Which records, and which of them.</summary>
public sealed record ViewQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 1000;

    /// <summary>As of this index, it included; null for as written last.</summary>
    public long? AsOf { get; init; }

    public StoryId? Story { get; init; }

    /// <summary>All of them hold.</summary>
    public ImmutableArray<FacetFilter> Where { get; init; } = [];

    /// <summary>Only records with a facet between two values.</summary>
    public FacetRange? Within { get; init; }

    /// <summary>Only records that began at or after this index.</summary>
    public long? BeganFrom { get; init; }

    /// <summary>Only records that began at or before this index.</summary>
    public long? BeganTo { get; init; }

    /// <summary>Phrases, each of its words as <see cref="Reading.SearchWords"/> folds them, that must all be found; only in a view that is searched.</summary>
    public ImmutableArray<ImmutableArray<string>> Words { get; init; } = [];

    /// <summary>In order of beginning, newest first unless this is set.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Goes on after the last record of a page.</summary>
    public ViewCursor? After { get; init; }

    /// <summary>At most this many, up to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = DefaultLimit;
}

/// <summary>A condition on a facet. <see cref="Contains"/> compares without regard to case: what both are after <see cref="Fold"/>.</summary>
public sealed record FacetFilter(string Facet, string Value, bool Contains = false, bool Not = false)
{
    public bool Matches(string? value) => (value is not null && (Contains ? Holds(Fold(value), Fold(Value)) : value == Value)) != Not;

    /// <summary>A text without regard to case, the same for every engine: each letter's own capital (<c>ß</c> and <c>ı</c> have none, <c>İ</c> is none of <c>i</c>); accents stay.</summary>
    public static string Fold(string text) => text.ToUpperInvariant();

    /// <summary>Whether one folded text holds another.</summary>
    public static bool Holds(string folded, string part) => folded.Contains(part, StringComparison.Ordinal);
}

/// <summary>
/// A condition on a facet of ASCII letters and digits, such as a day (YYYY-MM-DD): at or after one value and before another, in order of their bytes. A record without a value is never within.
/// </summary>
public sealed record FacetRange(string Facet, string From, string Before)
{
    public bool Matches(string? value) => value is not null && string.CompareOrdinal(value, From) >= 0 && string.CompareOrdinal(value, Before) < 0;
}

/// <summary>A place in a list: the index at which its last record began, and its key.</summary>
public readonly record struct ViewCursor(long Began, Guid Key)
{
    public override string ToString() => $"{Began}-{Key:N}";

    public static bool TryParse(string text, out ViewCursor cursor)
    {
        cursor = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || !long.TryParse(text.AsSpan(0, dash), System.Globalization.NumberStyles.None, null, out var began)
            || !Guid.TryParseExact(text.AsSpan(dash + 1), "N", out var key))
        {
            return false;
        }

        cursor = new(began, key);
        return true;
    }
}

/// <summary>A page of records.</summary>
/// <param name="Records">In the query's order.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record ViewPage(IReadOnlyList<ViewRecord> Records, ViewCursor? Next);
