using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary>One thing to be recorded.</summary>
/// <param name="Story">In which story.</param>
/// <param name="Body">What.</param>
/// <param name="Done">How the answer begins: <c>Withdrawn quote.recorded 0f3a91c2</c>.</param>
internal sealed record ToRecord(StoryId Story, Body Body, string Done);

/// <summary>What the verbs that record one thing have in common: who records, the command, the answer.</summary>
internal static class Recording
{
    /// <summary>Adds arguments and options, in the order in which help shows them.</summary>
    internal static Verb Takes(this Verb verb, params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                verb.Arguments.Add(argument);
            }
            else
            {
                verb.Options.Add((Option)symbol);
            }
        }

        return verb;
    }

    /// <summary>Makes a verb that records what <paramref name="read"/> reads from the command line.</summary>
    internal static Verb Records(this Verb verb, Terminal terminal, Func<Run, Session, Task<ToRecord>> read)
    {
        verb.Options.Add(GlobalOptions.AsProgram);
        verb.Does(terminal, async run =>
        {
            var session = await Session.WriteAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            // An interrupted run may have left the lists behind, and what is recorded now is read from them.
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            var what = await read(run, session).ConfigureAwait(false);
            var receipt = (await session.SubmitAsync(run, what.Story, new StoryCommand.RecordBody(what.Body)).ConfigureAwait(false)).Value;
            await session.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            run.Say(receipt, what.Done);
            return ExitCodes.Done;
        });
        return verb;
    }

    internal static async Task<Outcome<Receipt>> SubmitAsync(this Session session, Run run, StoryId story, StoryCommand command) =>
        await session.Mediator.Send(new Submit(story, CommandId.New(), run.Recorder, command), run.Cancellation).ConfigureAwait(false);

    internal static void Say(this Run run, Receipt receipt, string done)
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

    /// <summary>What is said of one entry.</summary>
    /// <param name="session">The ledger.</param>
    /// <param name="run">What was asked.</param>
    /// <param name="id">The argument that names the entry.</param>
    /// <param name="done">How the answer begins, before the entry.</param>
    /// <param name="body">What is said.</param>
    internal static Task<ToRecord> AboutAsync(this Session session, Run run, Argument<string> id, string done, Func<EntryId, Body> body) =>
        session.AboutAsync(run, id, done, entry => Task.FromResult(body(entry.Id)));

    /// <inheritdoc cref="AboutAsync(Session, Run, Argument{string}, string, Func{EntryId, Body})"/>
    internal static async Task<ToRecord> AboutAsync(this Session session, Run run, Argument<string> id, string done, Func<Entry, Task<Body>> body)
    {
        var entry = await session.FindAsync(run.Get(id)!, run.Cancellation).ConfigureAwait(false);
        return new(entry.Story, await body(entry).ConfigureAwait(false), $"{done} {entry.Envelope.Type} {ShortId.Of(entry.Id)}");
    }

    /// <summary>The entry that an id, or the beginning of one, names.</summary>
    /// <exception cref="LedgerException">As <see cref="Session.EntryAsync"/>.</exception>
    internal static async Task<Entry> FindAsync(this Session session, string text, CancellationToken cancellation)
    {
        var id = await session.EntryAsync(text, cancellation).ConfigureAwait(false);
        return await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}.", "'ledger activity' lists every entry."));
    }

    /// <summary>The entries that ids name, or the beginnings of them.</summary>
    internal static async Task<List<EntryId>> EntriesAsync(this Session session, IEnumerable<string>? texts, CancellationToken cancellation)
    {
        var ids = new List<EntryId>();
        foreach (var text in texts ?? [])
        {
            ids.Add(await session.EntryAsync(text, cancellation).ConfigureAwait(false));
        }

        return ids;
    }

    /// <summary>The record that an entry began.</summary>
    /// <exception cref="LedgerException"><c>wrong-type</c>: it began none in this view.</exception>
    internal static async Task<TRecord> RecordAsync<TRecord>(this Session session, View<TRecord> view, Entry entry, string what, CancellationToken cancellation)
        where TRecord : ViewRecord =>
        (TRecord?)await session.Views.FindAsync(view, entry.Id.Value, cancellation: cancellation).ConfigureAwait(false)
        ?? throw new LedgerException(LedgerError.Refused("wrong-type", $"{ShortId.Of(entry.Id)} is a {entry.Envelope.Type}, not {what}.", $"'ledger {view.Name}' lists them."));

    /// <summary>The story that <c>--story</c> names; without it, the only one there is.</summary>
    internal static async Task<StoryId> StoryAsync(this Session session, Run run)
    {
        if (run.Get(DeskOptions.Story) is { } slug)
        {
            return await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false);
        }

        return await session.SlugsAsync(run.Cancellation).ConfigureAwait(false) switch
        {
            [var only] => await session.StoryAsync(only, run.Cancellation).ConfigureAwait(false),
            [] => throw new LedgerException(LedgerError.NotFound("story-not-found", "There is no story yet.", "'ledger story open TITLE' opens one, and so does 'ledger ingest'.")),
            var slugs => throw new UsageException("In which story? Say it with --story.", $"There are: {string.Join(", ", slugs.Take(8))}."),
        };
    }
}
