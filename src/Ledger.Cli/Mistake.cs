using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ledger.Cli;

/// <summary>What is wrong with a command line, as one mistake and what was probably meant.</summary>
internal static class Mistake
{
    internal static UsageException In(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "ledger" : $"ledger {command.Name}";
        if (parsed.UnmatchedTokens is [var token, ..])
        {
            return token.StartsWith('-') ? Option(name, token, command, root)
                : command is RootCommand ? Verb(token, root)
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
            _ => error.Message,
        };
        return new(message, $"'{name} --help' shows what it takes.");
    }

    private static UsageException Verb(string word, RootCommand root) => new(
        $"There is no verb '{word}'.",
        Nearest.Of(word, root.Subcommands.Select(verb => verb.Name)) is { } near ? $"Did you mean 'ledger {near}'?" : "'ledger --help' lists them.");

    private static UsageException Option(string name, string word, Command command, RootCommand root)
    {
        var bare = word.Split('=')[0];
        var known = command.Options.Concat(root.Options).Select(option => option.Name.TrimStart('-'));
        return new($"'{name}' has no option '{bare}'.", Nearest.Of(bare.TrimStart('-'), known) is { } near ? $"Did you mean '--{near}'?" : $"'{name} --help' shows what it takes.");
    }
}
