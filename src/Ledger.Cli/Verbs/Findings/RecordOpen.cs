using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger record question</c>, which is <c>ledger question raise</c> too.</summary>
internal static class RecordQuestion
{
    internal static readonly Option<string> Text = new("--text") { Description = "The question, ending in a question mark.", HelpName = "TEXT", Required = true };

    internal static readonly Option<string?> Occasion = new("--occasion") { Description = "The occasion that should settle it.", HelpName = "ID" };

    internal static Command Build(Terminal terminal, string name) =>
        new Verb(name, "Raise a question: something the record does not know yet.", $"ledger {(name == "raise" ? "question" : "record")} {name} --text \"Will the CSTO send observers?\" --criteria \"A decision of the council\"")
        {
            More = "It may rest on words of a document that leave it open.",
        }
        .Takes(Text, DeskOptions.Kind, DeskOptions.Expected, DeskOptions.Criteria, Occasion, PickedWords.In, PickedWords.Words, PickedWords.Nth, DeskOptions.Story)
        .Records(terminal, async (run, session) =>
        {
            var words = await PickedWords.FindAsync(run, session).ConfigureAwait(false);
            var body = new QuestionRaised(
                run.Get(Text)!, run.Chosen<QuestionKind>(DeskOptions.Kind) ?? QuestionKind.Unknown, run.Days(DeskOptions.Expected), words?.Span,
                run.Get(Occasion) is { } occasion ? await session.EntryAsync(occasion, run.Cancellation).ConfigureAwait(false) : null, run.Get(DeskOptions.Criteria), null);
            return new(words?.Document.Story ?? await session.StoryAsync(run).ConfigureAwait(false), body, "Raised a question" + (words is null ? "" : $", {words.Place}"));
        });
}

/// <summary><c>ledger record occasion</c>.</summary>
internal static class RecordOccasion
{
    internal static readonly Option<string> What = new("--what") { Description = "The event.", HelpName = "TEXT", Required = true };

    internal static readonly Option<string?> Where = new("--where") { Description = "The place.", HelpName = "TEXT" };

    internal static readonly Option<string?> When = new("--when-words") { Description = "The words that date it.", HelpName = "TEXT" };

    internal static Command Build(Terminal terminal) =>
        new Verb("occasion", "Record a scheduled event that may settle questions.", "ledger record occasion --what \"CSTO summit\" --where Yerevan --expected 2022-11-21..2022-11-30")
        {
            More = "It may rest on words of a document that schedule it.",
        }
        .Takes(What, Where, DeskOptions.Expected, PickedWords.In, PickedWords.Words, PickedWords.Nth, When, DeskOptions.Story)
        .Records(terminal, async (run, session) =>
        {
            var words = await PickedWords.FindAsync(run, session).ConfigureAwait(false);
            var body = new OccasionScheduled(run.Get(What)!, run.Get(Where), run.Days(DeskOptions.Expected), words?.Span, words?.Beside(run.Get(When)), null);
            return new(words?.Document.Story ?? await session.StoryAsync(run).ConfigureAwait(false), body, "Recorded an occasion" + (words is null ? "" : $", {words.Place}"));
        });
}
