using System.Collections.Immutable;

namespace Ledger.Core.Views;

/// <summary>A record as it was and as it is.</summary>
/// <param name="View">Its view.</param>
/// <param name="Key">Its key.</param>
/// <param name="Before">The record before; null when it was not there.</param>
/// <param name="After">The record after; null when it is not there any more.</param>
public sealed record RecordChange(View View, Guid Key, ViewRecord? Before, ViewRecord? After)
{
    /// <summary>The views whose changes tell a story: all but those that have a record for every entry.</summary>
    public static ImmutableArray<View> Views { get; } = [.. AllViews.List.Where(view => view != ActivityView.View && view != TimelineView.View && view != SearchView.View)];

    /// <summary>The record that there is: the one after, else the one before.</summary>
    public ViewRecord Record => After ?? Before!;
}
