using System.CommandLine;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger record …</c>: what an editor finds in a document, or knows without one.</summary>
internal static class RecordVerb
{
    internal static Command Build(Terminal terminal) => new Verb(
        "record", "Record a quote, claim, question or occasion yourself.", "ledger record quote --in 0f3a91c2 --words \"a roadmap\" --speaker \"Nikol Pashinyan\"")
    {
        Subcommands = { RecordQuote.Build(terminal), RecordClaim.Build(terminal), RecordQuestion.Build(terminal, "question"), RecordOccasion.Build(terminal) },
    };
}
