using System.Buffers;
using System.Security.Cryptography;
using System.Text;
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
    internal static Digest Hash(StoryCommand command) => Hash(command, out _);

    /// <param name="command">The command.</param>
    /// <param name="body">The canonical bytes of the body that the command records as it is, which are part of what is hashed; null where it records none.</param>
    internal static Digest Hash(StoryCommand command, out byte[]? body)
    {
        var name = command.GetType().Name;
        if (command is not StoryCommand.RecordBody { Body: { } recorded })
        {
            body = null;
            return Hash(name + "\n", JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), CommandJson.Default), ""u8);
        }

        // The same bytes without writing the body a second time.
        body = BodyTypes.Write(recorded);
        return Hash($"{name}\n{{\"body\":{{\"{BodyTypes.Of(recorded).Name}\":", body, "}}"u8);
    }

    private static Digest Hash(string before, ReadOnlySpan<byte> json, ReadOnlySpan<byte> after)
    {
        var input = ArrayPool<byte>.Shared.Rent(before.Length + json.Length + after.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(before, input);
            json.CopyTo(input.AsSpan(length));
            length += json.Length;
            after.CopyTo(input.AsSpan(length));
            Span<byte> hash = stackalloc byte[Digest.Length];
            SHA256.HashData(input.AsSpan(0, length + after.Length), hash);
            return new(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input, clearArray: true);
        }
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
