using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary>
/// The part of an entry that is hashed into the tree: who, when, where in its story, and a commitment to each part, without a word of what was recorded.
/// Its canonical bytes are the tree's leaf (and a tlog-tiles entry).
/// </summary>
/// <param name="Id">The entry's name.</param>
/// <param name="Story">Its story.</param>
/// <param name="Revision">Its place in the story: 0, 1, 2 …</param>
/// <param name="Type">What it records (<c>claim.recorded</c>).</param>
/// <param name="Schema">The version of the body's shape; at least 1.</param>
/// <param name="RecordedAt">When its place was fixed; never before the story's previous entry.</param>
/// <param name="RecordedBy">Who appended it.</param>
/// <param name="Command">The command that made it.</param>
/// <param name="Ordinal">Its place in the command, from 0.</param>
/// <param name="Of">How many entries the command made.</param>
/// <param name="Cause">The entry that led to this one.</param>
/// <param name="Parts">Commitments by part name.</param>
/// <param name="Previous">The leaf hash of the story's previous entry; null at revision 0 and only there.</param>
public sealed record Envelope(
    EntryId Id,
    StoryId Story,
    long Revision,
    string Type,
    int Schema,
    Timestamp RecordedAt,
    RecordedBy RecordedBy,
    CommandId Command,
    int Ordinal,
    int Of,
    EntryId? Cause,
    ImmutableSortedDictionary<string, Digest> Parts,
    Digest? Previous)
{
    public const int Version = 1;

    /// <summary>The canonical bytes (RFC 8785). Every value is an identifier, an integer or ASCII of ours, so members are written in order and nothing needs escaping.</summary>
    public byte[] ToBytes()
    {
        var length = 768 + Encoding.UTF8.GetMaxByteCount(Type.Length);
        foreach (var (name, _) in Parts)
        {
            length += name.Length + 64;
        }

        var json = new AsciiWriter(length <= Limits.Envelope ? stackalloc byte[length] : new byte[length]);
        json.Add("{"u8);
        if (Cause is { } cause)
        {
            json.Add("\"cause\":\""u8, cause.Value, "\","u8);
        }

        json.Add("\"command\":\""u8, Command.Value, "\",\"id\":\""u8);
        json.Add(""u8, Id.Value, "\",\"of\":"u8);
        json.Add(Of, ",\"ordinal\":"u8);
        json.Add(Ordinal, ",\"parts\":{"u8);
        var separator = "\""u8;
        foreach (var (name, commitment) in Parts)
        {
            json.Add(separator);
            json.Add(name);
            json.Add("\":\""u8, commitment, "\""u8);
            separator = ",\""u8;
        }

        json.Add("}"u8);
        if (Previous is { } previous)
        {
            json.Add(",\"previous\":\""u8, previous, "\""u8);
        }

        json.Add(",\"recordedAt\":\""u8);
        json.Add(RecordedAt);
        json.Add("\",\"recordedBy\":{\"id\":\""u8, RecordedBy.Id.Value, "\",\"kind\":\""u8);
        json.Add(KindName(RecordedBy.Kind));
        json.Add("\"},\"revision\":"u8);
        json.Add(Revision, ",\"schema\":"u8);
        json.Add(Schema, ",\"story\":\""u8);
        json.Add(""u8, Story.Value, "\",\"type\":\""u8);
        json.Add(Type);
        json.Add("\",\"v\":"u8);
        json.Add(Version, "}"u8);
        return json.Written.ToArray();
    }

    /// <summary>Writes ASCII to a buffer that is large enough.</summary>
    private ref struct AsciiWriter(Span<byte> buffer)
    {
        private readonly Span<byte> buffer = buffer;
        private int length;

        internal readonly ReadOnlySpan<byte> Written => buffer[..length];

        internal void Add(ReadOnlySpan<byte> text)
        {
            text.CopyTo(buffer[length..]);
            length += text.Length;
        }

        internal void Add(string text) => length += Encoding.UTF8.GetBytes(text, buffer[length..]);

        internal void Add(ReadOnlySpan<byte> before, Guid value, ReadOnlySpan<byte> after)
        {
            Add(before);
            value.TryFormat(buffer[length..], out var written, "D");
            length += written;
            Add(after);
        }

        internal void Add(ReadOnlySpan<byte> before, Digest value, ReadOnlySpan<byte> after)
        {
            Add(before);
            length += value.Format(buffer[length..]);
            Add(after);
        }

        internal void Add(long value, ReadOnlySpan<byte> after)
        {
            value.TryFormat(buffer[length..], out var written, provider: CultureInfo.InvariantCulture);
            length += written;
            Add(after);
        }

        internal void Add(Timestamp value) => length += value.Format(buffer[length..]);
    }

    /// <summary>Reads an envelope, and accepts nothing but the bytes that <see cref="ToBytes"/> writes for it.</summary>
    /// <exception cref="LedgerException"><c>envelope-does-not-read</c>: a member is missing, unknown or out of bounds, or the bytes are not canonical; <c>entry-from-newer-version</c>: <c>v</c> is above 1.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> bytes)
    {
        Envelope envelope;
        try
        {
            envelope = EnvelopeReader.Read(bytes.Span);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            // What is new in a newer version may be met before its version is.
            throw EnvelopeReader.IsNewer(bytes)
                ? new LedgerException(LedgerError.Refused("entry-from-newer-version", "The ledger holds an envelope of a newer version.", "Update this program."))
                : NotRead(error.Message.TrimEnd('.'), error);
        }

        return envelope.ToBytes().AsSpan().SequenceEqual(bytes.Span) ? envelope : throw NotRead("its bytes are not the canonical form (RFC 8785)", null);
    }

    internal static string KindName(RecorderKind kind) => kind switch
    {
        RecorderKind.Person => "person",
        RecorderKind.Program => "program",
        RecorderKind.Service => "service",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static LedgerException NotRead(string reason, Exception? inner) =>
        new(LedgerError.Integrity("envelope-does-not-read", $"An envelope does not read: {reason}."), inner);
}
