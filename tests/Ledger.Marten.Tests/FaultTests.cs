using Ledger.Conformance;
using Ledger.Core;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.TestServers;
using Npgsql;

namespace Ledger.Marten.Tests;

/// <summary>What a server does to those who use it: it dies, hangs, cuts the way, runs full. A killed server loses what it has not handed to the system; whether the disk has it is not tested. Nothing acknowledged is lost, nothing is there twice, and nobody who follows misses anything.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private PostgresServer? server;
    private string connection = "";

    private bool own;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await (own ? server.DisposeAsync().AsTask() : server.DropDatabaseAsync(connection));
        }
    }

    [SkippableFact]
    public async Task A_server_killed_during_appends_and_started_again_has_lost_and_doubled_nothing()
    {
        await StartAsync(alone: true);
        await using var ledger = await OpenAsync();
        await using var other = await OpenAsync(MartenAccess.Read);
        await using var crowd = new Crowd(other, ledger);
        for (var kill = 0; kill < 2; kill++)
        {
            await crowd.AcknowledgedAsync(60);
            await server!.KillAsync();
            await Task.Delay(300);
            await server.StartAgainAsync();
        }

        await crowd.AcknowledgedAsync(60);
        await crowd.CheckAsync();
    }

    [SkippableFact]
    public async Task Connections_that_the_server_ends_at_any_moment_lose_and_double_nothing()
    {
        await StartAsync();
        await using var ledger = await OpenAsync();
        await using var other = await OpenAsync();
        await using var crowd = new Crowd(other, ledger, other);
        for (var cut = 0; cut < 15; cut++)
        {
            await crowd.AcknowledgedAsync(10);
            await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
        }

        await crowd.AcknowledgedAsync(50);
        await crowd.CheckAsync();
    }

    [SkippableFact]
    public async Task A_connection_cut_in_the_middle_of_a_commit_gives_the_receipt_of_what_was_committed()
    {
        await StartAsync();
        await using var proxy = await ProxyAsync();
        await using var ledger = await OpenAsync(through: proxy);
        var story = Given.NewStory();
        for (var revision = 0; revision < 10; revision++)
        {
            proxy.CutNextCommit();
            var receipt = (await ledger.AppendAsync(Given.Notes(ledger, story, revision - 1))).ShouldBeOfType<AppendResult.Appended>().Receipt;
            receipt.Entries[0].Revision.ShouldBe(revision);
            receipt.Repeated.ShouldBeFalse();
        }

        proxy.Kept.ShouldBe(10);
        (await Given.StoryAsync(ledger, story)).Count.ShouldBe(10);
        (await Verification.VerifyAsync(ledger)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_commit_whose_answer_never_comes_is_looked_up_after_a_while()
    {
        await StartAsync();
        await using var proxy = await ProxyAsync();
        await using var ledger = await OpenAsync(through: proxy);
        proxy.HoldNextCommit();

        var receipt = (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>().Receipt;

        receipt.Repeated.ShouldBeFalse();
        proxy.Kept.ShouldBe(1);
        (await ledger.HeadAsync()).Size.ShouldBe(2);
    }

    [SkippableFact]
    public async Task An_outcome_that_cannot_be_looked_up_is_said_to_be_unknown_and_repeating_the_command_tells_it()
    {
        await StartAsync();
        await using var proxy = await ProxyAsync();
        await using var ledger = await OpenAsync(through: proxy);
        var request = Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory);
        proxy.CutNextCommit(forGood: true);

        (await Given.CodeAsync(() => ledger.AppendAsync(request).AsTask())).ShouldBe("outcome-unknown");

        (await Given.CodeAsync(() => ledger.HeadAsync().AsTask())).ShouldBe("engine-failed");
        proxy.Up();
        var receipt = (await ledger.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;
        receipt.Repeated.ShouldBeTrue();
        (await ledger.HeadAsync()).Size.ShouldBe(2);
    }

    [SkippableFact]
    public async Task An_import_whose_commit_is_not_answered_is_looked_up()
    {
        await StartAsync();
        await using var source = new MartenPlace();
        await using var from = await source.OpenAsync();
        await LedgerOpening.EnsureOpenedAsync(from.Log, "example.org/faults", default, Given.Ada, TimeProvider.System);
        await from.Log.AppendAsync(Given.Notes(from.Log, Given.NewStory(), AppendRequest.NoStory, 300));
        await using var proxy = new SocketProxy(connection);
        await using var ledger = await MartenLedger.OpenAsync(proxy.ConnectionString, MartenAccess.Write);
        proxy.CutNextCommit();

        await ledger.ImportAsync(from.Log.ReadAsync(0, null, Core.Entries.PartSelection.All));

        proxy.Kept.ShouldBe(1);
        (await Proofs.RootAsync(ledger, 301)).ShouldBe(await Proofs.RootAsync(from.Log, 301));
    }

    [SkippableFact]
    public async Task A_subscriber_that_is_cut_off_for_a_while_gets_what_it_missed_once_and_in_order()
    {
        await StartAsync();
        await using var proxy = await ProxyAsync();
        await using var ledger = await OpenAsync();
        await using var cut = await OpenAsync(MartenAccess.Read, proxy);
        await using var crowd = new Crowd(cut, ledger);
        for (var i = 0; i < 3; i++)
        {
            await crowd.AcknowledgedAsync(10);
            proxy.Down();
            await crowd.AcknowledgedAsync(60);
            proxy.Up();
        }

        await crowd.CheckAsync();
        crowd.Failures.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_server_that_hangs_is_given_up_and_goes_on_where_it_stood()
    {
        await StartAsync(alone: true);
        await using var ledger = await OpenAsync(MartenAccess.Write, new NpgsqlConnectionStringBuilder(connection) { CommandTimeout = 1, CancellationTimeout = 200 }.ToString());
        var story = Given.NewStory();
        await ledger.AppendAsync(Given.Notes(ledger, story, AppendRequest.NoStory));
        var request = Given.Notes(ledger, story, 0);
        await server!.PauseAsync();
        try
        {
            (await Given.CodeAsync(() => ledger.AppendAsync(request).AsTask())).ShouldBeOneOf("engine-failed", "outcome-unknown");
            (await Given.CodeAsync(() => ledger.HeadAsync().AsTask())).ShouldBe("engine-failed");
        }
        finally
        {
            await server.ResumeAsync();
        }

        await using var crowd = new Crowd(ledger, ledger);
        (await AppendUntilAsync(ledger, request)).Entries[0].Revision.ShouldBe(1);
        await crowd.AcknowledgedAsync(20);
        (await Given.StoryAsync(ledger, story)).Count.ShouldBe(2);
        (await Verification.VerifyAsync(ledger)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Readers_who_use_up_the_pool_are_told_so_and_keep_nobody_from_appending()
    {
        await StartAsync();
        await using var ledger = await MartenLedger.OpenAsync(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 2, Timeout = 1 }.ToString(), MartenAccess.Write);
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/faults", default, Given.Ada, TimeProvider.System);
        var one = await ledger.Store.Source.OpenConnectionAsync();
        await using (var two = await ledger.Store.Source.OpenConnectionAsync())
        {
            var error = (await Should.ThrowAsync<LedgerException>(() => ledger.HeadAsync().AsTask())).Error;
            error.Code.ShouldBe("engine-failed");
            error.Message.ShouldContain("All 2 connections");
            (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>();
            await one.DisposeAsync();
        }

        (await ledger.HeadAsync()).Size.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_deadlock_is_tried_again()
    {
        await StartAsync();
        await using var ledger = await OpenAsync();
        var story = Given.NewStory();
        await ledger.AppendAsync(Given.Notes(ledger, story, AppendRequest.NoStory));
        await using var other = new NpgsqlConnection(connection);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"UPDATE ledger.mt_streams SET type = NULL WHERE id = '{story}'");

        // The writer has the head and waits for the stream; the other has the stream and asks for the head.
        var appending = ledger.AppendAsync(Given.Notes(ledger, story, 0)).AsTask();
        await UntilAsync("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
        try
        {
            await ExecuteAsync(other, "SELECT size FROM ledger.head FOR UPDATE");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            // One of the two is chosen; the ledger goes on in either case.
        }

        await transaction.RollbackAsync();
        (await appending).ShouldBeOfType<AppendResult.Appended>().Receipt.Repeated.ShouldBeFalse();
        (await Given.StoryAsync(ledger, story)).Count.ShouldBe(2);
    }

    [SkippableTheory]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    public async Task What_the_server_takes_back_for_the_sake_of_another_transaction_is_tried_again(string state)
    {
        await StartAsync();
        await using var ledger = await OpenAsync();
        await FailOnceAsync(state, times: 3);

        (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>().Receipt.Repeated.ShouldBeFalse();

        (await ScalarAsync("SELECT last_value FROM ledger.failures")).ShouldBe(4L);
        (await ledger.HeadAsync()).Size.ShouldBe(2);
    }

    [SkippableFact]
    public async Task An_entry_that_the_database_does_not_take_fails_alone()
    {
        await StartAsync();
        await using var ledger = await OpenAsync();
        await ExecuteAsync("""
            CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22000'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON ledger.mt_events FOR EACH ROW WHEN (NEW.data->>'text' LIKE 'poison%') EXECUTE FUNCTION ledger.refuse();
            """);
        await using var follower = new Crowd(ledger, ledger);
        var appending = Enumerable.Range(0, 60).Select(i => (IsPoison: i % 20 == 7, Result: ledger.AppendAsync(
            Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory, 2, text: i % 20 == 7 ? "poison" : "a note")).AsTask())).ToList();

        foreach (var (isPoison, result) in appending)
        {
            if (isPoison)
            {
                var error = (await Should.ThrowAsync<LedgerException>(() => result)).Error;
                error.Code.ShouldBe("engine-failed");
                error.Message.ShouldContain("poison");
            }
            else
            {
                (await result).ShouldBeOfType<AppendResult.Appended>();
            }
        }

        await follower.AcknowledgedAsync(20);
        follower.Failures.ShouldBeEmpty();
        (await Verification.VerifyAsync(ledger)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_commit_that_overtakes_another_is_seen_after_it()
    {
        await StartAsync();
        await using var slow = await OpenAsync();
        await using var fast = await OpenAsync();
        await ExecuteAsync("""
            CREATE FUNCTION ledger.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$;
            CREATE TRIGGER dawdle AFTER INSERT ON ledger.mt_events FOR EACH ROW WHEN (NEW.data->>'text' LIKE 'slow%') EXECUTE FUNCTION ledger.dawdle();
            """);
        await using var crowd = new Crowd(fast, fast);
        await crowd.AcknowledgedAsync(20);
        var dawdling = slow.AppendAsync(Given.Notes(slow, Given.NewStory(), AppendRequest.NoStory, text: "slow")).AsTask();
        await UntilAsync("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()");
        var index = (await dawdling).ShouldBeOfType<AppendResult.Appended>().Receipt.Entries[0].Index;
        await crowd.AcknowledgedAsync(20);

        // The follower of the crowd checks that no index is left out; nobody has seen a later one before this.
        (await Given.FollowAsync(fast, index, 1, TimeSpan.FromMinutes(1)))[0].Index.ShouldBe(index);
        (await Verification.VerifyAsync(fast)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Two_processes_on_one_story_get_every_revision_once()
    {
        await StartAsync();
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var story = Given.NewStory();
        var revisions = new System.Collections.Concurrent.ConcurrentBag<long>();
        await Task.WhenAll(new[] { one, two }.SelectMany(log => Enumerable.Repeat(log, 4)).Select(log => Task.Run(async () =>
        {
            var expected = AppendRequest.NoStory;
            for (var done = 0; done < 12;)
            {
                switch (await log.AppendAsync(Given.Notes(log, story, expected)))
                {
                    case AppendResult.Appended { Receipt: var receipt }:
                        revisions.Add(expected = receipt.Entries[0].Revision);
                        done++;
                        break;
                    case AppendResult.Conflict conflict:
                        expected = conflict.ActualRevision;
                        break;
                    case var refused:
                        throw new InvalidOperationException($"{refused}");
                }
            }
        })));

        revisions.Order().ShouldBe(Enumerable.Range(0, 96).Select(i => (long)i));
        (await Verification.VerifyAsync(two)).Failure.ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_command_that_two_processes_append_at_once_is_there_once()
    {
        await StartAsync();
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        for (var i = 0; i < 8; i++)
        {
            var (story, command) = (Given.NewStory(), CommandId());
            var results = await Task.WhenAll(new[] { one, two, one, two }.Select(log => Task.Run(() => log.AppendAsync(Given.Notes(log, story, AppendRequest.NoStory, 2, command)).AsTask())));
            var receipts = results.Select(result => result.ShouldBeOfType<AppendResult.Appended>().Receipt).ToList();
            receipts.Count(receipt => !receipt.Repeated).ShouldBe(1);
            receipts.Select(receipt => receipt.Entries[0].Hash).Distinct().ShouldHaveSingleItem();
            (await Given.StoryAsync(one, story)).Count.ShouldBe(2);
        }

        static Core.Entries.CommandId CommandId() => Core.Entries.CommandId.New();
    }

    [SkippableFact]
    public async Task A_clock_ahead_of_the_databases_is_refused_with_both_times_and_one_set_back_waits()
    {
        await StartAsync();
        var clock = new ManualClock();
        await using var ledger = await MartenLedger.OpenAsync(connection, MartenAccess.Write, clock);
        clock.Move(DateTimeOffset.UtcNow - clock.GetUtcNow());
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/faults", default, Given.Ada, clock);

        clock.Move(TimeSpan.FromSeconds(75));
        var ahead = (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Refused>().Error;
        ahead.Code.ShouldBe("clock-ahead");
        ahead.Message.ShouldContain(Core.Entries.Timestamp.From(clock.GetUtcNow()).ToString());
        ahead.Message.ShouldContain(DateTimeOffset.UtcNow.Year.ToString(System.Globalization.CultureInfo.InvariantCulture));

        clock.Move(TimeSpan.FromSeconds(-145));
        (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe("clock-behind");

        clock.Move(TimeSpan.FromSeconds(70));
        (await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>();
    }

    [SkippableFact]
    public async Task A_full_disk_loses_nothing_and_says_what_it_is()
    {
        await StartAsync(alone: true);
        await using var disk = await SmallDisk.MountAsync(20);
        Skip.If(disk is null, "A small disk can only be mounted as root. A full disk of the server is NOT tested.");
        await ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk!.Folder}'");
        var name = $"small_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TABLESPACE small");
        await using (var ledger = await OpenAsync(MartenAccess.Write, new NpgsqlConnectionStringBuilder(connection) { Database = name }.ToString()))
        {
            var acknowledged = new List<ReceiptEntry>();
            LedgerError? full = null;
            var random = new Random(3);
            while (full is null)
            {
                var source = new byte[200_000];
                random.NextBytes(source);
                try
                {
                    acknowledged.Add((await ledger.AppendAsync(Given.Command(ledger, Given.NewStory(), AppendRequest.NoStory, null, Given.Document("A text.", source))))
                        .ShouldBeOfType<AppendResult.Appended>().Receipt.Entries[0]);
                }
                catch (LedgerException error)
                {
                    full = error.Error;
                }
            }

            full.Code.ShouldBe("engine-failed");
            full.Message.ShouldContain("disk");
            full.Message.ShouldContain("full");
            (await Given.AllAsync(ledger)).Skip(1).Select(entry => entry.Hash).ShouldBe(acknowledged.Select(entry => entry.Hash));

            await disk.GrowAsync(64);
            acknowledged.Add((await ledger.AppendAsync(Given.Notes(ledger, Given.NewStory(), AppendRequest.NoStory))).ShouldBeOfType<AppendResult.Appended>().Receipt.Entries[0]);
            (await Given.AllAsync(ledger)).Skip(1).Select(entry => entry.Hash).ShouldBe(acknowledged.Select(entry => entry.Hash));
            (await Verification.VerifyAsync(ledger)).Failure.ShouldBeNull();
        }

        // It lets go of the disk.
        await server!.DisposeAsync();
    }

    /// <summary>Gives the test a database: on the server that the tests share, or, where it is to be killed or stopped, on one of its own.</summary>
    private async Task StartAsync(bool alone = false)
    {
        own = alone;
        server = alone ? await PostgresServer.StartAsync(durable: false, alone: true) : await PostgresServer.SharedAsync();
        Skip.If(server is null, PostgresServer.Missing);
        connection = new NpgsqlConnectionStringBuilder(await server!.CreateDatabaseAsync()) { CommandTimeout = 2 }.ToString();
    }

    private async Task<MartenLedger> OpenAsync(MartenAccess access = MartenAccess.Write, SocketProxy? through = null) => await OpenAsync(access, through?.ConnectionString ?? connection);

    private static async Task<MartenLedger> OpenAsync(MartenAccess access, string connectionString)
    {
        var ledger = await MartenLedger.OpenAsync(connectionString, access);
        if (access == MartenAccess.Write)
        {
            await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/faults", default, Given.Ada, TimeProvider.System);
        }

        return ledger;
    }

    private async Task<SocketProxy> ProxyAsync()
    {
        // What is created on the way is not what is to be cut.
        await using (await OpenAsync())
        {
        }

        return new(connection);
    }

    private static async Task<Receipt> AppendUntilAsync(MartenLedger ledger, AppendRequest request)
    {
        while (true)
        {
            try
            {
                return (await ledger.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>().Receipt;
            }
            catch (LedgerException)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Makes the next insertions of events fail in a way that only the server knows.</summary>
    private Task<object?> FailOnceAsync(string state, int times) => ExecuteAsync($"""
        CREATE SEQUENCE ledger.failures;
        CREATE FUNCTION ledger.fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF nextval('ledger.failures') <= {times} THEN RAISE EXCEPTION 'taken back' USING ERRCODE = '{state}'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON ledger.mt_events FOR EACH ROW EXECUTE FUNCTION ledger.fail();
        """);

    private async Task UntilAsync(string sql)
    {
        while (await ScalarAsync(sql) is not true)
        {
            await Task.Delay(10);
        }
    }

    private Task<object?> ExecuteAsync(string sql) => ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var direct = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ToString());
        await direct.OpenAsync();
        return await ExecuteAsync(direct, sql);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection direct, string sql)
    {
        await using var command = new NpgsqlCommand(sql, direct) { CommandTimeout = 30 };
        return await command.ExecuteScalarAsync();
    }
}
