using System.Text.Json.Serialization;
using Ledger.Core.Views;

namespace Ledger.Marten;

/// <summary>How far a view has come, and where its records are.</summary>
internal sealed class KeptView
{
    /// <summary>The view's name.</summary>
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>The index of the first entry that is not in it.</summary>
    [JsonPropertyName("next")]
    public long Next { get; set; }

    [JsonPropertyName("error")]
    public string? Error { get; set; }

    /// <summary>How many times its records were made anew.</summary>
    [JsonPropertyName("made")]
    public long Made { get; set; }

    /// <summary>The number in the name of the live records' series. Numbers are not used again.</summary>
    [JsonPropertyName("series")]
    public long Series { get; set; }

    /// <summary>The same of the copy that a rebuild is making; 0 for none.</summary>
    [JsonPropertyName("copy")]
    public long Copy { get; set; }

    internal ViewProgress Progress => new(Version, Next, Error, Made);
}
