using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using JasperFx;
using JasperFx.Events;
using Ledger.Core;
using Ledger.Core.Entries;
using Marten;
using Npgsql;
using Weasel.Core;

namespace Ledger.Marten;

/// <summary>
/// One ledger's place in a PostgreSQL database: the connections, and Marten over them, in one schema of the database. Opening it connects to nothing and creates nothing.
/// The schema is the connection string's <c>Search Path</c>; <see cref="DefaultSchema"/> where it has none.
/// </summary>
internal sealed partial class MartenStore : IAsyncDisposable
{
    internal const string DefaultSchema = "ledger";

    // Writing and listening have connections of their own: readers who use up the pool are in nobody's way.
    private readonly NpgsqlDataSource apart;
    // Made when it is first asked for: whoever only reads the log does not wait for it.
    private readonly Lazy<DocumentStore> documents;
    private volatile bool closed;

    private MartenStore(NpgsqlConnectionStringBuilder settings, string schema)
    {
        Source = NpgsqlDataSource.Create(settings);
        apart = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ToString()) { Pooling = false });
        Schema = schema;
        Settings = settings;
        documents = new(() => DocumentStore.For(Configure));
    }

    /// <summary>The connections.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Marten: entries are events of it, views are documents of it.</summary>
    internal DocumentStore Documents => documents.Value;

    /// <summary>The schema's name; it needs no quotes.</summary>
    internal string Schema { get; }

    /// <summary>Whether it was closed, so that everything it is asked is <c>ledger-closed</c>.</summary>
    internal bool IsClosed => closed;

    /// <summary>How long one attempt at anything may take: the connection string's <c>Command Timeout</c>, 10 s where it has none.</summary>
    internal TimeSpan Attempt { get; private init; }

    /// <summary>The connection string's parts. They hold the password: they are not to be shown.</summary>
    internal NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="LedgerException">It is none, or its schema has a name that is not lower-case letters, digits and <c>_</c> (<c>connection-not-valid</c>).</exception>
    internal static MartenStore Open(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "ledger", MaxAutoPrepare = 60, AutoPrepareMinUsages = 2 };
            // What is not given stands before what is, and gives way to it.
            var attempt = TimeSpan.FromSeconds(Math.Max(1, new NpgsqlConnectionStringBuilder("Command Timeout=10;" + connectionString).CommandTimeout));
            // Npgsql does not give up connecting when it is cancelled, but when this is over.
            settings.Timeout = Math.Max(1, Math.Min(settings.Timeout, (int)attempt.TotalSeconds));
            // Compiling a plan takes longer than any look-up here.
            settings.Options ??= "-c jit=off";
            var schema = string.IsNullOrEmpty(settings.SearchPath) ? DefaultSchema : settings.SearchPath;
            return SchemaName().IsMatch(schema)
                ? new(settings, schema) { Attempt = attempt }
                : throw NotValid($"'{schema}' cannot name a schema: lower-case letters, digits and _, at most 40.", null);
        }
        catch (ArgumentException error)
        {
            throw NotValid(error.Message, error);
        }
    }

    /// <exception cref="LedgerException">It was closed (<c>ledger-closed</c>).</exception>
    internal void CheckOpen()
    {
        if (closed)
        {
            throw new LedgerException(MartenErrors.Closed);
        }
    }

    /// <summary>From here on it is closed to callers; what is under way may end.</summary>
    internal void Close() => closed = true;

    /// <summary>Opens a connection outside the pool.</summary>
    internal ValueTask<NpgsqlConnection> OpenApartAsync(CancellationToken cancellation) => apart.OpenConnectionAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        Close();
        if (documents.IsValueCreated)
        {
            await Documents.DisposeAsync().ConfigureAwait(false);
        }

        await Source.DisposeAsync().ConfigureAwait(false);
        await apart.DisposeAsync().ConfigureAwait(false);
    }

    private void Configure(StoreOptions options)
    {
        options.Connection(Source);
        options.DatabaseSchemaName = Schema;
        // Nothing is created or changed on the way: MartenSchema does that, when it is asked to.
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(Json(), casing: Casing.CamelCase);
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.EnableUniqueIndexOnEventId = true;
        foreach (var type in BodyTypes.All)
        {
            options.Events.MapEventType(type.Clr, type.Name);
        }

        MartenViews.Configure(options);
    }

    /// <summary>Bodies as the ledger writes them; anything else as .NET does.</summary>
    private static JsonSerializerOptions Json()
    {
        var bodies = BodyTypes.All[0].Json.Options;
        return new(bodies) { TypeInfoResolver = JsonTypeInfoResolver.Combine(bodies.TypeInfoResolver, new DefaultJsonTypeInfoResolver()) };
    }

    private static LedgerException NotValid(string reason, Exception? inner) => new(
        LedgerError.Refused("connection-not-valid", $"This is no connection to PostgreSQL: {reason}", "For example: Host=localhost;Database=newsroom;Username=ledger;Search Path=ledger"), inner);

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}$")]
    private static partial Regex SchemaName();
}
