using System.Collections.Immutable;

namespace Ledger.Intake.Formats;

/// <summary>What a format's reader found, before options are laid over it and the text is measured.</summary>
internal sealed record Draft(string Text, string MediaType, TextConverter? Converter)
{
    public PublicationTime? PublishedAt { get; init; }
    public PublicationTime? RetrievedAt { get; init; }
    public string? Title { get; init; }
    public string? Publisher { get; init; }
    public string? Author { get; init; }
    public string? Url { get; init; }
    public string? ArchivedUrl { get; init; }
    public string? Language { get; init; }
    public ImmutableArray<string> Sources { get; init; } = [];
    public ImmutableArray<IntakeWarning> Warnings { get; init; } = [];
}
