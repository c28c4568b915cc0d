using System.Globalization;
using Ledger.Core;
using Ledger.Core.Integrity;

namespace Ledger.Cli;

/// <summary>The private keys of a ledger: the file that it was begun with (<c>ledger.db.key</c>), and beside it <c>ledger.db.key.ID</c> for each that was added here.</summary>
internal static class KeyFiles
{
    /// <summary>Opens a key that is in use, the newest that is here.</summary>
    /// <param name="first">The file of the key that the ledger was begun with.</param>
    /// <param name="inUse">The keys, oldest first.</param>
    /// <exception cref="LedgerException">The private half of none is here (<c>key-not-here</c>), or a file is none (<c>key-does-not-read</c>).</exception>
    internal static SigningKey Open(string first, IEnumerable<LedgerKey> inUse)
    {
        var files = Of(first);
        foreach (var key in inUse.Reverse())
        {
            if (files.TryGetValue(key.PublicKey, out var path))
            {
                return Load(path);
            }
        }

        throw new LedgerException(LedgerError.Refused(
            "key-not-here", $"None of the ledger's keys is here ({first}, {first}.*).", "Sign where the key is kept, or make another one with 'ledger key add'."));
    }

    /// <summary>The files of private keys, by public key.</summary>
    internal static Dictionary<Digest, string> Of(string first)
    {
        var files = new Dictionary<Digest, string>();
        var folder = Path.GetDirectoryName(Path.GetFullPath(first))!;
        if (!Directory.Exists(folder))
        {
            return files;
        }

        var name = Path.GetFileName(first);
        // What else somebody keeps under such a name (a public key, a copy) is no matter.
        foreach (var path in Directory.EnumerateFiles(folder, name + "*").Where(path => Path.GetFileName(path)[name.Length..] is "" or ['.', _, _, _, _, _, _, _, _]))
        {
            using var key = Load(path);
            files[key.PublicKey] = path;
        }

        return files;
    }

    /// <summary>Makes a key in a file that is named by the key's id.</summary>
    internal static Digest Create(string first, string origin)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(first))!);
        var made = $"{first}.new";
        // One that an interrupted run made was never told to the ledger.
        File.Delete(made);
        using var key = SigningKey.Create(made);
        File.Move(made, string.Create(CultureInfo.InvariantCulture, $"{first}.{SignedNote.KeyId(origin, key.PublicKey):x8}"));
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
