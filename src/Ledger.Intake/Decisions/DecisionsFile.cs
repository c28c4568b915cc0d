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
                "Put a value that holds ': ' or '#' in quotation marks, and indent with spaces. None of its decisions was read.", Math.Max(1, (int)e.Start.Line));
        }
        catch (InvalidOperationException)
        {
            // The parser loses its place in a bracket that is never closed, and cannot say where that was.
            throw new Refusal(IntakeCodes.BadDecisions, "The file is not valid YAML: a bracket or a quotation mark in it is not closed.", "None of its decisions was read.", 1);
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
                NearName.Of(name, known.Keys) is { } near ? $"Did you mean '{near}'?" : "Write { in: DISPATCH, claim: WORDS }, or give an earlier decision that name.", line);
    }
}
