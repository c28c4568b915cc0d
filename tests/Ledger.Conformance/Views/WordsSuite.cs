using System.Text;
using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Conformance.Views;

/// <summary>Search: words and phrases are found where they stand, by <see cref="SearchWords"/> and nothing else, in texts of any length.</summary>
public abstract class WordsSuite(Store store) : EngineSuite(store)
{
    private readonly Dictionary<EntryId, string> texts = [];

    [Fact]
    public async Task What_is_found_is_what_has_the_words()
    {
        string[] words = ["the", "bridge", "Bridge's", "brücke", "Straße", "don't", "東京", "タワー", "и", "Й", "ʼokina", "A.B.", "½", "№5", "𐐀", "naïve"];
        var random = new Random(11);
        for (var i = 0; i < 40; i++)
        {
            await NoteAsync(string.Join(i % 3 == 0 ? " — " : " ", Enumerable.Range(0, 1 + random.Next(8)).Select(_ => words[random.Next(words.Length)])));
        }

        await KeepAsync();
        await Gen.Int[0, words.Length - 1].Array[1, 3].Select(Gen.Bool, (picked, phrase) => (picked, phrase)).SampleAsync(
            async query => await CheckAsync(query.phrase ? $"\"{string.Join(' ', query.picked.Select(i => words[i]))}\"" : string.Join(' ', query.picked.Select(i => words[i]))),
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task A_phrase_is_found_wherever_it_stands_in_a_long_text()
    {
        // More words than PostgreSQL numbers in a text, and more of one word than it notes.
        var text = new StringBuilder("first of all ");
        for (var i = 0; i < 40_000; i++)
        {
            text.Append(i % 2 == 0 ? "said " : $"w{i % 900} ");
        }

        await DocumentAsync(text.Append("the harbour opens said w7 at last").ToString());
        await DocumentAsync("the harbour, it is said, opens at last; first w7 said of all");
        await KeepAsync();
        foreach (var query in (string[])[
            "said", "harbour last", "\"the harbour opens\"", "\"at last\"", "\"said w899 said w1\"", "\"said w899 said w3\"", "\"first of all said w1\"", "\"w7 at last\"", "\"first of all\" \"at last\"",
            "\"last first\"", "\"opens said w7\" w9", "\"opens said w8\" w9"])
        {
            await CheckAsync(query);
        }
    }

    [Fact]
    public async Task Words_of_any_length_and_any_number_are_found()
    {
        // Longer than a word may be in PostgreSQL's vectors, and more of them than one holds.
        var (word, longer) = (new string('å', 3000), new string('å', 3000) + "b");
        await DocumentAsync($"a {word} b");
        await DocumentAsync($"a {longer} b");
        var many = new StringBuilder();
        for (var i = 0; many.Length < 500_000; i++)
        {
            many.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i:x} ");
        }

        await DocumentAsync(many.ToString());
        await DocumentAsync("plain a b");
        await KeepAsync();
        foreach (var query in (string[])[word, longer, $"\"a {word}\"", $"\"{word} a\"", "a b", "\"a b\"", "1a2b", "\"1a2b 1a2c\"", "\"1a2b 1a2d\"", "plain", "\"9 a\"", "a"])
        {
            await CheckAsync(query);
        }
    }

    [Fact]
    public async Task A_record_keeps_the_words_that_it_was_given_until_it_is_given_others()
    {
        var story = Given.NewStory();
        var id = await DocumentAsync("It opens in May.", story);
        await KeepAsync();
        await AppendAsync(Given.Command(Log, story, 0, null, new DecidedEntry(new EntryWithdrawn(id, "Wrong."))));
        await KeepAsync();
        await CheckAsync("\"opens in may\"");
        ((SearchRecord)(await Views.FindAsync(SearchView.View, id.Value))!).Status.ShouldBe("withdrawn");
        (await Views.ListAsync(SearchView.View, new ViewQuery { Words = SearchWords.Query("may"), AsOf = 1, Where = [new("status", "found")] })).Records.ShouldHaveSingleItem();
        (await Views.ListAsync(SearchView.View, new ViewQuery { Words = SearchWords.Query("may"), AsOf = 0 })).Records.ShouldBeEmpty();
        await new ViewKeeper(Log, Views, [SearchView.View]).RebuildAsync(SearchView.View);
        await CheckAsync("\"opens in may\"");
    }

    private async Task NoteAsync(string text)
    {
        var receipt = await AppendAsync(Given.Command(Log, Given.NewStory(), AppendRequest.NoStory, null, new DecidedEntry(new NoteAdded(default, text))));
        texts[receipt.Entries[0].Id] = text;
    }

    private async Task<EntryId> DocumentAsync(string text, StoryId? story = null)
    {
        var receipt = await AppendAsync(Given.Command(Log, story ?? Given.NewStory(), AppendRequest.NoStory, null, Given.Document(text)));
        texts[receipt.Entries[0].Id] = "A document\n" + text;
        return receipt.Entries[0].Id;
    }

    private Task KeepAsync() => new ViewKeeper(Log, Views, [SearchView.View]).CatchUpAsync();

    private async Task CheckAsync(string written)
    {
        var phrases = SearchWords.Query(written);
        phrases.ShouldNotBeEmpty();
        var query = new ViewQuery { Words = phrases, OldestFirst = true, Limit = 1000 };
        (await Views.ListAsync(SearchView.View, query)).Records.Select(record => record.Id).ShouldBe(
            texts.Where(text => !SearchWords.Find(text.Value, phrases).IsEmpty).Select(text => text.Key), Customize(written));
        (await Views.CountAsync(SearchView.View, query)).ShouldBe(texts.Count(text => !SearchWords.Find(text.Value, phrases).IsEmpty));
    }

    private static string Customize(string written) => written.Length > 80 ? written[..80] + "…" : written;
}
