using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>What the rules make of a command: entries to append (none, when everything is recorded already), or a refusal.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    public sealed record Accepted(ImmutableArray<DecidedEntry> Entries) : Decision;

    public sealed record Refused(LedgerError Error) : Decision;

    internal static Decision Nothing { get; } = new Accepted([]);

    internal static Decision Accept(Body body, EntryId? cause = null) => new Accepted([new(body, cause)]);

    internal static Decision Refuse(string code, string message, string? hint = null) => new Refused(LedgerError.Refused(code, message, hint));
}

/// <summary>An entry as decided: its body, the entry that led to it, and the large parts that go with it.</summary>
public sealed record DecidedEntry(Body Body, EntryId? Cause = null, string? Text = null, ReadOnlyMemory<byte>? Source = null);

/// <summary>What a decision may look at besides the story's state.</summary>
/// <param name="Story">The story's id.</param>
/// <param name="Command">The command's id, which the new entries' ids are made from.</param>
/// <param name="Recorder">Who asks.</param>
/// <param name="Texts">The texts of the documents that the command cites; one that is missing was erased or never there.</param>
public sealed record DecisionContext(
    StoryId Story, CommandId Command, Recorder Recorder, ImmutableDictionary<EntryId, string> Texts);
