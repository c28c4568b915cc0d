namespace Ledger.Intake.Freezing;

/// <summary>Ends the reading of one file; <see cref="IntakeFile"/> turns it into a problem and lets none escape.</summary>
internal sealed class Refusal(string code, string message, string? hint = null, int? line = null) : Exception(message)
{
    public IntakeProblem At(string path) => new(path, line, code, Message, hint);
}
