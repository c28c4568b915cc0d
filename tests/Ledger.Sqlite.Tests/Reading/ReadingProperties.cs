using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Sqlite.Tests.Reading;

/// <summary>What readers are promised, over random stories with links, corrections, withdrawals and resolutions.</summary>
public sealed class ReadingProperties
{
    private static readonly string[] Vocabulary = ["Erdoğan", "ERDOGAN", "Zürich", "zurich", "Ёлка", "елка", "Ελλάδα", "東京", "don't", "don’t", "ferry", "the"];

    private static readonly Gen<string> Text = Gen.Int[0, 11].Array[1, 8].Select(picks => string.Join(' ', picks.Select(pick => Vocabulary[pick])));

    private static readonly Gen<(int Kind, int Pick, int Other, string Text)[]> Steps = Gen.Select(Gen.Int[0, 11], Gen.Int[0, 99], Gen.Int[0, 99], Text).Array[5, 40];

    [Fact]
    public Task Changes_applied_to_what_was_give_what_is() => SampleAsync(async (ledger, mediator, story) =>
    {
        var head = (await ledger.HeadAsync()).LastIndex;
        for (var from = 0L; from <= head; from += 3)
        {
            for (var to = from; to <= head; to += 5)
            {
                var report = (await mediator.Send(new AskChanges(new(Index: from), new(Index: to), null, new(2022, 12, 1)))).Value;
                await CheckAsync(mediator, report, new(Index: from), new(Index: to));
            }
        }

        foreach (var (first, last) in ((int, int)[])[(1, 3), (2, 9), (4, 4)])
        {
            var (from, to) = (new AsOf(PublishedBy: new(2022, 11, first)), new AsOf(PublishedBy: new(2022, 11, last)));
            await CheckAsync(mediator, (await mediator.Send(new AskChanges(from, to, story, new(2022, 12, 1)))).Value, from, to, story);
        }
    });

    [Fact]
    public Task The_last_step_of_a_replay_is_the_story_as_it_is() => SampleAsync(async (ledger, mediator, story) =>
    {
        foreach (var published in (bool[])[false, true])
        {
            var records = RecordChange.Views.ToDictionary(view => view, _ => new Dictionary<Guid, ViewRecord>());
            await foreach (var step in Replay.StepsAsync(ledger, story, published))
            {
                foreach (var change in step.Changes)
                {
                    Apply(records[change.View], change);
                }
            }

            foreach (var view in RecordChange.Views)
            {
                Shown(view, records[view].Values).ShouldBe(Shown(view, await AllAsync(mediator, view, published ? new(PublishedBy: DateOnly.MaxValue) : AsOf.Now, story)), $"{view.Name}, by publication: {published}");
            }
        }
    });

    [Fact]
    public Task The_index_finds_what_reading_every_text_finds() => SampleAsync(async (ledger, mediator, story) =>
    {
        var head = (await ledger.HeadAsync()).LastIndex;
        foreach (var asked in (string[])["erdogan", "ZÜRICH", "\"the ferry\"", "елка ferry", "ελλαδα", "東京", "京", "don't", "t", "\"zurich the\" erdogan"])
        {
            foreach (var asOf in (AsOf[])[AsOf.Now, new(Index: head / 2)])
            {
                var phrases = SearchWords.Query(asked);
                var expected = new List<SearchRecord>();
                foreach (var record in (await AllAsync(mediator, SearchView.View, asOf, story)).Cast<SearchRecord>().Where(record => record.Withdrawn is null))
                {
                    var text = (await ledger.FindAsync(record.Id, PartSelection.All))!.Part(Part.Text) is { } part ? record.Text + "\n" + Encoding.UTF8.GetString(part.Bytes.Span) : record.Text;
                    if (!SearchWords.Find(text, phrases).IsEmpty)
                    {
                        expected.Add(record);
                    }
                }

                foreach (var query in (ViewQuery[])
                [
                    new() { Limit = 1000 }, new() { Limit = 2 }, new() { Limit = 1, OldestFirst = true }, new() { Limit = 2, Story = story }, new() { Story = StoryId.Reserved },
                    new() { Limit = 2, BeganFrom = head / 3, BeganTo = head * 2 / 3 }, new() { Limit = 2, BeganTo = head / 2, OldestFirst = true },
                ])
                {
                    var hits = expected.Where(record => record.StoryId == (query.Story ?? story) && record.Index >= (query.BeganFrom ?? 0) && record.Index <= (query.BeganTo ?? head)).Select(record => record.Id);
                    (await HitsAsync(mediator, asked, query, asOf)).ShouldBe(query.OldestFirst ? hits.Reverse() : hits, $"{asked}, {query}");
                }
            }
        }
    });

