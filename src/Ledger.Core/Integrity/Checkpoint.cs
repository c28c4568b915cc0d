using System.Collections.Immutable;
using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Core.Integrity;

/// <summary>
/// What a ledger was at a size (C2SP tlog-checkpoint): whoever keeps one, signed, can tell later whether any of those entries was changed or removed.
/// Its key goes by the ledger's origin.
/// </summary>
/// <param name="Origin">The ledger's name.</param>
/// <param name="Size">How many entries there were.</param>
/// <param name="Root">The RFC 6962 root over them.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>What is signed: origin, size and root, a line each.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n");

    public SignedNote Sign(SigningKey key) => SignedNote.Sign(Text, Origin, key);

    /// <summary>Reads the text of a note as a checkpoint. Lines after the third are other programs' (C2SP: extension lines), and are signed with it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Checkpoint Parse(SignedNote note)
    {
        var lines = note.Text[..^1].Split('\n');
        if (lines.Length < 3 || lines.Any(line => line.Length == 0))
        {
            throw new FormatException("it does not have a line each for origin, size and root");
        }

        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size.ToString(CultureInfo.InvariantCulture) != lines[1])
        {
            throw new FormatException($"'{lines[1]}' is not a size");
        }

        Span<byte> root = stackalloc byte[Digest.Length];
        return lines[2].Length == 44 && Convert.TryFromBase64String(lines[2], root, out var written) && written == Digest.Length && Convert.ToBase64String(root) == lines[2]
            ? new(lines[0], size, new Digest(root))
            : throw new FormatException($"'{lines[2]}' is not a root (32 bytes in base64)");
    }

    /// <summary>The checkpoint of a ledger's head. The tree's tiles give the root; <see cref="Verification"/> tells whether they are the entries'.</summary>
    /// <exception cref="LedgerException">The ledger is empty (<c>ledger-empty</c>), or has an origin that no key can go by (<c>origin-not-valid</c>).</exception>
    public static async ValueTask<Checkpoint> OfHeadAsync(ILedgerLog log, CancellationToken cancellation = default)
    {
        var size = (await log.HeadAsync(cancellation).ConfigureAwait(false)).Size;
        await foreach (var first in log.ReadAsync(0, 1, cancellation: cancellation).ConfigureAwait(false))
        {
            var origin = (first.Body as LedgerOpened)?.Origin ?? "";
            return SignedNote.IsKeyName(origin)
                ? new(origin, size, await Proofs.RootAsync(log, size, cancellation).ConfigureAwait(false))
                : throw new LedgerException(LedgerError.Refused("origin-not-valid", $"No key can go by the ledger's name '{origin}': it is empty, or holds a space or a plus sign."));
        }

        throw new LedgerException(LedgerError.Refused("ledger-empty", "The ledger has no entries yet.", "'ledger ingest FOLDER' records the first."));
    }
}

/// <summary>A key of a ledger, and the sizes at which it signs.</summary>
/// <param name="PublicKey">32 bytes.</param>
/// <param name="Added">The index of the entry that the ledger was opened with, or that added it: larger sizes are signed with it.</param>
/// <param name="Retired">The index of the entry that retired it: larger sizes are not; null while it is in use.</param>
public sealed record LedgerKey(Digest PublicKey, long Added, long? Retired)
{
    public bool Signs(long size) => size > Added && size <= (Retired ?? long.MaxValue);
}

/// <summary>The keys of a ledger, from its own entries.</summary>
public static class LedgerKeys
{
    /// <summary>The keys that the ledger has had, oldest first.</summary>
    public static async ValueTask<ImmutableArray<LedgerKey>> ReadAsync(ILedgerLog log, CancellationToken cancellation = default)
    {
        ImmutableArray<LedgerKey> keys = [];
        await foreach (var entry in log.ReadStoryAsync(StoryId.Reserved, 0, cancellation).ConfigureAwait(false))
        {
            keys = After(keys, entry);
        }

        return keys;
    }

    /// <summary>The keys after one more entry. An entry that this program cannot read adds none.</summary>
    internal static ImmutableArray<LedgerKey> After(ImmutableArray<LedgerKey> keys, Entry entry) =>
        entry.Story != StoryId.Reserved || !BodyTypes.IsKnown(entry.Envelope.Type, entry.Envelope.Schema) ? keys : entry.Body switch
        {
            LedgerOpened opened => keys.Add(new(opened.PublicKey, entry.Index, null)),
            LedgerKeyAdded added => keys.Add(new(added.PublicKey, entry.Index, null)),
            LedgerKeyRetired retired => [.. keys.Select(key => key.PublicKey == retired.PublicKey && key.Retired is null ? key with { Retired = entry.Index } : key)],
            _ => keys,
        };
}
