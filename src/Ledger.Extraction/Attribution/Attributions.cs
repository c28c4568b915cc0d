using System.Collections.Immutable;
using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Attribution;

/// <summary>Finds what a document attributes, and to whom.</summary>
internal static class Attributions
{
    /// <summary>
    /// Quotes, reported speech and reported absences, by place in the text. <see cref="AttributedFinding.Parent"/> is an index into the list itself.
    /// </summary>
    public static ImmutableArray<AttributedFinding> Find(Reading reading)
    {
        var page = reading.Page;
        var drafts = new List<Draft>();
        var speech = new SpeechRule(reading, drafts);
        for (var s = 0; s < page.Sentences.Length; s++)
        {
            if (page.Sentences[s].IsHeading)
                continue;
            AbsenceRule.Read(reading, s, drafts);
            speech.Read(s);
            AccordingToRule.Read(reading, s, drafts);
            NounCueRule.Read(reading, s, drafts);
        }
        new LooseQuotes(reading, drafts).Read();
        return Assembly.Of(reading, drafts);
    }
}
