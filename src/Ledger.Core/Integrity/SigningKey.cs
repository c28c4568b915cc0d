using NSec.Cryptography;

namespace Ledger.Core.Integrity;

/// <summary>
/// The ledger's Ed25519 key (RFC 8032). The private half lives in a file of its own, readable by its owner alone, and is in no log, export or backup.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private readonly Key key;

    private SigningKey(Key key) => this.key = key;

    /// <summary>The 32 bytes of the public key.</summary>
    public Digest PublicKey => new(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>Makes a new key and writes its private half (PKCS #8, PEM) to a new file with mode 0600.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static SigningKey Create(string path)
    {
        var key = Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(key.Export(KeyBlobFormat.PkixPrivateKeyText));
        }

        return new(key);
    }

    /// <summary>Reads a key that <see cref="Create"/> wrote.</summary>
    /// <exception cref="FormatException">The file does not hold an Ed25519 private key.</exception>
    public static SigningKey Load(string path) => new(Key.Import(SignatureAlgorithm.Ed25519, File.ReadAllBytes(path), KeyBlobFormat.PkixPrivateKeyText));

    public void Dispose() => key.Dispose();
}
