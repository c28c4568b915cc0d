using System.Buffers.Binary;
using Ledger.Conformance;
using Ledger.Core.Log;

namespace Ledger.Sqlite.Tests;

/// <summary>Commands that wait together are forced to disk together.</summary>
public sealed class GroupCommitTests
{
    [Fact]
    public async Task Many_commands_at_once_take_fewer_commits_than_commands()
    {
        await using var store = new SqliteStore();
        await using var opened = await store.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/grouped", default, Given.Ada, TimeProvider.System);
        var requests = Enumerable.Range(0, 400).Select(_ => Given.Notes(opened.Log, Given.NewStory(), AppendRequest.NoStory)).ToList();
        var before = Commits(store.FilePath + "-wal");

        await Task.WhenAll(requests.Select(request => opened.Log.AppendAsync(request).AsTask()));

        (Commits(store.FilePath + "-wal") - before).ShouldBeInRange(1, requests.Count / 4);
        (await opened.Log.HeadAsync()).Size.ShouldBe(1 + requests.Count);
    }

    /// <summary>The frames of a write-ahead log that end a transaction (its file format, section 4.1).</summary>
    private static int Commits(string path)
    {
        const int Header = 32;
        const int FrameHeader = 24;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var page = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        var salts = bytes.AsSpan(16, 8);
        var commits = 0;
        for (var frame = Header; frame + FrameHeader + page <= bytes.Length; frame += FrameHeader + page)
        {
            if (!bytes.AsSpan(frame + 8, 8).SequenceEqual(salts))
            {
                break;
            }

            commits += BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(frame + 4)) == 0 ? 0 : 1;
        }

        return commits;
    }
}
