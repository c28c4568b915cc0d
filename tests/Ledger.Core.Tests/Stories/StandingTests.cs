using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Tests.Stories.Scenario;

namespace Ledger.Core.Tests.Stories;

/// <summary>How a statement stands. 1–3 documents of three publishers, 4–6 a claim in each.</summary>
public sealed class StandingTests
{
    private static Scenario Three => Given(
        Filed("one", "https://a.example/1", "A"), Filed("two", "https://b.example/1", "B"), Filed("three", "https://c.example/1", "C"),
        Harbour.Claim(Entry(1)), Harbour.Claim(Entry(2)), Harbour.Claim(Entry(3)));

    private static ClaimLinked Link(int from, int to, LinkRelation relation) => new(Entry(from), Entry(to), relation, null, null, "so");

    private static EntryWithdrawn Withdraw(int place) => new(Entry(place), "wrong");

    [Fact]
    public void Repetition_reaches_from_one_to_the_next_and_no_further_than_what_stands()
    {
        var repeated = Three.And(Link(5, 4, LinkRelation.Repeats), Link(6, 5, LinkRelation.Repeats));
        foreach (var place in (int[])[4, 5, 6])
        {
            Standing.Of(repeated.State, Entry(place)).ShouldBe(new(3, false, "repeated"));
        }

        var without = repeated.And(Withdraw(5)).State;
        (Standing.Of(without, Entry(4)), Standing.Of(without, Entry(6))).ShouldBe((Standing.Alone, Standing.Alone));
        Standing.Of(repeated.And(Withdraw(8)).State, Entry(4)).ShouldBe(new(2, false, "repeated"));
        Standing.Of(repeated.And(Withdraw(2)).State, Entry(4)).ShouldBe(Standing.Alone, "with its document");
        Standing.Of(repeated.And(new ProposalRejected(Entry(5), null, null)).State, Entry(4)).ShouldBe(Standing.Alone);
    }

    [Theory]
    [InlineData(LinkRelation.Retracts, "retracted")]
    [InlineData(LinkRelation.Corrects, "corrected")]
    [InlineData(LinkRelation.Updates, "updated")]
    [InlineData(LinkRelation.Supports, "asserted")]
    public void What_the_source_says_later_tells_on_the_earlier_alone(LinkRelation relation, string status)
    {
        var state = Three.And(Link(5, 4, relation)).State;
        (Standing.Of(state, Entry(4)).Status, Standing.Of(state, Entry(5)).Status).ShouldBe((status, "asserted"));
        Standing.Of(Three.And(Link(5, 4, relation), Withdraw(7)).State, Entry(4)).ShouldBe(Standing.Alone);
        Standing.Of(Three.And(Link(5, 4, relation), Withdraw(5)).State, Entry(4)).ShouldBe(Standing.Alone);
    }

    [Fact]
    public void A_contradiction_tells_on_both_and_the_gravest_is_told_first()
    {
        var state = Three.And(Link(5, 4, LinkRelation.Contradicts), Link(6, 4, LinkRelation.Repeats)).State;
        Standing.Of(state, Entry(4)).ShouldBe(new(2, true, "contradicted"));
        Standing.Of(state, Entry(5)).ShouldBe(new(1, true, "contradicted"));
        Standing.Of(state, Entry(6)).ShouldBe(new(2, false, "repeated"));
        Standing.Of(Three.And(Link(5, 4, LinkRelation.Contradicts), Link(5, 4, LinkRelation.Corrects)).State, Entry(4)).ShouldBe(new(1, true, "corrected"));
    }

    [Fact]
    public void A_programs_link_counts_once_it_is_accepted_a_services_at_once()
    {
        var proposed = Three.And(RecorderKind.Program, Link(5, 4, LinkRelation.Contradicts));
        Standing.Of(proposed.State, Entry(4)).ShouldBe(Standing.Alone);
        Standing.Of(proposed.And(new ProposalAccepted(Entry(7), null, null)).State, Entry(4)).Contradicted.ShouldBeTrue();
        Standing.Of(proposed.And(new ProposalRejected(Entry(7), null, null)).State, Entry(4)).ShouldBe(Standing.Alone);
        Standing.Of(proposed.And(new ProposalAccepted(Entry(7), null, null), Withdraw(7)).State, Entry(4)).ShouldBe(Standing.Alone);
        Standing.Of(Three.And(RecorderKind.Service, Link(5, 4, LinkRelation.Contradicts)).State, Entry(4)).Contradicted.ShouldBeTrue();
        Standing.Of(Three.AndErased("claim.linked").State, Entry(4)).ShouldBe(Standing.Alone);
    }

