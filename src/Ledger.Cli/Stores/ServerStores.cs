using Ledger.EventStore;
using Ledger.Marten;
using Npgsql;

namespace Ledger.Cli.Stores;

/// <summary>A PostgreSQL database.</summary>
/// <param name="Connection">The connection string, as Npgsql has it; the password may come from elsewhere (PGPASSWORD, PGPASSFILE, ~/.pgpass).</param>
internal sealed record PostgresStore(string Connection) : StoreName
{
    /// <summary>Reads <c>Host=…;Database=…</c>, or <c>//USER@HOST:PORT/DATABASE?schema=NAME</c> as other programs have it.</summary>
    internal static PostgresStore Of(string place)
    {
        if (!place.StartsWith("//", StringComparison.Ordinal))
        {
            return new(place);
        }

        if (!Uri.TryCreate("postgres:" + place, UriKind.Absolute, out var uri))
        {
            throw new UsageException("The connection to PostgreSQL does not read.", "For example: postgres://ledger@localhost/newsroom");
        }

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) };
        settings.Port = uri.Port > 0 ? uri.Port : settings.Port;
        settings.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        settings.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            settings[pair[0] switch { "schema" => "Search Path", "sslmode" => "SSL Mode", var name => name }] = Uri.UnescapeDataString(pair[^1]);
        }

        return new(settings.ToString());
    }

    internal override async Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation)
    {
        var ledger = await MartenLedger.OpenAsync(Connection, access == StoreAccess.Read ? MartenAccess.Read : MartenAccess.Write, cancellation: cancellation).ConfigureAwait(false);
        return new(this, ledger, ledger.Views);
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"postgres:{Shown(Connection)}";

    private static string Shown(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection) { Password = null }.ToString();
        }
        catch (ArgumentException)
        {
            return "…";
        }
    }
}

/// <summary>A log in EventStoreDB, with its views in PostgreSQL.</summary>
/// <param name="Connection">The server or cluster, as its client takes it (<c>esdb://…</c>).</param>
/// <param name="Views">Where the views are.</param>
internal sealed record EventStoreStore(string Connection, PostgresStore Views) : StoreName
{
    private const string ViewsPart = ";views=postgres:";

    /// <summary>Reads <c>esdb://…;views=postgres:CONNECTION</c>; null where it is not that.</summary>
    internal static EventStoreStore? Of(string place) =>
        place.StartsWith("esdb", StringComparison.Ordinal) && place.IndexOf(ViewsPart, StringComparison.Ordinal) is > 0 and var at
            ? new(place[..at], PostgresStore.Of(place[(at + ViewsPart.Length)..]))
            : null;

    internal override async Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation)
    {
        if (!EventStoreLedger.IsBuilt)
        {
            // Says how to get the engine; nothing of PostgreSQL need be there for that.
            await EventStoreLedger.OpenAsync(new(Connection), cancellation).ConfigureAwait(false);
        }

        var views = await MartenViews.OpenAsync(Views.Connection, cancellation).ConfigureAwait(false);
        try
        {
            var log = await EventStoreLedger.OpenAsync(new(Connection) { ReadOnly = access == StoreAccess.Read, Companion = views }, cancellation).ConfigureAwait(false);
            return new(this, log, views);
        }
        catch
        {
            await views.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Without passwords.</summary>
    public override string ToString() => $"eventstore:{(Uri.TryCreate(Connection, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? Connection.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal) : Connection)};views={Views}";
}
