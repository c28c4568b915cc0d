using System.CommandLine;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger audit</c>: who recorded what, when, on which words.</summary>
internal static class AuditVerb
{
    internal static Command Build(Terminal terminal)
    {
        var by = new Option<string?>("--by") { Description = "Only by this recorder: a person's or program's name.", HelpName = "NAME" };
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var from = new Option<string?>("--from") { Description = "Recorded on or after this day or time (UTC).", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Recorded up to the end of this day, or this time (UTC).", HelpName = "TIME" };
        var command = new Command("audit", "Who recorded what, when, and on which words, in order.\n\nExample: ledger audit --by Ada --from 2022-11-01");
        foreach (var option in (Option[])[by, story, from, to])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = run.Get(by) is { } name ? [new FacetFilter("by", name)] : [],
                OldestFirst = true,
                // Ledger time decides, so that the range is a stretch of the ledger.
                BeganFrom = run.Get(from) is { } first
                    ? await session.Ledger.IndexAtAsync(new(AsOfOptions.Time("--from", first, endOfDay: false).Microseconds - 1), run.Cancellation).ConfigureAwait(false) + 1
                    : null,
                BeganTo = run.Get(to) is { } last
                    ? await session.Ledger.IndexAtAsync(AsOfOptions.Time("--to", last, endOfDay: true), run.Cancellation).ConfigureAwait(false)
                    : null,
            };
            if (run.Json)
            {
                return await ListVerbs.WriteAsync(run, session, ActivityView.View, query, AsOf.Now, null, false).ConfigureAwait(false);
            }

            await WriteAsync(run, session, query).ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WriteAsync(Run run, Session session, ViewQuery query)
    {
        var titles = new RecordJson(session, run.Cancellation);
        ViewCursor? next = null;
        do
        {
            var page = (await session.Mediator.Send(
                new ListRecords(ActivityView.View, query with { After = next, Limit = ViewQuery.MaxLimit }, AsOf.Now), run.Cancellation).ConfigureAwait(false)).Value;
            foreach (var entry in page.Records.Cast<ActivityRecord>())
            {
                run.Terminal.Line($"{entry.Index,6}  {entry.RecordedAt}  {RecordTable.By(entry.RecordedBy)}  {entry.Type}  {ShortId.Of(entry.Id)}  {RecordTable.OneLine(entry.Summary)}");
                if (entry.Span is { } span)
                {
                    run.Terminal.Line($"        on “{RecordTable.OneLine(span.Words)}” ({string.Join(", ", span.Ranges)}) in “{await titles.TitleAsync(span.Document).ConfigureAwait(false)}”");
                }
            }

            next = page.Next;
        }
        while (next is not null);
    }
}
