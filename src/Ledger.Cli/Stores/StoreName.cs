using Ledger.Core;
using Ledger.Intake;
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
    internal const string Forms = "sqlite:FILE, postgres:CONNECTION, or eventstore:esdb://SERVER;views=postgres:CONNECTION";

    /// <summary>Reads a store's name, as --store takes it.</summary>
    /// <exception cref="UsageException">It names no engine, or no place.</exception>
    internal static StoreName Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var place = text[(colon + 1)..].Trim();
        return (colon < 0 ? "" : text[..colon]) switch
        {
            _ when place.Length == 0 => throw None(text),
            "sqlite" => new SqliteStore(place),
            "postgres" => PostgresStore.Of(place),
            "postgresql" => PostgresStore.Of(place),
            "eventstore" => EventStoreStore.Of(place) ?? throw None(text),
            _ => throw None(text),
        };
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="LedgerException">As the engine says; <c>ledger-not-found</c> when there is none to read.</exception>
    internal abstract Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation);

    /// <summary>Whether there is a ledger.</summary>
    internal virtual async Task<bool> ExistsAsync(CancellationToken cancellation)
    {
        try
        {
            await (await OpenAsync(StoreAccess.Read, cancellation).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (LedgerException error) when (error.Error.Code == "ledger-not-found")
        {
            return false;
        }
    }

    /// <summary>Asked before <see cref="OpenAsync"/>: what removes the store that it begins, when nothing came to be recorded there. It removes none that was there before, and none on a server.</summary>
    internal virtual Action Undo() => static () => { };

    /// <summary>The file of the private key that a ledger is begun with; others are named after it.</summary>
    /// <param name="origin">The ledger's origin.</param>
    internal virtual string KeyFile(string origin) =>
        Path.Combine(StoreChoice.Folder, "keys", string.Concat(origin.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')) + ".key");

    // The text may hold a password.
    private static UsageException None(string text) => new($"{(text.Contains('=', StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal) ? "That" : $"'{text}'")} names no store.",
        text.Length > 0 && !text.Contains(':', StringComparison.Ordinal) ? $"A file is named sqlite:{text}; other stores {Forms}." : $"A store is named {Forms}.");
}

/// <summary>A file.</summary>
internal sealed record SqliteStore(string File) : StoreName
{
    internal override Task<bool> ExistsAsync(CancellationToken cancellation) => Task.FromResult(System.IO.File.Exists(File));

    internal override Task<OpenStore> OpenAsync(StoreAccess access, CancellationToken cancellation)
    {
        if (FileTypes.IsSpecial(File))
        {
            // Opening it could wait for ever.
            throw new LedgerException(LedgerError.Refused("not-a-ledger", $"{File} is not a regular file, but a pipe, socket or device.", "Name another file with --db; nothing was written."));
        }

        var ledger = SqliteLedger.Open(File, access == StoreAccess.Read ? SqliteAccess.Read : SqliteAccess.Write);
        return Task.FromResult(new OpenStore(this, ledger, ledger.Views));
    }

    internal override Action Undo()
    {
        var isThere = System.IO.File.Exists(File);
        return () =>
        {
            foreach (var left in isThere ? [] : (string[])[File, File + "-wal", File + "-shm", File + ".lock"])
            {
                System.IO.File.Delete(left);
            }
        };
    }

    internal override string KeyFile(string origin) => Path.GetFullPath(File) + ".key";

    public override string ToString() => $"sqlite:{File}";
}
