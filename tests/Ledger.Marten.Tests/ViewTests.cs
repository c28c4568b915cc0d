using System.Text;
using Ledger.Conformance;
using Ledger.Core.Views;
using Marten;
using Npgsql;
using Weasel.Core;

namespace Ledger.Marten.Tests;

/// <summary>What views in PostgreSQL promise beyond the suites: other programs read them, the lock changes hands, indexes are used.</summary>
public sealed class ViewTests() : EngineSuite(new MartenPlace())
{
    private MartenStore Database => ((MartenLedger)Log).Store;

    [SkippableFact]
    public async Task Any_Marten_program_reads_records_as_documents_and_asks_for_them_in_LINQ()
    {
        var story = await FillAsync(30);
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        await using var other = DocumentStore.For(options =>
        {
            options.Connection(Database.Settings.ToString());
            options.DatabaseSchemaName = Database.Schema;
            options.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
            options.UseSystemTextJsonForSerialization(casing: Casing.CamelCase);
            options.Schema.For<ActivityVersion>().DocumentAlias("view_record").Metadata(metadata => metadata.DisableInformationalFields());
        });
        await using var session = other.QuerySession();

        var notes = await session.Query<ActivityVersion>()
            .Where(version => version.Series == "activity_1" && version.Record!.Type == "note.added" && version.Story == story.Value && version.ToIndex == long.MaxValue)
            .OrderBy(version => version.Began).ToListAsync();

        notes.Select(note => note.Record!.Summary).ShouldBe((await Views.ListAsync(ActivityView.View, new ViewQuery { Story = story, OldestFirst = true })).Records.Select(record => ((ActivityRecord)record).Summary));
        notes.ShouldAllBe(note => note.FromIndex == note.Record!.Index && note.Facets["type"] == "note.added");
    }

