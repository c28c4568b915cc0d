namespace Ledger.Extraction.Tests;

public sealed class ChainTests
{
    [Fact]
    public void What_somebody_says_that_another_said_keeps_its_parent()
    {
        var read = Read.Of("The ministry reports that the governor said the dam was safe.");
        var inner = read.Said("the dam was safe");
        var outer = read.Found.All[inner.Parent.ShouldNotBeNull()].ShouldBeAssignableTo<AttributedFinding>()!;
        read.Written(outer).ShouldBe("The ministry");
        read.Written(inner).ShouldBe("the governor");
        outer.Parent.ShouldBeNull();
    }

    [Fact]
    public void A_report_quoted_in_a_release_is_a_chain_of_two()
    {
        var read = Read.Of("A release from the cabinet says that the report of the board's secretary, which was read at the session, “mostly confirmed the known facts.”");
        var inner = read.Said("mostly confirmed the known facts.").ShouldBeOfType<QuoteFinding>();
        read.Written(inner).ShouldBe("the report of the board's secretary");
        read.Written((AttributedFinding)read.Found.All[inner.Parent.ShouldNotBeNull()]).ShouldBe("A release from the cabinet");
    }

    [Fact]
    public void A_quote_announced_by_a_website_has_the_website_above_it_and_no_words_twice()
    {
        var read = Read.Of("According to the website of the cabinet, the premier stated:\n\n“We expect an answer by winter.”");
        var quote = read.Said("We expect an answer by winter.");
        read.Written(quote).ShouldBe("the premier");
        var parent = (AttributedFinding)read.Found.All[quote.Parent.ShouldNotBeNull()];
        read.Written(parent).ShouldBe("the website of the cabinet");
        read.Content(parent).ShouldNotContain("winter");
    }

    [Fact]
    public void A_remark_that_papers_cite_is_one_quote()
    {
        var read = Read.Of("Papers and bloggers cite Chancellor Otto Keller’s remark about the “frozen people of the north” – although it was June.");
        var quote = read.Attributed.ShouldHaveSingleItem();
        read.Content(quote).ShouldBe("frozen people of the north");
        quote.Source!.Name.ShouldBe("Otto Keller");
    }

    [Theory]
    [InlineData("The premier said that Norway has always supported Iceland in hard winters.", 1)]
    [InlineData("It is not known whether the board agreed to send divers.", 0)]
    [InlineData("The raid is presented in the paper as a quarrel, without mentioning who began it.", 1)]
    public void What_nobody_says_is_nobodys_claim(string text, int attributions) => Read.Of(text).Attributed.Count().ShouldBe(attributions);

    [Fact]
    public void Criticism_is_a_claim_of_the_critic_and_ends_before_another_ones_words()
    {
        var read = Read.Of("Official Reykjavik has repeatedly criticized the alliance for not sending ships during the storm, which Reykjavik and many northern towns called a disaster.");
        read.Attributed.First().ShouldBeOfType<ClaimFinding>();
        read.Content(read.Attributed.First()).ShouldBe("the alliance for not sending ships during the storm");
        read.Written(read.Attributed.Last()).ShouldBe("Reykjavik and many northern towns");
    }
}
