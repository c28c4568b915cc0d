namespace Ledger.Extraction;

/// <summary>
/// Text in, findings out. An extractor proposes; whoever records its findings checks each span against the text and refuses
/// those that do not re-read (<see cref="Finding"/> carries offsets only, never words of its own making where words of the text are meant).
/// </summary>
public interface IExtractor
{
    /// <summary>The program's name as it is recorded, in lower case (<c>ledger-rules</c>).</summary>
    string Name { get; }

    /// <summary>The version as it is recorded; it changes whenever the findings for some text may change.</summary>
    string Version { get; }

    /// <summary>Finds what <paramref name="document"/> says.</summary>
    ValueTask<Findings> ExtractAsync(ExtractionInput document, CancellationToken cancellation = default);
}

/// <summary>A frozen text and the day (or the first day) on which it was published, which relative dates are resolved against.</summary>
/// <param name="Text">The frozen text, unchanged; every offset counts its UTF-16 units.</param>
/// <param name="PublishedOn">The day of publication.</param>
public sealed record ExtractionInput(string Text, DateOnly PublishedOn);
