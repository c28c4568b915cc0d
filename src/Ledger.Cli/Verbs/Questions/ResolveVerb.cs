using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger question resolve</c>: an editor's decision on a question.</summary>
internal static class ResolveVerb
{
    internal static Option<string[]> Evidence() => new("--evidence")
    {
        Description = "What it rests on: the id of a quote, claim, occasion or document. More than once for several.",
        HelpName = "ID",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static Verb Build(Terminal terminal)
    {
        var question = QuestionVerb.Question();
        var outcome = DeskOptions.Choice<QuestionOutcome>("--outcome", "How it is resolved (without it: answered)");
        var text = new Option<string?>("--text") { Description = "The answer, as a sentence.", HelpName = "TEXT" };
        var takes = new Option<string?>("--takes") { Description = "The proposed answer that is taken, with its words and evidence unless others are given.", HelpName = "ANSWER" };
        var evidence = Evidence();
        return new Verb("resolve", "Decide a question that has criteria.", "ledger question resolve 0f3a91c2 --text \"Both go back for revision.\" --evidence 1b2c3d4e --based-on 2022-11-23")
        {
            More = "An answer rests on evidence; what is ambiguous or annulled needs a reason. It can be reopened.",
        }
        .Takes(question, outcome, text, takes, evidence, DeskOptions.Reason, DeskOptions.BasedOn)
        .Records(terminal, (run, session) => session.AboutAsync(run, question, "Resolved", async entry =>
        {
            var taken = run.Get(takes) is { } id ? await session.FindAsync(id, run.Cancellation).ConfigureAwait(false) : null;
            var proposed = taken?.Body as AnswerProposed;
            var rests = await session.EntriesAsync(run.Get(evidence), run.Cancellation).ConfigureAwait(false);
            return new QuestionResolved(
                entry.Id, run.Chosen<QuestionOutcome>(outcome) ?? QuestionOutcome.Answered, run.Get(text) ?? proposed?.Text, taken?.Id,
                rests.Count > 0 || proposed is null ? [.. rests] : proposed.Evidence, run.Get(DeskOptions.Reason), run.Day(DeskOptions.BasedOn));
        }));
    }
}
