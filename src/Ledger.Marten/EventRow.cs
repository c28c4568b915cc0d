using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Marten;

/// <summary>
/// An entry as a row of Marten's events. The body is the event's data, as it is. Everything else is in the event's headers:
/// <c>{"index": …, "hash": leaf hash, "envelope": {…}, "salts": {part: salt}, "recorder": {…}}</c>; an erased part has no salt there, and an erased body is <c>{}</c>.
/// PostgreSQL keeps JSON's values and not its spelling; what is read is put into its canonical form again, which has one spelling for a value.
/// </summary>
internal static class EventRow
{
    /// <summary>What stands in the place of a body that was erased: not <c>null</c>, which Marten programs could not read.</summary>
    internal static readonly byte[] Erased = "{}"u8.ToArray();

    internal static string Stream(StoryId story) => story.ToString();

    internal static byte[] Data(Entry entry) => entry.Part(Part.Body) is { } body ? Bytes(body) : Erased;

    internal static byte[] Headers(Entry entry)
    {
        var output = new ArrayBufferWriter<byte>(entry.EnvelopeBytes.Length + 512);
        output.Write("{\"index\":"u8);
        output.Write(Encoding.ASCII.GetBytes(entry.Index.ToString(CultureInfo.InvariantCulture)));
        output.Write(",\"hash\":\""u8);
        output.Write(Encoding.ASCII.GetBytes(entry.Hash.ToString()));
        output.Write("\",\"envelope\":"u8);
        output.Write(entry.EnvelopeBytes.Span);
        output.Write(",\"salts\":{"u8);
        var first = true;
        foreach (var part in entry.Parts)
        {
            if (IsSmall(part.Name))
            {
                output.Write(Encoding.ASCII.GetBytes($"{(first ? "" : ",")}\"{part.Name}\":\"{Base64Url.EncodeToString(part.Salt.Span)}\""));
                first = false;
            }
        }

        output.Write("}"u8);
        if (entry.Part(Part.Recorder) is { } recorder)
        {
            output.Write(",\"recorder\":"u8);
            output.Write(recorder.Bytes.Span);
        }

        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Whether a part stands in the row itself; the others have a table of their own.</summary>
    internal static bool IsSmall(string part) => part is Part.Body or Part.Recorder;

    /// <summary>
    /// The entry of a row. It always comes to an entry: what somebody made of the row that is none any more, verification says better.
    /// </summary>
    /// <param name="index">The index by which it was found.</param>
    /// <param name="headers">The event's headers.</param>
    /// <param name="data">The event's data.</param>
    /// <param name="large">The parts that have a table of their own.</param>
    internal static Entry Read(long index, byte[] headers, byte[] data, IEnumerable<Part> large)
    {
        byte[] envelope = [];
        byte[]? recorder = null, bodySalt = null, recorderSalt = null;
        Digest hash = default;
        var reader = new Utf8JsonReader(headers);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("envelope"u8))
            {
                envelope = Value(ref reader, headers);
            }
            else if (reader.ValueTextEquals("recorder"u8))
            {
                recorder = Value(ref reader, headers);
            }
            else if (reader.ValueTextEquals("hash"u8))
            {
                hash = Digest.TryParse(Text(ref reader), out var stored) ? stored : default;
            }
            else if (reader.ValueTextEquals("salts"u8))
            {
                (bodySalt, recorderSalt) = Salts(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        var parts = ImmutableArray.CreateBuilder<Part>(2);
        if (bodySalt is not null)
        {
            parts.Add(new(Part.Body, bodySalt, Canonical(data)));
        }

        if (recorderSalt is not null)
        {
            parts.Add(new(Part.Recorder, recorderSalt, recorder ?? []));
        }

        parts.AddRange(large);
        return new(index, envelope, hash, parts.DrainToImmutable());
    }

    private static (byte[]? Body, byte[]? Recorder) Salts(ref Utf8JsonReader reader)
    {
        byte[]? body = null, recorder = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return default;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("body"u8))
            {
                body = Salt(ref reader);
            }
            else if (reader.ValueTextEquals("recorder"u8))
            {
                recorder = Salt(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return (body, recorder);
    }

    private static byte[] Salt(ref Utf8JsonReader reader)
    {
        var salt = new byte[Part.SaltLength];
        return Base64Url.TryDecodeFromChars(Text(ref reader), salt, out var length) && length == salt.Length ? salt : [];
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    private static byte[] Value(ref Utf8JsonReader reader, byte[] json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Canonical(json.AsSpan(start, (int)reader.BytesConsumed - start));
    }

    private static byte[] Canonical(ReadOnlySpan<byte> json)
    {
        try
        {
            return CanonicalJson.Canonicalize(json);
        }
        catch (CanonicalJsonException)
        {
            // Nothing that was recorded: it stays as it is found, and its commitment does not hold.
            return json.ToArray();
        }
    }

    private static byte[] Bytes(Part part) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(part.Bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array : part.Bytes.ToArray();
}
