namespace Ledger.Core.Entries;

/// <summary>How large an entry may be, in bytes as they are hashed. Every engine takes everything within them.</summary>
public static class Limits
{
    public const int Body = 64 * 1024;
    public const int Text = 512 * 1024;
    public const int Envelope = 4 * 1024;

    /// <summary>All parts of one command together.</summary>
    public const int Command = 900 * 1024;

    /// <summary>The most that a part of that name has.</summary>
    internal static int Of(string part) => part switch
    {
        Part.Text => Text,
        Part.Source => Command,
        _ => Body,
    };

    /// <summary>Entries of one command: as many as have their envelopes (under 800 bytes each) in one atomic write of 1 MiB, the least that an engine allows.</summary>
    public const int EntriesPerCommand = 1_000;
}
