using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Intake.Freezing;
using YamlDotNet.RepresentationModel;

namespace Ledger.Intake.Decisions;

/// <summary>
/// The keys and values of one decision. Each is asked for by what it should be; what was asked for is what is known, and <see cref="End"/> refuses the first thing
/// that was wrong: a key nobody asked for before a value that is missing, because the one is often the other misspelled.
/// </summary>
internal sealed class Fields(YamlMappingNode map, DecisionNames names)
{
    private readonly SortedDictionary<string, string> said = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = [];
    private Refusal? wrong;

    private int Line => (int)map.Start.Line;

    public bool Has(string key) => Node(key) is not null;

    public int LineOf(string key) => Key(key) is { } node ? (int)node.Start.Line : Line;

    /// <summary>A text that has to be there.</summary>
    public string Text(string key) => Optional(key) ?? Missing(key, "");

    public string? Optional(string key) => Said(key, Scalar(key));

    /// <summary>A text that does not make the decision another one.</summary>
    public string? Label(string key) => Scalar(key);

    public ImmutableArray<string> Texts(string key)
    {
        known.Add(key);
        ImmutableArray<string> texts = Node(key) switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Select(item => Value(item, key)).OfType<string>()],
            var one => Value(one, key) is { } text ? [text] : [],
        };
        if (texts.Length > 0)
            said[key] = string.Join('\n', texts.Select(Folded));
        return texts;
    }

    public DateOnly Day(string key) => DayOrNone(key) ?? Missing(key, default(DateOnly));

    public DateOnly? DayOrNone(string key) => Optional(key) is { } text ? ParseDay(key, text) : null;

    /// <summary>A day, or two with "to" between them.</summary>
    public DateInterval? Days(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        var days = text.Split(" to ", StringSplitOptions.TrimEntries);
        if (days.Length > 2)
            return Wrong<DateInterval?>(key, $"'{key}: {text}' is neither a day nor days.", "Write 2022-11-21, or 2022-11-21 to 2022-11-30.");
        var (first, last) = (ParseDay(key, days[0]), ParseDay(key, days[^1]));
        if (first is not { } from || last is not { } to)
            return null;
        return from <= to ? new DateInterval(from, to) : Wrong<DateInterval?>(key, $"'{key}: {text}' ends before it begins.", null);
    }

    /// <summary>One of a fixed set of words; <paramref name="otherwise"/> when it is not there, and needed when that is null.</summary>
    public TEnum One<TEnum>(string key, TEnum? otherwise = null)
        where TEnum : struct, Enum => OneOrNone<TEnum>(key) ?? otherwise ?? Missing(key, default(TEnum));

    public TEnum? OneOrNone<TEnum>(string key)
        where TEnum : struct, Enum
    {
        if (Optional(key) is not { } text)
            return null;
        var words = Enum.GetValues<TEnum>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace('-', ' '));
        return words.TryGetValue(Folded(text), out var found)
            ? found
            : Wrong<TEnum?>(key, $"'{key}' cannot be '{text}'.", Nearest.Of(text, words.Keys) is { } near ? $"Did you mean '{near}'?" : $"It is one of: {string.Join(", ", words.Keys)}.");
    }

    public Target Target(string key) => TargetOrNone(key) ?? Missing<Target>(key, null!);

    public Target? TargetOrNone(string key)
    {
        known.Add(key);
        return Node(key) is { } node && Read(key, node) is var (target, text) ? Say(key, text, target) : null;
    }

    public ImmutableArray<Target> Targets(string key)
    {
        known.Add(key);
        var items = Node(key) switch { null => [], YamlSequenceNode list => list.Children, var one => [one] };
        var read = items.Select(item => Read(key, item)).OfType<(Target Target, string Text)>().ToList();
        if (read.Count > 0)
            said[key] = string.Join('\n', read.Select(item => item.Text));
        return [.. read.Select(item => item.Target)];
    }

    /// <summary>Words of a dispatch; whatever else is named there is refused.</summary>
    public Target.Place? Place(string key) => TargetOrNone(key) switch
    {
        null => null,
        Target.Place place => place,
        _ => Wrong<Target.Place?>(key, $"'{key}' names words of a dispatch.", "Write { in: DISPATCH, words: WORDS }."),
    };

    public Target.Place NeededPlace(string key) => Place(key) ?? Missing<Target.Place>(key, null!);

    /// <exception cref="Refusal">A key is not known, or a value is wrong or missing.</exception>
    public void End(params ReadOnlySpan<string> alsoKnown)
    {
        foreach (var key in alsoKnown)
            known.Add(key);
        foreach (var (node, _) in map.Children)
        {
            if (node is not YamlScalarNode { Value: { } key } || !known.Contains(key))
            {
                var name = (node as YamlScalarNode)?.Value ?? "";
                throw new Refusal(IntakeCodes.UnknownKey, $"The key '{name}' is not known here.",
                    Nearest.Of(name, known) is { } near ? $"Did you mean '{near}'?" : $"Known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.", (int)node.Start.Line);
            }
        }

        if (wrong is not null)
            throw wrong;
    }

    /// <summary>SHA-256 of what was said, in lower-case hex.</summary>
    public string Identity()
    {
        var text = new StringBuilder("decision/v1\n");
        foreach (var (key, value) in said)
            text.Append(CultureInfo.InvariantCulture, $"{key} {value.Length}:{value}\n");
        return FrozenText.Sha256(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private (Target Target, string Text)? Read(string key, YamlNode node)
    {
        var line = (int)node.Start.Line;
        if (node is YamlScalarNode { Value: { Length: > 0 } name })
        {
            try
            {
                var decision = names.Find(name, line);
                return (new Target.Named(name, decision, line), "@" + decision.Identity);
            }
            catch (Refusal refusal)
            {
                wrong ??= refusal;
                return null;
            }
        }

        var parts = (node as YamlMappingNode)?.Children.ToDictionary(pair => (pair.Key as YamlScalarNode)?.Value ?? "", pair => Value(pair.Value, key) ?? "") ?? [];
        Target? target = (parts.Count, parts.GetValueOrDefault("in"), parts.FirstOrDefault(part => part.Key != "in")) switch
        {
            (1, null, { Key: "document", Value: { Length: > 0 } document }) => new Target.Dispatch(document, line),
            (2, { } dispatch, { Key: "quote" or "claim" or "question" or "occasion", Value.Length: > 0 } part) => new Target.Finding(dispatch, part.Key, part.Value, line),
            (2, { } dispatch, { Key: "words", Value.Length: > 0 } part) => new Target.Place(dispatch, part.Value, line),
            _ => null,
        };
        return target is null
            ? Wrong<(Target, string)?>(key, $"'{key}' does not say what is meant.",
                "Write { in: DISPATCH, claim: WORDS } (or quote, question, occasion, words), { document: DISPATCH }, or the name of an earlier decision.", line)
            : (target, string.Join(' ', parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => $"{part.Key}={Folded(part.Value)}")));
    }

    private string? Scalar(string key)
    {
        known.Add(key);
        return Node(key) is { } node ? Value(node, key) : null;
    }

    private string? Value(YamlNode node, string key) => node switch
    {
        YamlScalarNode { Value: { } text } when string.IsNullOrWhiteSpace(text) || text is "~" or "null" => null,
        YamlScalarNode { Value: { } text } => Problem(text) is { } problem ? Wrong<string?>(key, problem, null, (int)node.Start.Line) : text.Trim(),
        _ => Wrong<string?>(key, $"'{key}' must be plain text.", "Put a value that holds ': ' or begins with a bracket in quotation marks.", (int)node.Start.Line),
    };

    private static string? Problem(string text) => Core.Entries.Texts.Problem(text);

    private DateOnly? ParseDay(string key, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : Wrong<DateOnly?>(key, $"'{key}: {text}' is not a day that exists.", "Write the date as YYYY-MM-DD.");

    private YamlNode? Node(string key) => map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode scalar && scalar.Value == key).Value;

    private YamlNode? Key(string key) => map.Children.Keys.FirstOrDefault(node => node is YamlScalarNode scalar && scalar.Value == key);

    private static string Folded(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string? Said(string key, string? value) => value is null ? null : Say(key, Folded(value), value);

    private T Say<T>(string key, string text, T value)
    {
        said[key] = text;
        return value;
    }

    /// <summary>What stands in a needed value's place; a value that is there and wrong was told of before.</summary>
    private T Missing<T>(string key, T value)
    {
        wrong ??= new(IntakeCodes.BadDecision, $"The decision has no '{key}'.", "docs/decisions-file.md tells what each decision needs.", Line);
        return value;
    }

    private T? Wrong<T>(string key, string message, string? hint, int? line = null)
    {
        wrong ??= new(IntakeCodes.BadDecision, message, hint, line ?? LineOf(key));
        return default;
    }
}
