using System.CommandLine;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger question …</c>: the life of a question, from the day it is raised to its answer, and beyond.</summary>
internal static class QuestionVerb
{
    private const string Example = "0f3a91c2";

    internal static Command Build(Terminal terminal) => new Verb("question", "Raise, restate, answer, contest, resolve or reopen a question.", $"ledger question reopen {Example} --reason \"The minutes say otherwise\"")
    {
        Subcommands =
        {
            RecordQuestion.Build(terminal, "raise"), Restate(terminal), Evidence(terminal), Propose(terminal), Object(terminal), ResolveVerb.Build(terminal), Reopen(terminal),
        },
    };

    internal static Argument<string> Question() => new("QUESTION") { Description = "The question: an id, or its first characters." };

    private static Verb Restate(Terminal terminal)
    {
        var question = Question();
        var text = new Option<string?>("--text") { Description = "The question, ending in a question mark.", HelpName = "TEXT" };
        var sources = new Option<string[]>("--source") { Description = "Where the answer will be looked for. More than once for several.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore };
        return new Verb(
            "restate", "Put a question in other words, or set what would count as an answer.", $"ledger question restate {Example} --criteria \"A signed decision\" --reason \"So that it can be resolved\"")
        {
            MayBeEmpty = [DeskOptions.Criteria, sources, DeskOptions.Expected],
            More = "What is not named stays; an empty value takes it away. Every wording stays on record.",
        }
        .Takes(question, text, DeskOptions.Kind, DeskOptions.Criteria, sources, DeskOptions.Expected, DeskOptions.Because, DeskOptions.BasedOn)
        .Records(terminal, (run, session) => session.AboutAsync(run, question, "Restated", async entry =>
        {
            var now = await session.RecordAsync(QuestionsView.View, entry, "a question", run.Cancellation).ConfigureAwait(false);
            return new QuestionRestated(
                entry.Id, run.Get(text) ?? now.Text, run.Chosen<QuestionKind>(DeskOptions.Kind) ?? now.Kind,
                run.Get(DeskOptions.Criteria) is { } criteria ? (criteria.Length > 0 ? criteria : null) : now.Criteria,
                run.Get(sources) is { Length: > 0 } given ? [.. given.Where(source => source.Length > 0)] : now.Sources,
                run.Get(DeskOptions.Expected) is null ? now.Expected : run.Days(DeskOptions.Expected), run.Get(DeskOptions.Because)!, run.Day(DeskOptions.BasedOn));
        }));
    }

    private static Verb Evidence(Terminal terminal)
    {
        var question = Question();
        var evidence = new Argument<string>("EVIDENCE") { Description = "What bears on it: the id of a quote, claim, occasion or document." };
        var bearing = DeskOptions.Choice<EvidenceBearing>("--bearing", "How it bears on it (without it: context)");
        return new Verb("evidence", "Add to a question something recorded that bears on it.", $"ledger question evidence {Example} 1b2c3d4e --bearing answers --reason \"The summit's outcome\"")
            .Takes(question, evidence, bearing, DeskOptions.Reason)
            .Records(terminal, (run, session) => session.AboutAsync(run, question, "Added evidence to", async entry => new QuestionEvidenceAdded(
                entry.Id, await session.EntryAsync(run.Get(evidence)!, run.Cancellation).ConfigureAwait(false), run.Chosen<EvidenceBearing>(bearing) ?? EvidenceBearing.Context, null,
                run.Get(DeskOptions.Reason))));
    }

    private static Verb Propose(Terminal terminal)
    {
        var question = Question();
        var answer = new Argument<string>("ANSWER") { Description = "The answer, as a sentence." };
        var evidence = ResolveVerb.Evidence();
        var until = new Option<string?>("--objections-until") { Description = "The last day for objections.", HelpName = "DATE" };
        return new Verb("propose", "Propose an answer to a question, open to objection.", $"ledger question propose {Example} \"Both go back for revision.\" --evidence 1b2c3d4e")
            .Takes(question, answer, evidence, until)
            .Records(terminal, (run, session) => session.AboutAsync(run, question, "Proposed an answer to", async entry => new AnswerProposed(
                entry.Id, run.Get(answer)!, [.. await session.EntriesAsync(run.Get(evidence), run.Cancellation).ConfigureAwait(false)], run.Day(until), null)));
    }

    private static Verb Object(Terminal terminal)
    {
        var answer = new Argument<string>("ANSWER") { Description = "The proposed answer: an id, or its first characters. 'ledger show QUESTION' shows them." };
        return new Verb("object", "Say why a proposed answer should not stand.", $"ledger question object {Example} --reason \"Only one of the two was meant\"")
            .Takes(answer, DeskOptions.Because)
            .Records(terminal, (run, session) => session.AboutAsync(run, answer, "Objected to", id => new AnswerObjected(id, run.Get(DeskOptions.Because)!)));
    }

    private static Verb Reopen(Terminal terminal)
    {
        var question = Question();
        return new Verb("reopen", "Reopen a question: what was decided does not hold any more.", $"ledger question reopen {Example} --reason \"The minutes say otherwise\"")
            .Takes(question, DeskOptions.Because, DeskOptions.BasedOn)
            .Records(terminal, (run, session) => session.AboutAsync(
                run, question, "Reopened", id => new QuestionReopened(id, run.Get(DeskOptions.Because)!, run.Day(DeskOptions.BasedOn))));
    }
}
