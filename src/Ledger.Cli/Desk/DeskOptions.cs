using System.CommandLine;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Intake;

namespace Ledger.Cli;

/// <summary>The options that several of the editor's verbs take.</summary>
internal static class DeskOptions
{
    internal static readonly Option<string?> Story = new("--story") { Description = "The story. Without it: the only one there is.", HelpName = "SLUG" };

    internal static readonly Option<string?> Reason = new("--reason") { Description = "Why.", HelpName = "TEXT" };

    /// <summary>The reason, where it has to be given.</summary>
    internal static readonly Option<string> Because = new("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };

    internal static readonly Option<string?> BasedOn = new("--based-on")
    {
        Description = "The decision rests on what was published by the end of this day (UTC). Without it: on the latest that it refers to.",
        HelpName = "DATE",
    };

    internal static readonly Option<string?> Expected = new("--expected") { Description = "The days it is expected on: 2022-11-23, or 2022-11-21..2022-11-30.", HelpName = "DAY|FROM..TO" };

    internal static readonly Option<string?> Kind = Choice<QuestionKind>("--kind", "Why the question is open");

    internal static readonly Option<string?> Criteria = new("--criteria") { Description = "What would count as an answer.", HelpName = "TEXT" };

    internal static DateOnly? Day(this Run run, Option<string?> option) => run.Get(option) is { Length: > 0 } text ? AsOfOptions.Day(option.Name, text) : null;

    /// <exception cref="UsageException">It does not read, or ends before it begins.</exception>
    internal static DateInterval? Days(this Run run, Option<string?> option)
    {
        if (run.Get(option) is not { Length: > 0 } text)
        {
            return null;
        }

        var ends = text.Split("..");
        var (from, to) = (AsOfOptions.Day(option.Name, ends[0]), AsOfOptions.Day(option.Name, ends[^1]));
        return ends.Length <= 2 && from <= to ? new(from, to) : throw new UsageException($"{option.Name} does not take '{text}'.", "An interval is written 2022-11-21..2022-11-30, the first day first.");
    }

    /// <summary>An option that takes the names of a vocabulary.</summary>
    internal static Option<string?> Choice<TEnum>(string name, string about)
        where TEnum : struct, Enum
    {
        var option = new Option<string?>(name) { Description = $"{about}: {OneOf<TEnum>()}.", HelpName = name[2..].ToUpperInvariant() };
        option.CompletionSources.Add([.. Names<TEnum>()]);
        return option;
    }

    internal static TEnum? Chosen<TEnum>(this Run run, Option<string?> option)
        where TEnum : struct, Enum => run.Get(option) is { } text ? Chosen<TEnum>(option.Name, text) : null;

    /// <exception cref="UsageException">It is not among the names.</exception>
    internal static TEnum Chosen<TEnum>(string what, string text)
        where TEnum : struct, Enum =>
        char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new UsageException(
                $"{what} does not take '{text}'.",
                Nearest.Of(text, Names<TEnum>()) is { } near ? $"Did you mean '{near}'? It takes {OneOf<TEnum>()}." : $"It takes {OneOf<TEnum>()}.");

    internal static string OneOf<TEnum>()
        where TEnum : struct, Enum => Names<TEnum>() is var names ? $"{string.Join(", ", names[..^1])} or {names[^1]}" : "";

    internal static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string[] Names<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(NameOf)];
}
