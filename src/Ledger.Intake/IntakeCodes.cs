namespace Ledger.Intake;

/// <summary>The stable codes of problems and skipped files.</summary>
public static class IntakeCodes
{
    public const string Missing = "missing-file";
    public const string NoPermission = "no-permission";
    public const string Unreadable = "unreadable";
    public const string NotAFile = "not-a-file";
    public const string Empty = "empty-file";
    public const string Blank = "blank-file";
    public const string Binary = "binary-file";
    public const string NotUtf8 = "not-utf8";
    public const string UnknownCharset = "unknown-charset";
    public const string TooLarge = "too-large";
    public const string NoDate = "no-date";
    public const string BadDate = "impossible-date";
    public const string BadFrontMatter = "broken-front-matter";
    public const string NotYet = "not-yet";
    public const string UnknownType = "unknown-type";
    public const string NoDocuments = "no-documents";
    public const string Companion = "companion-file";
    public const string SameFile = "same-file";
    public const string UnknownKey = "unknown-key";
    public const string BadDecisions = "broken-decisions";
    public const string BadDecision = "broken-decision";
    public const string UnknownTarget = "unknown-target";
    public const string AmbiguousTarget = "ambiguous-target";
    public const string ProgramDecides = "program-decides";
    public const string BeforePublished = "before-published";
}
