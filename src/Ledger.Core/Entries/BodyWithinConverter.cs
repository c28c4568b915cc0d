using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>A body within another: <c>{"type":…,"schema":…,"body":{…}}</c>, read through the same upcasters as an entry of its own.</summary>
internal sealed class BodyWithinConverter : JsonConverter<Body>
{
    public override Body Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && json.RootElement.TryGetProperty("schema", out var schema) && schema.TryGetInt32(out var version)
            && json.RootElement.TryGetProperty("body", out var body)
            ? BodyTypes.Read(type.GetString()!, version, System.Text.Encoding.UTF8.GetBytes(body.GetRawText()))
            : throw new JsonException("A body within another has a type, a schema and a body.");
    }

    public override void Write(Utf8JsonWriter writer, Body value, JsonSerializerOptions options)
    {
        var type = BodyTypes.Of(value);
        writer.WriteStartObject();
        writer.WriteString("type", type.Name);
        writer.WriteNumber("schema", type.Schema);
        writer.WritePropertyName("body");
        writer.WriteRawValue(BodyTypes.Write(value));
        writer.WriteEndObject();
    }
}