    [Fact]
    public void A_link_goes_with_the_document_that_shows_it()
    {
        var shown = Three.And(Link(5, 4, LinkRelation.Contradicts) with { Span = Harbour.Words(Entry(3), "said") });
        Standing.Of(shown.State, Entry(4)).Contradicted.ShouldBeTrue();
        Standing.Of(shown.And(Withdraw(3)).State, Entry(4)).ShouldBe(Standing.Alone);
    }

    [Fact]
    public void Copies_count_once_also_through_a_third_and_after_a_correction()
    {
        Scenario With(DocumentFiled second, DocumentFiled third) => Given(Filed("one", "https://a.example/1", "A"), second, third, Harbour.Claim(Entry(1)), Harbour.Claim(Entry(2)), Harbour.Claim(Entry(3)))
            .And(Link(5, 4, LinkRelation.Repeats), Link(6, 4, LinkRelation.Repeats));
        int Sources(Scenario scenario) => Standing.Of(scenario.State, Entry(4)).Sources;
        var (b, c) = (Filed("two", "https://b.example/1", "B"), Filed("three", "https://c.example/1", "C"));
        Sources(With(b, c)).ShouldBe(3);
        Sources(With(Filed("one", "https://b.example/1", "B"), c)).ShouldBe(2, "the same text");
        Sources(With(b with { Publisher = " a " }, c)).ShouldBe(2, "the same publisher");
        Sources(With(b with { Sources = ["a"] }, c)).ShouldBe(2, "it rests on the other");
        Sources(With(b with { Sources = ["a press release"] }, c with { Sources = ["A press release"] })).ShouldBe(2, "both rest on the same");
        Sources(With(b with { Sources = ["Wire"] }, c with { Sources = ["wire", "A"] })).ShouldBe(1, "through a third");
        Sources(With(b with { Publisher = null, Url = null }, c with { Publisher = null, Url = null })).ShouldBe(3, "what names nobody is nobody's copy");
        Sources(With(b, c).And(new EntryCorrected(Entry(2), b with { Publisher = "A" }, "wrong"))).ShouldBe(2);
        Sources(With(b with { Publisher = "A" }, c).And(new EntryCorrected(Entry(2), b, "wrong"))).ShouldBe(3);
        Standing.Of(With(b with { Publisher = "A" }, c with { Publisher = "A" }).State, Entry(4)).ShouldBe(new(1, false, "asserted"), "one source that says it three times asserts it");
    }

    [Fact]
    public void Two_texts_of_one_address_are_one_source()
    {
        var state = Given(Filed("one", "https://a.example/1", null)).And(
            new DocumentRevised(Entry(1), Filed("two", "https://a.example/1", null), []), Harbour.Claim(Entry(1)), Harbour.Claim(Entry(2)), Link(4, 3, LinkRelation.Repeats)).State;
        Standing.Of(state, Entry(3)).Sources.ShouldBe(1);
    }

    [Fact]
    public void Sources_count_the_same_in_every_order() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5]).Array[1, 8].SelectMany(all => Gen.Shuffle(all).Select(shuffled => (all, shuffled))).Sample(
        pair =>
        {
            static SourceFacts Of((int Text, int Publisher, int Source) facts, int place) =>
                new(Entry(place), new Digest([.. Enumerable.Repeat((byte)facts.Text, 32)]), facts.Publisher == 0 ? null : $"P{facts.Publisher}", facts.Source == 0 ? [] : [$"P{facts.Source}"]);
            // The naive count: paint everything that two have in common until nothing changes.
            var documents = pair.all.Select(Of).ToList();
            var colours = Enumerable.Range(0, documents.Count).ToArray();
            for (var changed = true; changed;)
            {
                changed = false;
                for (var i = 0; i < documents.Count; i++)
                {
                    for (var j = 0; j < documents.Count; j++)
                    {
                        var (one, other) = (documents[i], documents[j]);
                        var names = one.Sources.Append(one.Publisher).OfType<string>().Intersect(other.Sources.Append(other.Publisher).OfType<string>());
                        if (colours[i] > colours[j] && (one.Text == other.Text || names.Any()))
                        {
                            (colours[i], changed) = (colours[j], true);
                        }
                    }
                }
            }

            SourceFacts.CountIndependent(documents).ShouldBe(colours.Distinct().Count());
            SourceFacts.CountIndependent(pair.shuffled.Select(Of)).ShouldBe(colours.Distinct().Count());
        });
}
