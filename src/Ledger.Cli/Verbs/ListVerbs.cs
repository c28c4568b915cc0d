using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary>The lists: one verb a view, each with the filters that make sense for it, as of any point.</summary>
internal static class ListVerbs
{
    internal static IEnumerable<Command> Build(Terminal terminal) =>
    [
        List(terminal, StoriesView.View, "The stories in the ledger.", "ledger stories"),
        List(terminal, DocumentsView.View, "The documents filed, and how much was found in each.", "ledger documents --story csto-armenia",
            Text("publisher", "Only from this publisher."), Among("status", "filed", "revised", "withdrawn")),
        List(terminal, QuotesView.View, "Who said what: direct, mixed and indirect.", "ledger quotes --speaker Pashinyan --directness direct",
            Contains("speaker", "Only speakers whose name contains this."), Among("directness", "direct", "mixed", "indirect"), Document(), Among("status", ["recorded", .. Standings])),
        List(terminal, ClaimsView.View, "What is asserted, and by whom.", "ledger claims --modality reportedAbsent",
            Contains("speaker", "Only by speakers whose name contains this."), Among("modality", "asserted", "denied", "expected", "asked", "reportedAbsent"), Document(),
            Among("status", ["asserted", .. Standings])),
        List(terminal, QuestionsView.View, "What is not known yet, and what was answered.", "ledger questions --published-by 2022-10-30",
            Among("kind", "unknown", "undisclosed", "pending", "underInvestigation"), Document(),
            Among("status", "open", "proposed", "answered", "ambiguous", "annulled", "rejected", "withdrawn")),
        List(terminal, OccasionsView.View, "Scheduled events that may settle questions.", "ledger occasions --story csto-armenia", Document(),
            Among("status", "scheduled", "moved", "held", "cancelled", "rejected", "withdrawn")),
        List(terminal, SpeakersView.View, "Who is quoted, under which names, and how often.", "ledger speakers --story csto-armenia",
            Contains("speaker", "Only speakers whose name contains this.")),
        List(terminal, ActivityView.View, "Every entry, newest first.", "ledger activity --type note.added",
            Among("type", [.. BodyTypes.All.Select(type => type.Name)]), Text("by", "Only by this recorder: a person's or program's name.")),
    ];

    /// <summary>What links and decisions make of a quote or claim.</summary>
    private static ImmutableArray<string> Standings => ["repeated", "updated", "contradicted", "corrected", "retracted", "rejected", "withdrawn"];

