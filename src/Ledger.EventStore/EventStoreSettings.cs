namespace Ledger.EventStore;

/// <summary>Where a ledger on EventStoreDB is, and what it is opened for.</summary>
/// <param name="ConnectionString">The server or cluster, as its client takes it (<c>esdb://…</c>).</param>
public sealed record EventStoreSettings(string ConnectionString)
{
    public const string DefaultPrefix = "ledger";

    /// <summary>What the names of the ledger's streams begin with; keeps several ledgers on one server apart. Lower-case letters, digits, hyphens and underscores, at most 50.</summary>
    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>Whether it is opened for reading and following only; otherwise it is made where it is not there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Stamps entries; the system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long an append that the server has accepted waits for its indexes before it is <c>Recorded</c>.</summary>
    public TimeSpan IndexPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call keeps being tried while the server does not answer, or has no leader.</summary>
    public TimeSpan CallPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one try of a call may take: a server that hangs does not keep its own deadline.</summary>
    public TimeSpan TryPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many commands that wait at the same time share a stream of parts. A smaller block is faster to erase from, and slower to write.</summary>
    internal int CommandsPerBlock { get; init; } = 64;

    /// <summary>How many blocks are written at once. More let nobody wait for an append that has just gone off, and fill blocks less.</summary>
    internal int BlocksAtOnce { get; init; } = 2;

    /// <summary>Closed together with the log: where its views are kept, which is not here.</summary>
    public IAsyncDisposable? Companion { get; init; }
}
