using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>Records as <c>--json</c> gives them: the view's own fields, with the story by its slug and documents by their titles.</summary>
/// <param name="session">The ledger.</param>
/// <param name="cancellation">Cancels.</param>
/// <param name="day">The day as of which they are read, by which a question is overdue; null for today.</param>
internal sealed class RecordJson(Session session, CancellationToken cancellation, DateOnly? day = null)
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

        if (record.PublishedAt == Timestamp.MinValue)
        {
            // What a story is called, and who its speakers are, holds from its beginning: it was published at no time.
            json.Remove("publishedAt");
        }

        switch (record)
        {
            case QuestionRecord question:
                json["raisedBy"] = json["recordedBy"]!.DeepClone();
                // There also when nobody knows: an interval is what programs look for.
                json["expected"] ??= null;
                json["overdue"] = question.IsOverdue(day ?? AsOfOptions.Today);
                foreach (var (node, evidence) in json["evidence"]!.AsArray().Zip(question.Evidence))
                {
                    var (words, document) = await WordsAsync(evidence).ConfigureAwait(false);
                    node!["words"] = words;
                    node["document"] = document?.ToString();
                    node["title"] = document is { } id ? await TitleAsync(id).ConfigureAwait(false) : null;
                }

                break;
            case QuoteRecord quote:
                json["words"] = quote.Span.Words;
                break;
        }

        if (record is FindingRecord { Document: { } about } and not QuestionRecord)
        {
            json["title"] = await TitleAsync(about).ConfigureAwait(false);
        }

        return json;
    }

    /// <summary>The words of something that bears on a question, and the document they stand in.</summary>
    private async Task<(string? Words, EntryId? Document)> WordsAsync(QuestionEvidence evidence)
    {
        if (evidence.Span is { } span)
        {
            return (span.Words, span.Document);
        }

        var entry = (ActivityRecord?)await session.Views.FindAsync(ActivityView.View, evidence.Entry.Value, cancellation: cancellation).ConfigureAwait(false);
        return (entry?.Span?.Words ?? entry?.Summary, entry?.Document);
    }

    internal static JsonObject Link(LinkRecord link) => new()
    {
        ["id"] = link.Entry.ToString(),
        ["relation"] = JsonNamingPolicy.CamelCase.ConvertName(link.Relation.ToString()),
        ["from"] = link.IsFrom,
        ["other"] = link.Other.ToString(),
        ["summary"] = link.OtherSummary,
        ["reason"] = link.Reason,
        ["recordedBy"] = By(link.By),
        ["status"] = link.Status,
    };

    internal static JsonObject? Withdrawn(Withdrawal? withdrawal) => withdrawal is null ? null : new()
    {
        ["by"] = withdrawal.By.ToString(),
        ["entry"] = withdrawal.Entry.ToString(),
        ["reason"] = withdrawal.Reason,
    };

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
            var record = await session.Views.FindAsync(DocumentsView.View, document.Value, cancellation: cancellation).ConfigureAwait(false);
            titles[document] = title = (record as DocumentRecord)?.Title;
        }

        return title;
    }
}
