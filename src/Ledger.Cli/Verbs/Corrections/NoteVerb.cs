using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger note ID TEXT</c>: a remark on anything recorded.</summary>
internal static class NoteVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "What the remark is about: an id, or its first characters." };
        var text = new Argument<string>("TEXT") { Description = "The remark." };
        var command = new Verb("note", "Add a remark to anything recorded.", "ledger note 0f3a91c2 \"Compare the ministry's wording\" --as Ada") { More = "'ledger show' shows the remarks." };
        return command.Takes(id, text).Records(terminal, (run, session) => session.AboutAsync(run, id, "Noted on", entry => new NoteAdded(entry, run.Get(text)!)));
    }
}