    [SkippableFact]
    public async Task Making_room_writes_nothing_into_the_answer_of_a_command()
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.Settings.ToString()) { SearchPath = "elsewhere" };
        var output = Console.Out;
        var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await using var made = await MartenViews.OpenAsync(settings.ToString());
            (await made.ProgressAsync()).ShouldBeEmpty();
        }
        finally
        {
            Console.SetOut(output);
        }

        written.ToString().ShouldNotContain("elsewhere");
    }

    [SkippableFact]
    public async Task Documents_and_columns_say_the_same()
    {
        var history = new Conformance.Views.History(Log, Clock);
        for (var i = 0; i < 40; i++)
        {
            await history.PlayAsync(new(i, i % 2, i * 31, i * 17, i % 9));
            await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        }

        (await ScalarAsync($"SELECT count(*) FROM {Database.Schema}.mt_doc_view_record")).ShouldBeOfType<long>().ShouldBeGreaterThan(100);
        (await ScalarAsync($"SELECT count(*) FROM {Database.Schema}.mt_doc_view_record WHERE to_index <> 9223372036854775807")).ShouldBeOfType<long>().ShouldBeGreaterThan(10);
        (await ScalarAsync(
            $"""
            SELECT count(*) FROM {Database.Schema}.mt_doc_view_record WHERE (data ->> 'id', data ->> 'series', data ->> 'key', data ->> 'story', data ->> 'words')
                IS DISTINCT FROM (id::text, series, key::text, story::text, words::text)
                OR ((data ->> 'fromIndex')::bigint, (data ->> 'toIndex')::bigint, (data ->> 'began')::bigint) <> (from_index, to_index, began)
            """)).ShouldBe(0L);
    }

    [SkippableFact]
    public async Task A_keeper_whose_session_ends_is_followed_by_another_and_writes_nothing_more()
    {
        await FillAsync(10);
        await new ViewKeeper(Log, Views, [ActivityView.View]).CatchUpAsync();
        var since = (await Views.ProgressAsync())["activity"];
        await using var lost = (await Views.TryKeepAsync()).ShouldNotBeNull();
        await FillAsync(5);
        var waiting = new ViewKeeper(Log, Views, [ActivityView.View]).CatchUpAsync();
        await Task.Delay(100);
        waiting.IsCompleted.ShouldBeFalse();

        await ScalarAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
        await waiting.WaitAsync(Patience);

        (await Given.CodeAsync(() => Views.WriteAsync([new(ActivityView.View, [], 16, Since: since)]).AsTask())).ShouldBe("kept-elsewhere");
        (await Views.CountAsync(ActivityView.View, new ViewQuery())).ShouldBe(16);
    }

    [SkippableFact]
    public async Task The_server_ends_the_session_of_a_keeper_that_is_not_heard_of()
    {
        await using var keeping = await Views.TryKeepAsync();
        var lease = $"l.locktype = 'advisory' AND (l.classid::bigint << 32 | l.objid::bigint) = {new ViewTables(Database).Lock("keeper")}";
        (await ScalarAsync($"SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE {lease} AND a.state = 'idle'")).ShouldBe(1L);
        // What a stopped process does: it holds its connection and says nothing.
        await using var quiet = new NpgsqlConnection(Database.Settings.ToString() + ";Pooling=false");
        await quiet.OpenAsync();
        await ViewTables.RunAsync(quiet, "SET idle_session_timeout = 200; SELECT pg_advisory_lock(1)", default);
        while ((long)(await ScalarAsync($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = {quiet.ProcessID}"))! > 0)
        {
            await Task.Delay(20);
        }

        (await Views.TryKeepAsync()).ShouldBeNull("who gives signs keeps");
    }

    [SkippableFact]
    public async Task Lists_as_of_an_index_are_read_from_indexes()
    {
        await FillAsync(1500);
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        foreach (var (where, index) in ((string, string)[])[
            ("", "began_key"), ("AND story = '00000000-0000-0000-0000-000000000001'", "story_began_key"), ("AND data -> 'facets' ->> 'by' = 'x'", "view_activity_1_by"),
            ("AND key = '00000000-0000-0000-0000-000000000001'", "key_from_index")])
        {
            var plan = new StringBuilder();
            await using var connection = await Database.Source.OpenConnectionAsync();
            await using var command = connection.Command(
                $"EXPLAIN SELECT data FROM {Database.Schema}.mt_doc_view_record d WHERE d.series = 'activity_1' AND from_index <= 900 AND to_index > 900 AND began <= 900 {where} ORDER BY began DESC, key DESC LIMIT 51");
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                plan.AppendLine(rows.GetString(0));
            }

            plan.ToString().ShouldContain($"Index Scan");
            plan.ToString().ShouldContain(index);
            plan.ToString().ShouldNotContain("Seq Scan");
        }
    }

    [SkippableFact]
    public async Task Views_are_no_difference_to_the_schema_that_a_program_wants()
    {
        await FillAsync(5);
        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        await new ViewKeeper(Log, Views, AllViews.List).RebuildAsync(ActivityView.View);
        (await MartenSchema.StatusAsync(await ((MartenPlace)Store).ConnectionAsync())).Pending.ShouldBe("");
    }

    [SkippableFact]
    public async Task A_rebuild_leaves_nothing_of_the_view_before()
    {
        await FillAsync(5);
        var keeper = new ViewKeeper(Log, Views, AllViews.List);
        await keeper.CatchUpAsync();
        await keeper.RebuildAsync(SearchView.View);
        await Views.BeginRebuildAsync(SearchView.View);
        await keeper.RebuildAsync(SearchView.View);
        (await ScalarAsync($"SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relname LIKE '%\\_search\\_%' AND relnamespace = '{Database.Schema}'::regnamespace")).ShouldBe("mt_doc_view_record_search_4 view_words_search_4");
    }

    [SkippableFact]
    public async Task Views_open_alone_where_no_log_is()
    {
        var place = new MartenPlace();
        var connection = new NpgsqlConnectionStringBuilder(await place.ConnectionAsync()) { SearchPath = "views_alone" }.ToString();
        await using (var views = await MartenViews.OpenAsync(connection))
        {
            await new ViewKeeper(Log, views, AllViews.List).CatchUpAsync();
        }

        await using (var views = await MartenViews.OpenAsync(connection))
        {
            (await views.CountAsync(ActivityView.View, new ViewQuery())).ShouldBe(1);
            await using var read = NpgsqlDataSource.Create(connection);
            await using var tables = read.CreateCommand("SELECT count(*) FROM pg_class WHERE relnamespace = 'views_alone'::regnamespace AND relname LIKE 'mt\\_events%'");
            (await tables.ExecuteScalarAsync()).ShouldBe(0L);
        }

        await place.DisposeAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var command = connection.Command(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>How another program, which knows the record's type, may see a version.</summary>
    public sealed class ActivityVersion
    {
        public Guid Id { get; set; }

        public string Series { get; set; } = "";

        public long FromIndex { get; set; }

        public long ToIndex { get; set; }

        public long Began { get; set; }

        public Guid Story { get; set; }

        public Dictionary<string, string> Facets { get; set; } = [];

        public ActivitySeen? Record { get; set; }
    }

    public sealed class ActivitySeen
    {
        public string Type { get; set; } = "";

        public string? Summary { get; set; }

        public long Index { get; set; }
    }
}
