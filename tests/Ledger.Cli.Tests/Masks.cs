using System.Text.RegularExpressions;

namespace Ledger.Cli.Tests;

/// <summary>Hides what differs from one ledger to the next: ids (numbered as they appear), times of recording, hashes.</summary>
internal sealed partial class Masks
{
    private readonly Dictionary<string, string> ids = [];

    internal static string Hide(string text) => new Masks().Apply(text);

    /// <summary>The ids seen so far, in the order in which they appeared, shortened to what tables show.</summary>
    internal IEnumerable<string> Ids => ids.Keys;

    internal string Apply(string text)
    {
        text = Time().Replace(text, "‹time›");
        text = Hash().Replace(text, "‹hash›");
        text = Cursor().Replace(text, match => $"{match.Groups[1].Value}-‹cursor›");
        text = Id().Replace(text, match => Number(match.Value));
        text = Origin().Replace(text, "ledger.local/‹origin›");
        return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd() + "\n";
    }

    private string Number(string id)
    {
        var key = id[..8];
        if (!ids.TryGetValue(key, out var mask))
        {
            ids[key] = mask = $"‹id{ids.Count + 1}›";
        }

        return id.Length > 8 ? mask[..^1] + "…›" : mask;
    }

    [GeneratedRegex(@"\b20[2-9]\d-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z| \d\d:\d\dZ)(?<!T00:00:00\.000000Z)")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b(\d+)-[0-9a-f]{32}\b")]
    private static partial Regex Cursor();

    [GeneratedRegex(@"(?<![\w/])[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"ledger\.local/[0-9a-f]{8}")]
    private static partial Regex Origin();
}
