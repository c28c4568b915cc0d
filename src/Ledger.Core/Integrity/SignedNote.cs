using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;

namespace Ledger.Core.Integrity;

/// <summary>
/// A signed note (C2SP signed-note): a text that ends in a newline, an empty line, and a line for each signature. A note may carry signatures by keys
/// that its reader does not know; they are passed over.
/// </summary>
/// <param name="Text">What is signed, its last newline included.</param>
/// <param name="Signatures">At least one, at most <see cref="MaxSignatures"/>.</param>
public sealed record SignedNote(string Text, ImmutableArray<NoteSignature> Signatures)
{
    public const int MaxSignatures = 16;

    private const int MaxBytes = 64 * 1024;
    private const byte Ed25519 = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a key can go by this name: not empty, no white space, no plus sign, no control character.</summary>
    public static bool IsKeyName(string name) =>
        name.Length > 0 && Texts.Problem(name) is null && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '+');

    /// <summary>The number that tells a name's keys apart: the first four bytes of SHA-256(name || 0x0A || 0x01 || public key).</summary>
    public static uint KeyId(string name, Digest publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519, .. publicKey.ToArray()]));

    /// <summary>Signs a text under a key's name.</summary>
    /// <exception cref="ArgumentException">The text does not end in a newline, or the name is none that a key can go by.</exception>
    public static SignedNote Sign(string text, string name, SigningKey key)
    {
        if (!text.EndsWith('\n') || !IsKeyName(name))
        {
            throw new ArgumentException($"A note ends in a newline, and '{name}' is to be the name of a key.", nameof(text));
        }

        return new(text, [new(name, KeyId(name, key.PublicKey), [.. key.Sign(Encoding.UTF8.GetBytes(text))])]);
    }

    /// <summary>What a key has to do with the note: it signed it, it did not, or what stands there as its signature is none.</summary>
    public SignatureState Check(string name, Digest publicKey)
    {
        var id = KeyId(name, publicKey);
        var bytes = Encoding.UTF8.GetBytes(Text);
        var state = SignatureState.Absent;
        foreach (var signature in Signatures.Where(signature => signature.Name == name && signature.KeyId == id))
        {
            if (!SigningKey.Verify(publicKey, bytes, signature.Signature.AsSpan()))
            {
                return SignatureState.Forged;
            }

            state = SignatureState.Valid;
        }

        return state;
    }

    /// <summary>The note as it is written to a file, in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Text}\n{string.Concat(Signatures.Select(signature => $"— {signature.Name} {signature.Spell()}\n"))}");

    /// <exception cref="FormatException">The bytes are not a signed note; the message says where.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new FormatException($"it has more than {MaxBytes / 1024} KiB");
        }

        string note;
        try
        {
            note = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("it is not UTF-8", error);
        }

        if (note.Any(letter => letter < ' ' && letter != '\n'))
        {
            throw new FormatException("it holds a control character");
        }

        // The text may have empty lines of its own: the last one ends it.
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n') || end + 2 == note.Length)
        {
            throw new FormatException("it carries no signature behind an empty line");
        }

        var lines = note[(end + 2)..^1].Split('\n');
        if (lines.Length > MaxSignatures)
        {
            throw new FormatException($"it carries more than {MaxSignatures} signatures");
        }

        return new(note[..(end + 1)], [.. lines.Select(NoteSignature.Parse)]);
    }

    public bool Equals(SignedNote? other) => other is not null && Text == other.Text && Signatures.AsSpan().SequenceEqual(other.Signatures.AsSpan());

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What a key has to do with a note.</summary>
public enum SignatureState
{
    /// <summary>The note carries no signature by this key.</summary>
    Absent,

    /// <summary>The key signed it.</summary>
    Valid,

    /// <summary>It carries something in the place of the key's signature that is none: the text, or the signature, is not what it was.</summary>
    Forged,
}

/// <summary>A signature line: <c>— name base64(key id || signature)</c>.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="KeyId">See <see cref="SignedNote.KeyId"/>; of another kind of key, whatever its kind says.</param>
/// <param name="Signature">64 bytes for Ed25519.</param>
public sealed record NoteSignature(string Name, uint KeyId, ImmutableArray<byte> Signature)
{
    internal string Spell()
    {
        var bytes = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.CopyTo(bytes, 4);
        return Convert.ToBase64String(bytes);
    }

    internal static NoteSignature Parse(string line)
    {
        if (line.Split(' ') is not ["—", var name, var base64] || !SignedNote.IsKeyName(name))
        {
            throw new FormatException($"'{(line.Length > 60 ? line[..60] + "…" : line)}' is not a signature line");
        }

        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var written) || written <= 4 || Convert.ToBase64String(bytes, 0, written) != base64)
        {
            throw new FormatException($"the signature of {name} is not base64 of a key id and a signature");
        }

        return new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), [.. bytes[4..written]]);
    }

    public bool Equals(NoteSignature? other) =>
        other is not null && Name == other.Name && KeyId == other.KeyId && Signature.AsSpan().SequenceEqual(other.Signature.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, KeyId);
}
