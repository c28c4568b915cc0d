using Marten;

namespace Ledger.Marten;

/// <summary>The views of a ledger in PostgreSQL, as Marten documents.</summary>
public sealed class MartenViews
{
    /// <summary>Makes the views' documents known to Marten.</summary>
    internal static void Configure(StoreOptions options)
    {
    }
}
