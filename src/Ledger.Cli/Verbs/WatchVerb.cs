using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger watch</c>: entries as they are recorded, by this machine's other programs too.</summary>
internal static class WatchVerb
{
    internal static Command Build(Terminal terminal)
    {
        var from = new Option<long?>("--from") { Description = "First what was recorded from this index on; without it, only what comes.", HelpName = "INDEX" };
        var type = ListVerbs.Choice("--type", "Only entries of this type", [.. BodyTypes.All.Select(known => known.Name)]);
        var story = new Option<string?>("--story") { Description = "Only this story.", HelpName = "SLUG" };
        var question = new Option<string?>("--question") { Description = "Only what is recorded on this question, its answers and its occasion.", HelpName = "ID" };
        var command = new Verb("watch", "Every entry as it is recorded, until Ctrl-C; also while another program records.", "ledger watch --from 0 --type question.raised")
        {
            More = "A line an entry; with --json an object a line.",
        };
        foreach (var option in (Option[])[from, type, story, question])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            if (run.Get(from) is < 0)
            {
                throw new UsageException("--from takes an index from 0.");
            }

            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var size = (await session.Ledger.HeadAsync(run.Cancellation).ConfigureAwait(false)).Size;
            var next = run.Get(from) ?? size;
            if (next > size)
            {
                return run.Terminal.Fail(LedgerError.NotFound("index-not-there", $"There is no index {next}: the ledger has {size} entries.", $"--from {size} waits for the next."));
            }

            StoryId? only = run.Get(story) is { } slug ? await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false) : null;
            var about = run.Get(question) is { } id ? await QuestionThread.ReadAsync(session, id, next, run.Cancellation).ConfigureAwait(false) : null;
            var lines = new WatchLines(run, session);
            if (run.Terminal.IsPerson)
            {
                run.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Watching from index {next}. Ctrl-C ends it."));
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
            var left = StopWhenReaderLeavesAsync(run.Terminal, stop);
            try
            {
                await foreach (var entry in session.Ledger.FollowAsync(next, stop.Token).ConfigureAwait(false))
                {
                    if ((only is null || entry.Story == only) && (about is null || about.Takes(entry))
                        && (run.Get(type) is not { } wanted || entry.Envelope.Type.Equals(wanted, StringComparison.OrdinalIgnoreCase)))
                    {
                        await lines.WriteAsync(entry).ConfigureAwait(false);
                    }

                    next = entry.Index + 1;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                if (await left.ConfigureAwait(false))
                {
                    return ExitCodes.Done;
                }

                run.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Stopped. Go on with the same command and --from {next}"));
            }

            return ExitCodes.Interrupted;
        });
        return command;
    }

    private static async Task<bool> StopWhenReaderLeavesAsync(Terminal terminal, CancellationTokenSource stop)
    {
        var left = await terminal.ReaderLeftAsync(stop.Token).ConfigureAwait(false);
        if (left)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        return left;
    }

    /// <summary>Entries as lines. Views may lag behind who records: everything is looked up among the entries.</summary>
    private sealed class WatchLines(Run run, Session session)
    {
        private readonly Telling telling = new(session.Ledger, run.Cancellation);
        private readonly Dictionary<StoryId, string> slugs = [];

        internal async Task WriteAsync(Entry entry)
        {
            var told = await telling.OfAsync(entry).ConfigureAwait(false);
            var by = RecordedByName.Of(entry);
            if (run.Json)
            {
                run.Terminal.JsonLine(new JsonObject
                {
                    ["index"] = entry.Index,
                    ["id"] = entry.Id.ToString(),
                    ["story"] = await SlugAsync(entry.Story).ConfigureAwait(false),
                    ["type"] = entry.Envelope.Type,
                    ["recordedAt"] = entry.Envelope.RecordedAt.ToString(),
                    ["recordedBy"] = RecordJson.By(by),
                    ["hash"] = entry.Hash.ToString(),
                    ["told"] = told,
                    ["body"] = entry.Part(Part.Body) is { } body ? JsonNode.Parse(body.Bytes.Span) : null,
                });
            }
            else
            {
                var index = entry.Index.ToString(CultureInfo.InvariantCulture);
                var time = RecordTable.Minute(entry.Envelope.RecordedAt);
                run.Terminal.Line(run.Terminal.IsPerson
                    ? $"{index}  {time}  {ShortId.Of(entry.Id)}  {RecordTable.OneLine(told)} — {RecordTable.By(by)}"
                    : string.Join('\t', index, entry.Envelope.RecordedAt, ShortId.Of(entry.Id), await SlugAsync(entry.Story).ConfigureAwait(false), entry.Envelope.Type, RecordTable.By(by), RecordTable.OneLine(told)));
            }
        }

        private async Task<string> SlugAsync(StoryId story)
        {
            if (story == StoryId.Reserved)
            {
                return "(ledger)";
            }

            if (!slugs.TryGetValue(story, out var slug))
            {
                slug = story.ToString();
                await foreach (var first in session.Ledger.ReadStoryAsync(story, 0, run.Cancellation).ConfigureAwait(false))
                {
                    slug = (first.Body as StoryOpened)?.Slug ?? slug;
                    break;
                }

                slugs[story] = slug;
            }

            return slug;
        }
    }
}
