using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger occasion …</c>: what became of a scheduled event.</summary>
internal static class OccasionVerb
{
    internal static Command Build(Terminal terminal) => new Verb("occasion", "Say what became of a scheduled event.", "ledger occasion held 0f3a91c2 --on 2022-11-23 --reason \"The summit met in Yerevan\"")
    {
        Subcommands =
        {
            Change(terminal, "move", "Moved", "It is expected on other days, or put off to no known date.", "ledger occasion move 0f3a91c2 --to 2022-11-23 --reason \"The date was announced\"", "--to",
                "The new days; without it, put off to no known date", (id, days, words, reason) => new OccasionMoved(id, days, words, null, reason)),
            Change(terminal, "held", "Held", "It took place.", "ledger occasion held 0f3a91c2 --on 2022-11-23 --in 1b2c3d4e --words \"The CSTO summit in Yerevan on 23 November adopted\"", "--on",
                "The days; without it, they are not known", (id, days, words, reason) => new OccasionHeld(id, days, words, null, reason)),
            Change(terminal, "cancel", "Cancelled", "It will not take place.", "ledger occasion cancel 0f3a91c2 --reason \"No drills, the minister said\"", null, null,
                (id, _, words, reason) => new OccasionCancelled(id, words, null, reason)),
        },
    };

    private static Verb Change(Terminal terminal, string name, string done, string about, string example, string? days, string? daysAbout, Func<EntryId, DateInterval?, Span?, string?, Body> body)
    {
        var occasion = new Argument<string>("OCCASION") { Description = "The occasion: an id, or its first characters." };
        var on = days is null ? null : new Option<string?>(days) { Description = $"{daysAbout}: 2022-11-23, or 2022-11-21..2022-11-30.", HelpName = "DAY|FROM..TO" };
        var verb = new Verb(name, about, example) { More = "It rests on words of a document, or on a reason." }.Takes(occasion);
        if (on is not null)
        {
            verb.Options.Add(on);
        }

        return verb.Takes(DeskOptions.Reason, PickedWords.In, PickedWords.Words, PickedWords.Nth).Records(terminal, (run, session) => session.AboutAsync(
            run, occasion, done,
            async entry => body(entry.Id, on is null ? null : run.Days(on), (await PickedWords.FindAsync(run, session).ConfigureAwait(false))?.Span, run.Get(DeskOptions.Reason))));
    }
}
