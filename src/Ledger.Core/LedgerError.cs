namespace Ledger.Core;

/// <summary>What kind of refusal an error is; the command line's exit code and HTTP's status follow from it.</summary>
public enum ErrorKind
{
    /// <summary>The input or the rules do not allow it.</summary>
    Refused,

    /// <summary>It names something that is not there.</summary>
    NotFound,

    /// <summary>Somebody else was first; asking again may succeed.</summary>
    Conflict,

    /// <summary>What is stored is not what was recorded.</summary>
    Integrity,
}

/// <summary>An error as a value.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Code">A stable code in lower case with hyphens (<c>span-does-not-read</c>).</param>
/// <param name="Message">A sentence a reporter understands.</param>
/// <param name="Hint">What to do next; null where there is nothing to say.</param>
public sealed record LedgerError(ErrorKind Kind, string Code, string Message, string? Hint = null)
{
    public static LedgerError Refused(string code, string message, string? hint = null) => new(ErrorKind.Refused, code, message, hint);

    public static LedgerError NotFound(string code, string message, string? hint = null) => new(ErrorKind.NotFound, code, message, hint);

    public static LedgerError Conflict(string code, string message, string? hint = null) => new(ErrorKind.Conflict, code, message, hint);

    public static LedgerError Integrity(string code, string message, string? hint = null) => new(ErrorKind.Integrity, code, message, hint);
}

/// <summary>Carries a <see cref="LedgerError"/> out of a place that cannot return one: an engine that cannot be opened, a stream that ends in an error.</summary>
public sealed class LedgerException(LedgerError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public LedgerError Error { get; } = error;
}

/// <summary>A value, or the error that stands in its place.</summary>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, LedgerError? error) => (this.value, Error) = (value, error);

    public LedgerError? Error { get; }

    /// <exception cref="LedgerException">There is an error in its place.</exception>
    public T Value => Error is null ? value! : throw new LedgerException(Error);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(LedgerError error) => new(default, error);
}
