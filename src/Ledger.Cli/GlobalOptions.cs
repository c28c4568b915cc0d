using System.CommandLine;
using Ledger.Cli.Stores;
using Ledger.Core.Entries;

namespace Ledger.Cli;

/// <summary>The options that every verb takes.</summary>
internal static class GlobalOptions
{
    internal static readonly Option<string?> Db = new("--db")
    {
        Description = "The ledger's file. Without it: the variable LEDGER_DB, else ledger.db in this folder.",
        HelpName = "FILE",
        Recursive = true,
    };

    internal static readonly Option<string?> Store = new("--store")
    {
        Description = $"A ledger on any engine: {StoreName.Forms}. Without it: --db, the variable LEDGER_STORE, or \"store\" in {StoreChoice.Configuration}.",
        HelpName = "STORE",
        Recursive = true,
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
        root.Options.Add(Store);
        root.Options.Add(As);
        root.Options.Add(Json);
    }
}

/// <summary>One run of a verb: what was asked, and where to speak.</summary>
internal sealed record Run(ParseResult Parsed, Terminal Terminal, CancellationToken Cancellation)
{
    /// <summary>The ledger that is asked about.</summary>
    internal StoreName Store => StoreChoice.Of(Get(GlobalOptions.Store), Get(GlobalOptions.Db));

    internal bool Json => Parsed.GetValue(GlobalOptions.Json);

    internal Recorder Recorder => Parsed.GetResult(GlobalOptions.AsProgram) is null ? Recorder.Person(Person)
        : Get(GlobalOptions.AsProgram)!.Split('@') is [{ Length: > 0 } name, { Length: > 0 } version] ? Recorder.Program(name, version, Person)
        : throw new UsageException($"--as-program does not take '{Get(GlobalOptions.AsProgram)}'.", "A program is named with its version: reader@1.2.");

    private string Person => Get(GlobalOptions.As)!;

    internal T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    internal T? Get<T>(Argument<T> argument) => Parsed.GetValue(argument);
}
