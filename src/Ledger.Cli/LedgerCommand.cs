using System.CommandLine;
using System.CommandLine.Help;
using Ledger.Cli.Verbs;
using Ledger.Core;

namespace Ledger.Cli;

/// <summary>The <c>ledger</c> command: its verbs, and what happens around each of them.</summary>
internal static class LedgerCommand
{
    private const string About = """
        Ledger keeps a developing news story: every claim, quote and question taken from a document is recorded once, with the words it rests on, and never altered. Any list can be asked as it was at an earlier time.

        Start with:  ledger ingest seeds/csto-armenia
        Then:        ledger questions --published-by 2022-10-30

        Exit codes:  0 done, 1 refused, 2 usage, 3 not found, 4 conflict, 5 altered or damaged, 130 interrupted
        """;

    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        var root = Build(terminal);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            return terminal.Fail((parsed.UnmatchedTokens.Count == 0 ? Mistake.Empty(parsed) : null) ?? Mistake.In(parsed, root));
        }

        if (Mistake.Empty(parsed) is { } empty)
        {
            return terminal.Fail(empty);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = terminal.OutWriter, Error = terminal.ErrorWriter, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) },
                cancellation).ConfigureAwait(false);
        }
        catch (IOException error) when (IsBrokenPipe(error))
        {
            return ExitCodes.Done;
        }
    }

    private static bool IsBrokenPipe(IOException error) => error.HResult == 32 || error.Message.Contains("Broken pipe", StringComparison.Ordinal);

    /// <summary>Runs a verb, and turns what it throws into one line and an exit code.</summary>
    internal static void Does(this Command command, Terminal terminal, Func<Run, Task<int>> verb) => command.SetAction(async (parsed, cancellation) =>
    {
        try
        {
            return await verb(new(parsed, terminal, cancellation)).ConfigureAwait(false);
        }
        catch (LedgerException error)
        {
            return terminal.Fail(error.Error);
        }
        catch (UsageException error)
        {
            return terminal.Fail(error);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Note("Stopped. What was recorded is safe; the same command goes on from there.");
            return ExitCodes.Interrupted;
        }
        catch (IOException error) when (IsBrokenPipe(error))
        {
            // Whoever read the answer has read enough.
            return ExitCodes.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail(LedgerError.Refused("file-failed", error.Message));
        }
        catch (Exception error)
        {
            var exit = terminal.Fail(LedgerError.Refused("unexpected", $"This should not have happened: {error.Message}", "What was recorded is safe. Please report what follows."));
            terminal.ErrorWriter.WriteLine(error);
            return exit;
        }
    });

    internal static int Fail(this Terminal terminal, LedgerError error) => terminal.Fail(error.Message, error.Hint, ExitCodes.Of(error));

    internal static int Fail(this Terminal terminal, UsageException error) => terminal.Fail(error.Message, error.Hint, ExitCodes.Usage);

    private static int Fail(this Terminal terminal, string message, string? hint, int exit)
    {
        // A message may list places, one a line.
        var lines = message.Split('\n');
        terminal.Note($"error: {lines[0]}");
        foreach (var line in lines[1..])
        {
            terminal.Note(line, "  ");
        }

        if (hint is not null)
        {
            terminal.Note($"hint: {hint}");
        }

        return exit;
    }

    internal static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(About);
        GlobalOptions.AddTo(root);
        root.Subcommands.Add(IngestVerb.Build(terminal));
        foreach (var list in ListVerbs.Build(terminal))
        {
            root.Subcommands.Add(list);
        }

        root.Subcommands.Add(ShowVerb.Build(terminal));
        root.Subcommands.Add(WhyVerb.Build(terminal));
        root.Subcommands.Add(RecordVerb.Build(terminal));
        root.Subcommands.Add(LinkVerb.Build(terminal));
        root.Subcommands.Add(QuestionVerb.Build(terminal));
        root.Subcommands.Add(OccasionVerb.Build(terminal));
        root.Subcommands.Add(SpeakerVerb.Build(terminal));
        root.Subcommands.Add(StoryVerb.Build(terminal));
        root.Subcommands.Add(DecideVerb.Accept(terminal));
        root.Subcommands.Add(DecideVerb.Reject(terminal));
        root.Subcommands.Add(CorrectVerb.Build(terminal));
        root.Subcommands.Add(WithdrawVerb.Build(terminal));
        root.Subcommands.Add(NoteVerb.Build(terminal));
        root.Subcommands.Add(AuditVerb.Build(terminal));
        root.Subcommands.Add(VerifyVerb.Build(terminal));
        root.Subcommands.Add(RebuildVerb.Build(terminal));
        root.Subcommands.Add(ExportVerb.Build(terminal));
        root.Subcommands.Add(ImportVerb.Build(terminal));
        root.Subcommands.Add(CopyVerb.Build(terminal));
        root.Subcommands.Add(ExtractVerb.Build(terminal));
        foreach (var reading in (Command[])
            [
                SearchVerb.Build(terminal), TimelineVerb.Build(terminal), ChangesVerb.Build(terminal), ReplayVerb.Build(terminal), CiteVerb.Build(terminal), WatchVerb.Build(terminal),
            ])
        {
            root.Subcommands.Add(reading);
        }

        root.Subcommands.Add(CheckpointVerb.Build(terminal));
        root.Subcommands.Add(KeyVerbs.Build(terminal));
        root.Subcommands.Add(BackupVerb.Build(terminal));
        root.Subcommands.Add(StoreVerbs.Build(terminal));
        root.Subcommands.Add(CompletionVerb.Build(terminal));
        Completions.AddTo(root);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new VerbHelp((HelpAction)help.Action!, terminal);
        return root;
    }
}
