using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger changes</c>: what changed between two points, or since a reader last looked, as an editor would tell it.</summary>
internal static class ChangesVerb
{
    /// <summary>On a terminal a group shows so many.</summary>
    private const int Shown = 8;

    internal static Command Build(Terminal terminal)
    {
        var from = new Option<string?>("--from") { Description = "The point before: an index, a day (its end, UTC) or a time.", HelpName = "POINT" };
        var to = new Option<string?>("--to") { Description = "The point after; without it: now.", HelpName = "POINT" };
        var clock = Clock.Option();
        var published = new Option<bool>("--published") { Description = "The same as --clock published: both points are days of publication." };
        var since = new Option<string?>("--since") { Description = "Since this reader last asked; the first time: everything.", HelpName = "NAME" };
        var peek = new Option<bool>("--peek") { Description = "With --since: look, and leave the reader's place where it is." };
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var all = new Option<bool>("--all") { Description = $"Every line of a group; on a terminal the first {Shown} are shown." };
        var command = new Verb("changes", "What changed between two points, or since you last looked.", "ledger changes --from 2022-10-30 --to 2022-11-24 --published")
        {
            More = "Records, not entries: what was answered, is overdue, new, contradicted, put right or withdrawn.",
        };
        foreach (var option in (Option[])[from, to, clock, published, since, peek, story, all])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var byPublication = run.Get(published) || run.IsPublished(clock, otherwise: false);
            if (run.Get(from) is null == run.Get(since) is null || (run.Get(since) is not null && (run.Get(to) is not null || byPublication)))
            {
                throw new UsageException("'ledger changes' needs --from (and --to), or --since.", "For example --from 2022-10-30 --to 2022-11-24 --published, or --since Ada.");
            }

            if (run.Get(peek) && run.Get(since) is null)
            {
                throw new UsageException("--peek goes with --since.");
            }

            var today = DateOnly.FromDateTime(DateTime.UtcNow);
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            StoryId? only = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null;
            if (run.Get(since) is { } reader)
            {
                return await SinceAsync(run, session, reader.Trim(), only, today, run.Get(peek), run.Get(all)).ConfigureAwait(false);
            }

            var (first, last) = (Point("--from", run.Get(from)!, byPublication), run.Get(to) is { } end ? Point("--to", end, byPublication) : byPublication ? new(PublishedBy: today) : AsOf.Now);
            var outcome = await session.Mediator.Send(new AskChanges(first, last, only, today), run.Cancellation).ConfigureAwait(false);
            if (outcome.Error is { } error)
            {
                return run.Terminal.Fail(error);
            }

            await WriteAsync(run, session, outcome.Value, byPublication, $"From {run.Get(from)} to {run.Get(to) ?? "now"}{(byPublication ? ", as published" : "")}", run.Get(all)).ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> SinceAsync(Run run, Session session, string reader, StoryId? story, DateOnly today, bool peek, bool all)
    {
        if (reader.Length is 0 or > 200)
        {
            throw new UsageException("--since takes a name of at most 200 characters.");
        }

        var views = session.Views;
        // Before the answer is made: what comes meanwhile is told the next time.
        var progress = await views.ProgressAsync(run.Cancellation).ConfigureAwait(false);
        var kept = RecordChange.Views.Min(view => progress.TryGetValue(view.Name, out var far) ? far.Next : 0) - 1;
        var now = Timestamp.From(DateTimeOffset.UtcNow);
        var place = await views.PlaceAsync(reader, story, run.Cancellation).ConfigureAwait(false);
        var from = place is { Seen: >= 0 } ? new AsOf(Index: place.Seen) : new AsOf(Time: Timestamp.MinValue);
        var outcome = await session.Mediator.Send(new AskChanges(from, AsOf.Now, story, today, place?.At.Day), run.Cancellation).ConfigureAwait(false);
        if (outcome.Error is { } error)
        {
            return run.Terminal.Fail(error);
        }

        await WriteAsync(run, session, outcome.Value, false, place is null ? $"For {reader}, who has not looked before" : $"Since {reader} looked at {RecordTable.Minute(place.At)}", all).ConfigureAwait(false);
        if (!peek)
        {
            await run.Terminal.OutWriter.FlushAsync(run.Cancellation).ConfigureAwait(false);
            await views.SetPlaceAsync(reader, story, new(Math.Max(place?.Seen ?? -1, Math.Min(kept, outcome.Value.To)), now), run.Cancellation).ConfigureAwait(false);
        }

        return ExitCodes.Done;
    }

    private static AsOf Point(string option, string text, bool byPublication) =>
        byPublication ? new(PublishedBy: AsOfOptions.Day(option, text))
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new(Index: index)
        : new(Time: AsOfOptions.Time(option, text, endOfDay: true));

    private static async Task WriteAsync(Run run, Session session, ChangeReport report, bool byPublication, string title, bool all)
    {
        var groups = Groups(report);
        if (run.Json)
        {
            await WriteJsonAsync(run, session, report, groups, byPublication).ConfigureAwait(false);
            return;
        }

        if (groups.Count == 0)
        {
            run.Terminal.Prose($"{title}: nothing has changed.");
            return;
        }

        run.Terminal.Prose(title + ":");
        var telling = new ChangeTelling(session, run.Cancellation);
        foreach (var group in groups)
        {
            var lines = new List<(EntryId Id, string Text)>();
            foreach (var change in group.Changes)
            {
                if (await telling.OfAsync(group.Kind, change).ConfigureAwait(false) is { } text)
                {
                    lines.Add((change.Record.Id, text));
                }
            }

            var shown = all || !run.Terminal.IsPerson || lines.Count <= Shown + 1 ? lines.Count : Shown;
            run.Terminal.Line();
            run.Terminal.Prose(string.Create(
                CultureInfo.InvariantCulture, $"{ChangeTelling.Heading(group.Kind)}{(lines.Count == 1 ? "" : $" ({lines.Count}{(shown < lines.Count ? $", the first {shown} shown" : "")})")}"));
            foreach (var (id, text) in lines.Take(shown))
            {
                run.Terminal.Prose(text, $"  {ShortId.Of(id)}  ", "            ");
            }
        }
    }

    /// <summary>What is overdue stands where an editor tells it.</summary>
    private static List<ChangeGroup> Groups(ChangeReport report)
    {
        var overdue = report.Overdue.Select(question => new RecordChange(QuestionsView.View, question.Id.Value, question, question)).ToList();
        var groups = ChangeNote.Group(report.Changes).ToList();
        if (overdue.Count > 0)
        {
            groups.Add(new(ChangeKind.Overdue, [.. overdue]));
        }

        return [.. groups.OrderBy(group => group.Kind)];
    }

    private static async Task WriteJsonAsync(Run run, Session session, ChangeReport report, List<ChangeGroup> groups, bool byPublication)
    {
        var json = new RecordJson(session, run.Cancellation);
        var telling = new ChangeTelling(session, run.Cancellation);
        var all = new JsonArray();
        foreach (var group in groups)
        {
            var changes = new JsonArray();
            foreach (var change in group.Changes)
            {
                changes.Add(new JsonObject
                {
                    ["view"] = change.View.Name,
                    ["id"] = change.Record.Id.ToString(),
                    ["told"] = await telling.OfAsync(group.Kind, change).ConfigureAwait(false),
                    ["before"] = change.Before is { } before ? await json.OfAsync(change.View, before).ConfigureAwait(false) : null,
                    ["after"] = change.After is { } after ? await json.OfAsync(change.View, after).ConfigureAwait(false) : null,
                });
            }

            all.Add(new JsonObject
            {
                ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(group.Kind.ToString()),
                ["heading"] = ChangeTelling.Heading(group.Kind),
                ["changes"] = changes,
            });
        }

        run.Terminal.Json(new JsonObject { ["clock"] = byPublication ? "published" : "recorded", ["from"] = report.From, ["to"] = report.To, ["groups"] = all });
    }
}
