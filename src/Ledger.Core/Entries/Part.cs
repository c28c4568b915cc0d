using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary>
/// One named piece of what was recorded, with the salt that hides it. The envelope carries only the commitment
/// HMAC-SHA-256(salt, <c>ledger/part/v1\n</c> + name + <c>\n</c> + bytes), so that salt and bytes can be erased while every proof still holds.
/// </summary>
/// <param name="Name"><see cref="Body"/>, <see cref="Recorder"/>, <see cref="Text"/> or <see cref="Source"/>.</param>
/// <param name="Salt">32 random bytes of this part alone.</param>
/// <param name="Bytes">Canonical JSON for body and recorder, UTF-8 for the text, anything for the source.</param>
public sealed record Part(string Name, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Bytes)
{
    public const string Body = "body";
    public const string Recorder = "recorder";
    public const string Text = "text";
    public const string Source = "source";

    public const int SaltLength = 32;

    private const string Domain = "ledger/part/v1\n";

    internal static bool IsKnown(string name) => name is Body or Recorder or Text or Source;

    /// <summary>A part with a fresh salt.</summary>
    public static Part Seal(string name, ReadOnlyMemory<byte> bytes) => new(name, NewSalt(), bytes);

    // Random bytes are drawn for many parts at once, since asking for a few costs as much; each is used once, and not kept.
    [ThreadStatic]
    private static (byte[] Bytes, int Used) drawn;

    private static byte[] NewSalt()
    {
        if (drawn.Bytes is null || drawn.Used == drawn.Bytes.Length)
        {
            drawn = (RandomNumberGenerator.GetBytes(32 * SaltLength), 0);
        }

        var mine = drawn.Bytes.AsSpan(drawn.Used, SaltLength);
        var salt = mine.ToArray();
        mine.Clear();
        drawn.Used += SaltLength;
        return salt;
    }

    /// <summary>What the envelope carries for this part.</summary>
    public Digest Commitment()
    {
        Span<byte> prefix = stackalloc byte[Domain.Length + Name.Length + 1];
        var length = Encoding.ASCII.GetBytes(Domain, prefix);
        length += Encoding.ASCII.GetBytes(Name, prefix[length..]);
        prefix[length] = (byte)'\n';

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Salt.Span);
        hmac.AppendData(prefix);
        hmac.AppendData(Bytes.Span);
        Span<byte> hash = stackalloc byte[Digest.Length];
        hmac.GetHashAndReset(hash);
        return new(hash);
    }
}
