using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Tests.Stories.Scenario;

namespace Ledger.Core.Tests.Stories;

public sealed class StoryStateTests
{
    private static readonly Timestamp March = Timestamp.StartOf(new(2022, 3, 1));
    private static readonly Timestamp April = Timestamp.StartOf(new(2022, 4, 1));

    [Fact]
    public void A_story_remembers_what_each_entry_is_and_rests_on()
    {
        var state = Fold(
            new StoryOpened("Harbour", "harbour", "en", []), Filed(), Harbour.Quote(Entry(1)), new NoteAdded(Entry(2), "words"),
            new ExtractionCompleted(Entry(1), new("rules", "1"), new(1, 0, 0, 0)), new EntryWithdrawn(Entry(2), "wrong"));
        state.Revision.ShouldBe(5);
        state.Opened!.Slug.ShouldBe("harbour");
        state.Find(Entry(1))!.Document.ShouldBe(Entry(1), "a document is its own");
        (state.Find(Entry(2)) is { Type: "quote.recorded", Withdrawn: true, Stands: false } facts && facts.Document == Entry(1) && facts.Published == RecordedAt).ShouldBeTrue();
        state.Find(Entry(3))!.Document.ShouldBeNull();
        state.Find(Entry(4))!.Document.ShouldBe(Entry(1));
        state.Extracted.ShouldBe([Entry(1)]);
        state.Find(Entry(9)).ShouldBeNull();
    }

    [Fact]
    public void A_documents_published_time_is_its_date_else_when_it_was_fetched_else_recorded()
    {
        PublishedOf(Filed(published: new(new DateOnly(2022, 3, 1)), retrieved: April)).ShouldBe(March);
        PublishedOf(Filed(published: new(March), retrieved: April)).ShouldBe(March);
        PublishedOf(Filed(retrieved: April)).ShouldBe(April);
        PublishedOf(Filed()).ShouldBe(RecordedAt);
    }

    [Fact]
    public void The_opening_of_a_story_comes_before_everything() => PublishedOf(new StoryOpened("Harbour", "harbour", "en", [])).ShouldBe(Timestamp.MinValue);

    [Fact]
    public void A_finding_a_note_and_a_withdrawal_are_published_with_what_they_are_about()
    {
        var state = Fold(Filed(published: new(March)), Harbour.Quote(Entry(0)), new NoteAdded(Entry(1), "words"), new EntryWithdrawn(Entry(2), "wrong"), new ExtractionCompleted(Entry(0), new("r", "1"), new(0, 0, 0, 0)));
        state.Entries.Values.ShouldAllBe(facts => facts.Published == March);
    }

    [Fact]
    public void What_rests_on_no_words_is_published_when_it_was_recorded()
    {
        PublishedOf(Harbour.Question(Entry(0)) with { Span = null }).ShouldBe(RecordedAt);
        PublishedOf(Harbour.Occasion(Entry(0)) with { Span = null }).ShouldBe(RecordedAt);
    }

    [Fact]
    public void A_copy_counts_as_published_on_its_own_day_whichever_was_filed_first()
    {
        var state = Fold(Filed(published: new(April)), Filed(url: null, published: new(March), sameTextAs: Entry(0)));
        state.Find(Entry(1))!.Published.ShouldBe(March);
    }

    [Fact]
    public void An_erased_body_counts_and_is_published_when_it_was_recorded()
    {
        var state = StoryState.Empty.Evolve(Entry(0), "document.filed", null, RecorderKind.Program, RecordedAt).Evolve(Entry(1), "claim.recorded", null, RecorderKind.Program, RecordedAt);
        state.Revision.ShouldBe(1);
        state.Find(Entry(0)).ShouldBe(new("document.filed", 0, RecorderKind.Program, Entry(0), RecordedAt) { Own = RecordedAt, RecordedAt = RecordedAt });
        state.Find(Entry(1)).ShouldBe(new("claim.recorded", 1, RecorderKind.Program, null, RecordedAt) { Own = RecordedAt, RecordedAt = RecordedAt });
    }

