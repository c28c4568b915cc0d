using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger show ID</c>: one record, with the words it rests on marked in their context, and all that was said of it.</summary>
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
        var day = await AsOfOptions.DayOfAsync(session, asOf, run.Cancellation).ConfigureAwait(false);
        var notes = await NotesAsync(session, record, asOf, run.Cancellation).ConfigureAwait(false);
        var links = record is ClaimRecord or QuoteRecord
            ? (await session.Mediator.Send(new AskLinks(id, asOf), run.Cancellation).ConfigureAwait(false)).Value
            : [];
        var words = WordsOf(why, record);
        if (run.Json)
        {
            var json = await new RecordJson(session, run.Cancellation, day).OfAsync(view, record).ConfigureAwait(false);
            json["view"] = view.Name;
            json["hash"] = why[0].Hash.ToString();
            json["context"] = WordsInContext.Json(words);
            if (record is ClaimRecord or QuoteRecord)
            {
                json["links"] = new JsonArray([.. links.Select(link => (JsonNode)RecordJson.Link(link))]);
            }

            json["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)new JsonObject
            {
                ["id"] = note.Id.ToString(),
                ["type"] = note.Type,
                ["text"] = note.Summary,
                ["recordedBy"] = RecordJson.By(note.RecordedBy),
                ["recordedAt"] = note.RecordedAt.ToString(),
                ["withdrawn"] = RecordJson.Withdrawn(note.Withdrawn),
            })]);
            run.Terminal.Json(json);
            return ExitCodes.Done;
        }

        var terminal = run.Terminal;
        terminal.Line($"{record switch { ActivityRecord entry => entry.Type, _ => view.Name.TrimEnd('s') }}  {id}");
        foreach (var (name, value) in RecordFields.Of(record, day, await session.SlugAsync(record.StoryId, run.Cancellation).ConfigureAwait(false)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                Field(terminal, name, value);
            }
        }

        Field(terminal, "entry", $"{why[0].Index}, {why[0].Hash}");
        if (words is not null)
        {
            terminal.Line();
            WordsInContext.Write(terminal, words, "  ");
        }

        await new RecordLife(terminal, session, run.Cancellation).WriteAsync(record, links, why).ConfigureAwait(false);
        foreach (var note in notes.Where(note => note.Type == "note.added"))
        {
            terminal.Line();
            terminal.Prose($"note {ShortId.Of(note.Id)} by {RecordTable.By(note.RecordedBy)}, {RecordTable.Minute(note.RecordedAt)}{(note.Withdrawn is { } withdrawn ? $", withdrawn ({withdrawn.Reason?.TrimEnd('.') ?? "reason erased"})" : "")}:", "  ", "  ");
            terminal.Prose(note.Summary ?? "(erased)", "    ", "    ");
        }

        return ExitCodes.Done;
    }

    /// <summary>The words that it rests on: those of its newest correction, where it was put right.</summary>
    private static QuotedWords? WordsOf(ImmutableArray<WhyStep> why, ViewRecord record) => record.Corrections is [.., var last]
        ? why.FirstOrDefault(step => step.Entry == last.By)?.Words
        : why[0].Words;

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
}
