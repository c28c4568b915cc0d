using Ledger.Core.Entries;
using Ledger.Core.Reading;

namespace Ledger.Core.Tests.Reading;

/// <summary>Words as they are typed, found where they stand.</summary>
public sealed class WordsInTextTests
{
    private const string Text = "The ferry is\n  late. “The ferry’s full,” she said. Ferries are late.";

    [Theory]
    [InlineData("The ferry is late.", "The ferry is\n  late.")]
    [InlineData("ferries are LATE", "Ferries are late")]
    [InlineData("\"The ferry's full,\"", "“The ferry’s full,”")]
    [InlineData("  said  ", "said")]
    public void Words_are_found_as_they_stand(string typed, string stands) => WordsInText.Find(Text, typed).Single().Of(Text).ShouldBe(stands);

    [Fact]
    public void Every_place_is_found_in_order() => WordsInText.Find(Text, "late").ShouldBe([new TextRange(15, 19), new TextRange(63, 67)]);

    [Theory]
    [InlineData("ferr")]
    [InlineData("erry")]
    [InlineData("ferryis")]
    [InlineData(" \n")]
    public void What_does_not_stand_there_as_words_is_not_found(string typed) => WordsInText.Find(Text, typed).ShouldBeEmpty();

    [Fact]
    public void What_was_probably_meant_has_most_of_the_words()
    {
        WordsInText.Nearest(Text, "Ferries were late")!.Value.Of(Text).ShouldBe("Ferries are late.");
        WordsInText.Nearest(Text, "nothing of this").ShouldBeNull();
        WordsInText.LineOf(Text, 15).ShouldBe(2);
    }
}
