using System.Collections.Immutable;
using Ledger.Intake.Freezing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ledger.Intake.Decisions;

/// <summary>The desk's decisions on a folder of documents, as its <c>decisions.yaml</c> lists them. The format is told in docs/decisions-file.md.</summary>
/// <param name="Path">The file.</param>
/// <param name="Decisions">Those that read, in the file's order.</param>
/// <param name="Problems">Why the others do not, by line; one without a decision's line is about the whole file.</param>
public sealed record DecisionsFile(string Path, ImmutableArray<DeskDecision> Decisions, ImmutableArray<IntakeProblem> Problems) : IntakeResult(Path)
{
    /// <summary>Whether a file of this name in a folder of documents is such a file.</summary>
    public static bool IsNamed(string path) =>
        System.IO.Path.GetFileName(path).ToLowerInvariant() is "decisions.yaml" or "decisions.yml";

    internal static DecisionsFile Of(string path, byte[] source)
    {
        YamlSequenceNode? list;
        try
        {
            list = Parse(FrozenText.Decode(source));
        }
        catch (Refusal refusal)
        {
            return new(path, [], [refusal.At(path)]);
        }

        var names = new DecisionNames();
        var decisions = ImmutableArray.CreateBuilder<DeskDecision>();
        var problems = ImmutableArray.CreateBuilder<IntakeProblem>();
        foreach (var node in list?.Children ?? [])
        {
            try
            {
                var decision = DeskDecision.Read(path, node, names);
                names.Add(decision);
                decisions.Add(decision);
            }
            catch (Refusal refusal)
            {
                names.AddRefused(node);
                problems.Add(refusal.At(path));
            }
        }

        return new(path, decisions.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>A tab in an indentation is what the parser stumbles over, and it blames what stands before.</summary>
    private static int? LineOfTab(string text)
    {
        var line = Array.FindIndex(text.Split('\n'), line => line[..^line.TrimStart().Length].Contains('\t', StringComparison.Ordinal));
        return line < 0 ? null : line + 1;
    }

    /// <summary>
    /// The line to blame in the first decision that does not read alone: the parser blames what comes after a bracket that is never closed, or loses its place; null when each reads alone.
    /// </summary>
    private static int? LineOfOpen(string text)
    {
        var lines = text.Split('\n');
        List<int> starts = [.. Enumerable.Range(0, lines.Length).Where(line => lines[line].StartsWith("- ", StringComparison.Ordinal)), lines.Length];
        foreach (var (start, next) in starts.Zip(starts.Skip(1)))
        {
            var end = Array.FindLastIndex(lines, next - 1, line => !string.IsNullOrWhiteSpace(line)) + 1;
            try
            {
                new YamlStream().Load(new StringReader(string.Join('\n', lines[start..end])));
            }
            catch (YamlException e)
            {
                return start + Math.Clamp((int)e.Start.Line, 1, end - start);
            }
            catch (InvalidOperationException)
            {
                return start + 1;
            }
        }

        return null;
    }

    private static YamlSequenceNode? Parse(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new Refusal(IntakeCodes.BadDecisions, $"The file is not valid YAML: {e.InnerException?.Message ?? e.Message}",
                "Put a value that holds ': ' or '#' in quotation marks, and indent with spaces. None of its decisions was read.", LineOfTab(text) ?? LineOfOpen(text) ?? Math.Max(1, (int)e.Start.Line));
        }
        catch (InvalidOperationException)
        {
            // The parser loses its place in a bracket that is never closed, and cannot say where that was.
            throw new Refusal(IntakeCodes.BadDecisions, "The file is not valid YAML: a bracket or a quotation mark in it is not closed.",
                "It is in the decision that begins on this line. None of its decisions was read.", LineOfOpen(text) ?? 1);
        }

        return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode switch
        {
            YamlSequenceNode list => list,
            YamlScalarNode { Value: null or "" } => null,
            var root => throw new Refusal(IntakeCodes.BadDecisions, "The file must be a list: every decision begins with '- '.", null, (int)root.Start.Line),
        };
    }
}

/// <summary>The names that decisions give to what they record, as far as the file was read.</summary>
internal sealed class DecisionNames
{
    private readonly Dictionary<string, DeskDecision> known = [];
    private readonly Dictionary<string, int> refused = [];

    public void Add(DeskDecision decision)
    {
        if (decision.Name is { } name)
            known.Add(name, decision);
    }

    public void AddRefused(YamlNode node)
    {
        if (node is YamlMappingNode map && map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: "name" }).Value is YamlScalarNode { Value: { } name })
            refused.TryAdd(name, (int)map.Start.Line);
    }

    public void RefuseTaken(string name, int line)
    {
        if (known.TryGetValue(name, out var other))
            throw new Refusal(IntakeCodes.BadDecision, $"The name '{name}' is taken by the decision on line {other.Line}.", "Give every decision a name of its own, or none.", line);
    }

    public DeskDecision Find(string name, int line)
    {
        if (known.TryGetValue(name, out var decision))
            return decision;
        throw refused.TryGetValue(name, out var at)
            ? new(IntakeCodes.UnknownTarget, $"'{name}' stands for the decision on line {at}, which does not read.", "Put that one right first.", line)
            : new Refusal(IntakeCodes.UnknownTarget, $"No decision before this one is named '{name}'.",
                Nearest.Of(name, known.Keys) is { } near ? $"Did you mean '{near}'?" : "Write { in: DISPATCH, claim: WORDS }, or give an earlier decision that name.", line);
    }
}
