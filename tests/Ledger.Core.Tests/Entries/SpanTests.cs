using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Tests.Entries;

public sealed class SpanTests
{
    private const string Text = "It will open in May 🚢, she said, or never.";
    private static readonly EntryId Document = new(Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301"));

    [Fact]
    public void A_span_of_words_re_reads_in_its_text()
    {
        var span = Span.In(Document, Text, new TextRange(3, 19), new TextRange(34, 42));
        span.Exact.ShouldBe(["will open in May", "or never"]);
        span.Words.ShouldBe("will open in May … or never");
        span.Check(Text).ShouldBeNull();
    }

    [Fact]
    public void A_span_may_reach_from_the_first_unit_to_the_last() => Span.In(Document, Text, new TextRange(0, Text.Length)).Check(Text).ShouldBeNull();

    [Fact]
    public void Ranges_may_touch() => Span.In(Document, Text, new TextRange(0, 2), new TextRange(2, 5)).Check(Text).ShouldBeNull();

    [Fact]
    public void A_span_is_equal_to_one_of_the_same_document_ranges_and_words()
    {
        var span = Span.In(Document, Text, new TextRange(3, 7));
        var same = Span.In(Document, Text, new TextRange(3, 7));
        same.ShouldBe(span);
        same.GetHashCode().ShouldBe(span.GetHashCode());
        Span.In(Document, Text, new TextRange(3, 8)).ShouldNotBe(span);
        (span with { Exact = ["Will"] }).ShouldNotBe(span);
        (span with { Document = default }).ShouldNotBe(span);
    }

    public static TheoryData<string, int[], string[], string> Failing => new()
    {
        { "without a range", [], [], "needs at least one range" },
        { "without the words of each range", [0, 2, 3, 7], ["It"], "needs at least one range, and the words of each" },
        { "with words for no range", [0, 2], ["It", "will"], "needs at least one range, and the words of each" },
        { "out of the text", [3, 99], ["will"], "ends outside the document" },
        { "with ranges that overlap", [3, 10, 8, 12], ["will op", "open"], "in order and do not overlap" },
        { "with ranges out of order", [8, 12, 3, 7], ["open", "will"], "in order and do not overlap" },
        { "with the same range twice", [3, 7, 3, 7], ["will", "will"], "in order and do not overlap" },
        { "that begins inside a pair", [21, 23], ["\ude00,"], "inside a surrogate pair" },
        { "that ends inside a pair", [16, 21], ["May \ud83d"], "inside a surrogate pair" },
        { "with other words", [3, 7], ["wont"], "are “will”, not “wont”" },
        { "with words in another case", [3, 7], ["Will"], "are “will”, not “Will”" },
        { "with longer words", [3, 7], ["will "], "are “will”, not “will ”" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public void A_span_does_not_hold(string how, int[] ends, string[] exact, string problem)
    {
        var ranges = ends.Chunk(2).Select(pair => new TextRange(pair[0], pair[1])).ToImmutableArray();
        new Span(Document, ranges, [.. exact]).Check(Text).ShouldNotBeNull(how).ShouldContain(problem);
    }

    [Fact]
    public void A_span_that_was_never_filled_does_not_hold()
    {
        new Span(Document, default, default).Check(Text).ShouldNotBeNull();
        new Span(Document, [new(0, 2)], default).Check(Text).ShouldNotBeNull();
        new Span(Document, [new(0, 2)], [null!]).Check(Text).ShouldNotBeNull();
    }

    [Fact]
    public void Long_words_are_shortened_in_the_sentence_that_refuses_them()
    {
        var text = new string('x', 500);
        new Span(Document, [new(0, 500)], [new string('y', 500)]).Check(text)!.Length.ShouldBeLessThan(200);
    }
}
