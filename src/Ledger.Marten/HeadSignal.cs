namespace Ledger.Marten;

/// <summary>Tells everybody in this process who waits that the ledger may have grown.</summary>
internal sealed class HeadSignal
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change after this was asked for.</summary>
    internal Task Next => Volatile.Read(ref next).Task;

    internal void Raise() => Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
