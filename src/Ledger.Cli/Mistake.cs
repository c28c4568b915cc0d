using System.CommandLine;
using System.CommandLine.Parsing;
using Ledger.Intake;

namespace Ledger.Cli;

/// <summary>What is wrong with a command line, as one mistake and what was probably meant.</summary>
internal static class Mistake
{
    internal static UsageException In(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        var name = NameOf(parsed.CommandResult);
        if (parsed.UnmatchedTokens is [var token, ..])
        {
            return token.StartsWith('-') ? Option(name, token, command, root)
                : command.Subcommands.Count > 0 ? Verb(name, token, command)
                : new($"'{name}' does not take '{token}' as well.", $"Words that belong together stand in quotation marks; '{name} --help' shows what it takes.");
        }

        var error = parsed.Errors[0];
        var message = error.SymbolResult switch
        {
            OptionResult { Tokens: [{ Value: var value }, ..], Option: var option } when error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) =>
                $"{option.Name} does not take '{value}'.",
            OptionResult { Tokens: [], Option: var option } when error.Message.StartsWith("Required argument", StringComparison.Ordinal) => $"{option.Name} needs a value: {option.HelpName}.",
            ArgumentResult { Argument: var argument } when error.Message.StartsWith("Required argument", StringComparison.Ordinal) => $"'{name}' needs {argument.Name}.",
            CommandResult when command is RootCommand => "There is no verb in this.",
            CommandResult when command.Subcommands.Count > 0 => $"'{name}' needs one of: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}.",
            _ => error.Message,
        };
        return new(message, $"'{name} --help' shows what it takes.");
    }

    /// <summary>An argument or option that was given without anything in it, as an unset variable of a shell gives it; null when there is none.</summary>
    internal static UsageException? Empty(ParseResult parsed)
    {
        var mayBeEmpty = (parsed.CommandResult.Command as Verb)?.MayBeEmpty ?? [];
        var name = NameOf(parsed.CommandResult);
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            foreach (var result in command.Children)
            {
                if (result.Tokens.Any(token => token.Value.Length == 0) && (result as OptionResult)?.Option is var option && (option is null || !mayBeEmpty.Contains(option)))
                {
                    return new(
                        option is null ? $"'{name}' needs {((ArgumentResult)result).Argument.Name}: an empty one was given." : $"{option.Name} needs a value: an empty one was given.",
                        $"'{name} --help' shows what it takes.");
                }
            }
        }

        return null;
    }

    /// <summary>As it is typed: <c>ledger question raise</c>.</summary>
    private static string NameOf(CommandResult command) => command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "ledger";

    private static UsageException Verb(string name, string word, Command command) => new(
        $"There is no verb '{(command is RootCommand ? "" : command.Name + " ")}{word}'.",
        Nearest.Of(word, command.Subcommands.Select(verb => verb.Name)) is { } near ? $"Did you mean '{name} {near}'?" : $"'{name} --help' lists them.");

    private static UsageException Option(string name, string word, Command command, RootCommand root)
    {
        var bare = word.Split('=')[0];
        var known = command.Options.Concat(root.Options).Select(option => option.Name.TrimStart('-'));
        return new($"'{name}' has no option '{bare}'.", Nearest.Of(bare.TrimStart('-'), known) is { } near ? $"Did you mean '--{near}'?" : $"'{name} --help' shows what it takes.");
    }
}
