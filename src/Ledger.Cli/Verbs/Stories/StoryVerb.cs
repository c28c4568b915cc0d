using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger story …</c>: opens a story, changes what it is called, closes and reopens it.</summary>
internal static class StoryVerb
{
    private static readonly Option<string?> Language = new("--language") { Description = "Its language, as a BCP 47 tag.", HelpName = "TAG" };

    private static readonly Option<string[]> Tags = new("--tag") { Description = "A word to find it by. More than once for several.", HelpName = "WORD", Arity = ArgumentArity.OneOrMore };

    internal static Command Build(Terminal terminal) => new Verb("story", "Open, change, close or reopen a story.", "ledger story close csto-armenia --reason \"Armenia froze its part\"")
    {
        Subcommands = { Open(terminal), Change(terminal), Close(terminal), Reopen(terminal) },
    };

    private static Verb Open(Terminal terminal)
    {
        var title = new Argument<string>("TITLE") { Description = "The story's title." };
        var slug = new Option<string?>("--slug") { Description = "Its name on the command line. Without it: made from the title.", HelpName = "SLUG" };
        var verb = new Verb("open", "Open a story, before there is a document to file in it.", "ledger story open \"The CSTO and Armenia\" --slug csto-armenia").Takes(title, slug, Language, Tags, GlobalOptions.AsProgram);
        verb.Does(terminal, async run =>
        {
            var session = await Session.WriteAsync(run, Session.SomeOrigin()).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            var name = run.Get(slug) ?? Slug.From(run.Get(title)!);
            // An imported story's id was made under another ledger's secret: only its slug tells that it is there.
            var story = await session.FindStoryAsync(name, run.Cancellation).ConfigureAwait(false) ?? session.Ledger.Naming.Story(name);
            var receipt = (await session.SubmitAsync(
                run, story, new StoryCommand.OpenStory(run.Get(title)!, name, run.Get(Language) ?? "en", [.. run.Get(Tags) ?? []])).ConfigureAwait(false)).Value;
            await session.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            run.Say(receipt, $"Opened the story {name}");
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Verb Change(Terminal terminal)
    {
        var title = new Option<string?>("--title") { Description = "Its title.", HelpName = "TEXT" };
        return On(terminal, "change", "Changed", "Change what a story is called; its slug stays.", "ledger story change csto-armenia --title \"Armenia and the CSTO\" --reason \"Shorter\"", [title, Language, Tags, DeskOptions.Reason],
            (run, story) => new StoryChanged(
                run.Get(title) ?? story.Title, run.Get(Language) ?? story.Language, run.Get(Tags) is { Length: > 0 } tags ? [.. tags.Where(tag => tag.Length > 0)] : story.Tags,
                run.Get(DeskOptions.Reason)));
    }

    private static Verb Close(Terminal terminal) => On(
        terminal, "close", "Closed", "Close a story: nothing new is filed or raised in it.", "ledger story close csto-armenia --reason \"Armenia froze its part\"", [DeskOptions.Because],
        (run, _) => new StoryClosed(run.Get(DeskOptions.Because)!));

    private static Verb Reopen(Terminal terminal) => On(
        terminal, "reopen", "Reopened", "Follow a story again.", "ledger story reopen csto-armenia --reason \"A new summit\"", [DeskOptions.Because], (run, _) => new StoryReopened(run.Get(DeskOptions.Because)!));

    private static Verb On(Terminal terminal, string name, string done, string about, string example, Symbol[] symbols, Func<Run, StoryRecord, Body> body)
    {
        var slug = new Argument<string>("STORY") { Description = "The story's slug; 'ledger stories' lists them." };
        return new Verb(name, about, example).Takes(slug).Takes(symbols).Records(terminal, async (run, session) =>
        {
            var id = await session.StoryAsync(run.Get(slug)!, run.Cancellation).ConfigureAwait(false);
            var story = (StoryRecord?)await session.Views.FindAsync(StoriesView.View, id.Value, cancellation: run.Cancellation).ConfigureAwait(false);
            return new(id, body(run, story ?? throw new LedgerException(LedgerError.NotFound("story-not-found", $"There is no story '{run.Get(slug)}'."))), $"{done} the story {run.Get(slug)}");
        });
    }
}
