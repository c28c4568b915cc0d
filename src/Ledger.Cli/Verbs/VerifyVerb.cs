using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core.Integrity;
using Ledger.Sqlite;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger verify</c>: whether anybody has touched what was recorded.</summary>
internal static class VerifyVerb
{
    internal static Command Build(Terminal terminal)
    {
        var command = new Verb("verify", "Whether anybody has touched what was recorded.", "ledger verify")
        {
            More = "Recomputes every hash, chain and quotation from what is stored, and names the first entry that does not hold; the exit code is 5 then.",
        };
        command.Does(terminal, async run =>
        {
            var ledger = SqliteLedger.Open(run.Db, SqliteAccess.Read);
            await using var _ = ledger.ConfigureAwait(false);
            VerificationReport report;
            using (var progress = new ProgressLine(terminal, "verified", (await ledger.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size))
            {
                report = await Verification.VerifyAsync(ledger, progress, run.Cancellation).ConfigureAwait(false);
            }

            Write(run, report);
            return report.Failure is null ? ExitCodes.Done : ExitCodes.Integrity;
        });
        return command;
    }

    private static void Write(Run run, VerificationReport report)
    {
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject
            {
                ["holds"] = report.Failure is null,
                ["size"] = report.Size,
                ["root"] = report.Root.ToString(),
                ["parts"] = report.Parts,
                ["spans"] = report.Spans,
                ["failure"] = report.Failure is { } failed
                    ? new JsonObject { ["index"] = failed.Index, ["id"] = failed.Entry?.ToString(), ["reason"] = failed.Reason }
                    : null,
            });
        }
        else if (report.Failure is { } failure)
        {
            run.Terminal.Note(string.Create(
                CultureInfo.InvariantCulture, $"error: entry {failure.Index}{(failure.Entry is { } id ? $" ({id})" : "")} does not hold: {failure.Reason}"));
            run.Terminal.Note($"hint: {report.Size} entries before it hold. Keep this file as it is, and compare with a backup or an export.");
        }
        else
        {
            run.Terminal.Prose(string.Create(
                CultureInfo.InvariantCulture, $"Everything holds: {report.Size:N0} entries, {report.Parts:N0} commitments, {report.Spans:N0} quotations re-read."));
            run.Terminal.Line($"root {report.Root}");
        }
    }
}
