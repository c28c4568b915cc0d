using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Conformance.Views;

/// <summary>Questions to a store of views: the same answers on every engine, whatever letters there are.</summary>
public abstract class AskingSuite(Store store) : EngineSuite(store)
{
    private static readonly string[] Texts =
    [
        "Élan", "élan", "ELAN", "Straße", "STRASSE", "İstanbul", "istanbul", "ISTANBUL", "ılık", "Ωμέγα", "ωμέγα", "ΟΔΟΣ", "οδός", "\u2126 ohm", "Жёлтый", "жЁЛТЫЙ", "Սոնա", "ՍՈՆԱ", "ǅ", "ǆ",
        "𐐀 Deseret", "𐐨 deseret", "100 %", "100_%", @"a\b", "a'b", "a\"b", "ﬁn", "fin", "E\u0301lan", "ab", "AB", "\uFFFFx", "\uFFFF0", "\uFFFE", "😀",
    ];

    /// <summary>A record for every entry, found by its text.</summary>
    private static readonly View<ActivityRecord> Letters = new(
        "letters", 1, ViewJson.Default.ActivityRecord,
        (_, entry) => [entry.Id.Value],
        (key, _, story, entry) => entry.Body is NoteAdded note ? ((ActivityRecord)ActivityView.View.Evolve(key, null, story, entry)!) with { Summary = note.Text } : null,
        new Facet<ActivityRecord>("text", record => record.Summary),
        new Facet<ActivityRecord>("none", _ => null));

    [Fact]
    public async Task A_filter_finds_what_it_matches_whatever_the_letters()
    {
        await KeepAsync();
        foreach (var value in Texts.Concat(Texts.Select(text => text.ToUpperInvariant())).Append("").Append("a\0b").Append("\0").Append("n").Append("%").Append("_").Append("\\").Append("0"))
        {
            foreach (var filter in (FacetFilter[])[new("text", value), new("text", value, Not: true), new("text", value, Contains: true), new("text", value, Contains: true, Not: true)])
            {
                (await FoundAsync(filter)).ShouldBe(Texts.Where(filter.Matches), filter.ToString());
            }
        }
    }

    [Fact]
    public async Task A_value_that_is_missing_is_found_only_by_what_it_is_not()
    {
        await KeepAsync();
        (await FoundAsync(new("none", ""))).ShouldBeEmpty();
        (await FoundAsync(new("none", "", Contains: true))).ShouldBeEmpty();
        (await FoundAsync(new("none", "a", Not: true))).ShouldBe(Texts);
        (await FoundAsync(new("none", "a", Contains: true, Not: true))).ShouldBe(Texts);
    }

    [Fact]
    public async Task Without_regard_to_case_is_each_letters_own_capital_and_nothing_else()
    {
        await KeepAsync();
        (await FoundAsync(new("text", "ÉLAN", Contains: true))).ShouldBe(["Élan", "élan"]);
        (await FoundAsync(new("text", "straße", Contains: true))).ShouldBe(["Straße"]);
        (await FoundAsync(new("text", "İSTANBUL", Contains: true))).ShouldBe(["İstanbul"]);
        (await FoundAsync(new("text", "Istanbul", Contains: true))).ShouldBe(["istanbul", "ISTANBUL"]);
        (await FoundAsync(new("text", "ΩΜΈΓΑ", Contains: true))).ShouldBe(["Ωμέγα", "ωμέγα"]);
        (await FoundAsync(new("text", "ЖЁЛТЫЙ", Contains: true))).ShouldBe(["Жёлтый", "жЁЛТЫЙ"]);
        (await FoundAsync(new("text", "սոնա", Contains: true))).ShouldBe(["Սոնա", "ՍՈՆԱ"]);
        (await FoundAsync(new("text", "𐐨 DESERET", Contains: true))).ShouldBe(["𐐀 Deseret", "𐐨 deseret"]);
        (await FoundAsync(new("text", "aB", Contains: true))).ShouldBe(["ab", "AB"]);
        (await FoundAsync(new("text", "fi", Contains: true))).ShouldBe(["fin"]);
        (await FoundAsync(new("text", "%", Contains: true))).ShouldBe(["100 %", "100_%"]);
    }

