using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary>How an ingest ends: what was done, what is open, and what to type next.</summary>
internal static class IngestSummary
{
    private const int Shown = 12;

    internal static async Task WriteAsync(Run run, Session session, string slug, IngestTotals totals, bool isNew)
    {
        var story = await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false);
        var query = new ViewQuery { Story = story, Where = [new("status", "open")], Limit = ViewQuery.MaxLimit };
        var open = (await session.Mediator.Send(new ListRecords(QuestionsView.View, query, AsOf.Now), run.Cancellation).ConfigureAwait(false)).Value.Records;
        if (run.Json)
        {
            var json = new RecordJson(session, run.Cancellation);
            var questions = new JsonArray();
            foreach (var question in open)
            {
                questions.Add(await json.OfAsync(QuestionsView.View, question).ConfigureAwait(false));
            }

            run.Terminal.Json(Json(slug, totals, questions));
            return;
        }

        var terminal = run.Terminal;
        var withdrawn = totals.PassedOver.Count(file => file.Document.Withdrawn is not null);
        var known = totals.Documents.Length - totals.Filed - withdrawn;
        terminal.Prose(
            $"{(isNew ? "New story" : "Story")} {slug}: {Count(totals.Filed, "document")} filed{(known > 0 ? $", {known} there already" : "")}{(withdrawn > 0 ? $", {withdrawn} withdrawn and passed over" : "")}, "
            + $"{Count(totals.Findings, "finding")} recorded{(totals.Refused > 0 ? $", {Refused(totals)} refused" : "")}{Decided(totals.Decisions)}.");
        foreach (var (document, revision) in totals.Revisions)
        {
            await WriteAsync(run, session, document, revision).ConfigureAwait(false);
        }

        foreach (var (path, document, same) in totals.Copies)
        {
            terminal.Prose($"{path}: filed as {ShortId.Of(document)}, a copy: the same text as {ShortId.Of(same)}, from elsewhere.", "", "  ");
        }

        // A folder that is ingested again is not listed file by file.
        var plain = totals.PassedOver.Count(file => !file.IsRemarkable);
        foreach (var file in totals.PassedOver.Where(file => file.IsRemarkable || plain <= Shown))
        {
            file.Write(terminal);
        }

        terminal.Line();
        if (open.Count > 0)
        {
            terminal.Line($"Open questions{(open.Count > Shown ? $" (the newest {Shown} of {open.Count})" : "")}:");
            RecordTable.Write(terminal, QuestionsView.View, [.. open.Take(Shown)], withStatus: false);
            terminal.Line();
        }
        else
        {
            terminal.Line("No open questions were found.");
        }

        terminal.Line("Next:");
        if (open.Count > 0)
        {
            Next(terminal, $"ledger why {ShortId.Of(open[0].Id)}", "the words behind a question");
            Next(terminal, $"ledger questions --published-by {RecordTable.Day(open[^1].PublishedAt)}", "what was open on that day");
        }

        Next(terminal, $"ledger quotes --story {slug}", "who said what");
        Next(terminal, "ledger verify", "whether anybody has touched it");
    }

    /// <summary>What a text that came in another's place orphaned.</summary>
    private static async Task WriteAsync(Run run, Session session, EntryId document, DocumentRevised revision)
    {
        var orphaned = revision.Orphaned.Length + (revision.OrphanedMore ?? 0);
        run.Terminal.Prose(
            $"{ShortId.Of(document)} revises {ShortId.Of(revision.Revises)}, “{revision.Document.Title}”: "
            + (orphaned == 0 ? "what was found in it still stands there." : $"{Count(orphaned, "finding")} no longer {(orphaned == 1 ? "stands" : "stand")} there{(orphaned > Shown ? $" (the first {Shown})" : "")}:"), "", "  ");
        foreach (var id in revision.Orphaned.Take(Shown))
        {
            var entry = (ActivityRecord?)await session.Views.FindAsync(ActivityView.View, id.Value, cancellation: run.Cancellation).ConfigureAwait(false);
            run.Terminal.Prose(entry?.Summary ?? "(erased)", $"  {ShortId.Of(id)}  ", "            ");
        }
    }

    internal static void WriteNothing(Run run, string slug, ImmutableArray<IntakeProblem> problems)
    {
        if (run.Json)
        {
            run.Terminal.Json(Json(slug, new(0, 0, 0, [], []) { Problems = problems }, []));
        }
        else
        {
            run.Terminal.Line($"Nothing was filed, {Count(problems.Length, "file")} refused.");
        }
    }

    private static string Refused(IngestTotals totals)
    {
        var folders = totals.Problems.Count(problem => problem.Code is IntakeCodes.NoPermission or IntakeCodes.Unreadable && Directory.Exists(problem.Path));
        return string.Join(" and ", new[] { totals.Refused == folders ? null : Count(totals.Refused - folders, "file"), folders == 0 ? null : Count(folders, "folder") }.OfType<string>());
    }

    private static string Decided(DecisionTotals decisions) => decisions == DecisionTotals.None ? "" : $"; {Tally(decisions, "recorded")}";

    /// <summary>How many decisions were recorded (or would be), were there already, and were refused.</summary>
    internal static string Tally(DecisionTotals decisions, string done) => string.Join(", ", new[]
    {
        decisions.Recorded.Length > 0 || decisions.Known == 0 ? $"{Count(decisions.Recorded.Length, "decision")} {done}" : null,
        decisions.Known == 0 ? null : decisions.Recorded.Length > 0 ? $"{decisions.Known} there already" : $"{Count(decisions.Known, "decision")} there already",
        decisions.Refused.Length > 0 ? $"{Count(decisions.Refused.Length, "decision")} refused" : null,
    }.OfType<string>());

    internal static string Count(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static void Next(Terminal terminal, string command, string about) => terminal.Line($"  {command,-45} {about}");

    private static JsonObject Json(string slug, IngestTotals totals, JsonArray questions) => new()
    {
        ["story"] = slug,
        ["documents"] = new JsonArray([.. totals.Documents.Select(id => JsonValue.Create(id.ToString()))]),
        ["filed"] = totals.Filed,
        ["findings"] = totals.Findings,
        ["revisions"] = new JsonArray([.. totals.Revisions.Select(item => (JsonNode)new JsonObject
        {
            ["document"] = item.Document.ToString(),
            ["revises"] = item.Revision.Revises.ToString(),
            ["orphaned"] = new JsonArray([.. item.Revision.Orphaned.Select(id => JsonValue.Create(id.ToString()))]),
            ["orphanedMore"] = item.Revision.OrphanedMore ?? 0,
        })]),
        ["copies"] = new JsonArray([.. totals.Copies.Select(copy => (JsonNode)new JsonObject { ["path"] = copy.Path, ["document"] = copy.Document.ToString(), ["sameTextAs"] = copy.SameTextAs.ToString() })]),
        ["known"] = new JsonArray([.. totals.PassedOver.Select(file => (JsonNode)file.Json())]),
        ["entries"] = totals.Entries + totals.Decisions.Recorded.Length,
        ["refused"] = totals.Refused,
        ["decisions"] = Json(totals.Decisions),
        ["problems"] = new JsonArray([.. totals.Problems.Concat(totals.Failed).Concat(totals.Decisions.Refused).Select(problem => (JsonNode)IntakeReport.Json(problem))]),
        ["openQuestions"] = questions,
    };

    internal static JsonObject Json(DecisionTotals decisions) => new()
    {
        ["recorded"] = decisions.Recorded.Length,
        ["known"] = decisions.Known,
        ["refused"] = decisions.Refused.Length,
    };
}
