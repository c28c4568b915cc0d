using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventStore.Client;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.EventStore.Engine;

/// <summary>An envelope as it is stored: its canonical bytes, and where its parts are.</summary>
/// <param name="Bytes">The canonical envelope.</param>
/// <param name="Small">The block of its body and recorder.</param>
/// <param name="Large">The block of its text and source; null when it has neither.</param>
/// <param name="Rest">How many entries of the same append come after it.</param>
internal sealed record StoredEnvelope(ReadOnlyMemory<byte> Bytes, BlockId Small, BlockId? Large, int Rest);

/// <summary>
/// Events as the server keeps them, all but originals and unruly texts in JSON. An envelope is an event of the entry's type whose data are the canonical envelope; its
/// metadata name the blocks of its parts. A part is an event of the type <c>TYPE.PART</c> whose data are the part; its metadata name the entry and hold the salt.
/// </summary>
internal static class Events
{
    /// <summary>What one append may have, by our count, which is above the server's; it takes 1 MiB unless it is configured otherwise.</summary>
    internal const int MaxAppend = 1_000_000;

    private const string Json = "application/json";
    private const string Binary = "application/octet-stream";

    // Ids, types and the client's own framing.
    private const int Overhead = 100;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What an event counts towards <see cref="MaxAppend"/>.</summary>
    internal static int Size(EventData data) => data.Data.Length + data.Metadata.Length + (2 * data.Type.Length) + Overhead;

    /// <summary>
    /// The event's id is made from its bytes: the server takes a second append of the same ids at the same revision for the first one repeated, and never looks at their content.
    /// </summary>
    internal static EventData OfEnvelope(string type, StoredEnvelope stored)
    {
        var metadata = Write(json =>
        {
            json.WriteString("parts", stored.Small.Id);
            if (stored.Large is { } large)
            {
                json.WriteString("texts", large.Id);
            }

            json.WriteNumber("rest", stored.Rest);
        });
        return new(IdOf(stored.Bytes.Span, metadata), type, stored.Bytes, metadata, Json);
    }

    /// <exception cref="LedgerException">It is none.</exception>
    internal static StoredEnvelope ReadEnvelope(EventRecord stored)
    {
        try
        {
            using var metadata = JsonDocument.Parse(stored.Metadata);
            var root = metadata.RootElement;
            return new(
                stored.Data,
                new(root.GetProperty("parts").GetGuid(), IsLarge: false),
                root.TryGetProperty("texts", out var large) ? new BlockId(large.GetGuid(), IsLarge: true) : null,
                root.GetProperty("rest").GetInt32());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Foreign(stored, error);
        }
    }

    internal static EventData OfPart(EntryId entry, string type, Part part)
    {
        var metadata = Write(json =>
        {
            json.WriteString("entry", entry.Value);
            json.WriteString("part", part.Name);
            json.WriteString("salt", Base64Url.EncodeToString(part.Salt.Span));
        });
        var (data, content) = Encode(part);
        return new(IdOf(data.Span, metadata), $"{type}.{part.Name}", data, metadata, content);
    }

    /// <summary>The same part for another copy of its block.</summary>
    internal static EventData Again(EventRecord stored) => new(stored.EventId, stored.EventType, stored.Data, stored.Metadata, stored.ContentType);

    /// <exception cref="LedgerException">It is none.</exception>
    internal static (EntryId Entry, Part Part) ReadPart(EventRecord stored)
    {
        try
        {
            using var metadata = JsonDocument.Parse(stored.Metadata);
            var root = metadata.RootElement;
            var name = root.GetProperty("part").GetString()!;
            var bytes = stored.Data;
            if (name == Part.Text && stored.ContentType == Json)
            {
                using var text = JsonDocument.Parse(stored.Data);
                bytes = Encoding.UTF8.GetBytes(text.RootElement.GetProperty("text").GetString()!);
            }

            return (new(root.GetProperty("entry").GetGuid()), new(name, Base64Url.DecodeFromChars(root.GetProperty("salt").GetString()), bytes));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Foreign(stored, error);
        }
    }

    internal static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether the server wrote it, and not a client.</summary>
    internal static bool IsServers(EventRecord stored) => stored.EventType.StartsWith('$');

    internal static bool IsLarge(string part) => part is Part.Text or Part.Source;

    private static (ReadOnlyMemory<byte> Data, string ContentType) Encode(Part part)
    {
        switch (part.Name)
        {
            case Part.Source:
                return (part.Bytes, Binary);
            case Part.Text:
                var json = Write(text => text.WriteString("text", part.Bytes.Span));
                // A text may be all escapes, and six times as long in JSON.
                return json.Length <= part.Bytes.Length + (part.Bytes.Length / 4) + 64 ? (json, Json) : (part.Bytes, Binary);
            default:
                return (part.Bytes, Json);
        }
    }

    private static Uuid IdOf(ReadOnlySpan<byte> data, ReadOnlySpan<byte> metadata)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(metadata);
        hash.AppendData(data);
        Span<byte> id = stackalloc byte[Digest.Length];
        hash.GetHashAndReset(id);
        return Uuid.FromGuid(new Guid(id[..16], bigEndian: true));
    }

    private static LedgerException Foreign(EventRecord stored, Exception error) => new(
        LedgerError.Integrity(
            "entry-does-not-read", $"Event {stored.EventNumber} of the stream {stored.EventStreamId} was not written by a ledger: {error.Message}", "Somebody else has written to the ledger's streams."),
        error);
}
