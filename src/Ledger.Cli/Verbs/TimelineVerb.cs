using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger timeline</c>: what happened, in order, by either clock.</summary>
internal static class TimelineVerb
{
    private static readonly ImmutableArray<string> Kinds = ["document", "statement", "question", "occasion", "desk"];

    internal static Command Build(Terminal terminal)
    {
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var clock = Clock.Option();
        var kind = ListVerbs.Choice("--kind", "Only of this kind", Kinds);
        var from = new Option<string?>("--from") { Description = "From this day or time (UTC) on; with --clock recorded also an index.", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Through this day or time (UTC); with --clock recorded also an index.", HelpName = "DATE" };
        var command = new Verb("timeline", "What happened, oldest first, as it was published or as it was recorded.", "ledger timeline --story csto-armenia --kind question --from 2022-10-01 --to 2022-11-30")
        {
            More = "Decisions of the desk (kind desk, question or occasion) name what they decide on.",
        };
        foreach (var option in (Option[])[story, clock, kind, from, to, AsOfOptions.AsOf])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var published = run.IsPublished(clock, otherwise: true);
            var stretch = Clock.Stretch(run, from, to, published);
            var asOf = AsOfOptions.Read(run) with { PublishedBy = null };
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = run.Get(kind) is { } only ? [new FacetFilter("kind", only.ToLowerInvariant())] : [],
                OldestFirst = true,
            };
            var (records, _) = await ListVerbs.ReadAsync(run, session, TimelineView.View, query, asOf, int.MaxValue).ConfigureAwait(false);
            var items = records.Cast<TimelineRecord>().Where(stretch.Contains);
            await WriteAsync(run, session, [.. published ? items.OrderBy(item => item.PublishedAt).ThenBy(item => item.Index) : items], published).ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WriteAsync(Run run, Session session, List<TimelineRecord> items, bool published)
    {
        var telling = new Telling(session.Ledger, run.Cancellation);
        var json = new RecordJson(session, run.Cancellation);
        var all = new JsonArray();
        var plain = !run.Json && !run.Terminal.IsPerson;
        if (plain)
        {
            run.Terminal.Line($"{(published ? "published" : "recorded")}\tid\tkind\ttype\ton\twhat");
        }

        foreach (var item in items)
        {
            var entry = (await session.Ledger.FindAsync(item.Id, PartSelection.Small, run.Cancellation).ConfigureAwait(false))!;
            var sentence = await telling.OfAsync(entry).ConfigureAwait(false);
            var time = published ? RecordTable.Day(item.PublishedAt) : RecordTable.Minute(item.RecordedAt);
            if (run.Json)
            {
                var node = await json.OfAsync(TimelineView.View, item).ConfigureAwait(false);
                node["told"] = sentence;
                node["subjectText"] = item.Subject is { } subject ? await telling.AboutAsync(subject).ConfigureAwait(false) : null;
                all.Add(node);
            }
            else if (plain)
            {
                run.Terminal.Line(string.Join('\t', time, ShortId.Of(item.Id), item.Kind, item.Type, item.On?.ToString(), RecordTable.OneLine(sentence)));
            }
            else
            {
                var head = $"{time,-10}  {ShortId.Of(item.Id)}  {item.Kind,-9}  ";
                run.Terminal.Prose(sentence + (item.On is { } days && !sentence.Contains(days.ToString(), StringComparison.Ordinal) ? $" ({days})" : ""), head, new(' ', head.Length));
            }
        }

        if (run.Json)
        {
            run.Terminal.Json(all);
        }
        else if (items.Count == 0)
        {
            run.Terminal.Note("Nothing happened there.");
        }
    }
}
