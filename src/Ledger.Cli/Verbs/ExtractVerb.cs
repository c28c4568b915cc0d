using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Extraction;
using Ledger.Extraction.Scoring;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger extract</c>: what is found in documents, without recording it.</summary>
internal static class ExtractVerb
{
    internal static Command Build(Terminal terminal)
    {
        var paths = new Argument<string[]>("FILE") { Description = "Files or folders.", Arity = ArgumentArity.ZeroOrMore };
        var lines = new Option<bool>("--jsonl") { Description = "Read documents as lines of JSON, and write their findings as lines of JSON (docs/extraction.md)." };
        var date = new Option<string?>("--date") { Description = "The day of publication, over what the files say.", HelpName = "DATE" };
        var command = new Verb("extract", "Show what would be found in documents; nothing is recorded.", "ledger extract seeds/csto-armenia/2022-10-29-emergency-session.md");
        command.Arguments.Add(paths);
        command.Options.Add(lines);
        command.Options.Add(date);
        command.Does(terminal, async run =>
        {
            var extractor = new RuleExtractor();
            if (run.Get(lines))
            {
                return await LinesAsync(run, extractor).ConfigureAwait(false);
            }

            if (run.Get(paths) is not { Length: > 0 } given)
            {
                throw new UsageException("'ledger extract' needs FILE.", "Name files or folders, or give documents as lines of JSON with --jsonl.");
            }

            var options = new IntakeOptions { Date = run.Get(date) is { } day ? AsOfOptions.Day("--date", day) : null };
            var items = new JsonArray();
            var results = await IntakeFolder.Read(given, options, run.Cancellation).ConfigureAwait(false);
            IntakeReport.Write(terminal, results);
            foreach (var document in results.OfType<FrozenDocument>())
            {
                var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), run.Cancellation).ConfigureAwait(false);
                if (run.Json)
                {
                    items.Add(ExtractionJson.Of(document, found));
                }
                else
                {
                    Show(terminal, document, found);
                }
            }

            if (run.Json)
            {
                terminal.Json(items);
            }

            var problems = results.OfType<IntakeProblem>().ToList();
            return results.Any(result => result is FrozenDocument) && problems.Count > 0 ? ExitCodes.Refused : IntakeReport.ExitOf(problems);
        });
        return command;
    }

    private static async Task<int> LinesAsync(Run run, RuleExtractor extractor)
    {
        try
        {
            await ExtractionLines.RunAsync(extractor, run.Terminal.Input, run.Terminal.RawOutput, run.Cancellation).ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (ExtractionLineException error)
        {
            return run.Terminal.Fail(LedgerError.Refused("line-not-valid", error.Message));
        }
    }

    private static void Show(Terminal terminal, FrozenDocument document, Findings found)
    {
        terminal.Prose($"{document.Path}: “{document.Title}”, {document.PublishedAt}", "", "  ");
        foreach (var finding in found.All)
        {
            var words = RecordTable.OneLine(string.Join(" … ", finding.Content.Select(range => range.Of(document.Text))));
            var (kind, text) = finding switch
            {
                QuoteFinding quote => ("quote", $"{RecordTable.Name(quote.Directness)}, {Who(quote, document)}: “{words}”"),
                ClaimFinding claim => ("claim", $"{RecordTable.Name(claim.Modality)}, {Who(claim, document)}: {words}"),
                QuestionFinding question => ("question", $"{RecordTable.Name(question.Kind)}{(question.Expected is { } days ? $", expected {days}" : "")}: {question.Text}"),
                OccasionFinding occasion => ("occasion", $"{(occasion.Expected is { } days ? days.ToString() : "undated")}: {occasion.What}"),
                _ => ("finding", words),
            };
            terminal.Prose(text, $"  {kind,-9} ", new string(' ', 12));
        }

        terminal.Line();
    }

    private static string Who(AttributedFinding finding, FrozenDocument document) =>
        finding.Source?.Name ?? finding.Source?.Written?.Of(document.Text) ?? "(the document)";
}
