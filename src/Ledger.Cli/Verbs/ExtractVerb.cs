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
        var command = new Command(
            "extract", "Show what would be found in documents; nothing is recorded.\n\nExample: ledger extract seeds/csto-armenia/2022-10-29-emergency-session.md") { paths };
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
                terminal.Note("error: There is nothing to extract from.");
                terminal.Note("hint: Name files, or give documents with --jsonl.");
                return ExitCodes.Usage;
            }

            var options = new IntakeOptions { Date = run.Get(date) is { } day ? AsOfOptions.Day("--date", day) : null };
            var items = new JsonArray();
            var exit = ExitCodes.Done;
            foreach (var result in await IntakeFolder.Read(given, options, run.Cancellation).ConfigureAwait(false))
            {
                switch (result)
                {
                    case IntakeProblem problem:
                        terminal.Note($"error: {problem.Path}{(problem.Line is { } line ? $", line {line}" : "")}: {problem.Message}");
                        exit = ExitCodes.Refused;
                        break;
                    case FrozenDocument document:
                        var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), run.Cancellation).ConfigureAwait(false);
                        if (run.Json)
                        {
                            items.Add(ExtractionJson.Of(document, found));
                        }
                        else
                        {
                            Show(terminal, document, found);
                        }

                        break;
                }
            }

            if (run.Json)
            {
                terminal.Json(items);
            }

            return exit;
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
        terminal.Line($"{document.Path}: “{document.Title}”, {document.PublishedAt}");
        foreach (var finding in found.All)
        {
            var words = RecordTable.OneLine(string.Join(" … ", finding.Content.Select(range => range.Of(document.Text))));
            terminal.Line(finding switch
            {
                QuoteFinding quote => $"  quote     {RecordTable.Name(quote.Directness)}, {Who(quote, document)}: “{words}”",
                ClaimFinding claim => $"  claim     {RecordTable.Name(claim.Modality)}, {Who(claim, document)}: {words}",
                QuestionFinding question => $"  question  {RecordTable.Name(question.Kind)}{(question.Expected is { } days ? $", expected {days}" : "")}: {question.Text}",
                OccasionFinding occasion => $"  occasion  {(occasion.Expected is { } days ? days.ToString() : "undated")}: {occasion.What}",
                _ => words,
            });
        }

        terminal.Line();
    }

    private static string Who(AttributedFinding finding, FrozenDocument document) =>
        finding.Source?.Name ?? finding.Source?.Written?.Of(document.Text) ?? "(the document)";
}
