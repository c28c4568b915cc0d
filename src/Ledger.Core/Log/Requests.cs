using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Log;

/// <summary>
/// What tells one request from another: SHA-256 of the command written as JSON, under its name. It is stored, and compared when a command is repeated, perhaps by a
/// later version of this program: a member that is added later is optional and stands last, so that commands without it keep their hash.
/// </summary>
internal static class Requests
{
    internal static Digest Hash(StoryCommand command)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), CommandJson.Default);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(command.GetType().Name + "\n"));
        hash.AppendData(json);
        return new(hash.GetHashAndReset());
    }
}

/// <summary>A body within a command is written as it would be stored, under its type.</summary>
internal sealed class BodyInCommand : JsonConverter<Body>
{
    public override Body Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Commands are not read back.");

    public override void Write(Utf8JsonWriter writer, Body value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(BodyTypes.Of(value).Name);
        writer.WriteRawValue(BodyTypes.Write(value));
        writer.WriteEndObject();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(BodyInCommand)])]
[JsonSerializable(typeof(StoryCommand.OpenStory))]
[JsonSerializable(typeof(StoryCommand.FileDocument))]
[JsonSerializable(typeof(StoryCommand.RecordFindings))]
[JsonSerializable(typeof(StoryCommand.ReviseDocument))]
[JsonSerializable(typeof(StoryCommand.RecordBody))]
internal sealed partial class CommandJson : JsonSerializerContext;
