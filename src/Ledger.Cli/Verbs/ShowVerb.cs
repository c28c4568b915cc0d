using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger show ID</c>: one record, with the words it rests on marked in their context, and the notes on it.</summary>
internal static class ShowVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The id of anything recorded, or its first characters." };
        var command = new Verb("show", "One thing that was recorded, with the words it rests on marked in their context.", "ledger show 0f3a91c2") { More = "Lists show the ids." };
        command.Arguments.Add(id);
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
        var notes = await NotesAsync(session, record, asOf, run.Cancellation).ConfigureAwait(false);
        if (run.Json)
        {
            var json = await new RecordJson(session, run.Cancellation).OfAsync(view, record).ConfigureAwait(false);
            json["view"] = view.Name;
            json["hash"] = why[0].Hash.ToString();
            json["context"] = WordsInContext.Json(why[0].Words);
            json["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)new JsonObject
            {
                ["id"] = note.Id.ToString(),
                ["type"] = note.Type,
                ["text"] = note.Summary,
                ["recordedBy"] = RecordJson.By(note.RecordedBy),
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
                Field(terminal, name, value);
            }
        }

        Field(terminal, "entry", $"{why[0].Index}, {why[0].Hash}");
        if (why[0].Words is { } words)
        {
            terminal.Line();
            WordsInContext.Write(terminal, words, "  ");
        }

        foreach (var note in notes.Where(note => note.Type == "note.added"))
        {
            terminal.Line();
            terminal.Prose($"note {ShortId.Of(note.Id)} by {RecordTable.By(note.RecordedBy)}, {RecordTable.Minute(note.RecordedAt)}:", "  ", "  ");
            terminal.Prose(note.Summary ?? "(erased)", "    ", "    ");
        }

        return ExitCodes.Done;
    }

    /// <summary>What is said of the record, and of what was recorded on it since (a note on a question's evidence is about the question).</summary>
    private static async Task<List<ActivityRecord>> NotesAsync(Session session, ViewRecord record, AsOf asOf, CancellationToken cancellation)
    {
        var notes = new List<ActivityRecord>();
        foreach (var entry in record.Entries.Prepend(record.Id).Distinct())
        {
            var query = new ViewQuery { Where = [new("on", entry.ToString())], OldestFirst = true, Limit = ViewQuery.MaxLimit };
            notes.AddRange((await session.Mediator.Send(new ListRecords(ActivityView.View, query, asOf), cancellation).ConfigureAwait(false)).Value.Records.Cast<ActivityRecord>());
        }

        return [.. notes.DistinctBy(note => note.Id).OrderBy(note => note.Index)];
    }

    private static void Field(Terminal terminal, string name, string value) => terminal.Prose(value, $"  {name,-12} ", new string(' ', 15));

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

    /// <summary>What was recorded since that bears on a question.</summary>
    private static async Task<List<(string, string?)>> EvidenceAsync(Session session, QuestionRecord question, CancellationToken cancellation)
    {
        var lines = new List<(string, string?)>();
        foreach (var item in question.Evidence.Where(item => item.Bearing is not null))
        {
            var record = await session.Ledger.Views.FindAsync(ActivityView.View, item.Entry.Value, cancellation: cancellation).ConfigureAwait(false) as ActivityRecord;
            lines.Add((
                RecordTable.Name(item.Bearing!.Value),
                $"{ShortId.Of(item.Entry)} {(record is null ? "" : RecordTable.Day(record.PublishedAt))} “{RecordTable.OneLine(record?.Span?.Words ?? record?.Summary)}”{(item.Reason is { } reason ? $" — {reason}" : "")}"));
        }

        return lines;
    }

    private static string[] Counts(FindingCounts counts) =>
    [
        IngestSummary.Count(counts.Quotes, "quote"), IngestSummary.Count(counts.Claims, "claim"), IngestSummary.Count(counts.Questions, "question"),
        IngestSummary.Count(counts.Occasions, "occasion"),
    ];

    private static string? Short(EntryId? id) => id is { } value ? ShortId.Of(value) : null;

    private static async Task<List<(string, string?)>> FieldsAsync(Session session, ViewRecord record, CancellationToken cancellation)
    {
        List<(string, string?)> fields = record switch
        {
            QuestionRecord question =>
            [
                ("question", question.Text), ("kind", RecordTable.Name(question.Kind)), ("status", question.Status), ("expected", RecordTable.Expected(question.Expected)),
                ("criteria", question.Criteria ?? "none yet: an editor sets them"), ("settled by", Short(question.Occasion)), ("rule", question.Rule),
                (question.Resolution is { Outcome: var outcome } ? RecordTable.Name(outcome) : "", question.Resolution is { } resolution ? $"{resolution.Text ?? resolution.Reason} ({RecordTable.By(resolution.By)})" : null),
                .. question.Answers.Where(answer => answer.Stands).Select(answer => ("proposed", (string?)$"{answer.Text} ({RecordTable.By(answer.By)})")),
                .. await EvidenceAsync(session, question, cancellation).ConfigureAwait(false),
            ],
            ClaimRecord claim =>
            [
                ("claim", claim.Statement), ("who", claim.Speaker ?? "the document itself"), ("how", $"{RecordTable.Name(claim.Modality)}, {RecordTable.Name(claim.Directness)}"),
                ("passed on by", Short(claim.Parent)), ("status", claim.Status), ("rule", claim.Rule),
            ],
            QuoteRecord quote =>
            [
                ("words", RecordTable.OneLine(quote.Span.Words)), ("speaker", quote.Speaker ?? "?"), ("how", RecordTable.Name(quote.Directness)),
                ("passed on by", Short(quote.Parent)), ("status", quote.Status), ("rule", quote.Rule),
            ],
            OccasionRecord occasion => [("what", occasion.What), ("where", occasion.Where), ("expected", RecordTable.Expected(occasion.Expected)), ("status", occasion.Status), ("rule", occasion.Rule)],
            DocumentRecord document =>
            [
                ("title", document.Title), ("publisher", document.Publisher), ("author", document.Author), ("url", document.Url), ("dated", document.Dated?.ToString()),
                ("text", $"{document.TextLength} characters, SHA-256 {document.TextSha256}"), ("same text as", Short(document.SameTextAs)),
                ("status", document.Status),
                ("read by", document.Extraction is { } read ? $"{read.Extractor.Name} {read.Extractor.Version}: {string.Join(", ", Counts(read.Counts))}" : "nobody yet"),
            ],
            ActivityRecord activity => [("what", activity.Summary), ("about", Short(activity.On))],
            _ => [],
        };
        fields.Add(("withdrawn", record.Withdrawn is { } withdrawal ? $"{withdrawal.Reason ?? "(reason erased)"} ({ShortId.Of(withdrawal.By)})" : null));
        fields.Add(("story", await session.SlugAsync(record.StoryId, cancellation).ConfigureAwait(false)));
        fields.Add(("recorded", $"{RecordTable.Minute(record.RecordedAt)} by {RecordTable.By(record.RecordedBy)}"));
        return fields;
    }
}