    [Fact]
    public async Task A_record_comes_back_as_the_view_writes_it()
    {
        await KeepAsync();
        var fold = await FoldAsync();
        foreach (var (key, record) in fold.All(Letters))
        {
            Letters.Write((await Views.FindAsync(Letters, key))!).ShouldBe(Letters.Write(record));
        }
    }

    [Fact]
    public async Task What_changed_between_two_indexes_is_every_record_that_began_changed_or_ended_there()
    {
        var history = new History(Log, Clock);
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            await history.PlayAsync(new(random.Next(40), random.Next(2), random.Next(1000), random.Next(1000), random.Next(9)));
        }

        await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();
        var fold = new ViewFold(AllViews.List);
        var changes = (await Given.AllAsync(Log)).Select(entry => (entry.Index, entry.Story, Changes: fold.Apply(entry))).ToList();
        foreach (var view in AllViews.List)
        {
            foreach (var (after, through) in ((long, long)[])[(-1, changes.Count), (3, 4), (10, 25), (20, 20), (0, changes.Count / 2), (changes.Count - 3, changes.Count + 10)])
            {
                foreach (var story in changes.Select(change => (StoryId?)change.Story).Distinct().Append(null))
                {
                    (await Views.ChangedAsync(view, after, through, story)).ShouldBe(
                        changes.Where(change => change.Index > after && change.Index <= through && (story is null || change.Story == story))
                            .SelectMany(change => change.Changes).Where(change => change.View == view).Select(change => change.Key).Distinct(),
                        ignoreOrder: true);
                }
            }
        }
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_was_in_one_story_or_all()
    {
        var story = Given.NewStory();
        (await Views.PlaceAsync("Սոնա", null)).ShouldBeNull();
        await Views.SetPlaceAsync("Սոնա", null, new(-1, Timestamp.MinValue));
        await Views.SetPlaceAsync("Սոնա", story, new(7, new(1)));
        await Views.SetPlaceAsync("Ada ", story, new(8, new(2)));
        await Views.SetPlaceAsync("Սոնա", story, new(9, Timestamp.MaxValue));
        await ReopenAsync();
        (await Views.PlaceAsync("Սոնա", null)).ShouldBe(new ReaderPlace(-1, Timestamp.MinValue));
        (await Views.PlaceAsync("Սոնա", story)).ShouldBe(new ReaderPlace(9, Timestamp.MaxValue));
        (await Views.PlaceAsync("Ada ", story)).ShouldBe(new ReaderPlace(8, new(2)));
        (await Views.PlaceAsync("Ada", story)).ShouldBeNull();
        (await Views.PlaceAsync("Ada ", null)).ShouldBeNull();
    }

    private async Task KeepAsync()
    {
        var story = Given.NewStory();
        await AppendAsync(Given.Command(Log, story, AppendRequest.NoStory, null, [.. Texts.Select(text => new DecidedEntry(new NoteAdded(default, text)))]));
        await new ViewKeeper(Log, Views, [Letters]).CatchUpAsync();
    }

    private async Task<ViewFold> FoldAsync()
    {
        var fold = new ViewFold(Letters);
        foreach (var entry in await Given.AllAsync(Log))
        {
            fold.Apply(entry);
        }

        return fold;
    }

    private async Task<IEnumerable<string>> FoundAsync(FacetFilter filter)
    {
        var query = new ViewQuery { Where = [filter], OldestFirst = true, Limit = 1000 };
        var records = (await Views.ListAsync(Letters, query)).Records;
        (await Views.CountAsync(Letters, query)).ShouldBe(records.Count);
        return records.Select(record => ((ActivityRecord)record).Summary!);
    }
}
