using Ledger.Cli;

return await LedgerCommand.RunAsync(args, Terminal.OfProcess());
