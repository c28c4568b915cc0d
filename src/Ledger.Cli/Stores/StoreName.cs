using Ledger.Core;
using Ledger.Sqlite;

namespace Ledger.Cli.Stores;

/// <summary>What a ledger is opened for.</summary>
internal enum StoreAccess
{
    Read,

    /// <summary>To record; the store is begun where there is none.</summary>
    Write,
}

/// <summary>Where a ledger is kept: which engine, and its place there.</summary>
internal abstract record StoreName
{
    internal const string Forms = "sqlite:FILE, or postgres:CONNECTION";

    /// <summary>Reads a store's name, as --store takes it.</summary>
    /// <exception cref="UsageException">It names no engine, or no place.</exception>
    internal static StoreName Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var place = text[(colon + 1)..].Trim();
        return (colon < 0 ? "" : text[..colon]) switch
        {
            _ when place.Length == 0 => throw new UsageException($"'{text}' names no store.", $"A store is named {Forms}."),
            "sqlite" => new SqliteStore(place),
            _ => throw new UsageException($"'{text}' names no store.", $"A store is named {Forms}."),
        };
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="LedgerException">As the engine says; <c>ledger-not-found</c> when there is none to read.</exception>
    internal abstract Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation);

    /// <summary>Whether a ledger may be there; that it is not is known without opening it only of a file.</summary>
    internal virtual bool MayBeThere => true;

    /// <summary>Removes what <see cref="OpenAsync"/> began and nothing was recorded in.</summary>
    internal virtual void Discard()
    {
    }

    /// <summary>The file of the private key that a ledger is begun with; others are named after it.</summary>
    /// <param name="origin">The ledger's origin.</param>
    internal abstract string KeyFile(string origin);
}

/// <summary>A file.</summary>
internal sealed record SqliteStore(string File) : StoreName
{
    internal override bool MayBeThere => System.IO.File.Exists(File);

    internal override Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation)
    {
        var ledger = SqliteLedger.Open(File, access == StoreAccess.Read ? SqliteAccess.Read : SqliteAccess.Write);
        return Task.FromResult(new OpenStore(this, ledger, ledger.Views));
    }

    internal override void Discard()
    {
        foreach (var left in (string[])[File, File + "-wal", File + "-shm", File + ".lock"])
        {
            System.IO.File.Delete(left);
        }
    }

    internal override string KeyFile(string origin) => Path.GetFullPath(File) + ".key";

    public override string ToString() => $"sqlite:{File}";
}
