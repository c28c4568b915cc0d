using Ledger.Core.Views;

namespace Ledger.Marten.Tests;

/// <summary>The suites of the log need no views but ask whether they were closed with it.</summary>
internal sealed class NoViews(MartenLedger ledger) : IViewStore
{
    public ValueTask<IReadOnlyDictionary<string, ViewProgress>> ProgressAsync(CancellationToken cancellation = default)
    {
        ledger.Store.CheckOpen();
        throw new NotSupportedException();
    }

    public ValueTask PrepareAsync(View view, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask WriteAsync(IReadOnlyList<ViewWrite> writes, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<ViewRecord?> FindAsync(View view, Guid key, long? asOf = null, bool rebuilding = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<ViewPage> ListAsync(View view, ViewQuery query, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<long> CountAsync(View view, ViewQuery query, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Guid>> ChangedAsync(View view, long after, long through, Core.Entries.StoryId? story = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask BeginRebuildAsync(View view, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask SwapAsync(View view, long progress, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<ReaderPlace?> PlaceAsync(string reader, Core.Entries.StoryId? story, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask SetPlaceAsync(string reader, Core.Entries.StoryId? story, ReaderPlace place, CancellationToken cancellation = default) => throw new NotSupportedException();
}
