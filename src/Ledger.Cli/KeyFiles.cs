using System.Globalization;
using Ledger.Core;
using Ledger.Core.Integrity;

namespace Ledger.Cli;

/// <summary>The private keys beside a ledger: <c>FILE.key</c>, which it was begun with, and <c>FILE.key.ID</c> for each that was added here.</summary>
internal static class KeyFiles
{
    /// <summary>Opens a key that is in use, the newest that is here.</summary>
    /// <param name="db">The ledger's file.</param>
    /// <param name="inUse">The keys, oldest first.</param>
    /// <exception cref="LedgerException">The private half of none is here (<c>key-not-here</c>), or a file is none (<c>key-does-not-read</c>).</exception>
    internal static SigningKey Open(string db, IEnumerable<LedgerKey> inUse)
    {
        var files = Of(db);
        foreach (var key in inUse.Reverse())
        {
            if (files.TryGetValue(key.PublicKey, out var path))
            {
                return Load(path);
            }
        }

        throw new LedgerException(LedgerError.Refused(
            "key-not-here", $"None of the ledger's keys is beside it ({db}.key, {db}.key.*).", "Sign where the key is kept, or make another one with 'ledger key add'."));
    }

    /// <summary>The files of private keys, by public key.</summary>
    internal static Dictionary<Digest, string> Of(string db)
    {
        var files = new Dictionary<Digest, string>();
        var folder = Path.GetDirectoryName(Path.GetFullPath(db))!;
        var name = Path.GetFileName(db) + ".key";
        // What else somebody keeps under such a name (a public key, a copy) is no matter.
        foreach (var path in Directory.EnumerateFiles(folder, name + "*").Where(path => Path.GetFileName(path)[name.Length..] is "" or ['.', _, _, _, _, _, _, _, _]))
        {
            using var key = Load(path);
            files[key.PublicKey] = path;
        }

        return files;
    }

    /// <summary>Makes a key in a file that is named by the key's id.</summary>
    internal static Digest Create(string db, string origin)
    {
        var made = $"{db}.key.new";
        // One that an interrupted run made was never told to the ledger.
        File.Delete(made);
        using var key = SigningKey.Create(made);
        File.Move(made, string.Create(CultureInfo.InvariantCulture, $"{db}.key.{SignedNote.KeyId(origin, key.PublicKey):x8}"));
        return key.PublicKey;
    }

    private static SigningKey Load(string path)
    {
        try
        {
            return SigningKey.Load(path);
        }
        catch (Exception error) when (error is FormatException or UnauthorizedAccessException or IOException)
        {
            throw new LedgerException(LedgerError.Refused("key-does-not-read", $"{path} does not read as a private key: {error.Message}"), error);
        }
    }
}