    [Fact]
    public void Nothing_is_published_before_anything_it_refers_to() => History.Sample(bodies =>
    {
        var state = StoryState.Empty;
        for (var place = 0; place < bodies.Count; place++)
        {
            state = state.Evolve(Entry(place), BodyTypes.Of(bodies[place]).Name, bodies[place], RecorderKind.Program, RecordedAt);
            foreach (var reference in References(bodies[place]))
            {
                state.Find(Entry(place))!.Published.ShouldBeGreaterThanOrEqualTo(state.Find(reference)!.Published);
            }
        }
    });

    [Fact]
    public void The_same_entries_come_to_the_same_facts() => History.Sample(bodies =>
    {
        var (one, other) = (Fold([.. bodies]), Fold([.. bodies]));
        other.Entries.OrderBy(pair => pair.Key.Value).ShouldBe(one.Entries.OrderBy(pair => pair.Key.Value));
        other.Findings.OrderBy(pair => pair.Value.Value).ShouldBe(one.Findings.OrderBy(pair => pair.Value.Value));
        other.Documents.OrderBy(pair => pair.Value.Value).ShouldBe(one.Documents.OrderBy(pair => pair.Value.Value));
        other.Texts.OrderBy(pair => pair.Value.Value).ShouldBe(one.Texts.OrderBy(pair => pair.Value.Value));
    }, iter: 50);

    private static StoryState Fold(params Body[] bodies)
    {
        var state = StoryState.Empty;
        for (var place = 0; place < bodies.Length; place++)
        {
            state = state.Evolve(Entry(place), BodyTypes.Of(bodies[place]).Name, bodies[place], RecorderKind.Program, RecordedAt);
        }

        return state;
    }

    private static Timestamp PublishedOf(Body body) => Fold(body).Find(Entry(0))!.Published;

    private static IEnumerable<EntryId> References(Body body)
    {
        EntryId?[] references = body switch
        {
            DocumentFiled filed => [filed.TranslationOf],
            QuoteRecorded quote => [quote.Span.Document, quote.Parent],
            ClaimRecorded claim => [claim.Span.Document, claim.Parent],
            QuestionRaised question => [question.Span?.Document, question.Occasion],
            OccasionScheduled occasion => [occasion.Span?.Document],
            NoteAdded note => [note.On],
            EntryWithdrawn withdrawn => [withdrawn.Entry],
            _ => [],
        };
        return references.OfType<EntryId>();
    }

    /// <summary>Documents with random dates, then entries that refer to random earlier ones.</summary>
    private static readonly Gen<List<Body>> History = Gen.Select(
        Gen.Int[0, 3650].Array[1, 5], Gen.Select(Gen.Int[0, 6], Gen.Int[0, 999], Gen.Int[0, 999]).Array[0, 20], (days, steps) =>
        {
            var bodies = new List<Body>();
            for (var place = 0; place < days.Length; place++)
            {
                bodies.Add(Filed(text: days[place] % 2 == 0 ? Harbour.Text : $"text {place}", url: $"https://example.org/{place}", published: new(new DateOnly(2015, 1, 1).AddDays(days[place])), sameTextAs: place > 0 ? Entry(place - 1) : null));
            }

            foreach (var (kind, a, b) in steps)
            {
                var document = Entry(a % days.Length);
                var any = Entry(b % bodies.Count);
                bodies.Add(kind switch
                {
                    0 => Harbour.Quote(document) with { Parent = any },
                    1 => Harbour.Claim(document) with { Parent = any },
                    2 => Harbour.Question(document) with { Occasion = any },
                    3 => Harbour.Occasion(document),
                    4 => new NoteAdded(any, "words"),
                    5 => new EntryWithdrawn(any, "wrong"),
                    _ => Filed(url: $"https://example.org/x{bodies.Count}", published: new(new DateOnly(2015, 1, 1).AddDays(b))) with { TranslationOf = document },
                });
            }

            return bodies;
        });
}
