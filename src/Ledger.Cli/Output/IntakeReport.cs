using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Intake;

namespace Ledger.Cli;

/// <summary>What was wrong or odd with files, each with its line and reason.</summary>
internal static class IntakeReport
{
    internal static void Write(Terminal terminal, IReadOnlyList<IntakeResult> results)
    {
        foreach (var result in results)
        {
            switch (result)
            {
                case IntakeProblem problem:
                    terminal.Note($"error: {Place(problem.Path, problem.Line)}: {problem.Message}");
                    if (problem.Hint is { } hint)
                    {
                        terminal.Note($"hint: {hint}");
                    }

                    break;
                // A folder's own README is no document, and nobody expects it to be.
                case SkippedFile { Code: not IntakeCodes.Companion } skipped:
                    terminal.Note($"skipped: {skipped.Path}: {skipped.Message}");
                    break;
                case FrozenDocument document:
                    foreach (var warning in document.Warnings)
                    {
                        terminal.Note($"warning: {Place(document.Path, warning.Line)}: {warning.Message}");
                    }

                    break;
            }
        }
    }

    /// <summary>The exit code where nothing else came of the files: not found, when that is all that is wrong with them.</summary>
    internal static int ExitOf(IReadOnlyCollection<IntakeProblem> problems) =>
        problems.Count == 0 ? ExitCodes.Done : problems.All(problem => problem.Code == IntakeCodes.Missing) ? ExitCodes.NotFound : ExitCodes.Refused;

    internal static JsonObject Json(IntakeProblem problem) => new()
    {
        ["path"] = problem.Path,
        ["line"] = problem.Line,
        ["code"] = problem.Code,
        ["message"] = problem.Message,
        ["hint"] = problem.Hint,
    };

    private static string Place(string path, int? line) => line is { } at ? string.Create(CultureInfo.InvariantCulture, $"{path}, line {at}") : path;
}
