using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary>The lists: one verb a view, each with the filters that make sense for it, as of any point.</summary>
internal static class ListVerbs
{
    internal static IEnumerable<Command> Build(Terminal terminal) =>
    [
        List(terminal, StoriesView.View, "The stories in the ledger.", "ledger stories"),
        List(terminal, DocumentsView.View, "The documents filed, and how much was found in each.", "ledger documents --story csto-armenia", Equal("publisher", "Only from this publisher."), Status()),
        List(terminal, QuotesView.View, "Who said what: direct, mixed and indirect.", "ledger quotes --speaker Pashinyan",
            Contains("speaker", "Only speakers whose name contains this."), Equal("directness", "direct, mixed or indirect.", "direct", "mixed", "indirect"), Document(), Status()),
        List(terminal, ClaimsView.View, "What is asserted, and by whom.", "ledger claims --modality reportedAbsent",
            Contains("speaker", "Only by speakers whose name contains this."),
            Equal("modality", "asserted, denied, expected, asked or reportedAbsent.", "asserted", "denied", "expected", "asked", "reportedAbsent"), Document(), Status()),
        List(terminal, QuestionsView.View, "What is not known yet.", "ledger questions --published-by 2022-10-30",
            Equal("kind", "unknown, undisclosed, pending or underInvestigation.", "unknown", "undisclosed", "pending", "underInvestigation"), Document(), Status()),
        List(terminal, OccasionsView.View, "Scheduled events that may settle questions.", "ledger occasions --story csto-armenia", Document(), Status()),
        List(terminal, ActivityView.View, "Every entry, newest first.", "ledger activity --type note.added", Equal("type", "Only entries of this type (quote.recorded, note.added …)."), Equal("by", "Only by this recorder.")),
    ];

    private static Command List(Terminal terminal, View view, string about, string example, params ImmutableArray<Filter> filters)
    {
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var all = new Option<bool>("--all") { Description = "Withdrawn ones too." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many (on a terminal {ViewQuery.DefaultLimit}, else all).", HelpName = "N" };
        var after = new Option<string?>("--after") { Description = "Go on where a page ended.", HelpName = "CURSOR" };
        var oldestFirst = new Option<bool>("--oldest-first") { Description = "In the order in which they were recorded." };
        var command = new Command(view.Name, $"{about}\n\nExample: {example}");
        var hasStatus = view.Facets.Contains("status");
        if (view != StoriesView.View)
        {
            command.Options.Add(story);
        }

        foreach (var filter in filters)
        {
            command.Options.Add(filter.Option);
        }

        if (hasStatus)
        {
            command.Options.Add(all);
        }

        foreach (var option in (Option[])[AsOfOptions.AsOf, AsOfOptions.PublishedBy, limit, after, oldestFirst])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var asOf = AsOfOptions.Read(run);
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var where = filters.Where(filter => run.Get(filter.Option) is not null).Select(filter => new FacetFilter(filter.Facet, run.Get(filter.Option)!, filter.Contains)).ToList();
            var withStatus = hasStatus && (run.Get(all) || where.Any(filter => filter.Facet == "status"));
            if (hasStatus && !withStatus)
            {
                where.Add(new("status", "withdrawn", Not: true));
            }

            for (var i = 0; i < where.Count; i++)
            {
                if (where[i].Facet == "document")
                {
                    where[i] = where[i] with { Value = (await session.EntryAsync(where[i].Value, run.Cancellation).ConfigureAwait(false)).ToString() };
                }
            }

            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = [.. where],
                OldestFirst = run.Get(oldestFirst),
                After = Cursor(run.Get(after)),
            };
            return await WriteAsync(run, session, view, query, asOf, run.Get(limit), withStatus).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Writes a list to its end, or to a limit, saying where the next page begins.</summary>
    internal static async Task<int> WriteAsync(Run run, Session session, View view, ViewQuery query, AsOf asOf, int? limit, bool withStatus)
    {
        if (limit is <= 0)
        {
            throw new LedgerException(LedgerError.Refused("limit-not-valid", "--limit takes a number from 1."));
        }

        var wanted = limit ?? (run.Terminal.IsPerson && !run.Json ? ViewQuery.DefaultLimit : int.MaxValue);
        var records = new List<ViewRecord>();
        ViewCursor? next = query.After;
        do
        {
            var page = (await session.Mediator.Send(
                new ListRecords(view, query with { After = next, Limit = Math.Min(ViewQuery.MaxLimit, wanted - records.Count) }, asOf), run.Cancellation).ConfigureAwait(false)).Value;
            records.AddRange(page.Records);
            next = page.Next;
        }
        while (next is not null && records.Count < wanted);

        if (run.Json)
        {
            var items = new JsonArray();
            var json = new RecordJson(session, run.Cancellation);
            foreach (var record in records)
            {
                items.Add(await json.OfAsync(view, record).ConfigureAwait(false));
            }

            run.Terminal.Json(items);
        }
        else if (records.Count == 0)
        {
            run.Terminal.Note($"No {view.Name}{(asOf == AsOf.Now ? "" : " at that point")}.");
        }
        else
        {
            RecordTable.Write(run.Terminal, view, records, withStatus);
        }

        if (next is { } cursor)
        {
            run.Terminal.Note($"There are more: go on with --after {cursor}");
        }

        return ExitCodes.Done;
    }

    private static ViewCursor? Cursor(string? text) => text is null ? null
        : ViewCursor.TryParse(text, out var cursor) ? cursor
        : throw new LedgerException(LedgerError.Refused("cursor-not-valid", $"'{text}' is not where a page ended.", "Copy it from the end of the page before."));

    private static Filter Equal(string name, string about, params string[] values)
    {
        var option = new Option<string?>("--" + name) { Description = about, HelpName = values.Length > 0 ? string.Join('|', values) : "TEXT" };
        if (values.Length > 0)
        {
            option.AcceptOnlyFromAmong(values);
        }

        return new(name, option, false);
    }

    private static Filter Contains(string name, string about) => new(name, new("--" + name) { Description = about, HelpName = "TEXT" }, true);

    private static Filter Document() => Equal("document", "Only from this document (its id).");

    private static Filter Status() => Equal("status", "Only with this status (open, filed, asserted, withdrawn …).");

    private sealed record Filter(string Facet, Option<string?> Option, bool Contains);
}
