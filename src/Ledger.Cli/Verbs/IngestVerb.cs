using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Extraction;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger ingest PATH…</c>: files documents, and records what is found in them.</summary>
internal static class IngestVerb
{
    internal static Command Build(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files (.txt, .md, .html) or folders of them.", Arity = ArgumentArity.OneOrMore };
        var story = new Option<string?>("--story") { Description = "The story to file in; opened if there is none. Without it: the folder's or file's name.", HelpName = "SLUG" };
        var title = new Option<string?>("--title") { Description = "The title of a story that is opened.", HelpName = "TEXT" };
        var date = new Option<string?>("--date") { Description = "The day of publication, over what the files say.", HelpName = "DATE" };
        var publisher = new Option<string?>("--publisher") { Description = "The publisher, over what the files say.", HelpName = "NAME" };
        var url = new Option<string?>("--url") { Description = "Where the document was published, over what the file says.", HelpName = "URL" };
        var origin = new Option<string?>("--origin") { Description = "The name of a ledger that is begun (or LEDGER_ORIGIN): example.org/desk.", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be filed and found; write nothing." };
        var command = new Command(
            "ingest",
            "File documents, and record the quotes, claims, open questions and occasions found in them. Safe to repeat and to interrupt: what is recorded is not recorded again.\n\n"
            + "Example: ledger ingest seeds/csto-armenia") { paths };
        foreach (var option in (Option[])[story, title, date, publisher, url, origin, dryRun])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var options = new IntakeOptions
            {
                Date = run.Get(date) is { } day ? AsOfOptions.Day("--date", day) : null,
                Publisher = run.Get(publisher),
                Url = run.Get(url),
            };
            var given = run.Get(paths)!;
            var slug = run.Get(story) ?? Slug.From(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(given[0]))));
            var results = await IntakeFolder.Read(given, options, run.Cancellation).ConfigureAwait(false);
            Report(run, results);
            var documents = results.OfType<FrozenDocument>().ToList();
            var problems = results.OfType<IntakeProblem>().Count();
            if (run.Get(dryRun))
            {
                await DryRun.ShowAsync(run, slug, documents).ConfigureAwait(false);
                return problems == 0 ? ExitCodes.Done : ExitCodes.Refused;
            }

            if (documents.Count == 0)
            {
                run.Terminal.Note("Nothing was filed.");
                return ExitCodes.Refused;
            }

            var name = run.Get(origin) ?? Environment.GetEnvironmentVariable("LEDGER_ORIGIN") ?? Session.SomeOrigin();
            var session = await Session.WriteAsync(run, name).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var filing = new Filing(session, run.Recorder, new RuleExtractor(), run.Cancellation);
            var totals = await FileAllAsync(run, filing, slug, run.Get(title) ?? Titled(slug), documents).ConfigureAwait(false);
            totals = totals with { Refused = totals.Refused + problems };
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            await SummarizeAsync(run, session, slug, totals).ConfigureAwait(false);
            return totals.Refused == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<Totals> FileAllAsync(Run run, Filing filing, string slug, string title, List<FrozenDocument> documents)
    {
        var totals = new Totals(0, 0, 0, 0, 0, []);
        var story = await filing.OpenStoryAsync(slug, title, documents[0].Language ?? "en").ConfigureAwait(false);
        using var progress = new ProgressLine(run.Terminal, "filed", documents.Count);
        foreach (var document in documents)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var outcome = await filing.FileAsync(story, document).ConfigureAwait(false);
            if (outcome.Error is { } error)
            {
                run.Terminal.Note($"error: {document.Path}: {error.Message}");
                totals = totals with { Refused = totals.Refused + 1 };
                continue;
            }

            totals = totals with
            {
                Documents = totals.Documents + 1,
                Filed = totals.Filed + (outcome.Value.IsNew ? 1 : 0),
                Entries = totals.Entries + outcome.Value.Entries,
                Findings = totals.Findings + outcome.Value.Findings,
                Ids = totals.Ids.Add(outcome.Value.Document),
            };
            progress.Report(totals.Documents);
        }

        return totals;
    }

    private static void Report(Run run, IReadOnlyList<IntakeResult> results)
    {
        foreach (var result in results)
        {
            switch (result)
            {
                case IntakeProblem problem:
                    run.Terminal.Note($"error: {problem.Path}{(problem.Line is { } line ? $", line {line}" : "")}: {problem.Message}");
                    if (problem.Hint is { } hint)
                    {
                        run.Terminal.Note($"hint: {hint}");
                    }

                    break;
                case SkippedFile skipped:
                    run.Terminal.Note($"skipped: {skipped.Path}: {skipped.Message}");
                    break;
                case FrozenDocument document:
                    foreach (var warning in document.Warnings)
                    {
                        run.Terminal.Note($"warning: {document.Path}{(warning.Line is { } at ? $", line {at}" : "")}: {warning.Message}");
                    }

                    break;
            }
        }
    }

    private static async Task SummarizeAsync(Run run, Session session, string slug, Totals totals)
    {
        var query = new ViewQuery { Story = session.Ledger.Naming.Story(slug), Where = [new("status", "open")], Limit = ViewQuery.MaxLimit };
        var open = (await session.Mediator.Send(new ListRecords(QuestionsView.View, query, AsOf.Now), run.Cancellation).ConfigureAwait(false)).Value.Records;
        if (run.Json)
        {
            var json = new RecordJson(session, run.Cancellation);
            var questions = new JsonArray();
            foreach (var question in open)
            {
                questions.Add(await json.OfAsync(QuestionsView.View, question).ConfigureAwait(false));
            }

            run.Terminal.Json(new JsonObject
            {
                ["story"] = slug,
                ["documents"] = new JsonArray([.. totals.Ids.Select(id => JsonValue.Create(id.ToString()))]),
                ["filed"] = totals.Filed,
                ["findings"] = totals.Findings,
                ["entries"] = totals.Entries,
                ["refused"] = totals.Refused,
                ["openQuestions"] = questions,
            });
            return;
        }

        var terminal = run.Terminal;
        terminal.Line(
            $"Story {slug}: {totals.Filed} of {totals.Documents} documents filed{(totals.Filed < totals.Documents ? " (the others were there)" : "")}, "
            + $"{totals.Findings} findings recorded{(totals.Refused > 0 ? $"; {totals.Refused} files refused" : "")}.");
        terminal.Line();
        if (open.Count == 0)
        {
            terminal.Line("No open questions were found.");
            terminal.Line($"Next: ledger quotes --story {slug}");
            return;
        }

        const int Shown = 12;
        terminal.Line($"Open questions{(open.Count > Shown ? $" (the newest {Shown} of {open.Count})" : "")}:");
        RecordTable.Write(terminal, QuestionsView.View, [.. open.Take(Shown)], withStatus: false);
        terminal.Line();
        terminal.Line("Next:");
        terminal.Line($"  ledger why {ShortId.Of(open[0].Id)}   what a question rests on");
        terminal.Line($"  ledger questions --story {slug} --published-by {RecordTable.Day(open[^1].PublishedAt)}   what was open on that day");
        terminal.Line($"  ledger quotes --story {slug}   who said what");
        terminal.Line("  ledger verify   whether anybody has touched it");
    }

    private static string Titled(string slug)
    {
        var words = slug.Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private sealed record Totals(int Documents, int Filed, int Findings, long Entries, int Refused, ImmutableArray<EntryId> Ids);
}
