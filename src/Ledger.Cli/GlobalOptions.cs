using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Intake;

namespace Ledger.Cli;

/// <summary>The options that every verb takes.</summary>
internal static class GlobalOptions
{
    internal static readonly Option<string> Db = new("--db")
    {
        Description = "The ledger's file. Without it: the variable LEDGER_DB, else ledger.db in this folder.",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LEDGER_DB") is { Length: > 0 } db ? db : "ledger.db",
    };

    internal static readonly Option<string> As = new("--as")
    {
        Description = "Who records: your name as it stands in the ledger. Without it: the variable LEDGER_AS, else your name on this machine.",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LEDGER_AS") is { Length: > 0 } name ? name : Environment.UserName,
    };

    /// <summary>Only of the verbs that record.</summary>
    internal static readonly Option<string?> AsProgram = new("--as-program")
    {
        Description = "Record as a program for the person of --as: it proposes, and cannot decide.",
        HelpName = "NAME@VERSION",
    };

    internal static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer in JSON, with the field names of docs/cli.md.",
        Recursive = true,
    };

    internal static void AddTo(Command root)
    {
        root.Options.Add(Db);
        root.Options.Add(As);
        root.Options.Add(Json);
    }
}

/// <summary>One run of a verb: what was asked, and where to speak.</summary>
internal sealed record Run(ParseResult Parsed, Terminal Terminal, CancellationToken Cancellation)
{
    /// <exception cref="LedgerException">It is a pipe, a socket or a device (<c>not-a-ledger</c>), whose opening could wait for ever.</exception>
    internal string Db => Parsed.GetValue(GlobalOptions.Db)! is var path && FileTypes.IsSpecial(path)
        ? throw new LedgerException(LedgerError.Refused("not-a-ledger", $"{path} is not a regular file, but a pipe, socket or device.", "Name another file with --db; nothing was written."))
        : path;

    internal bool Json => Parsed.GetValue(GlobalOptions.Json);

    internal Recorder Recorder => Parsed.GetResult(GlobalOptions.AsProgram) is null ? Recorder.Person(Person)
        : Get(GlobalOptions.AsProgram)!.Split('@') is [{ Length: > 0 } name, { Length: > 0 } version] ? Recorder.Program(name, version, Person)
        : throw new UsageException($"--as-program does not take '{Get(GlobalOptions.AsProgram)}'.", "A program is named with its version: reader@1.2.");

    private string Person => Get(GlobalOptions.As)!;

    internal T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    internal T? Get<T>(Argument<T> argument) => Parsed.GetValue(argument);
}