    /// <summary>What a search finds, page by page.</summary>
    private static async Task<List<EntryId>> HitsAsync(IMediator mediator, string asked, ViewQuery query, AsOf asOf)
    {
        var hits = new List<EntryId>();
        do
        {
            var page = (await mediator.Send(new AskSearch(asked, query, asOf))).Value;
            page.Hits.Length.ShouldBeLessThanOrEqualTo(query.Limit);
            hits.AddRange(page.Hits.Select(hit => hit.Record.Id));
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return hits;
    }

    private static async Task CheckAsync(IMediator mediator, ChangeReport report, AsOf from, AsOf to, StoryId? story = null)
    {
        foreach (var view in RecordChange.Views)
        {
            var records = new Dictionary<Guid, ViewRecord>();
            foreach (var record in await AllAsync(mediator, view, from, story))
            {
                records[Key(view, record)] = record;
            }

            foreach (var change in report.Changes.Where(change => change.View == view))
            {
                Apply(records, change with { Key = Key(view, change.Record) });
            }

            Shown(view, records.Values).ShouldBe(Shown(view, await AllAsync(mediator, view, to, story)), $"{view.Name} from {from} to {to}");
        }
    }

    private static Guid Key(View view, ViewRecord record) => record is SpeakerRecord speaker
        ? new(SHA256.HashData(Encoding.UTF8.GetBytes(speaker.Name.ToUpperInvariant())).AsSpan(0, 16))
        : view == StoriesView.View ? record.StoryId.Value : record.Id.Value;

    private static void Apply(Dictionary<Guid, ViewRecord> records, RecordChange change)
    {
        if (change.After is { } after)
        {
            records[change.Key] = after;
        }
        else
        {
            records.Remove(change.Key);
        }
    }

    private static async Task<IReadOnlyList<ViewRecord>> AllAsync(IMediator mediator, View view, AsOf asOf, StoryId? story) =>
        (await mediator.Send(new ListRecords(view, new() { Story = story, Limit = 1000 }, asOf))).Value.Records;

    private static List<string> Shown(View view, IEnumerable<ViewRecord> records) =>
        [.. records.Select(record => Encoding.UTF8.GetString(view.Write(record))).Order(StringComparer.Ordinal)];

    private static Task SampleAsync(Func<SqliteLedger, IMediator, StoryId, Task> check) => Steps.SampleAsync(
        async steps =>
        {
            await using var store = new SqliteStore();
            await using var opened = await store.OpenAsync(new ManualClock());
            var ledger = (SqliteLedger)opened.Log;
            await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/reading", default, Given.Ada, TimeProvider.System);
            await using var services = new ServiceCollection().AddLedger(ledger, ledger.Views).BuildServiceProvider();
            var story = ledger.Naming.Story("story");
            var teller = new Teller(services.GetRequiredService<IMediator>(), story);
            await teller.TellAsync(steps);
            await new ViewKeeper(ledger, ledger.Views, AllViews.List).CatchUpAsync();
            await check(ledger, services.GetRequiredService<IMediator>(), story);
        },
        iter: 15,
        threads: 1);

    /// <summary>Tells a story by random commands; those that the rules refuse are part of it.</summary>
    private sealed class Teller(IMediator mediator, StoryId story)
    {
        private readonly List<(EntryId Id, string Text)> documents = [];
        private readonly List<EntryId> quotes = [];
        private readonly List<EntryId> questions = [];
        private readonly List<EntryId> all = [];
        private readonly Dictionary<EntryId, QuoteRecorded> recorded = [];

        internal async Task TellAsync((int Kind, int Pick, int Other, string Text)[] steps)
        {
            await SubmitAsync(new OpenStory("Story", "story", "en", []));
            foreach (var (kind, pick, other, text) in steps)
            {
                await TellAsync(kind, pick, other, text);
            }
        }

        private async Task TellAsync(int kind, int pick, int other, string text)
        {
            if (documents.Count == 0 || kind < 2)
            {
                var url = $"https://example.org/{all.Count}";
                var description = new DocumentDescription($"About {text}", $"Publisher {other % 4}", null, url, null, "en", new(new DateOnly(2022, 11, 1 + (pick % 9))), null, "text/plain", null, null, []);
                if (await SubmitAsync(new FileDocument(description, text, Encoding.UTF8.GetBytes(text))) is { } filed)
                {
                    documents.Add((filed, text));
                }

                return;
            }

            var (document, words) = documents[pick % documents.Count];
            var span = Span.In(document, words, new TextRange(0, words.Length));
            if (quotes.Count == 0 || kind < 5)
            {
                var quote = new QuoteRecorded(span, Directness.Direct, new Speaker($"Speaker {other % 3}", null), null, null, null);
                if (await SubmitAsync(new RecordBody(quote)) is { } id)
                {
                    quotes.Add(id);
                    recorded[id] = quote;
                }
            }
            else if (questions.Count == 0 || kind == 5)
            {
                if (await SubmitAsync(new RecordBody(new QuestionRaised($"Who is {text}?", QuestionKind.Unknown, new(new(2022, 11, 5), new(2022, 11, 6)), span, null, "Somebody says", null))) is { } id)
                {
                    questions.Add(id);
                }
            }
            else
            {
                var (quote, question) = (quotes[pick % quotes.Count], questions[other % questions.Count]);
                await SubmitAsync(new RecordBody(kind switch
                {
                    6 => new ClaimLinked(quote, quotes[other % quotes.Count], (LinkRelation)(other % 6), null, null, null),
                    7 => new EntryCorrected(quote, recorded[quote] with { Speaker = new Speaker($"Speaker {other % 4}", null) }, "Misheard"),
                    8 => new QuestionResolved(question, QuestionOutcome.Answered, text, null, [quote], null, null),
                    9 => new QuestionReopened(question, "Not so", null),
                    10 => new SpeakerIdentified($"Speaker {pick % 3}", [$"Speaker {other % 4}"], null, null, null),
                    _ => new EntryWithdrawn(all[other % all.Count], "In error"),
                }));
            }
        }

        private async Task<EntryId?> SubmitAsync(StoryCommand command)
        {
            var outcome = await mediator.Send(new Submit(story, CommandId.New(), Given.Ada, command));
            if (outcome.Error is not null || outcome.Value.Entries.IsEmpty)
            {
                return null;
            }

            all.Add(outcome.Value.Entries[0].Id);
            return all[^1];
        }
    }
}
