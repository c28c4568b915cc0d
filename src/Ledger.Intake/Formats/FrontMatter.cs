using System.Collections.Immutable;
using Ledger.Intake.Freezing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ledger.Intake.Formats;

/// <summary>YAML between a first line "---" and the next "---" or "...".</summary>
internal sealed record FrontMatter(ImmutableDictionary<string, FrontMatter.Value> Values, ImmutableArray<IntakeWarning> Warnings, string Body)
{
    private static readonly string[] Keys = ["title", "date", "publisher", "author", "url", "archived-url", "language", "sources", "retrieved"];

    /// <param name="Line">1-based, in the file.</param>
    internal sealed record Value(ImmutableArray<string> Items, int Line);

    public static bool Opens(string text) => text.StartsWith("---\n", StringComparison.Ordinal);

    public static FrontMatter Split(string text)
    {
        var none = ImmutableDictionary<string, Value>.Empty;
        if (!Opens(text))
            return new(none, [], text);
        var lines = text.Split('\n');
        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        if (end < 0)
            throw new Refusal(IntakeCodes.BadFrontMatter, "The front matter is opened by '---' and never closed.", "Close it with a line '---'.", 1);
        var body = string.Join('\n', lines[(end + 1)..]);
        var yaml = new YamlStream();
        try
        {
            var source = string.Join('\n', lines[1..end]);
            RefuseDeep(source);
            yaml.Load(new StringReader(source));
        }
        catch (YamlException e)
        {
            throw new Refusal(IntakeCodes.BadFrontMatter, $"The front matter is not valid YAML: {e.InnerException?.Message ?? e.Message}",
                "Put a value that holds ': ' or '#' in quotation marks.", Math.Min((int)e.Start.Line + 1, end));
        }
        catch (InvalidOperationException)
        {
            // The parser loses its place in a bracket that is never closed, and cannot say where that was.
            throw new Refusal(IntakeCodes.BadFrontMatter, "The front matter is not valid YAML: a bracket or a quotation mark in it is not closed.",
                "Put a value that begins with '[' or '{' in quotation marks.", 2);
        }

        if (yaml.Documents.Count == 0)
            return new(none, [], body);
        if (yaml.Documents[0].RootNode is not YamlMappingNode map)
            throw new Refusal(IntakeCodes.BadFrontMatter, "The front matter must be lines of 'key: value'.", null, 2);
        return Collect(map, body);
    }

    /// <summary>Nodes are built by recursion: what is nested without end would end the process.</summary>
    private static void RefuseDeep(string yaml)
    {
        const int MaxDepth = 32;
        var parser = new Parser(new StringReader(yaml));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            if (depth > MaxDepth)
                throw new Refusal(IntakeCodes.BadFrontMatter, $"The front matter is nested more than {MaxDepth} deep.", "It holds lines of 'key: value', and 'sources' as a list.", (int)parser.Current!.Start.Line + 1);
        }
    }

    public string? One(string key) => Values.GetValueOrDefault(key) is { Items: [var first, ..] } && first.Length > 0 ? first : null;

    public PublicationTime? Time(string key) => One(key) is not { } text ? null : PublicationTime.Parse(text)
        ?? throw new Refusal(IntakeCodes.BadDate, $"'{key}: {text}' is not a day or a time that exists.", "Write the date as YYYY-MM-DD.", Values[key].Line);

    private static FrontMatter Collect(YamlMappingNode map, string body)
    {
        var values = ImmutableDictionary.CreateBuilder<string, Value>();
        var warnings = ImmutableArray.CreateBuilder<IntakeWarning>();
        foreach (var (node, content) in map.Children)
        {
            var line = (int)node.Start.Line + 1;
            var key = (node as YamlScalarNode)?.Value ?? "";
            if (!Keys.Contains(key, StringComparer.Ordinal))
            {
                var near = Nearest.Of(key, Keys);
                warnings.Add(new(line, IntakeCodes.UnknownKey, $"The front matter key '{key}' is not known and is left out{(near is null ? "." : $"; did you mean '{near}'?")}"));
                continue;
            }

            values[key] = new(Items(key, content, line), line);
        }

        return new(values.ToImmutable(), warnings.ToImmutable(), body);
    }

    /// <summary>An escape such as "\0" or "\ud800" makes what no text may hold.</summary>
    private static string Fit(string value, int line) => value.Contains('\0', StringComparison.Ordinal) || !IsWhole(value)
        ? throw new Refusal(IntakeCodes.BadFrontMatter, "A value holds an escape that stands for no character.", "Write the character itself.", line)
        : value;

    private static bool IsWhole(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
                return false;
        }

        return true;
    }

    private static ImmutableArray<string> Items(string key, YamlNode node, int line) => node switch
    {
        YamlScalarNode { Value: null or "" or "~" or "null" } => [],
        YamlScalarNode scalar => [Fit(scalar.Value!, line)],
        YamlSequenceNode list when key == "sources" && list.All(item => item is YamlScalarNode) => [.. list.Select(item => Fit(((YamlScalarNode)item).Value ?? "", line))],
        _ => throw new Refusal(IntakeCodes.BadFrontMatter, $"'{key}' must be {(key == "sources" ? "a list of plain texts" : "one plain text")}.",
            "Put a value that holds ': ' in quotation marks.", line),
    };
}
