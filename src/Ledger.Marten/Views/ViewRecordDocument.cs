using System.Text.Json;
using System.Text.Json.Serialization;
using Marten.Schema;

namespace Ledger.Marten;

/// <summary>
/// One version of one record of one view, as a Marten document: valid for <c>[from, to)</c> in indexes. Its JSON holds the record as the view writes it, so that any Marten program,
/// and SQL, can read it; what lists are narrowed and ordered by stands beside it, in columns where it is the same for every view.
/// </summary>
internal sealed class ViewRecordDocument
{
    /// <summary>The end of a version that is still valid.</summary>
    internal const long Open = long.MaxValue;

    /// <summary>Made of the others: the same version cannot be written twice.</summary>
    [JsonPropertyName("id")]
    public Guid Id { get; set; }

    /// <summary>The view and the number of its making (<c>claims_3</c>): a partition of the table, so that a copy is built beside the live one and an old one is dropped whole.</summary>
    [JsonPropertyName("series")]
    public string Series { get; set; } = "";

    [JsonPropertyName("key")]
    public Guid Key { get; set; }

    /// <summary>The index of the entry that made this version.</summary>
    [JsonPropertyName("fromIndex")]
    public long FromIndex { get; set; }

    /// <summary>The index of the entry that ended it; <see cref="Open"/> while it is valid.</summary>
    [JsonPropertyName("toIndex")]
    public long ToIndex { get; set; }

    /// <summary>The index at which the record began, in whatever version.</summary>
    [JsonPropertyName("began")]
    public long Began { get; set; }

    [JsonPropertyName("story")]
    public Guid Story { get; set; }

    /// <summary>The version that brought the words by which the record is found; null when it has none.</summary>
    [JsonPropertyName("words")]
    public Guid? Words { get; set; }

    /// <summary>The values that lists are filtered by; one that is null is left out.</summary>
    [JsonPropertyName("facets")]
    public Dictionary<string, string> Facets { get; set; } = [];

    /// <summary>The same, without regard to case.</summary>
    [JsonPropertyName("folded")]
    public Dictionary<string, string> Folded { get; set; } = [];

    [JsonPropertyName("record")]
    public JsonElement Record { get; set; }

    /// <summary>Called by Marten: which members have columns. None is indexed by itself.</summary>
    public static void ConfigureMarten(DocumentMapping mapping)
    {
        foreach (var name in (string[])[nameof(Series), nameof(Key), nameof(FromIndex), nameof(ToIndex), nameof(Began), nameof(Story), nameof(Words)])
        {
            mapping.DuplicateField([typeof(ViewRecordDocument).GetProperty(name)!], notNull: name != nameof(Words));
        }
    }
}
