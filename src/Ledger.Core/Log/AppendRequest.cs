using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Log;

/// <summary>An entry that has no place yet: everything but revision, time and previous hash, which are fixed together with the order.</summary>
/// <param name="Type">What it records.</param>
/// <param name="Schema">The version of the body's shape.</param>
/// <param name="Cause">The entry that led to it.</param>
/// <param name="Parts">The sealed parts, ordered by name: body and recorder canonical JSON, the text UTF-8 without NUL, so that every engine can keep them in its own way.</param>
public sealed record EntryDraft(string Type, int Schema, EntryId? Cause, ImmutableArray<Part> Parts)
{
    /// <summary>What the envelope will carry for the parts; computed once, outside any engine's lock.</summary>
    public ImmutableSortedDictionary<string, Digest> Commitments { get; } =
        Parts.ToImmutableSortedDictionary(part => part.Name, part => part.Commitment(), StringComparer.Ordinal);
}

/// <summary>One command's entries, to be appended together or not at all.</summary>
/// <param name="Story">The story.</param>
/// <param name="ExpectedRevision">The revision of the story's last entry that the decision was made on; <see cref="NoStory"/> for a story that does not exist.</param>
/// <param name="Command">The command; a repeated one appends nothing.</param>
/// <param name="RecordedBy">Who appends.</param>
/// <param name="Request">SHA-256 of the request; a repeated command with another request is refused.</param>
/// <param name="Entries">At least one, at most <see cref="Limits.EntriesPerCommand"/>.</param>
public sealed record AppendRequest(
    StoryId Story, long ExpectedRevision, CommandId Command, RecordedBy RecordedBy, Digest Request, ImmutableArray<EntryDraft> Entries)
{
    /// <summary>
    /// The entry expected at <see cref="ExpectedRevision"/>; null where none is, or where that does not matter. A decision made on an entry that was still on its way
    /// must not come to stand on another one that took its revision.
    /// </summary>
    public EntryId? ExpectedLast { get; init; }

    /// <summary>The expected revision of a story that does not exist.</summary>
    public const long NoStory = -1;

    /// <summary>What keeps these entries from being appended anywhere: too large, none, or of a form that no envelope has; null when nothing does.</summary>
    public LedgerError? CheckLimits()
    {
        if (Entries.Length is 0 or > Limits.EntriesPerCommand)
        {
            return LedgerError.Refused("command-size", $"A command appends between 1 and {Limits.EntriesPerCommand} entries, not {Entries.Length}.");
        }

        foreach (var entry in Entries)
        {
            if (!EnvelopeReader.IsType(entry.Type) || entry.Schema < 1 || !entry.Commitments.ContainsKey(Part.Body) || !AreKnown(entry.Parts))
            {
                // Nothing is appended that could not be read back. A program's error, not a user's.
                return LedgerError.Refused("command-not-valid", $"An entry of type '{entry.Type}' with parts {string.Join(", ", entry.Commitments.Keys)} has no envelope.");
            }
        }

        long total = 0;
        foreach (var entry in Entries)
        {
            foreach (var part in entry.Parts)
            {
                if (part.Name == Part.Text && !Texts.IsText(part.Bytes.Span))
                {
                    return LedgerError.Refused("command-not-valid", "A text is not UTF-8, or holds a NUL character.");
                }

                var limit = Limits.Of(part.Name);
                if (part.Bytes.Length > limit)
                {
                    return LedgerError.Refused("part-too-large", $"The {part.Name} has {part.Bytes.Length} bytes; at most {limit} can be recorded.");
                }

                total += part.Bytes.Length;
            }
        }

        return total <= Limits.Command
            ? null
            : LedgerError.Refused("command-too-large", $"The command has {total} bytes; at most {Limits.Command} can be recorded at once.");
    }

    private static bool AreKnown(ImmutableArray<Part> parts)
    {
        foreach (var part in parts)
        {
            if (!Part.IsKnown(part.Name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fixes one entry's place: the canonical envelope, and its leaf hash.</summary>
    /// <param name="ordinal">Which of the entries.</param>
    /// <param name="revision">Its place in the story.</param>
    /// <param name="recordedAt">When its place was fixed.</param>
    /// <param name="previous">The leaf hash of the story's previous entry.</param>
    /// <param name="id">Its id, where the caller has made it already.</param>
    public (byte[] Envelope, Digest Hash) Seal(int ordinal, long revision, Timestamp recordedAt, Digest? previous, EntryId? id = null)
    {
        var draft = Entries[ordinal];
        var envelope = new Envelope(
            id ?? EntryId.For(Story, Command, ordinal), Story, revision, draft.Type, draft.Schema, recordedAt, RecordedBy,
            Command, ordinal, Entries.Length, draft.Cause, draft.Commitments, previous).ToBytes();
        return (envelope, TreeHash.Leaf(envelope));
    }
}
