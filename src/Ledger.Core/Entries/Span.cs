using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>
/// Words of a document that cannot drift: where they stand in its frozen text (UTF-16 units) and what they are.
/// One range, or several in order and disjoint (a quote interrupted by its "he said"); as many words as ranges.
/// </summary>
/// <param name="Document">The <c>document.filed</c> entry.</param>
/// <param name="Ranges">Where; at least one.</param>
/// <param name="Exact">The words at each range, character for character.</param>
public sealed record Span(EntryId Document, ImmutableArray<TextRange> Ranges, ImmutableArray<string> Exact)
{
    /// <summary>The words, with an ellipsis where the document interrupts them.</summary>
    [JsonIgnore]
    public string Words => string.Join(" … ", Exact);

    /// <summary>The span of <paramref name="ranges"/> in <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A range is not within the text.</exception>
    public static Span In(EntryId document, string text, params ImmutableArray<TextRange> ranges) =>
        new(document, ranges, [.. ranges.Select(range => range.Of(text))]);

    /// <summary>What keeps this span from holding in <paramref name="text"/>, as a sentence; null when it re-reads exactly.</summary>
    public string? Check(string text)
    {
        if (Ranges.IsDefaultOrEmpty || Exact.IsDefault || Ranges.Length != Exact.Length || Exact.Contains(null!))
        {
            return "A span needs at least one range, and the words of each.";
        }

        var end = 0;
        for (var i = 0; i < Ranges.Length; i++)
        {
            var range = Ranges[i];
            if (i > 0 && range.Start < end)
            {
                return $"The ranges of a span stand in order and do not overlap; {range} comes after one that ends at {end}.";
            }

            end = range.End;
            if (end > text.Length)
            {
                return $"The range {range} ends outside the document, which has {text.Length} UTF-16 units.";
            }

            if (SplitsPair(text, range.Start) || SplitsPair(text, range.End))
            {
                return $"The range {range} begins or ends inside a surrogate pair.";
            }

            if (!text.AsSpan(range.Start, range.Length).SequenceEqual(Exact[i]))
            {
                return $"The document's words at {range} are “{Shorten(range.Of(text))}”, not “{Shorten(Exact[i])}”.";
            }
        }

        return null;
    }

    public bool Equals(Span? other) =>
        other is not null && Document == other.Document
        && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan()) && Exact.AsSpan().SequenceEqual(other.Exact.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Document, Ranges.IsDefaultOrEmpty ? default : Ranges[0], Ranges.IsDefault ? 0 : Ranges.Length);

    private static bool SplitsPair(string text, int at) =>
        at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at]);

    private static string Shorten(string words) => words.Length <= 60 ? words : string.Concat(words.AsSpan(0, 57), "…");
}

/// <summary>A range is written as a pair, <c>[start, end]</c>.</summary>
internal sealed class TextRangeConverter : JsonConverter<TextRange>
{
    public override TextRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || !reader.TryGetInt32(out var start)
            || !reader.Read() || !reader.TryGetInt32(out var end) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray
            || start < 0 || end <= start)
        {
            throw new JsonException("A range is a pair [start, end] with 0 ≤ start < end.");
        }

        return new(start, end);
    }

    public override void Write(Utf8JsonWriter writer, TextRange value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Start);
        writer.WriteNumberValue(value.End);
        writer.WriteEndArray();
    }
}
