using System.Collections.Immutable;
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
        var json = new StringBuilder(1024);
        json.Append('{');
        if (Cause is { } cause)
        {
            json.Append("\"cause\":\"").Append(cause).Append("\",");
        }

        json.Append("\"command\":\"").Append(Command)
            .Append("\",\"id\":\"").Append(Id)
            .Append("\",\"of\":").Append(Of)
            .Append(",\"ordinal\":").Append(Ordinal)
            .Append(",\"parts\":{");
        var separator = "";
        foreach (var (name, commitment) in Parts)
        {
            json.Append(separator).Append('"').Append(name).Append("\":\"").Append(commitment).Append('"');
            separator = ",";
        }

        json.Append('}');
        if (Previous is { } previous)
        {
            json.Append(",\"previous\":\"").Append(previous).Append('"');
        }

        json.Append(",\"recordedAt\":\"").Append(RecordedAt)
            .Append("\",\"recordedBy\":{\"id\":\"").Append(RecordedBy.Id)
            .Append("\",\"kind\":\"").Append(KindName(RecordedBy.Kind))
            .Append("\"},\"revision\":").Append(Revision)
            .Append(",\"schema\":").Append(Schema)
            .Append(",\"story\":\"").Append(Story)
            .Append("\",\"type\":\"").Append(Type)
            .Append("\",\"v\":").Append(Version).Append('}');
        return Encoding.UTF8.GetBytes(json.ToString());
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
