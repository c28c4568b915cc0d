using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Ledger.Core.Entries;

/// <summary>JSON that has no canonical form here.</summary>
public sealed class CanonicalJsonException(string reason, Exception? inner = null) : FormatException(reason, inner);

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785), narrowed to what every engine keeps: numbers are integers within ±(2⁵³−1), written as integers; member names are
/// unique; no text holds U+0000 or half a surrogate pair; nesting is at most <see cref="MaxDepth"/> deep. So the canonical bytes are: no white space, members in
/// order of their names' UTF-16 units, and the one spelling of each string.
/// </summary>
public static class CanonicalJson
{
    public const int MaxDepth = 64;

    private const long MaxInteger = (1L << 53) - 1;

    /// <summary>The canonical bytes of a JSON value.</summary>
    /// <exception cref="CanonicalJsonException">It is not JSON, or holds something that has no canonical form here; the message says what and where.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var output = new ArrayBufferWriter<byte>(utf8.Length + 16);
        try
        {
            reader.Read();
            WriteValue(ref reader, output);
            return reader.Read() ? throw Refuse(ref reader, "something follows the value") : output.WrittenSpan.ToArray();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The reader reports invalid UTF-8 and half surrogate pairs as invalid operations.
            throw new CanonicalJsonException(error.Message, error);
        }
    }

    /// <summary>Whether bytes are the canonical form of what they say.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Canonicalize(utf8).AsSpan().SequenceEqual(utf8);
        }
        catch (CanonicalJsonException)
        {
            return false;
        }
    }

    private static void WriteValue(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
                {
                    if (!first)
                    {
                        output.Write(","u8);
                    }

                    WriteValue(ref reader, output);
                }

                output.Write("]"u8);
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan):
                // Nothing in it is escaped, and nothing in it needs to be: JSON does not let it stand otherwise.
                output.Write("\""u8);
                output.Write(reader.ValueSpan);
                output.Write("\""u8);
                break;
            case JsonTokenType.String:
                WriteString(Text(ref reader), output);
                break;
            case JsonTokenType.Number:
                WriteNumber(ref reader, output);
                break;
            case JsonTokenType.True:
                output.Write("true"u8);
                break;
            case JsonTokenType.False:
                output.Write("false"u8);
                break;
            case JsonTokenType.Null:
                output.Write("null"u8);
                break;
            default:
                throw Refuse(ref reader, "there is no value");
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        // Members are written in the order they come, and put in order afterwards only where they are not.
        var start = output.WrittenCount;
        var members = new List<(string Name, int Start, int End)>();
        var ordered = true;
        output.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (members.Count > 0)
            {
                output.Write(","u8);
            }

            var name = Text(ref reader);
            if (members.Count > 0)
            {
                var order = string.CompareOrdinal(members[^1].Name, name);
                ordered &= order < 0;
                if (order == 0)
                {
                    throw Refuse(ref reader, $"the member \"{name}\" stands twice");
                }
            }

            var from = output.WrittenCount;
            WriteString(name, output);
            output.Write(":"u8);
            reader.Read();
            WriteValue(ref reader, output);
            members.Add((name, from, output.WrittenCount));
        }

        output.Write("}"u8);
        if (!ordered)
        {
            Reorder(ref reader, output, start, members);
        }
    }

    private static void Reorder(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output, int start, List<(string Name, int Start, int End)> members)
    {
        var written = output.WrittenSpan[start..].ToArray();
        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var at = start + 1;
        // The same bytes in another order take the same place.
        var target = System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory).Span;
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Name == members[i - 1].Name)
                {
                    throw Refuse(ref reader, $"the member \"{members[i].Name}\" stands twice");
                }

                target[at++] = (byte)',';
            }

            var member = written.AsSpan(members[i].Start - start, members[i].End - members[i].Start);
            member.CopyTo(target[at..]);
            at += member.Length;
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        return text.Contains('\0', StringComparison.Ordinal) ? throw Refuse(ref reader, "a text holds a NUL character (U+0000)") : text;
    }

    private static void WriteNumber(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var digits = reader.ValueSpan;
        if (digits.ContainsAny(".eE"u8) || digits.SequenceEqual("-0"u8) || !reader.TryGetInt64(out var value) || value is < -MaxInteger or > MaxInteger)
        {
            throw Refuse(ref reader, $"{Encoding.UTF8.GetString(digits)} is not an integer within ±(2^53−1)");
        }

        output.Write(digits);
    }

    private static void WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        while (true)
        {
            var plain = rest.IndexOfAny(Escaped);
            Encoding.UTF8.GetBytes(plain < 0 ? rest : rest[..plain], output);
            if (plain < 0)
            {
                break;
            }

            WriteEscape(rest[plain], output);
            rest = rest[(plain + 1)..];
        }

        output.Write("\""u8);
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\']);

    private static void WriteEscape(char letter, ArrayBufferWriter<byte> output)
    {
        switch (letter)
        {
            case '\b': output.Write("\\b"u8); break;
            case '\t': output.Write("\\t"u8); break;
            case '\n': output.Write("\\n"u8); break;
            case '\f': output.Write("\\f"u8); break;
            case '\r': output.Write("\\r"u8); break;
            case '"': output.Write("\\\""u8); break;
            case '\\': output.Write("\\\\"u8); break;
            default:
                output.Write("\\u00"u8);
                output.Write([(byte)"0123456789abcdef"[letter >> 4], (byte)"0123456789abcdef"[letter & 15]]);
                break;
        }
    }

    private static CanonicalJsonException Refuse(ref Utf8JsonReader reader, string reason) => new($"At byte {reader.TokenStartIndex}: {reason}.");
}
