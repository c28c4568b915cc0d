using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger withdraw ID --reason …</c>: takes back what was recorded in error.</summary>
internal static class WithdrawVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "What was recorded in error: an id, or its first characters." };
        var reason = new Option<string>("--reason") { Description = "What was wrong with it.", HelpName = "TEXT", Required = true };
        var command = new Verb("withdraw", "Take back what was recorded in error.", "ledger withdraw 0f3a91c2 --reason \"Not the minister's words\"")
        {
            More = "That is: a document, quote, claim, question, occasion, link, evidence, answer, resolution or note. It stays on record, marked; a document takes with it what was found in it.",
        };
        return command.Takes(id, reason).Records(terminal, (run, session) => session.AboutAsync(run, id, "Withdrawn", entry => new EntryWithdrawn(entry, run.Get(reason)!)));
    }
}
