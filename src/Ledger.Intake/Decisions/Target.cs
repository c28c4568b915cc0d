namespace Ledger.Intake.Decisions;

/// <summary>What a decision is about, as the file names it.</summary>
/// <param name="Line">Where it is named, 1-based.</param>
internal abstract record Target(int Line)
{
    /// <summary>What an earlier decision recorded.</summary>
    public sealed record Named(string Name, DeskDecision Decision, int Line) : Target(Line);

    /// <summary>A whole dispatch.</summary>
    public sealed record Dispatch(string In, int Line) : Target(Line);

    /// <summary>Something of a kind that was found in a dispatch, by some of its words.</summary>
    public sealed record Finding(string In, string Kind, string Words, int Line) : Target(Line);

    /// <summary>Words of a dispatch, whatever was found in them.</summary>
    public sealed record Place(string In, string Words, int Line) : Target(Line);
}
