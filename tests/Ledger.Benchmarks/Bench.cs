using System.Globalization;
using System.Text;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Sqlite;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Benchmarks;

/// <summary>A ledger in a file of its own, with everything a program would use: commands through the mediator, views kept while it is written.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private static readonly Recorder Me = Recorder.Person("Benchmark");
    private readonly CancellationTokenSource stop = new();
    private Task keeping = Task.CompletedTask;

    private Bench(SqliteLedger ledger)
    {
        Ledger = ledger;
        Mediator = new ServiceCollection().AddLedger(ledger, ledger.Views).BuildServiceProvider().GetRequiredService<IMediator>();
    }

    internal SqliteLedger Ledger { get; }

    internal IMediator Mediator { get; }

    internal static Task<Bench> OpenAsync(string folder, bool keepViews) => OpenFileAsync(Path.Combine(folder, $"{Guid.NewGuid():N}.db"), keepViews);

    /// <summary>The ledger of so many entries, filled on its first use.</summary>
    internal static async Task<Bench> FilledAsync(string folder, int entries)
    {
        var bench = await OpenFileAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{entries}.db")), keepViews: false);
        await bench.FillAsync(entries);
        return bench;
    }

    private static async Task<Bench> OpenFileAsync(string path, bool keepViews)
    {
        var bench = new Bench(SqliteLedger.Open(path, SqliteAccess.Write));
        await LedgerOpening.EnsureOpenedAsync(bench.Ledger, "bench.example/ledger", new Digest(new byte[32]), Me, TimeProvider.System);
        if (keepViews)
        {
            bench.keeping = new ViewKeeper(bench.Ledger, bench.Ledger.Views, AllViews.List).RunAsync(bench.stop.Token);
        }

        return bench;
    }

    /// <summary>A story with one document, to hang entries on.</summary>
    internal async Task<(StoryId Story, EntryId Document)> StoryAsync(int number)
    {
        var slug = $"story-{number}";
        var story = Ledger.Naming.Story(slug);
        _ = (await SendAsync(story, new StoryCommand.OpenStory($"Story {number}", slug, "en", []))).LastIndex;
        var text = Text(number);
        var filed = await SendAsync(story, new StoryCommand.FileDocument(
            new($"Document {number}", "Desk", null, null, null, "en", new PublicationDate(new DateOnly(2024, 1, 1).AddDays(number % 365)), null, "text/plain", null, null, []),
            text, Encoding.UTF8.GetBytes(text)));
        return (story, filed.Entries[0].Id);
    }

    internal Task<Receipt> NoteAsync((StoryId Story, EntryId Document) at, string text) => SendAsync(at.Story, new StoryCommand.RecordBody(new NoteAdded(at.Document, text)));

    internal async Task<Receipt> SendAsync(StoryId story, StoryCommand command) =>
        (await Mediator.Send(new Submit(story, CommandId.New(), Me, command))).Value;

    /// <summary>Fills a ledger with stories of one document and a hundred claims each.</summary>
    private async Task FillAsync(int entries)
    {
        for (var number = 0; (await Ledger.HeadAsync()).Size < entries; number++)
        {
            var (story, document) = await StoryAsync(number);
            var text = Text(number);
            var findings = Enumerable.Range(0, 100).Select(i => new ProposedFinding(i % 10 == 9
                ? new QuestionRaised($"Will the committee publish finding {i}?", QuestionKind.Pending, null, Span.In(document, text, new TextRange(i * 9, (i * 9) + 8)), null, null, "bench")
                : new ClaimRecorded(
                    Span.In(document, text, new TextRange(i * 9, (i * 9) + 8)), $"The committee reported finding {i}.", Modality.Asserted, Directness.Indirect,
                    new($"Speaker {i % 7}", null), null, null, "bench")));
            await SendAsync(story, new StoryCommand.RecordFindings(document, new("bench", "1"), [.. findings], new(0, 90, 10, 0)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Ledger.DisposeAsync();
        stop.Dispose();
    }

    private static string Text(int number) => string.Concat(Enumerable.Range(0, 100).Select(i => $"{number:00000}-{i:00} ")) + " the end.";
}
