using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Log;

/// <summary>What came of an append.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>A command id that was used before for another request.</summary>
    public static LedgerError CommandReused(CommandId command) => LedgerError.Refused(
        "command-reused", $"The command {command} was used before for another request.", "Give every request a command id of its own.");

    /// <summary>The entries are in the ledger, now or since the same command was first appended.</summary>
    public sealed record Appended(Receipt Receipt) : AppendResult;

    /// <summary>
    /// The entries are in the ledger for good, and the engine does not know their indexes yet: it lost touch with its server, or counts behind. Repeating the command gives the receipt.
    /// Only an engine whose indexes are counted after the append answers so.
    /// </summary>
    /// <param name="Command">The command.</param>
    public sealed record Recorded(CommandId Command) : AppendResult
    {
        /// <summary>What it is for a caller who waits for a receipt.</summary>
        public LedgerError Pending => LedgerError.Conflict(
            "index-pending", $"The command {Command} is recorded, and its place in the ledger is not known yet.", "Repeat the command: it is not recorded again, and gets its receipt.");
    }

    /// <summary>The story is not at the expected revision; nothing was appended. Load it and decide again.</summary>
    /// <param name="ActualRevision">The revision of its last entry; −1 when it does not exist.</param>
    public sealed record Conflict(long ActualRevision) : AppendResult;

    /// <summary>Nothing was appended, and asking again without a change will not help.</summary>
    public sealed record Refused(LedgerError Error) : AppendResult;
}

/// <summary>Proof for the caller of what was appended, built from the stored bytes.</summary>
/// <param name="Story">The story.</param>
/// <param name="Command">The command.</param>
/// <param name="Entries">Its entries in order; empty when the command changed nothing.</param>
/// <param name="Repeated">Whether the command had been appended before; the rest is then the first receipt.</param>
public sealed record Receipt(StoryId Story, CommandId Command, ImmutableArray<ReceiptEntry> Entries, bool Repeated)
{
    /// <summary>The index of the last entry; null when the command changed nothing.</summary>
    public long? LastIndex => Entries.IsEmpty ? null : Entries[^1].Index;

    /// <summary>The receipt of entries as they are stored.</summary>
    public static Receipt Of(StoryId story, CommandId command, IEnumerable<Entry> stored, bool repeated) =>
        new(story, command, [.. stored.Select(entry => new ReceiptEntry(entry.Id, entry.Envelope.Type, entry.Index, entry.Envelope.Revision, entry.Envelope.RecordedAt, entry.Hash))], repeated);
}

/// <summary>One appended entry.</summary>
public sealed record ReceiptEntry(EntryId Id, string Type, long Index, long Revision, Timestamp RecordedAt, Digest Hash);
