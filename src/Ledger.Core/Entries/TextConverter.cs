using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>A text within a part: one that cannot be recorded is refused where it would be written, whatever body it stands in.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    /// <exception cref="LedgerException"><c>text-not-valid</c>: it holds a NUL or half of a surrogate pair, which the writer would replace without a word.</exception>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Texts.Problem(value) is { } problem ? throw new LedgerException(LedgerError.Refused("text-not-valid", problem)) : value);
}
