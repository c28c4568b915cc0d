using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger note ID TEXT</c>: a remark on anything recorded.</summary>
internal static class NoteVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "What the remark is about: an id, or its first characters." };
        var text = new Argument<string>("TEXT") { Description = "The remark." };
        var command = new Verb("note", "Add a remark to anything recorded.", "ledger note 0f3a91c2 \"Compare the ministry's wording\" --as Ada") { More = "'ledger show' shows the remarks." };
        command.Arguments.Add(id);
        command.Arguments.Add(text);
        command.Does(terminal, run => OnEntry.RecordAsync(run, run.Get(id)!, entry => new StoryCommand.RecordBody(new NoteAdded(entry, run.Get(text)!)), "Noted on"));
        return command;
    }
}

/// <summary><c>ledger withdraw ID --reason …</c>: takes back what was recorded in error.</summary>
internal static class WithdrawVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "What was recorded in error: an id, or its first characters." };
        var reason = new Option<string>("--reason") { Description = "What was wrong with it.", HelpName = "TEXT", Required = true };
        var command = new Verb("withdraw", "Take back what was recorded in error.", "ledger withdraw 0f3a91c2 --reason \"Not the minister's words\"")
        {
            More = "That is: a document, quote, claim, question, occasion or note. It stays on record, marked; a document takes with it what was found in it.",
        };
        command.Arguments.Add(id);
        command.Options.Add(reason);
        command.Does(terminal, run => OnEntry.RecordAsync(run, run.Get(id)!, entry => new StoryCommand.RecordBody(new EntryWithdrawn(entry, run.Get(reason)!)), "Withdrawn"));
        return command;
    }
}

/// <summary>What the verbs that decide on one entry have in common.</summary>
internal static class OnEntry
{
    internal static async Task<int> RecordAsync(Run run, string id, Func<EntryId, StoryCommand> command, string done)
    {
        var session = await Session.WriteAsync(run).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var target = await session.EntryAsync(id, run.Cancellation).ConfigureAwait(false);
        if (await session.Ledger.FindAsync(target, PartSelection.Small, run.Cancellation).ConfigureAwait(false) is not { } entry)
        {
            return run.Terminal.Fail(LedgerError.NotFound("entry-not-found", $"There is no entry {target}.", "'ledger activity' lists every entry."));
        }

        var outcome = await session.Mediator.Send(new Submit(entry.Story, CommandId.New(), run.Recorder, command(target)), run.Cancellation).ConfigureAwait(false);
        if (outcome.Error is { } error)
        {
            return run.Terminal.Fail(error);
        }

        await session.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
        Say(run, outcome.Value, $"{done} {entry.Envelope.Type} {ShortId.Of(target)}");
        return ExitCodes.Done;
    }

    private static void Say(Run run, Receipt receipt, string done)
    {
        if (run.Json)
        {
            run.Terminal.Json(ReceiptOutput.Json(receipt));
        }
        else
        {
            run.Terminal.Prose($"{done}: entry {receipt.LastIndex}, {receipt.Entries[^1].Id}.");
        }
    }
}
