using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Core.Integrity;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger verify</c>: whether anybody has touched what was recorded.</summary>
internal static class VerifyVerb
{
    internal static Command Build(Terminal terminal)
    {
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint that was kept elsewhere: also tells whether entries were removed, or all of them made anew.", HelpName = "FILE" };
        var views = new Option<bool>("--views") { Description = "Compare every list with a fresh computation from the entries." };
        var all = new Option<bool>("--all") { Description = "With --views: also what every entry changed; without it, of a large ledger what some 10,000 did, spread evenly." };
        var command = new Verb("verify", "Whether anybody has touched what was recorded.", "ledger verify --checkpoint ferry.checkpoint")
        {
            More = "Recomputes every hash, chain and quotation from what is stored, and names the first entry that does not hold; the exit code is 5 then.",
        };
        command.Options.Add(checkpoint);
        command.Options.Add(views);
        command.Options.Add(all);
        command.Does(terminal, async run =>
        {
            if (run.Get(all) && !run.Get(views))
            {
                throw new UsageException("--all goes with --views.");
            }

            var kept = run.Get(checkpoint) is { } path ? ReadCheckpoint(path) : null;
            var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var size = (await store.Log.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size;
            VerificationReport report;
            using (var progress = new ProgressLine(terminal, "verified", size))
            {
                report = await Verification.VerifyAsync(store.Log, kept, progress, run.Cancellation).ConfigureAwait(false);
            }

            ViewReport? lists = null;
            if (run.Get(views) && report.Failure is null)
            {
                // Of entries that do not hold, lists prove nothing.
                using var progress = new ProgressLine(terminal, "lists compared", size);
                lists = await ViewVerification.VerifyAsync(store.Log, store.Views, AllViews.List, progress, run.Get(all), run.Cancellation).ConfigureAwait(false);
            }

            if (run.Json)
            {
                WriteJson(run, report, lists);
            }
            else
            {
                Write(run, report, lists);
            }

            return Holds(report, lists) ? ExitCodes.Done : ExitCodes.Integrity;
        });
        return command;
    }

    private static bool Holds(VerificationReport report, ViewReport? lists) =>
        report.Failure is null && report.Checkpoint?.Failure is null && lists?.Failure is null;

    private static SignedNote ReadCheckpoint(string path) =>
        File.Exists(path) ? CheckpointReport.Read(path, File.ReadAllBytes(path)).Value : throw new LedgerException(LedgerError.NotFound("file-not-found", $"There is no file {path}."));

    private static void WriteJson(Run run, VerificationReport report, ViewReport? lists)
    {
        var answer = new JsonObject
        {
            ["holds"] = Holds(report, lists),
            ["size"] = report.Size,
            ["root"] = report.Root.ToString(),
            ["parts"] = report.Parts,
            ["spans"] = report.Spans,
            ["failure"] = report.Failure is { } failed
                ? new JsonObject { ["index"] = failed.Index, ["id"] = failed.Entry?.ToString(), ["reason"] = failed.Reason }
                : null,
        };
        if (report.Checkpoint is { } kept)
        {
            answer["checkpoint"] = new JsonObject
            {
                ["origin"] = kept.Checkpoint.Origin,
                ["size"] = kept.Checkpoint.Size,
                ["root"] = kept.Checkpoint.Root.ToString(),
                ["failure"] = kept.Failure is { } error ? new JsonObject { ["code"] = error.Code, ["reason"] = error.Message } : null,
            };
        }

        if (lists is not null)
        {
            answer["views"] = new JsonObject
            {
                ["records"] = lists.Records,
                ["versions"] = lists.Versions,
                ["ofEvery"] = lists.OfEvery,
                ["notKept"] = new JsonArray([.. lists.NotKept.Select(view => JsonValue.Create(view))]),
                ["failure"] = lists.Failure is { } wrong
                    ? new JsonObject { ["view"] = wrong.View, ["key"] = wrong.Key, ["index"] = wrong.Index, ["id"] = wrong.Entry?.ToString(), ["reason"] = wrong.Reason }
                    : null,
            };
        }

        run.Terminal.Json(answer);
    }

    private static void Write(Run run, VerificationReport report, ViewReport? lists)
    {
        if (report.Failure is { } failure)
        {
            run.Terminal.Note(string.Create(
                CultureInfo.InvariantCulture, $"error: entry {failure.Index}{(failure.Entry is { } id ? $" ({id})" : "")} does not hold: {failure.Reason}"));
            run.Terminal.Note($"hint: {report.Size} entries before it hold. Keep this file as it is, and compare with a backup or an export.");
            return;
        }

        run.Terminal.Prose(string.Create(
            CultureInfo.InvariantCulture, $"{(Holds(report, lists) ? "Everything holds" : "The entries hold in themselves")}: {report.Size:N0} entries, {report.Parts:N0} commitments, {report.Spans:N0} quotations re-read."));
        run.Terminal.Line($"root {report.Root}");
        if (report.Checkpoint is { Failure: { } error })
        {
            run.Terminal.Fail(error);
        }
        else if (report.Checkpoint is { } kept)
        {
            run.Terminal.Prose(string.Create(
                CultureInfo.InvariantCulture, $"The checkpoint holds: the first {kept.Checkpoint.Size:N0} entries are those that {kept.Checkpoint.Origin} signed."));
        }

        foreach (var view in lists?.NotKept ?? [])
        {
            run.Terminal.Note($"note: not compared, {view}.");
        }

        if (lists is { Failure: { } wrong })
        {
            run.Terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"error: the list {wrong.View} is not what the entries give, at {wrong.Key} as of {wrong.Index}{(wrong.Entry is { } entry ? $" (entry {entry})" : "")}: {wrong.Reason}"));
            run.Terminal.Note($"hint: The entries themselves hold. 'ledger rebuild {wrong.View}' makes the list anew.");
        }
        else if (lists is not null)
        {
            run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"The lists hold: {lists.Records:N0} records, and {lists.Versions:N0} as they were earlier{(lists.OfEvery > 1 ? $", from one of every {lists.OfEvery:N0} entries (with --all from every one)" : "")}."));
        }
    }
}
