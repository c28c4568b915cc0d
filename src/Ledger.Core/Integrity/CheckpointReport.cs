using System.Collections.Immutable;
using System.Globalization;

namespace Ledger.Core.Integrity;

/// <summary>A checkpoint that somebody kept, held against a ledger.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Failure">What does not hold; null when the ledger still begins with what was signed.</param>
public sealed record CheckpointReport(Checkpoint Checkpoint, LedgerError? Failure)
{
    /// <summary>Reads a kept checkpoint.</summary>
    /// <returns>The note, or <c>checkpoint-not-valid</c>.</returns>
    public static Outcome<SignedNote> Read(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var note = SignedNote.Parse(bytes);
            _ = Checkpoint.Parse(note);
            return note;
        }
        catch (FormatException error)
        {
            return LedgerError.Integrity("checkpoint-not-valid", $"{name} is not a checkpoint: {error.Message}.", "It may have been altered on its way; 'ledger checkpoint' writes one.");
        }
    }

    /// <summary>Holds a note against what was recomputed of a ledger.</summary>
    /// <param name="note">A note that <see cref="Read"/> gave.</param>
    /// <param name="origin">The ledger's origin.</param>
    /// <param name="keys">The keys that the ledger has had.</param>
    /// <param name="size">How many entries it has.</param>
    /// <param name="rootAt">The root over its first entries, as many as the note says; null when it has fewer.</param>
    internal static CheckpointReport Of(SignedNote note, string? origin, ImmutableArray<LedgerKey> keys, long size, Digest? rootAt)
    {
        var checkpoint = Checkpoint.Parse(note);
        return new(checkpoint, CheckSignature(note, checkpoint, origin, keys) ?? CheckTree(checkpoint, size, rootAt));
    }

    private static LedgerError? CheckSignature(SignedNote note, Checkpoint checkpoint, string? origin, ImmutableArray<LedgerKey> keys)
    {
        if (checkpoint.Origin != origin)
        {
            return LedgerError.Integrity("checkpoint-other-ledger", $"The checkpoint is of another ledger: it names {checkpoint.Origin}, and this one is {origin}.");
        }

        var states = keys.Select(key => (Key: key, State: note.Check(origin, key.PublicKey))).Where(pair => pair.State != SignatureState.Absent).ToList();
        return states switch
        {
            [] => LedgerError.Integrity(
                "checkpoint-unknown-key", $"No key of this ledger signed the checkpoint (it names {string.Join(", ", note.Signatures.Select(signature => $"{signature.Name} {signature.KeyId:x8}"))}).",
                "Either the checkpoint is forged, or this ledger was made anew under the same name. 'ledger key show' lists the keys."),
            _ when states.Any(pair => pair.State == SignatureState.Forged) => LedgerError.Integrity(
                "checkpoint-forged", "The checkpoint's signature does not hold: its text, or the signature, is not what was signed.", "Ask whoever kept it for the original."),
            _ when states.All(pair => !pair.Key.Signs(checkpoint.Size)) => LedgerError.Integrity(
                "checkpoint-key-not-in-use",
                string.Create(CultureInfo.InvariantCulture, $"The checkpoint is signed with a key that this ledger did not use at size {checkpoint.Size}: {Use(states[0].Key)}."),
                "Whoever holds a retired key can still sign with it; such a checkpoint proves nothing."),
            _ => null,
        };
    }

    private static LedgerError? CheckTree(Checkpoint checkpoint, long size, Digest? rootAt) => rootAt switch
    {
        null => LedgerError.Integrity(
            "checkpoint-larger",
            string.Create(CultureInfo.InvariantCulture, $"The ledger has {size} entries, and had {checkpoint.Size} when the checkpoint was signed: the entries from index {size} on were removed."),
            "Keep this file as it is, and restore a backup that holds them."),
        { } root when root != checkpoint.Root => LedgerError.Integrity(
            "checkpoint-root-differs",
            string.Create(CultureInfo.InvariantCulture, $"The first {checkpoint.Size} entries are not those that were signed: one of them was changed, removed or put in another's place, and hashed anew."),
            "Keep this file as it is; compared with a backup or an export, 'ledger export' of both shows the first that differs."),
        _ => null,
    };

    private static string Use(LedgerKey key) => string.Create(
        CultureInfo.InvariantCulture, $"entry {key.Added} added it{(key.Retired is { } retired ? $", and entry {retired} retired it" : "")}");
}
