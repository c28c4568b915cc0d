namespace Ledger.Marten;

/// <summary>What a process opens a ledger in PostgreSQL for.</summary>
public enum MartenAccess
{
    /// <summary>To read and follow. Nothing is created or changed.</summary>
    Read,

    /// <summary>To append; any number of processes at once. The ledger's tables are created where there are none.</summary>
    Write,
}
