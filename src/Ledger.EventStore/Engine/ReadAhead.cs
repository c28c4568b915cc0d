using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Ledger.EventStore.Engine;

/// <summary>Reads on while what was read is worked on.</summary>
internal static class ReadAhead
{
    /// <param name="open">Opens the reading.</param>
    /// <param name="count">How many at most lie ready.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async IAsyncEnumerable<T> Of<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ready = Channel.CreateBounded<T>(new BoundedChannelOptions(count) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(
            async () =>
            {
                try
                {
                    await foreach (var item in open(reading.Token).ConfigureAwait(false))
                    {
                        await ready.Writer.WriteAsync(item, reading.Token).ConfigureAwait(false);
                    }

                    ready.Writer.Complete();
                }
                catch (Exception error)
                {
                    ready.Writer.Complete(error);
                }
            },
            CancellationToken.None);
        try
        {
            await foreach (var item in ready.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }
}
