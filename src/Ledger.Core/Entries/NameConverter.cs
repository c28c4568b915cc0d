using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>A word of the vocabulary, in the one spelling in which it is stored and shown: its name in camel case (<c>reportedAbsent</c>).</summary>
internal sealed class NameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names =
        Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> Values = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.GetString();
        return name is not null && Values.TryGetValue(name, out var value) ? value : throw new JsonException($"'{name}' is none of {string.Join(", ", Names.Values)}.");
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);
}
