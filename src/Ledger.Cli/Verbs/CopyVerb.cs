using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core.Exchange;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger copy</c>: the whole ledger to another store, the same one there.</summary>
internal static class CopyVerb
{
    internal static Command Build(Terminal terminal)
    {
        var from = new Option<string?>("--from") { Description = $"The ledger: {StoreName.Forms}. Without it: the one that every command works on.", HelpName = "STORE" };
        var to = new Option<string>("--to") { Description = "An empty store, or one that holds an earlier copy.", HelpName = "STORE", Required = true };
        var command = new Verb("copy", "Take the whole ledger to another store, where it is the same ledger.", "ledger copy --from sqlite:ferry.db --to sqlite:moved.db")
        {
            More = "Every entry is verified on the way, and the root hash is the same on the other side: receipts, checkpoints and proofs stay valid. An interrupted copy goes on when it is repeated. Private keys are not copied.",
        };
        command.Options.Add(from);
        command.Options.Add(to);
        command.Does(terminal, async run =>
        {
            var (source, target) = (run.Get(from) is { } given ? StoreName.Parse(given) : run.Store, StoreName.Parse(run.Get(to)!));
            if (source == target)
            {
                throw new UsageException("--from and --to name the same store.");
            }

            var reading = await source.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = reading.ConfigureAwait(false);
            var undo = target.Undo();
            var kept = false;
            try
            {
                var writing = await target.OpenAsync(StoreAccess.Write, run.Cancellation).ConfigureAwait(false);
                await using var __ = writing.ConfigureAwait(false);
                try
                {
                    using var progress = new ProgressLine(terminal, "copied", (await reading.Log.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size);
                    var outcome = await Copy.RunAsync(reading.Log, writing.Log, progress, run.Cancellation).ConfigureAwait(false);
                    return outcome.Error is { } error
                        ? run.Terminal.Fail(error)
                        : await CopiedAsync(run, outcome.Value, writing).ConfigureAwait(false);
                }
                finally
                {
                    kept = (await writing.Log.HeadAsync(CancellationToken.None).ConfigureAwait(false)).Size > 0;
                }
            }
            finally
            {
                if (!kept)
                {
                    undo();
                }
            }
        });
        return command;
    }

    private static async Task<int> CopiedAsync(Run run, CopyReport report, OpenStore target)
    {
        await target.Keeper().CatchUpAsync(cancellation: run.Cancellation).ConfigureAwait(false);
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject { ["to"] = target.Name.ToString(), ["size"] = report.Size, ["added"] = report.Added, ["root"] = report.Root.ToString() });
        }
        else
        {
            run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Copied {report.Added:N0} entries to {target.Name}; it has {report.Size:N0}, as the ledger has."));
            run.Terminal.Line($"root {report.Root}");
        }

        return ExitCodes.Done;
    }
}