    private static Verb List(Terminal terminal, View view, string about, string example, params ImmutableArray<Filter> filters)
    {
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var all = new Option<bool>("--all") { Description = "Withdrawn and rejected ones too." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many (on a terminal {ViewQuery.DefaultLimit}, else all).", HelpName = "N" };
        var after = new Option<string?>("--after") { Description = "Go on where a page ended.", HelpName = "CURSOR" };
        var oldestFirst = new Option<bool>("--oldest-first") { Description = "In the order in which they were recorded." };
        var command = new Verb(view.Name, about, example);
        var hasStatus = view.Facets.Contains("status") && view != StoriesView.View;
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
            var cursor = Cursor(run.Get(after));
            if (run.Get(limit) is <= 0)
            {
                throw new UsageException("--limit takes a number from 1.");
            }

            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var where = new List<FacetFilter>();
            foreach (var filter in filters)
            {
                if (run.Get(filter.Option) is { } value)
                {
                    where.Add(new(
                        filter.Facet,
                        filter.Facet == "document" ? (await session.DocumentAsync(value, run.Cancellation).ConfigureAwait(false)).ToString() : filter.Spelled(value),
                        filter.Contains));
                }
            }

            var isFiltered = where.Count > 0 || run.Get(story) is not null || asOf != AsOf.Now;
            var withStatus = hasStatus && (run.Get(all) || where.Any(filter => filter.Facet == "status"));
            if (hasStatus && !withStatus)
            {
                where.AddRange([new("status", "withdrawn", Not: true), new("status", "rejected", Not: true)]);
            }

            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = [.. where],
                OldestFirst = run.Get(oldestFirst),
                After = cursor,
            };
            var (records, next) = await ReadAsync(run, session, view, query, asOf, run.Get(limit)).ConfigureAwait(false);
            await WriteAsync(run, session, view, records, withStatus, await AsOfOptions.DayOfAsync(session, asOf, run.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            if (records.Count == 0)
            {
                run.Terminal.Note(isFiltered ? $"No {view.Name} match." : $"There are no {view.Name}.");
            }

            if (next is { } place)
            {
                var total = (await session.Mediator.Send(new CountRecords(view, query, asOf), run.Cancellation).ConfigureAwait(false)).Value;
                run.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{records.Count:N0} of {total:N0}. The next ones: the same command with --after {place}"));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Reads a list to its end, or to a limit, with the place where the next page begins.</summary>
    internal static async Task<(List<ViewRecord> Records, ViewCursor? Next)> ReadAsync(Run run, Session session, View view, ViewQuery query, AsOf asOf, int? limit)
    {
        var wanted = limit ?? (run.Terminal.IsPerson && !run.Json ? ViewQuery.DefaultLimit : int.MaxValue);
        var records = new List<ViewRecord>();
        var next = query.After;
        do
        {
            var page = (await session.Mediator.Send(
                new ListRecords(view, query with { After = next, Limit = Math.Min(ViewQuery.MaxLimit, wanted - records.Count) }, asOf), run.Cancellation).ConfigureAwait(false)).Value;
            records.AddRange(page.Records);
            next = page.Next;
        }
        while (next is not null && records.Count < wanted);

        return (records, next);
    }

    /// <summary>Writes a list.</summary>
    /// <param name="run">What was asked.</param>
    /// <param name="session">The ledger.</param>
    /// <param name="view">The list's view.</param>
    /// <param name="records">Its records.</param>
    /// <param name="withStatus">Whether a person is told the status also where it tells nothing.</param>
    /// <param name="day">The day as of which it is read, by which a question is overdue; null for today.</param>
    internal static async Task WriteAsync(Run run, Session session, View view, List<ViewRecord> records, bool withStatus, DateOnly? day = null)
    {
        if (run.Json)
        {
            var items = new JsonArray();
            var json = new RecordJson(session, run.Cancellation, day);
            foreach (var record in records)
            {
                items.Add(await json.OfAsync(view, record).ConfigureAwait(false));
            }

            run.Terminal.Json(items);
        }
        else if (records.Count > 0 || !run.Terminal.IsPerson)
        {
            RecordTable.Write(run.Terminal, view, records, withStatus || RecordTable.TellsStatus(run.Terminal, records, day), day);
        }
    }

    internal static ViewCursor? Cursor(string? text) => text is null ? null
        : ViewCursor.TryParse(text, out var cursor) ? cursor
        : throw new UsageException($"'{text}' is not where a page ended.", "Copy it from the end of the page before.");

    private static Filter Text(string name, string about) => new(name, new("--" + name) { Description = about, HelpName = "TEXT" }, []);

    private static Filter Contains(string name, string about) => new(name, new("--" + name) { Description = about, HelpName = "TEXT" }, [], Contains: true);

    private static Filter Document() => new("document", new("--document") { Description = "Only from this document.", HelpName = "ID" }, []);

    private static Filter Among(string name, params ImmutableArray<string> values)
    {
        var option = Choice("--" + name, $"Only with this {name}", values);
        return new(name, option, values);
    }

    /// <summary>An option that takes one of some values, however the capitals are typed.</summary>
    internal static Option<string?> Choice(string name, string about, params ImmutableArray<string> values)
    {
        var option = new Option<string?>(name) { Description = $"{about}: {string.Join(", ", values[..^1])} or {values[^1]}.", HelpName = name[2..].ToUpperInvariant() };
        option.CompletionSources.Add([.. values]);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && !values.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name} does not take '{value}'; it takes {string.Join(", ", values[..^1])} or {values[^1]}.");
            }
        });
        return option;
    }

    private sealed record Filter(string Facet, Option<string?> Option, ImmutableArray<string> Values, bool Contains = false)
    {
        /// <summary>The value as the facet has it, however the capitals were typed.</summary>
        internal string Spelled(string value) => Values.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? value;
    }
}
