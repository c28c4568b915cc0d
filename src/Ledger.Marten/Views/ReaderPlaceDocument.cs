using System.Text.Json.Serialization;

namespace Ledger.Marten;

/// <summary>How far a reader has read of one story, or of all.</summary>
internal sealed class ReaderPlaceDocument
{
    /// <summary>The story, or <c>all</c>, and the reader's name.</summary>
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary>The index of the last entry that it was told of; −1 for none.</summary>
    [JsonPropertyName("seen")]
    public long Seen { get; set; }

    /// <summary>When, in microseconds since 1970.</summary>
    [JsonPropertyName("at")]
    public long At { get; set; }
}
