using System.Text.Json;
using EventStore.Client;
using Ledger.Core.Entries;

namespace Ledger.EventStore.Engine;

/// <summary>
/// Finds parts that belong to no entry: of a process that died, or lost a race, between writing parts and appending their envelopes. Goes on where the last sweep ended.
/// </summary>
internal sealed class Sweeper(Server server, StreamNames names, EntryMap map, Erasures erasures, TimeProvider clock) : IDisposable
{
    // An entry that is in the ledger has its parts in one place, and any other is a leftover at once. Of one that is not, they may be on their way: the longest is an import.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromDays(1);

    // So many parts are not worth an event that says they were swept.
    private const int WorthKeeping = 500;

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Sweeps what was written since the last time.</summary>
    internal async ValueTask RunAsync(Eraser eraser, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var start = await LastAsync(cancellation).ConfigureAwait(false);
            var orphans = new List<(EntryId Entry, BlockId Block)>();
            var (decided, swept, isDecided) = (start, 0, true);
            await foreach (var record in server.ReadAsync(
                after => server.Client.ReadAllAsync(
                    Direction.Forwards, after?.Position ?? start, StreamFilter.Prefix(2000, names.Smalls, names.Larges), cancellationToken: cancellation),
                cancellation).ConfigureAwait(false))
            {
                if (!Events.IsServers(record) && names.BlockOf(record.EventStreamId) is { } at && at.Copy == erasures.CopyOf(at.Block) && record.Position > start)
                {
                    var (entry, _) = Events.ReadPart(record);
                    var index = map.IndexOf(entry);
                    if (index is { } there ? map[there].Blocks.Small != at.Block && map[there].Blocks.Large != at.Block : clock.GetUtcNow() - record.Created > OnTheWay)
                    {
                        orphans.Add((entry, at.Block));
                    }
                    else if (index is null)
                    {
                        isDecided = false;
                    }
                }

                if (isDecided)
                {
                    (decided, swept) = (record.Position, swept + 1);
                }
            }

            if (orphans.Count > 0)
            {
                await eraser.DropAsync(orphans).ConfigureAwait(false);
            }

            if (swept >= WorthKeeping)
            {
                await KeepAsync(decided).ConfigureAwait(false);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private ValueTask<Position> LastAsync(CancellationToken cancellation) => server.CallAsync(
        async (client, token) =>
        {
            var records = client.ReadStreamAsync(Direction.Backwards, names.Sweeps, StreamPosition.End, 1, cancellationToken: token);
            if (await records.ReadState.ConfigureAwait(false) == ReadState.Ok)
            {
                await foreach (var record in records.ConfigureAwait(false))
                {
                    using var data = JsonDocument.Parse(record.Event.Data);
                    return new Position(data.RootElement.GetProperty("commit").GetUInt64(), data.RootElement.GetProperty("prepare").GetUInt64());
                }
            }

            return map.Begin;
        },
        cancellation);

    private async ValueTask KeepAsync(Position decided)
    {
        var swept = new EventData(Uuid.NewUuid(), "parts-swept", Events.Write(json =>
        {
            json.WriteNumber("commit", decided.CommitPosition);
            json.WriteNumber("prepare", decided.PreparePosition);
        }));
        await server.CallAsync(
            (client, token) => client.AppendToStreamAsync(names.Sweeps, StreamState.Any, [swept], deadline: server.Deadline, cancellationToken: token), CancellationToken.None).ConfigureAwait(false);
    }
}
