namespace Ledger.Cli;

/// <summary>What was typed cannot be meant: exit code 2. For what was meant and cannot be done, see <see cref="Core.LedgerException"/>.</summary>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    internal string? Hint { get; } = hint;
}
