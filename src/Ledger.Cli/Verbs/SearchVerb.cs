using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger search WORDS…</c>: where words stand, in texts and in what was recorded of them.</summary>
internal static class SearchVerb
{
    /// <summary>So much of a text is shown before and after the first words that were found.</summary>
    private const int Before = 80;
    private const int After = 160;

    internal static Command Build(Terminal terminal)
    {
        var words = new Argument<string[]>("WORDS") { Description = "Words that must all be found; several in quotation marks are a phrase.", Arity = ArgumentArity.OneOrMore };
        var kind = ListVerbs.Choice("--kind", "Only of this kind", "document", "quote", "claim", "question", "answer", "occasion", "note");
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var all = new Option<bool>("--all") { Description = "What was withdrawn or rejected too." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many (on a terminal {ViewQuery.DefaultLimit}, else all).", HelpName = "N" };
        var after = new Option<string?>("--after") { Description = "Go on where a page ended.", HelpName = "CURSOR" };
        var command = new Verb("search", "Where words stand, newest first.", "ledger search observers \"signing was postponed\" --kind quote")
        {
            More = "Searches the texts of documents and everything recorded in words. Capitals and accents make no difference; endings do.",
        };
        command.Arguments.Add(words);
        foreach (var option in (Option[])[kind, story, all, AsOfOptions.AsOf, AsOfOptions.PublishedBy, limit, after])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var asOf = AsOfOptions.Read(run);
            if (run.Get(limit) is <= 0)
            {
                throw new UsageException("--limit takes a number from 1.");
            }

            var cursor = ListVerbs.Cursor(run.Get(after));
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var where = run.Get(kind) is { } only ? [new FacetFilter("kind", only.ToLowerInvariant())] : new List<FacetFilter>();
            if (run.Get(all))
            {
                // A status that nothing has, not asked for: everything.
                where.Add(new("status", "", Not: true));
            }

            var query = new ViewQuery
            {
                Story = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null,
                Where = [.. where],
                After = cursor,
            };
            var asked = Query(run.Get(words)!);
            var (hits, next) = await ReadAsync(run, session, asked, query, asOf, run.Get(limit)).ConfigureAwait(false);
            await WriteAsync(run, session, hits).ConfigureAwait(false);
            if (hits.Count == 0)
            {
                run.Terminal.Note($"Nothing has {asked}." + (asked.Contains(' ', StringComparison.Ordinal) ? " All of it must stand in one text: try fewer words." : ""));
            }

            if (next is { } place)
            {
                run.Terminal.Note($"There are more. The next ones: the same command with --after {place}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What the shell took as one word with spaces in it was in quotation marks.</summary>
    private static string Query(string[] words) =>
        string.Join(' ', words.Select(word => word.Any(char.IsWhiteSpace) && word.IndexOfAny(['"', '“', '”', '„']) < 0 ? $"\"{word}\"" : word));

    private static async Task<(List<SearchHit> Hits, ViewCursor? Next)> ReadAsync(Run run, Session session, string asked, ViewQuery query, AsOf asOf, int? limit)
    {
        var wanted = limit ?? (run.Terminal.IsPerson && !run.Json ? ViewQuery.DefaultLimit : int.MaxValue);
        var hits = new List<SearchHit>();
        var next = query.After;
        do
        {
            var page = (await session.Mediator.Send(
                new AskSearch(asked, query with { After = next, Limit = Math.Min(ViewQuery.MaxLimit, wanted - hits.Count) }, asOf), run.Cancellation).ConfigureAwait(false)).Value;
            hits.AddRange(page.Hits);
            next = page.Next;
        }
        while (next is not null && hits.Count < wanted);

        return (hits, next);
    }

    private static async Task WriteAsync(Run run, Session session, List<SearchHit> hits)
    {
        var json = new RecordJson(session, run.Cancellation);
        if (run.Json)
        {
            var items = new JsonArray();
            foreach (var hit in hits)
            {
                items.Add(await JsonAsync(json, hit).ConfigureAwait(false));
            }

            run.Terminal.Json(items);
            return;
        }

        if (!run.Terminal.IsPerson)
        {
            run.Terminal.Line("id\tpublished\tkind\tline\tdocument\twords");
        }

        foreach (var hit in hits)
        {
            var record = hit.Record;
            var title = await TitleAsync(json, record).ConfigureAwait(false);
            if (run.Terminal.IsPerson)
            {
                var place = title is null ? "" : $", {(record.Kind == "document" ? "" : "in ")}“{title}”" + (Line(hit) is { } line ? string.Create(CultureInfo.InvariantCulture, $", line {line}") : "");
                var fallen = record.Status == "found" ? "" : ", " + record.Status;
                run.Terminal.Prose($"{RecordTable.Day(record.PublishedAt)}  {record.Kind}{fallen}{place}", ShortId.Of(record.Id) + "  ", "          ");
                WordsInContext.WriteMarked(run.Terminal, Marked(hit), "          ");
            }
            else
            {
                run.Terminal.Line(string.Join('\t', ShortId.Of(record.Id), RecordTable.Day(record.PublishedAt), record.Kind, Line(hit)?.ToString(CultureInfo.InvariantCulture), title, RecordTable.OneLine(Marked(hit))));
            }
        }
    }

    private static async Task<JsonObject> JsonAsync(RecordJson json, SearchHit hit)
    {
        var item = await json.OfAsync(SearchView.View, hit.Record).ConfigureAwait(false);
        item["title"] = await TitleAsync(json, hit.Record).ConfigureAwait(false);
        item["snippet"] = Marked(hit);
        item["line"] = Line(hit);
        item["found"] = new JsonArray([.. hit.Found.Select(range => (JsonNode)new JsonArray(range.Start, range.End))]);
        return item;
    }

    private static async Task<string?> TitleAsync(RecordJson json, SearchRecord record) =>
        record.Kind == "document" ? record.Text : record.Document is { } document ? await json.TitleAsync(document).ConfigureAwait(false) : null;

    /// <summary>The line of a document's text on which the first words stand, from 1.</summary>
    private static int? Line(SearchHit hit) =>
        hit is { Record.Kind: "document", Text: { } text, Found: [var first, ..] } ? text.AsSpan(0, first.Start).Count('\n') + 1 : null;

    /// <summary>The part of the text where most of them stand together, with all that were found there in double brackets.</summary>
    private static string Marked(SearchHit hit)
    {
        if (hit.Text is not { } text || hit.Found.IsEmpty)
        {
            return hit.Record.Text;
        }

        var best = hit.Found.MaxBy(range => hit.Found.Count(other => other.Start >= range.Start && other.End <= range.End + After));
        var (from, to) = (best.Start - Before, best.End + After);
        from = from <= 0 ? 0 : text.IndexOfAny([' ', '\n'], from) is var space && space >= 0 && space < best.Start ? space + 1 : best.Start;
        to = to >= text.Length ? text.Length : text.LastIndexOfAny([' ', '\n'], to - 1) is var last && last >= best.End ? last : best.End;
        var marked = new StringBuilder(from > 0 ? "… " : "");
        foreach (var range in hit.Found.Where(range => range.Start >= from && range.End <= to))
        {
            if (range.Start >= from)
            {
                marked.Append(text, from, range.Start - from).Append("[[").Append(text, range.Start, range.Length).Append("]]");
                from = range.End;
            }
        }

        return marked.Append(text, from, to - from).Append(to < text.Length ? " …" : "").ToString();
    }
}
