using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger correct ID --FIELD VALUE …</c>: puts right what was recorded in error.</summary>
internal static class CorrectVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "What was recorded in error: a document, quote, claim, question or occasion." };
        return new Verb("correct", "Put right what was recorded in error.", "ledger correct 0f3a91c2 --speaker \"Stanislav Zas\" --reason \"It was the secretary general\"")
        {
            MayBeEmpty = CorrectedBody.MayBeEmpty,
            More = "What is not named stays; an empty value takes it away. The entry stays as it was recorded; lists and 'show' tell what is right. What a source itself corrects is a link.",
        }
        .Takes(id, DeskOptions.Because).Takes([.. CorrectedBody.Options])
        .Records(terminal, (run, session) => session.AboutAsync(run, id, "Corrected", async entry =>
        {
            var body = await CurrentAsync(session, entry, run.Cancellation).ConfigureAwait(false);
            var corrected = await CorrectedBody.OfAsync(run, session, body).ConfigureAwait(false);
            return corrected != body
                ? new EntryCorrected(entry.Id, corrected, run.Get(DeskOptions.Because)!)
                : throw new LedgerException(LedgerError.Refused("nothing-corrected", "It says so already.", "Name what is to be put right: 'ledger correct --help' lists the fields."));
        }));
    }

    /// <summary>What was recorded, as it was put right last.</summary>
    private static async Task<Body> CurrentAsync(Session session, Entry entry, CancellationToken cancellation)
    {
        var query = new ViewQuery { Story = entry.Story, Where = [new("on", entry.Id.ToString()), new("type", "entry.corrected")], Limit = 1 };
        var page = await session.Views.ListAsync(ActivityView.View, query, cancellation).ConfigureAwait(false);
        var last = page.Records is [var record] ? await session.Ledger.FindAsync(record.Id, cancellation: cancellation).ConfigureAwait(false) : null;
        return (last?.Body as EntryCorrected)?.Corrected ?? entry.Body
            ?? throw new LedgerException(LedgerError.Refused("text-erased", $"What {ShortId.Of(entry.Id)} recorded was erased."));
    }
}
