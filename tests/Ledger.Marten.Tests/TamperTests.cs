using Ledger.Conformance;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Marten.Tests;

/// <summary>Whoever can write the database can change any of it. Verification finds it and names the entry.</summary>
public sealed class TamperTests : IAsyncDisposable
{
    private readonly MartenPlace place = new();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [SkippableFact]
    public async Task Anything_changed_by_hand_is_found_and_the_entry_named()
    {
        var opened = await place.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/tampered", default, Given.Ada, TimeProvider.System);
        for (var i = 0; i < 5; i++)
        {
            await opened.Log.AppendAsync(Given.Command(opened.Log, Given.NewStory(), -1, null, Given.Document($"Text {i}.", [1, (byte)i])));
        }

        (await Verification.VerifyAsync(opened.Log)).Failure.ShouldBeNull();
        foreach (var sql in (string[])
        [
            "UPDATE mt_events SET data = jsonb_set(data, '{title}', '\"Another\"') WHERE seq_id = 4",
            "UPDATE mt_events SET data = jsonb_set(data, '{more}', '1.5') WHERE seq_id = 4",
            "UPDATE mt_events SET data = '{}', headers = headers #- '{salts,body}' WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{envelope,recordedAt}', '\"2022-01-01T00:00:00.000000Z\"') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{envelope,more}', '1') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = headers - 'envelope' WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{recorder,name}', '\"Eva\"') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = headers - 'recorder' WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{salts,body}', '\"AAAA\"') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{salts}', '7') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{hash}', (SELECT headers->'hash' FROM mt_events WHERE seq_id = 5)) WHERE seq_id = 4",
            "UPDATE mt_events SET headers = headers - 'hash' WHERE seq_id = 4",
            "UPDATE mt_events SET headers = jsonb_set(headers, '{index}', '9') WHERE seq_id = 4",
            "UPDATE mt_events SET headers = '[]' WHERE seq_id = 4",
            "UPDATE mt_events SET id = gen_random_uuid() WHERE seq_id = 4",
            "UPDATE mt_events SET version = 8 WHERE seq_id = 4",
            "UPDATE mt_events SET stream_id = (SELECT stream_id FROM mt_events WHERE seq_id = 5), version = 2 WHERE seq_id = 4",
            "UPDATE mt_events SET timestamp = timestamp + interval '1 microsecond' WHERE seq_id = 4",
            "UPDATE mt_events SET type = 'note.added' WHERE seq_id = 4",
            "UPDATE mt_events SET is_archived = true WHERE seq_id = 4",
            "DELETE FROM mt_events WHERE seq_id = 4",
            "UPDATE mt_streams SET version = 9 WHERE id = (SELECT stream_id FROM mt_events WHERE seq_id = 4)",
            "UPDATE parts SET words = 'Other.' WHERE idx = 3 AND name = 'text'",
            "UPDATE parts SET bytes = '\\x00' WHERE idx = 3 AND name = 'source'",
            "UPDATE parts SET name = 'sauce' WHERE idx = 3 AND name = 'source'",
            "DELETE FROM parts WHERE idx = 3",
        ])
        {
            // Each on its own: taken back by putting the tables back.
            await place.ExecuteAsync("DROP TABLE IF EXISTS kept_events, kept_parts, kept_streams; CREATE TABLE kept_events AS TABLE mt_events; CREATE TABLE kept_parts AS TABLE parts; CREATE TABLE kept_streams AS TABLE mt_streams");
            await place.ExecuteAsync(sql);
            var failure = (await Verification.VerifyAsync(opened.Log)).Failure.ShouldNotBeNull(sql);
            failure.Index.ShouldBe(3, sql);
            await place.ExecuteAsync("""
                DELETE FROM mt_events; DELETE FROM mt_streams; DELETE FROM parts;
                INSERT INTO mt_streams SELECT * FROM kept_streams; INSERT INTO mt_events SELECT * FROM kept_events; INSERT INTO parts SELECT * FROM kept_parts
                """);
        }

        (await Verification.VerifyAsync(opened.Log)).Failure.ShouldBeNull();
        await opened.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("UPDATE head SET size = 2, hash = hash")]
    [InlineData("UPDATE head SET hash = '\\x00'")]
    [InlineData("UPDATE head SET time = time - interval '1 second'")]
    public async Task An_end_that_is_not_the_ledgers_is_found(string sql)
    {
        await using var opened = await place.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/tampered", default, Given.Ada, TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), -1));
        }

        await place.ExecuteAsync(sql);
        (await Verification.VerifyAsync(opened.Log)).Failure.ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task A_last_entry_that_was_taken_out_is_missed()
    {
        await using var opened = await place.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(opened.Log, "example.org/tampered", default, Given.Ada, TimeProvider.System);
        await opened.Log.AppendAsync(Given.Notes(opened.Log, Given.NewStory(), -1, 2));
        await place.ExecuteAsync("DELETE FROM mt_events WHERE seq_id = 3; UPDATE mt_streams SET version = 1 WHERE version = 2");
        (await Given.CodeAsync(() => Verification.VerifyAsync(opened.Log).AsTask())).ShouldBe("entry-missing");
    }
}
