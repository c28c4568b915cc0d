using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ledger.Cli;

/// <summary>A verb: what it does in a line, more in its own help, and an example that can be typed.</summary>
internal sealed class Verb(string name, string about, string example) : Command(name, about)
{
    /// <summary>What its own help tells beside the line.</summary>
    internal string? More { get; init; }

    /// <summary>Options whose empty value says something: it takes a field away. Any other that is given is given a value.</summary>
    internal IReadOnlyCollection<Option> MayBeEmpty { get; init; } = [];

    internal string Example { get; } = example;
}

/// <summary>A help page: what <c>System.CommandLine</c> writes, then an example; no wider than the terminal.</summary>
internal sealed class VerbHelp(HelpAction inner, Terminal terminal) : SynchronousCommandLineAction
{
    private const int MaxWidth = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var verb = command as Verb;
        var about = command.Description;
        if (verb?.More is { } more)
        {
            command.Description = $"{about} {more}";
        }

        inner.MaxWidth = Math.Min(terminal.Width, MaxWidth);
        inner.Invoke(parseResult);
        command.Description = about;
        if (verb is not null)
        {
            terminal.Line("Example:");
            terminal.Line("  " + verb.Example);
        }

        return ExitCodes.Done;
    }
}
