using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Stories;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger accept ID…</c> and <c>ledger reject ID…</c>: an editor's decisions on what programs proposed, one by one or many at once.</summary>
internal static class DecideVerb
{
    private static readonly Option<bool> All = new("--all") { Description = "Everything that nobody has decided on, of a --rule or a --document." };

    private static readonly Option<string?> Rule = new("--rule") { Description = "With --all: only what this rule proposes.", HelpName = "NAME" };

    private static readonly Option<string?> Document = new("--document") { Description = "With --all: only what rests on words of this document.", HelpName = "ID" };

    internal static Command Accept(Terminal terminal) => Build(
        terminal, new("accept", "Accept what a program proposed: it holds.", "ledger accept 0f3a91c2 1b2c3d4e") { More = "A link, evidence, change of an occasion or word on a speaker that a program proposes counts only then." },
        DeskOptions.Reason, "accepted", (id, reason, basedOn) => new ProposalAccepted(id, reason, basedOn));

    internal static Command Reject(Terminal terminal) => Build(
        terminal, new("reject", "Reject what a program proposed: it does not hold.", "ledger reject --all --rule absence --document 0f3a91c2 --reason \"Misread\"") { More = "It stays on record, and leaves the lists." },
        DeskOptions.Because!, "rejected", (id, reason, basedOn) => new ProposalRejected(id, reason, basedOn));

    private static Verb Build(Terminal terminal, Verb verb, Option<string?> reason, string done, Func<EntryId, string?, DateOnly?, Body> decision)
    {
        var ids = new Argument<string[]>("ID") { Description = "What a program proposed: ids, or their first characters.", Arity = ArgumentArity.ZeroOrMore };
        verb.Takes(ids, reason, All, Rule, Document, DeskOptions.Story, DeskOptions.BasedOn, GlobalOptions.AsProgram).Does(terminal, async run =>
        {
            var given = run.Get(ids)!;
            Check(run, verb.Name, given);
            var basedOn = run.Day(DeskOptions.BasedOn);
            var session = await Session.WriteAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            var targets = run.Get(All) ? await UndecidedAsync(run, session).ConfigureAwait(false) : await NamedAsync(run, session, given).ConfigureAwait(false);
            var receipts = new List<Receipt>();
            var refused = new List<(EntryId Id, LedgerError Error)>();
            var already = 0;
            foreach (var (story, id) in targets)
            {
                var outcome = await session.SubmitAsync(run, story, new StoryCommand.RecordBody(decision(id, run.Get(reason), basedOn))).ConfigureAwait(false);
                if (outcome.Error is { Code: "decided-already" })
                {
                    already++;
                }
                else if (outcome.Error is { } error)
                {
                    refused.Add((id, error));
                }
                else
                {
                    receipts.Add(outcome.Value);
                }
            }

            await session.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            Say(run, done, receipts, already, refused);
            return refused.Count == 0 ? ExitCodes.Done : refused.Max(item => ExitCodes.Of(item.Error));
        });
        return verb;
    }

    private static void Check(Run run, string name, string[] given)
    {
        var narrowed = run.Get(Rule) is not null || run.Get(Document) is not null;
        var error = (run.Get(All), given.Length) switch
        {
            (false, 0) => $"'ledger {name}' needs an ID, or --all.",
            (true, > 0) => "--all stands in the place of ids.",
            (true, _) when !narrowed => "--all needs a --rule or a --document.",
            (false, _) when narrowed => "--rule and --document narrow down --all.",
            _ => null,
        };
        if (error is not null)
        {
            throw new UsageException(error, $"'ledger {name} --help' shows what it takes.");
        }
    }

    private static async Task<ImmutableArray<(StoryId, EntryId)>> NamedAsync(Run run, Session session, string[] given)
    {
        var targets = ImmutableArray.CreateBuilder<(StoryId, EntryId)>();
        foreach (var text in given)
        {
            var entry = await session.FindAsync(text, run.Cancellation).ConfigureAwait(false);
            targets.Add((entry.Story, entry.Id));
        }

        return targets.ToImmutable();
    }

    private static async Task<ImmutableArray<(StoryId, EntryId)>> UndecidedAsync(Run run, Session session)
    {
        var document = run.Get(Document) is { } text ? await session.DocumentAsync(text, run.Cancellation).ConfigureAwait(false) : (EntryId?)null;
        var story = document is { } id ? (await session.Ledger.FindAsync(id, cancellation: run.Cancellation).ConfigureAwait(false))!.Story : await session.StoryAsync(run).ConfigureAwait(false);
        var undecided = (await session.Mediator.Send(new AskUndecided(story, document, run.Get(Rule)), run.Cancellation).ConfigureAwait(false)).Value;
        return [.. undecided.Select(proposal => (story, proposal.Entry))];
    }

    private static void Say(Run run, string done, List<Receipt> receipts, int already, List<(EntryId Id, LedgerError Error)> refused)
    {
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject
            {
                [done] = receipts.Count,
                ["already"] = already,
                ["receipts"] = new JsonArray([.. receipts.Select(receipt => (JsonNode)ReceiptOutput.Json(receipt))]),
                ["refused"] = new JsonArray([.. refused.Select(item => (JsonNode)new JsonObject
                {
                    ["id"] = item.Id.ToString(), ["code"] = item.Error.Code, ["message"] = item.Error.Message, ["hint"] = item.Error.Hint,
                })]),
            });
        }

        foreach (var (_, error) in refused)
        {
            run.Terminal.Fail(error);
        }

        if (!run.Json && (receipts.Count > 0 || already > 0 || refused.Count == 0))
        {
            var told = receipts.Count == 0 ? null : $"{IngestSummary.Count(receipts.Count, "proposal")} {done}.";
            var nothing = already == 0 ? null : $"Nothing to do: {IngestSummary.Count(already, "proposal")} {(already == 1 ? "was" : "were")} {done} already.";
            run.Terminal.Line(told is null && nothing is null ? "Nothing to decide: no proposal matches." : string.Join(' ', new[] { told, nothing }.OfType<string>()));
        }
    }
}
