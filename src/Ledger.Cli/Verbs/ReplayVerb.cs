using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger replay STORY</c>: a story as it evolved, entry by entry, and what each changed.</summary>
internal static class ReplayVerb
{
    internal static Command Build(Terminal terminal)
    {
        var story = new Argument<string>("STORY") { Description = "The story's name, as 'ledger stories' lists it." };
        var clock = Clock.Option();
        var from = new Option<string?>("--from") { Description = "From this day or time (UTC) on; with --clock recorded also an index.", HelpName = "POINT" };
        var to = new Option<string?>("--to") { Description = "Through this day or time (UTC); with --clock recorded also an index.", HelpName = "POINT" };
        var step = new Option<bool>("--step") { Description = "Wait for Enter after each; q ends." };
        var command = new Verb("replay", "Step through a story: every entry, and what it changed.", "ledger replay csto-armenia --clock published --from 2022-11-01 --to 2022-11-30")
        {
            More = "As it was recorded, unless --clock says otherwise. With --json one object a line.",
        };
        command.Arguments.Add(story);
        foreach (var option in (Option[])[clock, from, to, step])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var published = run.IsPublished(clock, otherwise: false);
            var stretch = Clock.Stretch(run, from, to, published);
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var id = await session.StoryAsync(run.Get(story)!, run.Cancellation).ConfigureAwait(false);
            var telling = new Telling(session.Ledger, run.Cancellation);
            var json = new RecordJson(session, run.Cancellation);
            using var answers = new StreamReader(run.Terminal.Input, Encoding.UTF8, leaveOpen: true);
            var any = false;
            await foreach (var item in Replay.StepsAsync(session.Ledger, id, published, stretch.ToIndex, run.Cancellation).ConfigureAwait(false))
            {
                if (!stretch.Contains(item.Entry.Index, item.Entry.Envelope.RecordedAt, item.Published))
                {
                    continue;
                }

                if (any && run.Get(step) && !await GoesOnAsync(run, answers).ConfigureAwait(false))
                {
                    break;
                }

                any = true;
                var told = await telling.OfAsync(item.Entry).ConfigureAwait(false);
                if (run.Json)
                {
                    run.Terminal.JsonLine(await JsonAsync(json, item, told).ConfigureAwait(false));
                }
                else
                {
                    Write(run.Terminal, item, told, published);
                }
            }

            if (!any)
            {
                run.Terminal.Note("Nothing was " + (published ? "published" : "recorded") + " there.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<bool> GoesOnAsync(Run run, StreamReader answers)
    {
        if (run.Terminal.IsPerson)
        {
            run.Terminal.ErrorWriter.Write("Enter goes on, q ends: ");
        }

        var answer = await answers.ReadLineAsync(run.Cancellation).ConfigureAwait(false);
        return answer is not null && !answer.Trim().Equals("q", StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(Terminal terminal, ReplayStep step, string told, bool published)
    {
        var time = published ? RecordTable.Day(step.Published) : RecordTable.Minute(step.Entry.Envelope.RecordedAt);
        terminal.Prose($"{told} — {RecordTable.By(RecordedByName.Of(step.Entry))}", string.Create(CultureInfo.InvariantCulture, $"{step.Entry.Index,6}  {time,-10}  "), "        ");
        foreach (var effect in step.Changes.Select(ChangeTelling.Effect).Distinct())
        {
            terminal.Prose(effect, "        * ", "          ");
        }
    }

    private static async Task<JsonObject> JsonAsync(RecordJson json, ReplayStep step, string told)
    {
        var changes = new JsonArray();
        foreach (var change in step.Changes)
        {
            changes.Add(new JsonObject
            {
                ["view"] = change.View.Name,
                ["id"] = change.Record.Id.ToString(),
                ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(ChangeNote.KindOf(change).ToString()),
                ["told"] = ChangeTelling.Effect(change),
                ["before"] = change.Before is { } before ? await json.OfAsync(change.View, before).ConfigureAwait(false) : null,
                ["after"] = change.After is { } after ? await json.OfAsync(change.View, after).ConfigureAwait(false) : null,
            });
        }

        return new()
        {
            ["index"] = step.Entry.Index,
            ["id"] = step.Entry.Id.ToString(),
            ["type"] = step.Entry.Envelope.Type,
            ["recordedAt"] = step.Entry.Envelope.RecordedAt.ToString(),
            ["publishedAt"] = step.Published == Timestamp.MinValue ? null : step.Published.ToString(),
            ["recordedBy"] = RecordJson.By(RecordedByName.Of(step.Entry)),
            ["told"] = told,
            ["changes"] = changes,
        };
    }
}
