using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Log;

/// <summary>Begins a ledger: <c>ledger.opened</c> at index 0, in the reserved story.</summary>
public static class LedgerOpening
{
    /// <summary>Appends the opening to an empty log; a log that has one is left as it is.</summary>
    /// <param name="log">The log.</param>
    /// <param name="origin">The ledger's name in signed statements.</param>
    /// <param name="publicKey">Its Ed25519 public key.</param>
    /// <param name="recorder">Who opens it.</param>
    /// <param name="clock">The time of creation.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="LedgerException">The origin cannot name the ledger's keys (<c>origin-not-valid</c>), or the engine refused.</exception>
    public static async ValueTask EnsureOpenedAsync(
        ILedgerLog log, string origin, Digest publicKey, Recorder recorder, TimeProvider clock, CancellationToken cancellation = default)
    {
        if ((await log.HeadAsync(cancellation).ConfigureAwait(false)).Size > 0)
        {
            return;
        }

        if (!SignedNote.IsKeyName(origin))
        {
            throw new LedgerException(LedgerError.Refused(
                "origin-not-valid", $"'{origin}' cannot name a ledger: its keys go by that name, which has no spaces and no plus sign.", "Give a URL without a scheme, such as example.org/ledger."));
        }

        var opened = new LedgerOpened(origin, Timestamp.From(clock.GetUtcNow()), publicKey);
        var request = new Digest(System.Security.Cryptography.SHA256.HashData(BodyTypes.Write(opened)));
        var result = await log.AppendAsync(
            Drafts.Of(StoryId.Reserved, AppendRequest.NoStory, CommandId.New(), recorder, log.Naming, request, [new DecidedEntry(opened)]), cancellation).ConfigureAwait(false);
        if (result is AppendResult.Refused refused)
        {
            throw new LedgerException(refused.Error);
        }
    }
}
