using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

public sealed class QuoteTests
{
    [Theory]
    [InlineData("“The pumps will hold,” the harbour master said.", "The pumps will hold", "the harbour master")]
    [InlineData("The harbour master said: “The pumps will hold.”", "The pumps will hold.", "The harbour master")]
    [InlineData("\"The pumps will hold,\" said Greta Lind, who runs the harbour.", "The pumps will hold", "Greta Lind")]
    [InlineData("''The pumps will hold,'' Greta Lind said.", "The pumps will hold", "Greta Lind")]
    [InlineData("«The pumps will hold», Greta Lind said.", "The pumps will hold", "Greta Lind")]
    [InlineData("„The pumps will hold“, Greta Lind said.", "The pumps will hold", "Greta Lind")]
    [InlineData("‘The pumps will hold,’ Greta Lind said.", "The pumps will hold", "Greta Lind")]
    [InlineData("Greta Lind: “The pumps will hold.”", "The pumps will hold.", "Greta Lind")]
    [InlineData("In a letter on Monday, Greta Lind wrote that “the pumps will hold.”", "the pumps will hold.", "Greta Lind")]
    [InlineData("“Will the pumps hold?” Greta Lind asked.", "Will the pumps hold?", "Greta Lind")]
    [InlineData("According to Greta Lind, “the pumps will hold.”", "the pumps will hold.", "Greta Lind")]
    public void Words_in_marks_are_their_speakers(string text, string words, string speaker)
    {
        var read = Read.Of(text);
        var quote = read.Said(words).ShouldBeOfType<QuoteFinding>();
        quote.Directness.ShouldBe(Directness.Direct);
        read.Written(quote).ShouldBe(speaker);
        quote.Cue.ShouldNotBeNull();
    }

    [Fact]
    public void A_quote_interrupted_by_its_cue_is_one_quote_of_two_ranges()
    {
        var read = Read.Of("“The pumps will hold,” Greta Lind said on Friday, “but only until the thaw.”");
        var quote = read.Attributed.ShouldHaveSingleItem().ShouldBeOfType<QuoteFinding>();
        read.Content(quote).ShouldBe("The pumps will hold … but only until the thaw.");
        read.Written(quote).ShouldBe("Greta Lind");
    }

    [Fact]
    public void A_quote_partly_in_marks_is_mixed_and_one_without_marks_is_a_claim()
    {
        var read = Read.Of("The surveyor said the wall was “rotten to the core” and had to go.\n\nThe surveyor said that the roof was sound.");
        read.Attributed.Select(finding => finding.Directness).ShouldBe([Directness.Mixed, Directness.Indirect]);
        read.Attributed.Last().ShouldBeOfType<ClaimFinding>().Modality.ShouldBe(Modality.Asserted);
    }

    [Fact]
    public void A_quote_that_stands_alone_after_an_attributed_one_goes_on_from_it()
    {
        var read = Read.Of("“We closed the lock at noon,” Greta Lind said. “Nobody complained about it.”");
        read.Attributed.ShouldAllBe(quote => quote.Source!.Name == "Greta Lind");
        string.Join(" ", read.Attributed.Select(read.Content)).ShouldContain("Nobody complained about it.");
    }

    [Fact]
    public void A_quote_over_paragraphs_that_reopen_their_marks_is_one_speakers()
    {
        var read = Read.Of("Greta Lind said: “We closed the lock at noon.\n\n“Then we waited for the water to fall.”");
        string.Join(" ", read.Attributed.Select(read.Content)).ShouldContain("Then we waited for the water to fall.");
        read.Attributed.ShouldAllBe(quote => quote.Source!.Name == "Greta Lind");
    }

    [Fact]
    public void A_quote_within_a_quote_does_not_end_it()
    {
        var read = Read.Of("“He told me ‘run for the hill’ and I ran,” the ferryman said.");
        read.Said("He told me ‘run for the hill’ and I ran").Source!.Name.ShouldBe("ferryman");
    }

    [Fact]
    public void A_mark_that_is_never_closed_ends_with_its_paragraph()
    {
        var read = Read.Of("The ferryman said: “We ran for the hill.\n\nThe ferry lies on its side in the mud of the creek.");
        read.Attributed.ShouldAllBe(quote => !read.Content(quote).Contains("mud", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("“River Without Ferries”\n\nThe village has forty houses and a chapel.")]
    [InlineData("The plank was 6'2\" long and 5\" wide, which is rare in the trade.")]
    [InlineData("The film “Snow on the Pier” opens in the old cinema behind the market.")]
    [InlineData("The carpenters' guild and the masons' guild share one roof.")]
    public void Titles_measures_headings_and_apostrophes_are_nobodys_words(string text) => Read.Of(text).Attributed.ShouldBeEmpty();

    [Fact]
    public void Who_is_spoken_to_is_not_the_speaker()
    {
        var read = Read.Of("Greta Lind told reporters that the lock would stay shut.");
        read.Written(read.Attributed.ShouldHaveSingleItem()).ShouldBe("Greta Lind");
    }
}
