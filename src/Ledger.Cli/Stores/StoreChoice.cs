using System.Text.Json;
using Ledger.Core;

namespace Ledger.Cli.Stores;

/// <summary>Which store a run works on: what the command line says, else the environment, else a configuration file, else <c>ledger.db</c> in this folder.</summary>
internal static class StoreChoice
{
    internal const string Variable = "LEDGER_STORE";
    internal const string FileVariable = "LEDGER_DB";
    internal const string Configuration = "ledger.json";

    /// <summary>The choice.</summary>
    /// <param name="store">What --store says; null when it is not there.</param>
    /// <param name="db">What --db says; null when it is not there.</param>
    /// <exception cref="UsageException">Both are given, or a name names no store.</exception>
    /// <exception cref="LedgerException">The configuration does not read (<c>configuration-not-valid</c>).</exception>
    internal static StoreName Of(string? store, string? db) => (store, db) switch
    {
        ({ }, { }) => throw new UsageException("--store and --db both name a ledger.", "--db FILE is short for --store sqlite:FILE."),
        ({ } name, _) => StoreName.Parse(name),
        (_, { } file) => new SqliteStore(file),
        _ when Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name => StoreName.Parse(name),
        _ when Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file => new SqliteStore(file),
        _ when Configured() is { } name => StoreName.Parse(name),
        _ => new SqliteStore("ledger.db"),
    };

    /// <summary>The <c>store</c> of <c>ledger.json</c> in this folder, else in the user's configuration folder.</summary>
    private static string? Configured()
    {
        string[] places = [Configuration, Path.Combine(Folder, Configuration)];
        if (places.FirstOrDefault(File.Exists) is not { } path)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.TryGetProperty("store", out var store) ? store.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new LedgerException(LedgerError.Refused("configuration-not-valid", $"{path} does not read: {error.Message}", """It holds an object such as {"store": "sqlite:ferry.db"}."""), error);
        }
    }

    /// <summary>Where a person's settings and keys of ledgers on servers are.</summary>
    internal static string Folder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ledger");
}
