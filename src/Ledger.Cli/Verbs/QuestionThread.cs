using Ledger.Core;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary>What is recorded on a question: what speaks of it, of what speaks of it, and of the occasion that should settle it.</summary>
internal sealed class QuestionThread
{
    private readonly HashSet<EntryId> thread;

    private QuestionThread(EntryId question, EntryId? occasion) => thread = occasion is { } event_ ? [question, event_] : [question];

    /// <summary>The thread as it stands before an index.</summary>
    /// <exception cref="LedgerException">There is no such entry, or it is no question (<c>wrong-type</c>).</exception>
    internal static async Task<QuestionThread> ReadAsync(Session session, string text, long before, CancellationToken cancellation)
    {
        var id = await session.EntryAsync(text, cancellation).ConfigureAwait(false);
        var entry = await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}.", "'ledger questions' lists the questions."));
        if (entry.Envelope.Type != "question.raised")
        {
            throw new LedgerException(LedgerError.Refused("wrong-type", $"{ShortId.Of(id)} is a {entry.Envelope.Type}, not a question.", "'ledger questions' lists the questions."));
        }

        var question = new QuestionThread(id, (entry.Body as QuestionRaised)?.Occasion);
        await foreach (var known in session.Ledger.ReadStoryAsync(entry.Story, entry.Envelope.Revision, cancellation).ConfigureAwait(false))
        {
            if (known.Index >= before)
            {
                break;
            }

            question.Takes(known);
        }

        return question;
    }

    /// <summary>Whether an entry belongs to it, from here on with what speaks of that entry.</summary>
    internal bool Takes(Entry entry)
    {
        var takes = thread.Contains(entry.Id) || (entry.Body?.References().Any(reference => reference.Relation is "about" or "takes" && thread.Contains(reference.Entry)) ?? false);
        return takes && (thread.Add(entry.Id) || takes);
    }
}
