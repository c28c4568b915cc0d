using System.Security.Cryptography;
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

    /// <summary>The 64 bytes of the signature over some bytes (Ed25519, RFC 8032: the same key and bytes give the same signature).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(key, data);

    /// <summary>Whether a signature over some bytes was made with the private half of a key. False for what is no key or no signature at all.</summary>
    public static bool Verify(Digest publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey.ToArray(), KeyBlobFormat.RawPublicKey, out var imported)
        && signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
        && SignatureAlgorithm.Ed25519.Verify(imported!, data, signature);

    /// <summary>A public key as other programs take it: SubjectPublicKeyInfo in PEM (RFC 8410).</summary>
    public static string ToPem(Digest publicKey) =>
        // An Ed25519 key in DER is its 32 bytes behind a prefix that is always the same.
        PemEncoding.WriteString("PUBLIC KEY", [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, .. publicKey.ToArray()]) + "\n";

    public void Dispose() => key.Dispose();
}
