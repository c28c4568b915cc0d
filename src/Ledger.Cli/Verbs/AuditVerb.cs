using System.CommandLine;
using System.Globalization;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger audit</c>: who recorded what, when, on which words.</summary>
internal static class AuditVerb
{
    internal static Command Build(Terminal terminal)
    {
        var by = new Option<string?>("--by") { Description = "Only by this recorder, a person or a program, and by programs that acted for it.", HelpName = "NAME" };
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var from = new Option<string?>("--from") { Description = "Recorded on or after this day or time (UTC).", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Recorded up to the end of this day, or this time (UTC).", HelpName = "TIME" };
        var command = new Verb("audit", "Who recorded what, when, and on which words, in order.", "ledger audit --story csto-armenia --by ledger-rules");
        foreach (var option in (Option[])[by, story, from, to])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var begin = run.Get(from) is { } first ? AsOfOptions.Time("--from", first, endOfDay: false) : (Core.Entries.Timestamp?)null;
            var end = run.Get(to) is { } last ? AsOfOptions.Time("--to", last, endOfDay: true) : (Core.Entries.Timestamp?)null;
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = run.Get(by) is { } name ? [new FacetFilter("recorders", $"\n{name}\n", Contains: true)] : [],
                OldestFirst = true,
                // Ledger time decides, so that the range is a stretch of the ledger.
                BeganFrom = begin is { } start ? await session.Ledger.IndexAtAsync(new(start.Microseconds - 1), run.Cancellation).ConfigureAwait(false) + 1 : null,
                BeganTo = end is { } stop ? await session.Ledger.IndexAtAsync(stop, run.Cancellation).ConfigureAwait(false) : null,
            };
            if (run.Json)
            {
                var (records, _) = await ListVerbs.ReadAsync(run, session, ActivityView.View, query, AsOf.Now, null).ConfigureAwait(false);
                await ListVerbs.WriteAsync(run, session, ActivityView.View, records, false).ConfigureAwait(false);
                return ExitCodes.Done;
            }

            if (await WriteAsync(run, session, query).ConfigureAwait(false) == 0)
            {
                run.Terminal.Note("No entries match.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Page by page: an audit has no end that anybody would want to hold in memory.</summary>
    private static async Task<long> WriteAsync(Run run, Session session, ViewQuery query)
    {
        var titles = new RecordJson(session, run.Cancellation);
        if (!run.Terminal.IsPerson)
        {
            run.Terminal.Line("index\trecorded\tby\ttype\tid\twhat\twords\tranges\tdocument");
        }

        long count = 0;
        ViewCursor? next = null;
        do
        {
            var page = (await session.Mediator.Send(
                new ListRecords(ActivityView.View, query with { After = next, Limit = ViewQuery.MaxLimit }, AsOf.Now), run.Cancellation).ConfigureAwait(false)).Value;
            foreach (var entry in page.Records.Cast<ActivityRecord>())
            {
                var title = entry.Span is { } span ? await titles.TitleAsync(span.Document).ConfigureAwait(false) : null;
                if (run.Terminal.IsPerson)
                {
                    Write(run.Terminal, entry, title);
                }
                else
                {
                    run.Terminal.Line(string.Join('\t', Columns(entry, title)));
                }

                count++;
            }

            next = page.Next;
        }
        while (next is not null);

        return count;
    }

    private static string[] Columns(ActivityRecord entry, string? title) =>
    [
        entry.Index.ToString(CultureInfo.InvariantCulture), entry.RecordedAt.ToString(), RecordTable.By(entry.RecordedBy), entry.Type, ShortId.Of(entry.Id),
        RecordTable.OneLine(entry.Summary), RecordTable.OneLine(entry.Span?.Words), entry.Span is { } span ? string.Join(' ', span.Ranges) : "", title ?? "",
    ];

    private static void Write(Terminal terminal, ActivityRecord entry, string? title)
    {
        const string Indent = "        ";
        terminal.Prose($"{entry.Type} {ShortId.Of(entry.Id)}, {entry.RecordedAt} by {RecordTable.By(entry.RecordedBy)}", string.Create(CultureInfo.InvariantCulture, $"{entry.Index,6}  "), Indent);
        // A quote is its words.
        if (entry.Type != "quote.recorded" && entry.Summary is { } summary)
        {
            terminal.Prose(summary, Indent, Indent);
        }

        if (entry.Span is { } span)
        {
            terminal.Prose($"on “{span.Words}” ({string.Join(", ", span.Ranges)}) in “{title}”", Indent, Indent);
        }
    }
}
