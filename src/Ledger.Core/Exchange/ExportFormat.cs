using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Exchange;

/// <summary>
/// The lines of an export (NDJSON, UTF-8). The first describes the ledger: <c>{"export":1,"origin":…,"root":…,"size":…}</c>. Every other is one entry, in index order:
/// <c>{"envelope":{…},"hash":…,"index":…,"parts":{name:{"salt":…, …}}}</c>, where a part's bytes stand as <c>json</c> (body and recorder: the canonical bytes as they are),
/// <c>text</c> (a JSON string) or <c>base64url</c> (the source).
/// </summary>
internal static class ExportFormat
{
    internal const int Version = 1;

    internal static byte[] WriteHeader(ExportHeader header)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("export", Version);
            json.WriteString("origin", header.Origin);
            json.WriteString("root", header.Root.ToString());
            json.WriteNumber("size", header.Size);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    internal static byte[] WriteEntry(Entry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("envelope");
            json.WriteRawValue(entry.EnvelopeBytes.Span, skipInputValidation: true);
            json.WriteString("hash", entry.Hash.ToString());
            json.WriteNumber("index", entry.Index);
            json.WriteStartObject("parts");
            foreach (var part in entry.Parts.OrderBy(part => part.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject(part.Name);
                switch (part.Name)
                {
                    case Part.Text:
                        json.WriteString("salt", Base64Url.EncodeToString(part.Salt.Span));
                        json.WriteString("text", part.Bytes.Span);
                        break;
                    case Part.Source:
                        json.WriteString("base64url", Base64Url.EncodeToString(part.Bytes.Span));
                        json.WriteString("salt", Base64Url.EncodeToString(part.Salt.Span));
                        break;
                    default:
                        json.WritePropertyName("json");
                        json.WriteRawValue(part.Bytes.Span, skipInputValidation: true);
                        json.WriteString("salt", Base64Url.EncodeToString(part.Salt.Span));
                        break;
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <exception cref="FormatException">The line is not a header; the message says what is wrong.</exception>
    internal static ExportHeader ReadHeader(ReadOnlyMemory<byte> line) => Read(line, json =>
    {
        var version = json.GetProperty("export").GetInt32();
        return version == Version
            ? new ExportHeader(json.GetProperty("origin").GetString()!, json.GetProperty("size").GetInt64(), Digest.Parse(json.GetProperty("root").GetString()!))
            : throw new FormatException($"it is an export of version {version}, and this program reads version {Version}");
    });

    /// <exception cref="FormatException">The line is not an entry; the message says what is wrong.</exception>
    internal static Entry ReadEntry(ReadOnlyMemory<byte> line) => Read(line, json =>
    {
        var parts = ImmutableArray.CreateBuilder<Part>(4);
        foreach (var member in json.GetProperty("parts").EnumerateObject())
        {
            var salt = Base64Url.DecodeFromChars(member.Value.GetProperty("salt").GetString());
            var bytes = member.Name switch
            {
                Part.Text => ReadText(member.Value.GetProperty("text").GetString()!),
                Part.Source => Base64Url.DecodeFromChars(member.Value.GetProperty("base64url").GetString()),
                // Another program may have written the members in another order; what was hashed is the canonical form.
                _ => CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(member.Value.GetProperty("json"), ExportJson.Default.JsonElement)),
            };
            parts.Add(new(member.Name, salt, bytes));
        }

        var envelope = CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(json.GetProperty("envelope"), ExportJson.Default.JsonElement));
        return new Entry(json.GetProperty("index").GetInt64(), envelope, Digest.Parse(json.GetProperty("hash").GetString()!), parts.DrainToImmutable());
    });

    /// <summary>A text that this program never records is not taken on either: another engine could not keep it.</summary>
    private static byte[] ReadText(string text) => Texts.Problem(text) is { } problem ? throw new FormatException(problem) : Encoding.UTF8.GetBytes(text);

    private static T Read<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T> read)
    {
        try
        {
            // A member that stands twice could stand in for one that is missing.
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(error is KeyNotFoundException ? "a member is missing" : error.Message.TrimEnd('.'), error);
        }
    }
}

/// <summary>What an export says of itself.</summary>
/// <param name="Origin">The ledger's origin.</param>
/// <param name="Size">How many entries follow.</param>
/// <param name="Root">The RFC 6962 root over them.</param>
internal sealed record ExportHeader(string Origin, long Size, Digest Root);

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class ExportJson : System.Text.Json.Serialization.JsonSerializerContext;
