using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Views;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger rebuild</c>: makes lists anew from the entries.</summary>
internal static class RebuildVerb
{
    internal static Command Build(Terminal terminal)
    {
        var names = new Argument<string[]>("VIEW") { Description = "Which lists; all without any.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Verb("rebuild", "Make the lists anew from the entries.", "ledger rebuild questions") { More = "They are made beside the ones in use, and then put in their place." };
        command.Arguments.Add(names);
        command.Does(terminal, async run =>
        {
            var wanted = run.Get(names) is { Length: > 0 } given ? given.Select(Find).ToList() : [.. AllViews.List];
            var session = await Session.WriteAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var size = (await session.Ledger.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size;
            foreach (var view in wanted)
            {
                using var progress = new ProgressLine(terminal, $"{view.Name}:", size);
                await session.RebuildAsync(view, progress, run.Cancellation).ConfigureAwait(false);
            }

            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            if (run.Json)
            {
                run.Terminal.Json(new JsonObject { ["rebuilt"] = new JsonArray([.. wanted.Select(view => JsonValue.Create(view.Name))]), ["size"] = size });
            }
            else
            {
                run.Terminal.Prose($"Rebuilt from {size} entries: {string.Join(", ", wanted.Select(view => view.Name))}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static View Find(string name) => AllViews.Find(name) ?? throw new LedgerException(LedgerError.NotFound(
        "view-not-found",
        $"There is no list '{name}'.",
        Nearest.Of(name, AllViews.List.Select(view => view.Name)) is { } near ? $"Did you mean '{near}'?" : $"There are: {string.Join(", ", AllViews.List.Select(view => view.Name))}."));
}
