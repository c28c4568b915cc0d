using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger link FROM RELATION TO</c>: how one claim or quote bears on another.</summary>
internal static class LinkVerb
{
    internal static Command Build(Terminal terminal)
    {
        var from = new Argument<string>("FROM") { Description = "The later or speaking claim or quote." };
        var relation = new Argument<string>("RELATION") { Description = $"What it does to the other: {DeskOptions.OneOf<LinkRelation>()}." };
        var to = new Argument<string>("TO") { Description = "The claim or quote it bears on." };
        return new Verb("link", "Say how one claim or quote bears on another.", "ledger link 0f3a91c2 contradicts 1b2c3d4e --reason \"Signed, and not signed\"")
        {
            More = "Claims that contradict each other both stay; their standing tells it.",
        }
        .Takes(from, relation, to, DeskOptions.Reason, PickedWords.In, PickedWords.Words, PickedWords.Nth)
        .Records(terminal, async (run, session) =>
        {
            var kind = DeskOptions.Chosen<LinkRelation>("RELATION", run.Get(relation)!);
            var first = await session.FindAsync(run.Get(from)!, run.Cancellation).ConfigureAwait(false);
            var second = await session.EntryAsync(run.Get(to)!, run.Cancellation).ConfigureAwait(false);
            var words = await PickedWords.FindAsync(run, session).ConfigureAwait(false);
            return new(
                first.Story, new ClaimLinked(first.Id, second, kind, words?.Span, null, run.Get(DeskOptions.Reason)),
                $"Linked: {ShortId.Of(first.Id)} {DeskOptions.NameOf(kind)} {ShortId.Of(second)}");
        });
    }
}
