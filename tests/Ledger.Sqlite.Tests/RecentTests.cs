using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Sqlite.Tests;

/// <summary>The newest entries are found in a table of their own until they are many, and then in others: nobody who looks can tell.</summary>
public sealed class RecentTests
{
    [Fact]
    public async Task Entries_are_found_by_id_and_in_their_story_while_they_are_new_and_after()
    {
        await using var store = new SqliteStore();
        var (one, other) = (Given.NewStory(), Given.NewStory());
        var appended = new List<AppendRequest>();
        await using (var opened = await store.OpenAsync())
        {
            await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/recent", default, Given.Ada, TimeProvider.System);
            // The last but one takes the table over its size, the last begins it anew.
            foreach (var (story, count) in Enumerable.Repeat(one, 9).Concat(Enumerable.Repeat(other, 8)).Select(story => (story, 1000)).Append((other, 40)))
            {
                appended.Add(Given.Notes(opened.Log, story, End(appended, story), count));
                (await opened.Log.AppendAsync(appended[^1])).ShouldBeOfType<AppendResult.Appended>();
                if (appended.Count > 16)
                {
                    await CheckAsync(opened.Log, appended);
                }
            }
        }

        await using var again = await store.OpenAsync();
        await CheckAsync(again.Log, appended);
        (await again.Log.AppendAsync(Given.Notes(again.Log, other, 8039))).ShouldBeOfType<AppendResult.Appended>().Receipt.Entries.ShouldHaveSingleItem().Revision.ShouldBe(8040);
        (await Verification.VerifyAsync(again.Log)).Failure.ShouldBeNull();
        await using var reader = await store.OpenReaderAsync();
        await CheckAsync(reader.Log, appended);
    }

    private static long End(List<AppendRequest> appended, StoryId story) => appended.Where(request => request.Story == story).Sum(request => request.Entries.Length) - 1;

    private static async Task CheckAsync(ILedgerLog log, List<AppendRequest> appended)
    {
        foreach (var request in new[] { appended[0], appended[^2], appended[^1] })
        {
            foreach (var ordinal in new[] { 0, request.Entries.Length / 2, request.Entries.Length - 1 })
            {
                var id = EntryId.For(request.Story, request.Command, ordinal);
                var entry = (await log.FindAsync(id)).ShouldNotBeNull();
                entry.Envelope.Revision.ShouldBe(request.ExpectedRevision + 1 + ordinal);
                (await log.FindIdsAsync(id, id, 10)).ShouldHaveSingleItem().ShouldBe(id);
            }

            (await log.FindReceiptAsync(request.Story, request.Command)).ShouldNotBeNull().Entries.Length.ShouldBe(request.Entries.Length);
            if (log is SqliteLedger { CanAppend: true })
            {
                (await log.AppendAsync(request with { ExpectedRevision = End(appended, request.Story) })).ShouldBeOfType<AppendResult.Appended>().Receipt.Repeated.ShouldBeTrue();
            }
        }

        var first = await Given.AllAsync(log);
        foreach (var story in appended.Select(request => request.Story).Distinct())
        {
            var expected = first.Where(entry => entry.Story == story).Select(entry => entry.Index).ToList();
            (await Given.StoryAsync(log, story)).Select(entry => entry.Index).ShouldBe(expected);
            (await Given.StoryAsync(log, story, expected.Count - 3)).Select(entry => entry.Index).ShouldBe(expected[^3..]);
        }

        var ids = first.Select(entry => entry.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        (await log.FindIdsAsync(ids[0], ids[^1], 100)).ShouldBe(ids.Take(100));
    }
}
