using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

/// <summary>Extraction of a text, and its findings as words, so that a test says what a reader would see.</summary>
internal sealed class Read
{
    private static readonly RuleExtractor Extractor = new();

    private Read(string text, Findings found) => (Text, Found) = (text, found);

    internal string Text { get; }

    internal Findings Found { get; }

    internal IEnumerable<AttributedFinding> Attributed => Found.All.OfType<AttributedFinding>();

    internal IEnumerable<QuestionFinding> Questions => Found.All.OfType<QuestionFinding>();

    internal IEnumerable<OccasionFinding> Occasions => Found.All.OfType<OccasionFinding>();

    /// <summary>Reads a text, published on Thursday 2 May 2024 unless the test says otherwise.</summary>
    internal static Read Of(string text, string published = "2024-05-02")
    {
        var found = Extractor.ExtractAsync(new(text, DateOnly.Parse(published, System.Globalization.CultureInfo.InvariantCulture))).AsTask();
        found.IsCompletedSuccessfully.ShouldBeTrue("it never waits");
        return new(text, found.GetAwaiter().GetResult());
    }

    internal string Words(ImmutableArray<TextRange> ranges) => string.Join(" … ", ranges.Select(range => range.Of(Text)));

    internal string Content(Finding finding) => Words(finding.Content);

    internal string? Written(AttributedFinding finding) => finding.Source?.Written?.Of(Text);

    /// <summary>The attribution with exactly these words as content.</summary>
    internal AttributedFinding Said(string words) => Attributed.FirstOrDefault(finding => Content(finding) == words)
        ?? throw new ShouldAssertException($"Nobody says “{words}”. Said is: {string.Join(" | ", Attributed.Select(f => $"{f.Source?.Name ?? Written(f)}: {Content(f)}"))}");
}
