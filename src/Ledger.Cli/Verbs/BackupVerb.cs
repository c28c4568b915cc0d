using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Sqlite;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger backup FILE</c>: a verified copy, also while the ledger is being written.</summary>
internal static class BackupVerb
{
    internal static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Where to; best on another disk." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Verb("backup", "Copy the ledger to another file, and verify the copy.", "ledger backup /mnt/safe/ferry.db")
        {
            More = "It may be written meanwhile; the copy is of the moment it began. It is a ledger like this one, without the private key (FILE.key).",
        };
        command.Arguments.Add(file);
        command.Options.Add(force);
        command.Does(terminal, async run =>
        {
            var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            if (store.Log is not SqliteLedger ledger)
            {
                return run.Terminal.Fail(LedgerError.Refused(
                    "backup-elsewhere", "Only a ledger in a file is backed up by this command.", $"'ledger copy --from {store.Name} --to sqlite:{run.Get(file)}' copies it to a file; for the server's own backup see docs/engines.md."));
            }

            BackupReport report;
            using (var progress = new ProgressLine(terminal, "verified", (await store.Log.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size))
            {
                report = await ledger.BackupAsync(run.Get(file)!, run.Get(force), progress, run.Cancellation).ConfigureAwait(false);
            }

            if (run.Json)
            {
                run.Terminal.Json(new JsonObject { ["file"] = report.File, ["size"] = report.Size, ["root"] = report.Root.ToString() });
            }
            else
            {
                run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Copied to {report.File}, and verified: {report.Size:N0} entries. The private key is not in it."));
                run.Terminal.Line($"root {report.Root}");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
