using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Extraction;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary>What an ingest would do.</summary>
internal static class DryRun
{
    internal static async Task ShowAsync(Run run, string slug, List<FrozenDocument> documents, ImmutableArray<IntakeProblem> problems)
    {
        var extractor = new RuleExtractor();
        var known = await KnownAsync(run, slug).ConfigureAwait(false);
        var items = new JsonArray();
        var filed = 0;
        foreach (var document in documents)
        {
            var isNew = known.Add(DocumentKey.Of(new Digest(Convert.FromHexString(document.TextSha256)), document.Url, document.Publisher));
            filed += isNew ? 1 : 0;
            var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), run.Cancellation).ConfigureAwait(false);
            if (run.Json)
            {
                var item = ExtractionJson.Of(document, found);
                item["isNew"] = isNew;
                items.Add(item);
                continue;
            }

            run.Terminal.Prose(
                isNew ? $"{document.Path}: “{document.Title}”, {document.PublishedAt}; {IngestSummary.Count(found.All.Length, "finding")}" : $"{document.Path}: there already", "", "  ");
            foreach (var question in isNew ? found.All.OfType<QuestionFinding>() : [])
            {
                run.Terminal.Prose(question.Text, "  open: ", "    ");
            }
        }

        if (run.Json)
        {
            run.Terminal.Json(new JsonObject
            {
                ["story"] = slug,
                ["documents"] = items,
                ["problems"] = new JsonArray([.. problems.Select(problem => (JsonNode)IntakeReport.Json(problem))]),
            });
        }
        else
        {
            run.Terminal.Prose(
                $"Nothing was written. {IngestSummary.Count(filed, "document")} would be filed in the story {slug}"
                + $"{(problems.Length > 0 ? $", {IngestSummary.Count(problems.Length, "file")} refused" : "")}.");
        }
    }

    /// <summary>The documents that the story has already; none where there is no ledger yet.</summary>
    private static async Task<HashSet<DocumentKey>> KnownAsync(Run run, string slug)
    {
        var known = new HashSet<DocumentKey>();
        if (!File.Exists(run.Db))
        {
            return known;
        }

        var session = await Session.ReadAsync(run).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        if (await session.FindStoryAsync(slug, run.Cancellation).ConfigureAwait(false) is not { } story)
        {
            return known;
        }

        ViewCursor? next = null;
        do
        {
            var query = new ViewQuery { Story = story, Where = [new("status", "withdrawn", Not: true)], After = next, Limit = ViewQuery.MaxLimit };
            var page = await session.Ledger.Views.ListAsync(DocumentsView.View, query, run.Cancellation).ConfigureAwait(false);
            known.UnionWith(page.Records.Cast<DocumentRecord>().Select(document => DocumentKey.Of(document.TextSha256, document.Url, document.Publisher)));
            next = page.Next;
        }
        while (next is not null);

        return known;
    }
}
