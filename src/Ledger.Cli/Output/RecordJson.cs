using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>Records as <c>--json</c> gives them: the view's own fields, with the story by its slug and documents by their titles.</summary>
internal sealed class RecordJson(Session session, CancellationToken cancellation)
{
    private readonly Dictionary<EntryId, string?> titles = [];

    internal async Task<JsonObject> OfAsync(View view, ViewRecord record)
    {
        var fields = JsonNode.Parse(view.Write(record))!.AsObject();
        var json = new JsonObject { ["id"] = record.Id.ToString(), ["story"] = await session.SlugAsync(record.StoryId, cancellation).ConfigureAwait(false) };
        foreach (var (name, value) in fields.ToList())
        {
            fields.Remove(name);
            json[name] = value;
        }

        switch (record)
        {
            case QuestionRecord question:
                json["raisedBy"] = json["recordedBy"]!.DeepClone();
                // There also when nobody knows: an interval is what programs look for.
                json["expected"] ??= null;
                foreach (var (node, span) in json["evidence"]!.AsArray().Zip(question.Evidence))
                {
                    node!["title"] = await TitleAsync(span.Document).ConfigureAwait(false);
                }

                break;
            case QuoteRecord quote:
                json["words"] = quote.Span.Words;
                json["title"] = await TitleAsync(quote.Document).ConfigureAwait(false);
                break;
            case ClaimRecord claim:
                json["title"] = await TitleAsync(claim.Document).ConfigureAwait(false);
                break;
            case OccasionRecord { Document: { } document }:
                json["title"] = await TitleAsync(document).ConfigureAwait(false);
                break;
        }

        return json;
    }

    internal static JsonObject By(RecordedByName by) => new()
    {
        ["id"] = by.Id.ToString(),
        ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(by.Kind.ToString()),
        ["name"] = by.Name,
        ["version"] = by.Version,
        ["onBehalfOf"] = by.OnBehalfOf,
    };

    /// <summary>The title of a document; null where there is none to be found.</summary>
    internal async Task<string?> TitleAsync(EntryId document)
    {
        if (!titles.TryGetValue(document, out var title))
        {
            var record = await session.Ledger.Views.FindAsync(DocumentsView.View, document.Value, cancellation: cancellation).ConfigureAwait(false);
            titles[document] = title = (record as DocumentRecord)?.Title;
        }

        return title;
    }
}
