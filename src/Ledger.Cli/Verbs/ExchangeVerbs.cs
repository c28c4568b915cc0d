using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Core.Exchange;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger export</c>: the whole ledger as lines of JSON that anybody can recompute.</summary>
internal static class ExportVerb
{
    internal static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Where to; - or nothing for the screen.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "-" };
        var command = new Verb("export", "Write the whole ledger as lines of JSON, complete and checkable by others.", "ledger export story.ndjson") { More = "The lines are described in docs/formats.md." };
        command.Arguments.Add(file);
        command.Does(terminal, async run =>
        {
            var path = run.Get(file)!;
            // Before the ledger is open: closing a file lets go of every lock that the process has on it, SQLite's too.
            RefuseOther(path);
            var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            if (path == "-")
            {
                await Export.WriteAsync(store.Log, terminal.RawOutput, cancellation: run.Cancellation).ConfigureAwait(false);
                return ExitCodes.Done;
            }

            // Written beside and moved into place: a file of that name is always a whole export.
            var partial = path + ".partial";
            long count;
            try
            {
                var output = File.Create(partial);
                await using (output.ConfigureAwait(false))
                {
                    using var progress = new ProgressLine(terminal, "exported");
                    count = await Export.WriteAsync(store.Log, output, progress, run.Cancellation).ConfigureAwait(false);
                }

                File.Move(partial, path, overwrite: true);
            }
            finally
            {
                File.Delete(partial);
            }

            if (run.Json)
            {
                terminal.Json(new JsonObject { ["file"] = path, ["entries"] = count });
            }
            else
            {
                terminal.Line($"Exported {count} entries to {path}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>An export replaces an older export, and never a ledger, a document or anything else.</summary>
    private static void RefuseOther(string path)
    {
        if (Directory.Exists(path))
        {
            throw new LedgerException(LedgerError.Refused("not-an-export", $"{path} is a folder.", "Name a file to export to."));
        }

        if (FileTypes.IsSpecial(path))
        {
            throw new LedgerException(LedgerError.Refused("not-an-export", $"{path} is not a regular file, but a pipe, socket or device.", "Without FILE the export goes to standard output, and from there into any pipe."));
        }

        if (File.Exists(path))
        {
            using var file = File.OpenRead(path);
            Span<byte> first = stackalloc byte[10];
            var read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            if (read > 0 && !first[..read].SequenceEqual("{\"export\":"u8))
            {
                throw new LedgerException(LedgerError.Refused("not-an-export", $"{path} is there already and is no export; it was not touched.", "Name another file."));
            }
        }
    }
}

/// <summary><c>ledger import</c>: takes an export into a new ledger, or goes on where one ends.</summary>
internal static class ImportVerb
{
    internal static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "An export." };
        var command = new Verb("import", "Take in an export: all of it, or nothing.", "ledger import story.ndjson --db copy.db")
        {
            More = "The whole file is verified first. The ledger (--db) is new, or holds the beginning of the export.",
        };
        command.Arguments.Add(file);
        command.Does(terminal, async run =>
        {
            var path = run.Get(file)!;
            if (!File.Exists(path))
            {
                return terminal.Fail(Directory.Exists(path)
                    ? LedgerError.Refused("import-not-valid", $"{path} is a folder.", "Name the file that 'ledger export' wrote.")
                    : LedgerError.NotFound("file-not-found", $"There is no file {path}."));
            }

            var undo = run.Store.Undo();
            var kept = false;
            try
            {
                var store = await run.Store.OpenAsync(StoreAccess.Write, run.Cancellation).ConfigureAwait(false);
                await using var _ = store.ConfigureAwait(false);
                Outcome<ImportReport> outcome;
                using (var progress = new ProgressLine(terminal, "verified"))
                {
                    outcome = await Import.ReadAsync(path, store.Log, progress, run.Cancellation).ConfigureAwait(false);
                }

                if (outcome.Error is { } error)
                {
                    return terminal.Fail(error);
                }

                kept = true;
                await store.Keeper().CatchUpAsync(cancellation: run.Cancellation).ConfigureAwait(false);
                if (run.Json)
                {
                    terminal.Json(new JsonObject { ["size"] = outcome.Value.Size, ["added"] = outcome.Value.Added });
                }
                else
                {
                    terminal.Line($"Imported {outcome.Value.Added} entries; the ledger has {outcome.Value.Size}.");
                }

                return ExitCodes.Done;
            }
            finally
            {
                if (!kept)
                {
                    // A refused import leaves no empty ledger behind.
                    undo();
                }
            }
        });
        return command;
    }
}
