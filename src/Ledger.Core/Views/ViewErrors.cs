namespace Ledger.Core.Views;

/// <summary>What every store of views says alike.</summary>
public static class ViewErrors
{
    /// <summary>The code of <see cref="KeptElsewhere"/>.</summary>
    public const string KeptElsewhereCode = "kept-elsewhere";

    public static LedgerError NotKept(View view) =>
        LedgerError.Conflict("view-not-kept", $"The view {view.Name} has not been made yet.", "'ledger rebuild' makes it.");

    /// <summary>A keeper wrote what does not follow on where the view is: another has gone on meanwhile.</summary>
    public static LedgerError KeptElsewhere(View view) =>
        LedgerError.Conflict(KeptElsewhereCode, $"The view {view.Name} is kept by another program, which has gone on meanwhile; nothing was written.");

    /// <summary>Another program keeps views, and not this one in this version.</summary>
    public static LedgerError KeptOtherwise(View view) =>
        LedgerError.Conflict("view-kept-otherwise", $"Another program keeps the views, and not {view.Name} as this one makes it.", "Let every program be of the same version.");
}
