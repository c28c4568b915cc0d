using System.Text.Json.Nodes;
using Ledger.Extraction;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary>What an ingest would do.</summary>
internal static class DryRun
{
    internal static async Task ShowAsync(Run run, string slug, List<FrozenDocument> documents)
    {
        var extractor = new RuleExtractor();
        var items = new JsonArray();
        foreach (var document in documents)
        {
            var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), run.Cancellation).ConfigureAwait(false);
            if (run.Json)
            {
                items.Add(ExtractionJson.Of(document, found));
                continue;
            }

            run.Terminal.Line($"would file {document.Path}: “{document.Title}”, {document.PublishedAt}, {found.All.Length} findings");
            foreach (var question in found.All.OfType<QuestionFinding>())
            {
                run.Terminal.Line($"  open: {question.Text}");
            }
        }

        if (run.Json)
        {
            run.Terminal.Json(new JsonObject { ["story"] = slug, ["documents"] = items });
        }
        else
        {
            run.Terminal.Line($"Nothing was written: {documents.Count} documents would be filed in the story '{slug}'.");
        }
    }
}
