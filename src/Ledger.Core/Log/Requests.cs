using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Log;

/// <summary>What tells one request from another: SHA-256 of the command written as JSON, under its name.</summary>
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

// A member that is not there is not written: one that a later version adds does not change what was asked before.
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(BodyInCommand)])]
[JsonSerializable(typeof(StoryCommand.OpenStory))]
[JsonSerializable(typeof(StoryCommand.FileDocument))]
[JsonSerializable(typeof(StoryCommand.RecordFindings))]
[JsonSerializable(typeof(StoryCommand.AddNote))]
[JsonSerializable(typeof(StoryCommand.Withdraw))]
internal sealed partial class CommandJson : JsonSerializerContext;
