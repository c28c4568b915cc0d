using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core.Reading;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger why ID</c>: walks back to words in a document.</summary>
internal static class WhyVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The id of anything recorded, or its first characters." };
        var command = new Verb("why", "Why the ledger says so: every entry it rests on, back to words in a document.", "ledger why 0f3a91c2") { More = "Lists show the ids." };
        command.Arguments.Add(id);
        command.Does(terminal, async run =>
        {
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var entry = await session.EntryAsync(run.Get(id)!, run.Cancellation).ConfigureAwait(false);
            var steps = (await session.Mediator.Send(new AskWhy(entry), run.Cancellation).ConfigureAwait(false)).Value;
            if (run.Json)
            {
                run.Terminal.Json(new JsonArray([.. steps.Select(Json)]));
                return ExitCodes.Done;
            }

            foreach (var step in steps)
            {
                var indent = new string(' ', step.Depth * 2);
                run.Terminal.Prose($"{(step.Depth == 0 ? "" : step.Relation + ": ")}{step.Type} {ShortId.Of(step.Entry)}{(step.Withdrawn is null ? "" : " (withdrawn)")}: {step.Summary ?? "(erased)"}", indent, indent + "  ");
                run.Terminal.Prose($"entry {step.Index}, recorded {RecordTable.Minute(step.RecordedAt)} by {RecordTable.By(step.RecordedBy)}", indent + "  ", indent + "  ");
                if (step.Words is { } words)
                {
                    WordsInContext.Write(run.Terminal, words, indent + "  ");
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static JsonNode Json(WhyStep step) => new JsonObject
    {
        ["id"] = step.Entry.ToString(),
        ["depth"] = step.Depth,
        ["relation"] = step.Relation,
        ["index"] = step.Index,
        ["hash"] = step.Hash.ToString(),
        ["type"] = step.Type,
        ["summary"] = step.Summary,
        ["recordedAt"] = step.RecordedAt.ToString(),
        ["recordedBy"] = RecordJson.By(step.RecordedBy),
        ["withdrawn"] = RecordJson.Withdrawn(step.Withdrawn),
        ["context"] = WordsInContext.Json(step.Words),
    };
}
