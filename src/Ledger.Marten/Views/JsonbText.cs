using System.Buffers;
using System.Text.Json;

namespace Ledger.Marten;

/// <summary>
/// Text for PostgreSQL, which cannot keep U+0000 in text or JSONB: it is written as U+FFFF and <c>0</c>, and U+FFFF, which stands for no letter, as U+FFFF and <c>1</c>. All other text is as it is.
/// </summary>
internal static class JsonbText
{
    private const char Mark = '\uFFFF';
    private static readonly SearchValues<char> Marked = SearchValues.Create('\0', Mark);

    internal static string Write(string text) => text.AsSpan().ContainsAny(Marked)
        ? text.Replace("\uFFFF", "\uFFFF1", StringComparison.Ordinal).Replace("\0", "\uFFFF0", StringComparison.Ordinal)
        : text;

    internal static string Read(string text) => text.Contains(Mark, StringComparison.Ordinal)
        ? text.Replace("\uFFFF0", "\0", StringComparison.Ordinal).Replace("\uFFFF1", "\uFFFF", StringComparison.Ordinal)
        : text;

    /// <summary>The same for every text in some JSON.</summary>
    internal static ReadOnlySpan<byte> WriteJson(ReadOnlySpan<byte> json) =>
        json.IndexOf("\\u0000"u8) >= 0 || json.IndexOf("\\uFFFF"u8) >= 0 || json.IndexOf("\\uffff"u8) >= 0 || json.IndexOf("\uFFFF"u8) >= 0 ? Rewrite(json, Write) : json;

    internal static ReadOnlySpan<byte> ReadJson(ReadOnlySpan<byte> json) =>
        json.IndexOf("\uFFFF"u8) >= 0 || json.IndexOf("\\uFFFF"u8) >= 0 || json.IndexOf("\\uffff"u8) >= 0 ? Rewrite(json, Read) : json;

    private static byte[] Rewrite(ReadOnlySpan<byte> json, Func<string, string> text)
    {
        var written = new ArrayBufferWriter<byte>(json.Length + 16);
        using var writer = new Utf8JsonWriter(written);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(text(reader.GetString()!));
                    break;
                case JsonTokenType.String:
                    writer.WriteStringValue(text(reader.GetString()!));
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan);
                    break;
            }
        }

        writer.Flush();
        return written.WrittenSpan.ToArray();
    }
}
