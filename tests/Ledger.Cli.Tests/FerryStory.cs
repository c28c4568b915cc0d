using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Sqlite;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Cli.Tests;

/// <summary>A small story that holds one of everything, recorded through the commands and not by the extractor, whose rules may change.</summary>
internal static class FerryStory
{
    internal const string First =
        "The night ferry stops in winter, the harbour office said. \"We decide on the timetable in December,\" harbour master Ana Silva told reporters. "
        + "It did not say which ferries are meant. The board meets on 14 December.";

    internal const string Second = "The board met. No word was said about the price of tickets.";

    private static readonly ProgramVersion Reader = new("reader", "1");

    internal static async Task<Told> TellAsync(string db)
    {
        var ledger = SqliteLedger.Open(db, SqliteAccess.Write);
        await using var _ = ledger;
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/desk", new(new byte[32]), Recorder.Person("Ada"), TimeProvider.System);
        await using var services = new ServiceCollection().AddLedger(ledger, ledger.Views).BuildServiceProvider();
        var mediator = services.GetRequiredService<IMediator>();
        var story = ledger.Naming.Story("ferry");
        await Submit(Recorder.Person("Ada"), new OpenStory("The night ferry", "ferry", "en", []));
        var first = (await Submit(Recorder.Person("Ada"), Document("Night ferry stops", First, new(2021, 11, 3)))).Entries[0].Id;
        Span At(string words) => Span.In(first, First, [Place(First, words)]);
        var board = new OccasionScheduled("The board meets", null, new(new(2021, 12, 14), new(2021, 12, 14)), At("The board meets on 14 December"), At("on 14 December"), "due");
        var found = await Submit(Recorder.Program("reader", "1", "Ada"), new RecordFindings(
            first,
            Reader,
            [
                new(new ClaimRecorded(At("The night ferry stops in winter"), "The night ferry stops in winter.", Modality.Asserted, Directness.Indirect,
                    new("the harbour office", At("the harbour office")), At("said"), null, "verb-after")),
                new(new QuoteRecorded(At("We decide on the timetable in December"), Directness.Direct, new("Ana Silva", At("harbour master Ana Silva")), At("told"), null, "verb-after")),
                new(board),
                new(new QuestionRaised("Which ferries are meant?", QuestionKind.Undisclosed, null, At("It did not say which ferries are meant"), null, null, "not-said")),
                new(new QuestionRaised("What does the board decide?", QuestionKind.Pending, new(new(2021, 12, 14), new(2021, 12, 31)), At("The board meets"), null, null, "occasion-open"),
                    Occasion: FindingKey.Of(board)),
            ],
            new(1, 1, 2, 1)));
        var second = (await Submit(Recorder.Person("Ada"), Document("Board meets", Second, new(2021, 12, 15)))).Entries[0].Id;
        var words = Span.In(second, Second, [Place(Second, "No word was said about the price of tickets")]);
        await Submit(Recorder.Program("reader", "1", "Ada"), new RecordFindings(
            second,
            Reader,
            [
                new(new ClaimRecorded(words, "No word was said about the price of tickets.", Modality.ReportedAbsent, Directness.Indirect, null, null, null, "absence")),
                new(new QuestionRaised("What will tickets cost?", QuestionKind.UnderInvestigation, null, words, null, null, "absence")),
            ],
            new(0, 1, 1, 0)));
        await new ViewKeeper(ledger, ledger.Views, AllViews.List).CatchUpAsync();
        return new(first, second, [.. found.Entries.Select(entry => entry.Id)]);

        async Task<Receipt> Submit(Recorder recorder, StoryCommand command) => (await mediator.Send(new Submit(story, CommandId.New(), recorder, command))).Value;
    }

    private static FileDocument Document(string title, string text, DateOnly day) => new(
        new(title, "Harbour Post", null, null, null, "en", new(day), null, "text/plain", null, null, []), text, System.Text.Encoding.UTF8.GetBytes(text));

    private static TextRange Place(string text, string words)
    {
        var start = text.IndexOf(words, StringComparison.Ordinal);
        return new(start, start + words.Length);
    }

    /// <param name="First">The first document.</param>
    /// <param name="Second">The second.</param>
    /// <param name="Found">What was found in the first: claim, quote, occasion, question, question, and that it was read.</param>
    internal sealed record Told(EntryId First, EntryId Second, ImmutableArray<EntryId> Found)
    {
        internal EntryId Claim => Found[0];

        internal EntryId Quote => Found[1];

        internal EntryId Question => Found[3];
    }
}
