using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Tests.Stories.Scenario;

namespace Ledger.Core.Tests.Stories;

public sealed class SpeakerNamesTests
{
    [Fact]
    public void Names_that_are_joined_stand_under_the_one_that_is_given_and_count_together()
    {
        var names = Quoted("The mayor", "She", "the  MAYOR").And(new SpeakerIdentified("A. Mayor", ["She", "the mayor"], null, null, null)).State.Speakers;
        foreach (var written in (string[])["The mayor", "she", "THE MAYOR", "A. Mayor"])
        {
            names.NameOf(written).ShouldBe("A. Mayor");
            names.TallyOf(written).ShouldBe(new SpeakerTally("A. Mayor", 3, 0));
        }

        names.AlsoOf("she").ShouldBe(["She", "The mayor"]);
        names.NameOf("Somebody").ShouldBe("Somebody");
        names.TallyOf("Somebody").ShouldBeNull();
    }

    [Fact]
    public void Joined_names_part_again_by_a_word_or_by_its_withdrawal()
    {
        var joined = Quoted("A", "B", "C").And(new SpeakerIdentified("A", ["B", "C"], null, null, null));
        joined.State.Speakers.TallyOf("C").ShouldBe(new SpeakerTally("A", 3, 0));
        var parted = joined.And(new SpeakerSeparated("A", ["B"], null, null));
        parted.State.Speakers.TallyOf("A").ShouldBe(new SpeakerTally("A", 2, 0));
        parted.State.Speakers.TallyOf("B").ShouldBe(new SpeakerTally("B", 1, 0));
        joined.And(new EntryWithdrawn(Entry(5), "wrong")).State.Speakers.TallyOf("A").ShouldBe(new SpeakerTally("A", 1, 0));
        parted.And(new EntryWithdrawn(Entry(6), "wrong")).State.Speakers.TallyOf("A").ShouldBe(new SpeakerTally("A", 3, 0));
    }

    [Fact]
    public void A_programs_word_counts_once_it_is_accepted()
    {
        var proposed = Quoted("A", "B").And(RecorderKind.Program, new SpeakerIdentified("A", ["B"], null, "same-office", null));
        proposed.State.Speakers.NameOf("B").ShouldBe("B");
        proposed.And(new ProposalAccepted(Entry(4), null, null)).State.Speakers.NameOf("B").ShouldBe("A");
        proposed.And(new ProposalRejected(Entry(4), null, null)).State.Speakers.NameOf("B").ShouldBe("B");
        proposed.And(new ProposalAccepted(Entry(4), null, null), new EntryWithdrawn(Entry(4), "wrong")).State.Speakers.NameOf("B").ShouldBe("B");
    }

    [Fact]
    public void A_name_parts_from_one_that_stands_under_another()
    {
        var chain = Given().And(new SpeakerIdentified("B", ["A"], null, null, null), new SpeakerIdentified("C", ["B"], null, null, null)).State.Speakers;
        chain.NameOf("A").ShouldBe("C");
        var parted = Given().And(new SpeakerIdentified("B", ["A"], null, null, null), new SpeakerIdentified("C", ["B"], null, null, null), new SpeakerSeparated("A", ["B"], null, null)).State.Speakers;
        parted.NameOf("A").ShouldBe("A");
        parted.NameOf("B").ShouldBe("C");
    }

    [Fact]
    public void Tallies_follow_what_stands_and_who_is_said_to_have_said_it()
    {
        var quoted = Quoted("A", "B");
        quoted.And(new EntryWithdrawn(Entry(2), "wrong")).State.Speakers.TallyOf("A").ShouldBeNull();
        quoted.And(new ProposalRejected(Entry(2), null, null)).State.Speakers.TallyOf("A").ShouldBeNull();
        quoted.And(new ProposalRejected(Entry(2), null, null), new EntryWithdrawn(Entry(2), "wrong")).State.Speakers.TallyOf("A").ShouldBeNull();
        quoted.And(new EntryWithdrawn(Entry(1), "wrong")).State.Speakers.TallyOf("B").ShouldBeNull();
        var corrected = quoted.And(new EntryCorrected(Entry(2), Of("B"), "not A")).State.Speakers;
        (corrected.TallyOf("A"), corrected.TallyOf("B")).ShouldBe((null, new SpeakerTally("B", 2, 0)));
        quoted.And(Harbour.Claim(Entry(1)) with { Speaker = new("A", null) }).State.Speakers.TallyOf("A").ShouldBe(new SpeakerTally("A", 1, 1));
        quoted.AndErased("quote.recorded").AndErased("speaker.identified").State.Speakers.TallyOf("A").ShouldBe(new SpeakerTally("A", 1, 0));
    }

    private static readonly string[] Few = ["A", "B", "C", "D", "E"];

    private static readonly Gen<(bool Same, int Name, int Other)[]> Words = Gen.Select(Gen.Bool, Gen.Int[0, 4], Gen.Int[0, 4], (same, name, other) => (same, name, other)).Array[1, 25];

    [Fact]
    public void Whatever_is_said_of_names_each_has_one_that_stands_for_it_and_the_last_word_holds() => Words.Sample(
        words =>
        {
            var names = SpeakerNames.None;
            var place = 0;
            foreach (var (same, name, other) in words.Where(word => word.Name != word.Other))
            {
                ISpeakerNames word = same ? new SpeakerIdentified(Few[name], [Few[other]], null, null, null) : new SpeakerSeparated(Few[name], [Few[other]], null, null);
                names = names.Say(Entry(place++), word).Settle(_ => true);
                // A ring would never return.
                (names.NameOf(Few[name]) == names.NameOf(Few[other])).ShouldBe(same);
                if (same)
                {
                    names.NameOf(Few[other]).ShouldBe(Few[name]);
                }

                foreach (var one in Few)
                {
                    names.NameOf(names.NameOf(one)).ShouldBe(names.NameOf(one));
                    names.AlsoOf(one).Append(names.NameOf(one)).ShouldContain(one, "a name is its own or among the others");
                }
            }
        }, iter: 3_000);

    [Fact]
    public void Any_words_may_be_taken_back_and_the_rest_hold_as_if_they_had_never_been_said() => Gen.Select(Words, Gen.Int[0, 24]).Sample(
        (words, taken) =>
        {
            var said = words.Where(word => word.Name != word.Other)
                .Select((word, place) => (Id: Entry(place), Word: word.Same ? (ISpeakerNames)new SpeakerIdentified(Few[word.Name], [Few[word.Other]], null, null, null) : new SpeakerSeparated(Few[word.Name], [Few[word.Other]], null, null)))
                .ToList();
            var all = said.Aggregate(SpeakerNames.None, (names, word) => names.Say(word.Id, word.Word)).Settle(id => id != Entry(taken));
            var rest = said.Where(word => word.Id != Entry(taken)).Aggregate(SpeakerNames.None, (names, word) => names.Say(word.Id, word.Word)).Settle(_ => true);
            Few.Select(all.NameOf).ShouldBe(Few.Select(rest.NameOf));
        }, iter: 1_000);

    /// <summary>1 a document, then a quote of each name.</summary>
    private static Scenario Quoted(params string[] names) => Given([Filed(), .. names.Select(Of)]);

    private static Body Of(string name) => Harbour.Quote(Entry(1)) with { Speaker = new(name, null) };
}
