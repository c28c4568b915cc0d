using Ledger.Core;

namespace Ledger.Cli;

/// <summary>What the command's exit code says; the same in help and documentation.</summary>
internal static class ExitCodes
{
    internal const int Done = 0;
    internal const int Refused = 1;
    internal const int Usage = 2;
    internal const int NotFound = 3;
    internal const int Conflict = 4;
    internal const int Integrity = 5;

    /// <summary>As shells have it: 128 and the number of SIGINT.</summary>
    internal const int Interrupted = 130;

    internal static int Of(LedgerError error) => error.Kind switch
    {
        ErrorKind.NotFound => NotFound,
        ErrorKind.Conflict => Conflict,
        ErrorKind.Integrity => Integrity,
        _ => Refused,
    };
}
