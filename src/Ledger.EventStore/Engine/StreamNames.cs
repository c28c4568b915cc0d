using System.Text.RegularExpressions;
using Ledger.Core;
using Ledger.Core.Entries;

namespace Ledger.EventStore.Engine;

/// <summary>
/// The streams of one ledger. A prefix has no dot and every kind ends in a hyphen, so that no ledger's streams begin with another's names.
/// </summary>
/// <param name="prefix">What they begin with.</param>
internal sealed partial class StreamNames(string prefix)
{
    /// <summary>Envelopes of all stories; their order in <c>$all</c> is the order of the ledger.</summary>
    internal string Stories { get; } = prefix + ".story-";

    /// <summary>Blocks of bodies and recorders.</summary>
    internal string Smalls { get; } = prefix + ".parts-";

    /// <summary>Blocks of texts and sources.</summary>
    internal string Larges { get; } = prefix + ".texts-";

    /// <summary>What was erased: which block has a newer copy.</summary>
    internal string Erasures { get; } = prefix + ".erasures";

    /// <summary>How far was looked for parts that belong to no entry.</summary>
    internal string Sweeps { get; } = prefix + ".sweeps";

    /// <summary>The ledger's secret.</summary>
    internal string Meta { get; } = prefix + ".meta";

    internal static StreamNames Of(string prefix) => Allowed().IsMatch(prefix)
        ? new(prefix)
        : throw new LedgerException(LedgerError.Refused(
            "connection-not-valid", $"'{prefix}' cannot begin the names of streams.", "Use lower-case letters, digits, hyphens and underscores, at most 50."));

    internal string Story(StoryId story) => Stories + story;

    /// <summary>The stream of a block; copies that an erasure made of it have numbers from 1.</summary>
    internal string Block(BlockId block, int copy) => (block.IsLarge ? Larges : Smalls) + block.Id.ToString("D") + (copy == 0 ? "" : $".{copy}");

    /// <summary>The block that a stream holds, and which copy; null for other streams.</summary>
    internal (BlockId Block, int Copy)? BlockOf(string stream)
    {
        var large = stream.StartsWith(Larges, StringComparison.Ordinal);
        if (!large && !stream.StartsWith(Smalls, StringComparison.Ordinal))
        {
            return null;
        }

        var name = stream.AsSpan((large ? Larges : Smalls).Length);
        var copy = 0;
        return name.Length >= 36 && Guid.TryParseExact(name[..36], "D", out var id) && (name.Length == 36 || (name[36] == '.' && int.TryParse(name[37..], out copy)))
            ? (new BlockId(id, large), copy)
            : null;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,50}$")]
    private static partial Regex Allowed();
}

/// <summary>One stream of parts, written in one append: bodies and recorders, or texts and sources.</summary>
internal readonly record struct BlockId(Guid Id, bool IsLarge);
