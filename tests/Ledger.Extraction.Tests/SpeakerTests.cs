namespace Ledger.Extraction.Tests;

public sealed class SpeakerTests
{
    [Theory]
    [InlineData("Mayor Ana Ruiz said the square would be paved. “It is overdue,” Ruiz said.", "It is overdue", "Ana Ruiz")]
    [InlineData("Mayor Ana Ruiz opened the square. “It is overdue,” she said.", "It is overdue", "Ana Ruiz")]
    [InlineData("Norwegian Energy Minister Nils Dahl visited the dam. “It is safe,” he said.", "It is safe", "Nils Dahl")]
    [InlineData("President of Chile Gabriela Soto spoke first. “It is safe,” Soto said.", "It is safe", "Gabriela Soto")]
    [InlineData("Energy Minister Nils Dahl visited the dam. “It is safe,” the minister said.", "It is safe", "Nils Dahl")]
    [InlineData("The Ministry of Fisheries closed the bay. “It is safe,” it said.", "It is safe", null)]
    [InlineData("The port authority said the bay was closed. “It is safe,” it said.", "It is safe", "port authority")]
    [InlineData("Iceland's fisheries ministry said the bay was closed. “It is safe,” the ministry said.", "It is safe", "Iceland's fisheries ministry")]
    [InlineData("According to the web page of the Prime Minister of Iceland, she again stated:\n\n“The bay will open when the herring come.”", "The bay will open when the herring come.", "Prime Minister of Iceland")]
    [InlineData("“It is safe,” Nils Dahl, the energy minister, said.", "It is safe", "Nils Dahl")]
    [InlineData("Nils Dahl visited the dam with Ana Ruiz. “It is safe,” he said.", "It is safe", "Nils Dahl")]
    [InlineData("Chairwoman Ana Ruiz met spokesman Nils Dahl. “It is safe,” she said.", "It is safe", "Ana Ruiz")]
    [InlineData("Spokesman Nils Dahl met chairwoman Ana Ruiz. “It is safe,” she said.", "It is safe", "Ana Ruiz")]
    public void The_speaker_is_named(string text, string words, string? name) => Read.Of(text).Said(words).Source!.Name.ShouldBe(name);

    [Fact]
    public void A_pronoun_without_anybody_before_it_stays_without_a_name()
    {
        var read = Read.Of("“It is safe,” he said.");
        var quote = read.Said("It is safe");
        quote.Source!.Name.ShouldBeNull();
        read.Written(quote).ShouldBe("he");
    }
}
