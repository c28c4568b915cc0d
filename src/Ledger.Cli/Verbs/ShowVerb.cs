using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;
using Spectre.Console;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger show ID</c>: one record, with the words it rests on marked in their context, and the notes on it.</summary>
internal static class ShowVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The id of anything recorded, or its first characters." };
        var command = new Command("show", "One thing that was recorded, with the words it rests on in their context.\n\nExample: ledger show 0f3a91c2") { id };
        command.Options.Add(AsOfOptions.AsOf);
        command.Options.Add(AsOfOptions.PublishedBy);
        command.Does(terminal, run => ShowAsync(run, run.Get(id)!));
        return command;
    }

    private static async Task<int> ShowAsync(Run run, string text)
    {
        var asOf = AsOfOptions.Read(run);
        var session = await Session.ReadAsync(run).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var id = await session.EntryAsync(text, run.Cancellation).ConfigureAwait(false);
        var why = (await session.Mediator.Send(new AskWhy(id), run.Cancellation).ConfigureAwait(false)).Value;
        var (view, record) = await FindAsync(session, id, asOf, run.Cancellation).ConfigureAwait(false);
        var notes = (await session.Mediator.Send(
            new ListRecords(ActivityView.View, new ViewQuery { Where = [new("on", id.ToString())], OldestFirst = true, Limit = ViewQuery.MaxLimit }, asOf), run.Cancellation).ConfigureAwait(false))
            .Value.Records.Cast<ActivityRecord>().ToList();
        if (run.Json)
        {
            var json = await new RecordJson(session, run.Cancellation).OfAsync(view, record).ConfigureAwait(false);
            json["view"] = view.Name;
            json["hash"] = why[0].Hash.ToString();
            json["context"] = Context(why[0].Words);
            json["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)new JsonObject
            {
                ["id"] = note.Id.ToString(),
                ["type"] = note.Type,
                ["text"] = note.Summary,
                ["by"] = note.RecordedBy.Name,
                ["recordedAt"] = note.RecordedAt.ToString(),
            })]);
            run.Terminal.Json(json);
            return ExitCodes.Done;
        }

        var terminal = run.Terminal;
        terminal.Line($"{record switch { ActivityRecord entry => entry.Type, _ => view.Name.TrimEnd('s') }}  {id}");
        foreach (var (name, value) in await FieldsAsync(session, record, run.Cancellation).ConfigureAwait(false))
        {
            if (!string.IsNullOrEmpty(value))
            {
                terminal.Line($"  {name,-12} {value}");
            }
        }

        terminal.Line($"  {"entry",-12} {why[0].Index}, {why[0].Hash}");
        if (why[0].Words is { } words)
        {
            terminal.Line();
            Words(terminal, words);
        }

        foreach (var note in notes.Where(note => note.Type == "note.added"))
        {
            terminal.Line();
            terminal.Line($"note by {RecordTable.By(note.RecordedBy)}, {RecordTable.Minute(note.RecordedAt)}: {note.Summary}");
        }

        return ExitCodes.Done;
    }

    /// <summary>Words in their context: marked with brackets, and in colour where there is any.</summary>
    internal static void Words(Terminal terminal, QuotedWords words, string indent = "  ")
    {
        terminal.Line($"{indent}in “{words.Document}”{(words.Published is { } date ? $", {date}" : "")}:");
        if (words.Holds is null)
        {
            terminal.Line($"{indent}(the document's text was erased)");
            return;
        }

        if (words.Holds is false)
        {
            terminal.Line($"{indent}THE WORDS DO NOT STAND THERE ANY MORE: run 'ledger verify'.");
            return;
        }

        var line = new Paragraph();
        line.Append(indent + "… " + RecordTable.OneLine(words.Before) + " ");
        for (var i = 0; i < words.Span.Exact.Length; i++)
        {
            line.Append("[[" + RecordTable.OneLine(words.Span.Exact[i]) + "]]", new Style(Color.Yellow));
            if (i < words.Gaps.Length)
            {
                line.Append(" " + RecordTable.OneLine(words.Gaps[i]) + " ");
            }
        }

        line.Append(" " + RecordTable.OneLine(words.After) + " …");
        terminal.Out.Write(line);
        terminal.Line();
    }

    internal static JsonNode? Context(QuotedWords? words) => words is null ? null : new JsonObject
    {
        ["document"] = words.Span.Document.ToString(),
        ["title"] = words.Document,
        ["published"] = words.Published?.ToString(),
        ["before"] = words.Before,
        ["words"] = new JsonArray([.. words.Span.Exact.Select(exact => JsonValue.Create(exact))]),
        ["ranges"] = new JsonArray([.. words.Span.Ranges.Select(range => (JsonNode)new JsonArray(range.Start, range.End))]),
        ["after"] = words.After,
        ["holds"] = words.Holds,
    };

    private static async Task<(View View, ViewRecord Record)> FindAsync(Session session, EntryId id, AsOf asOf, CancellationToken cancellation)
    {
        // A claim with a speaker is in two views; it is shown as a claim.
        foreach (var view in (View[])[QuestionsView.View, ClaimsView.View, QuotesView.View, OccasionsView.View, DocumentsView.View, ActivityView.View])
        {
            var found = await session.Mediator.Send(new FindRecord(view, id.Value, asOf), cancellation).ConfigureAwait(false);
            if (found.Error is null)
            {
                return (view, found.Value);
            }

            if (found.Error.Code != "record-not-found")
            {
                throw new LedgerException(found.Error);
            }
        }

        throw new LedgerException(LedgerError.NotFound("record-not-found", $"{id} was not there at that point."));
    }

    private static async Task<List<(string, string?)>> FieldsAsync(Session session, ViewRecord record, CancellationToken cancellation)
    {
        List<(string, string?)> fields = record switch
        {
            QuestionRecord question =>
            [
                ("question", question.Text), ("kind", RecordTable.Name(question.Kind)), ("status", question.Status), ("expected", RecordTable.Expected(question.Expected)),
                ("criteria", question.Criteria ?? "none yet: an editor sets them"), ("settled by", question.Occasion?.ToString()), ("rule", question.Rule),
            ],
            ClaimRecord claim =>
            [
                ("claim", claim.Statement), ("who", claim.Speaker ?? "the document itself"), ("how", $"{RecordTable.Name(claim.Modality)}, {RecordTable.Name(claim.Directness)}"),
                ("passed on by", claim.Parent?.ToString()), ("status", claim.Status), ("rule", claim.Rule),
            ],
            QuoteRecord quote =>
            [
                ("words", RecordTable.OneLine(quote.Span.Words)), ("speaker", quote.Speaker ?? "?"), ("how", RecordTable.Name(quote.Directness)),
                ("passed on by", quote.Parent?.ToString()), ("status", quote.Status), ("rule", quote.Rule),
            ],
            OccasionRecord occasion => [("what", occasion.What), ("where", occasion.Where), ("expected", RecordTable.Expected(occasion.Expected)), ("status", occasion.Status), ("rule", occasion.Rule)],
            DocumentRecord document =>
            [
                ("title", document.Title), ("publisher", document.Publisher), ("author", document.Author), ("url", document.Url), ("dated", document.Dated?.ToString()),
                ("text", $"{document.TextLength} characters, SHA-256 {document.TextSha256}"), ("same text as", document.SameTextAs?.ToString()),
                ("status", document.Status),
                ("read by", document.Extraction is { } read ? $"{read.Extractor.Name} {read.Extractor.Version}: {read.Counts.Quotes} quotes, {read.Counts.Claims} claims, {read.Counts.Questions} questions, {read.Counts.Occasions} occasions" : "nobody yet"),
            ],
            ActivityRecord activity => [("what", activity.Summary), ("about", activity.On?.ToString())],
            _ => [],
        };
        fields.Add(("withdrawn", record.Withdrawn is { } withdrawal ? withdrawal.Reason ?? "(reason erased)" : null));
        fields.Add(("story", await session.SlugAsync(record.StoryId, cancellation).ConfigureAwait(false)));
        fields.Add(("recorded", $"{RecordTable.Minute(record.RecordedAt)} by {RecordTable.By(record.RecordedBy)}"));
        return fields;
    }
}
