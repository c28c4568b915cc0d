using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>A UUID that is written in lower case with hyphens (RFC 9562 §4), wrapped so that one kind cannot be given for another.</summary>
public interface IIdentifier<TSelf>
    where TSelf : struct, IIdentifier<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>Names one entry for ever: a UUIDv8 made from the story, the command and the entry's place in it, so that a repeated command names the same entries.</summary>
[JsonConverter(typeof(IdentifierConverter<EntryId>))]
public readonly record struct EntryId(Guid Value) : IIdentifier<EntryId>
{
    public static EntryId From(Guid value) => new(value);

    /// <summary>UUIDv8 of SHA-256(story, command, ordinal): the 16 bytes of each UUID in network order, then the ordinal as four bytes, big end first.</summary>
    public static EntryId For(StoryId story, CommandId command, int ordinal)
    {
        Span<byte> input = stackalloc byte[36];
        story.Value.TryWriteBytes(input, bigEndian: true, out _);
        command.Value.TryWriteBytes(input[16..], bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(input[32..], ordinal);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        return new(Uuid.Version8(hash));
    }

    public static bool TryParse(string? text, out EntryId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>Names one story: the unit of consistency, one stream of entries.</summary>
[JsonConverter(typeof(IdentifierConverter<StoryId>))]
public readonly record struct StoryId(Guid Value) : IIdentifier<StoryId>
{
    /// <summary>The story that holds the ledger's own entries (<c>ledger.opened</c> at index 0): the nil UUID.</summary>
    public static readonly StoryId Reserved;

    public static StoryId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("D");
}

/// <summary>Names one command within its story. Sending the same command twice appends once.</summary>
[JsonConverter(typeof(IdentifierConverter<CommandId>))]
public readonly record struct CommandId(Guid Value) : IIdentifier<CommandId>
{
    public static CommandId From(Guid value) => new(value);

    /// <summary>A command id nobody has used: UUIDv7.</summary>
    public static CommandId New() => new(Guid.CreateVersion7());

    public override string ToString() => Value.ToString("D");
}

/// <summary>Names whoever appends, without telling their name: the name is in the entry's <c>recorder</c> part.</summary>
[JsonConverter(typeof(IdentifierConverter<RecorderId>))]
public readonly record struct RecorderId(Guid Value) : IIdentifier<RecorderId>
{
    public static RecorderId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("D");
}

internal static class Uuid
{
    /// <summary>The first 16 bytes of a hash with version 8 and the RFC 9562 variant set.</summary>
    internal static Guid Version8(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

internal sealed class IdentifierConverter<TId> : JsonConverter<TId>
    where TId : struct, IIdentifier<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return Guid.TryParseExact(text, "D", out var value) && value.ToString("D") == text
            ? TId.From(value)
            : throw new JsonException($"'{text}' is not a UUID in lower case.");
    }

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value.ToString("D"));
}

/// <summary>
/// Identifiers made from names under the ledger's secret, so that the same name always gets the same identifier here and nobody without
/// the secret can test a guess against a published envelope.
/// </summary>
public sealed class Naming(ReadOnlyMemory<byte> secret)
{
    // Every entry names its recorder, and recorders are few.
    private const int MaxRecorders = 1000;

    private readonly ConcurrentDictionary<(RecorderKind Kind, string Name), RecorderId> recorders = new();

    /// <summary>For another store of the same ledger, and for nothing else: it is never exported.</summary>
    public ReadOnlyMemory<byte> Secret => secret;

    /// <summary>The story of a slug: two stories cannot take one slug, because they would be one stream.</summary>
    public StoryId Story(string slug) => new(Derive("story", slug));

    public RecorderId Recorder(RecorderKind kind, string name)
    {
        if (!recorders.TryGetValue((kind, name), out var id))
        {
            id = new(Derive("recorder", JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), name));
            if (recorders.Count < MaxRecorders)
            {
                recorders[(kind, name)] = id;
            }
        }

        return id;
    }

    /// <summary>A program's command: the same purpose and subject is the same command, also after a crash.</summary>
    public CommandId Command(string purpose, params ReadOnlySpan<string> subject)
    {
        string[] names = [purpose, .. subject];
        return new(Derive("command", names));
    }

    private Guid Derive(string kind, params ReadOnlySpan<string> names)
    {
        var input = new StringBuilder("ledger/name/v1\n").Append(kind);
        foreach (var name in names)
        {
            // The length keeps ("a", "bc") and ("ab", "c") apart.
            input.Append('\n').Append(Encoding.UTF8.GetByteCount(name)).Append(':').Append(name);
        }

        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes(input.ToString()), hash);
        return Uuid.Version8(hash);
    }
}
