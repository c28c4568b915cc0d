using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

/// <summary>A whole dispatch, invented, with what real ones have: bullets, headings, a chain, an announced quote, a closed meeting, absences, open questions and a meeting to come.</summary>
public sealed class StoryTests
{
    private const string Dispatch = """
        How the Northern Pact will help Valdria

        An urgent session of the Pact's Joint Board was held by video link on March 4 at the request of Valdria. It was attended by the leaders of Ostia, Karin and Lower Maren.

        The closing report of the session states that “common measures were weighed to support Valdria.” But what these measures might be is unknown.

        Contrary to Valdria’s hopes:

        ● There is no wording “Sorland’s raid on Valdria of February 10-11” in the closing report of the session.

        ● There are no reports on how the lost valleys will be returned.

        ● The events of February 10-11 are presented in the report as a quarrel on the border, without mentioning which side began it.

        What was said behind closed doors

        The session was closed, so it is hard to judge what else was said there.

        But a press note from the Valdrian cabinet reports that the statement of the Pact's General Secretary, which was heard at the session, “mostly described the existing facts, in particular Sorland’s raid.”

        According to the official page of the Prime Minister of Valdria, she once more stated:

        “There are clear hopes that the Pact will name what happened and draw up a plan.”

        “As for the quarrel between Valdria and Sorland, we are doing all we can. Both were once part of one kingdom. We have ties with both,” Edvard Rask said.

        “Lowland Valdrians”

        There were odd moments too. Reporters and bloggers cite President of Ostia Leon Brandt’s comment about the “lowland people of Valdria” – though Valdria has no lowland.

        Official Lindhaven has often publicly criticized the Pact for not sending help to Valdria during the fighting on the border, which Lindhaven and many southern towns called a raid.

        The Rasmarian Foreign Minister, at a meeting with the Valdrian Foreign Minister some weeks ago, stated that the Pact was ready to send monitors to the border.

        The session took place, but so far it is not known whether an accord has been reached on sending monitors and, if so, what powers this mission may have.

        A Pact summit is scheduled for the end of April, which will consider the state of the border.
        """;

    private static readonly Read Story = Read.Of(Dispatch.ReplaceLineEndings("\n"), "2023-03-05");

    [Fact]
    public void It_leaves_four_questions_open() => Story.Questions.Select(question => (question.Text, question.Kind)).ShouldBe(
    [
        ("What might these measures be?", QuestionKind.Unknown),
        ("What else was said there?", QuestionKind.Unknown),
        ("Has an accord been reached on sending monitors and, if so, what powers may this mission have?", QuestionKind.Unknown),
        ("What will the Pact summit decide?", QuestionKind.Pending),
    ]);

    [Fact]
    public void It_announces_one_occasion()
    {
        var summit = Story.Occasions.ShouldHaveSingleItem();
        summit.What.ShouldBe("A Pact summit");
        summit.Expected.ToString().ShouldBe("2023-04-21…2023-04-30");
        Story.Questions.Last().Expected.ShouldBe(summit.Expected);
    }

    [Fact]
    public void Its_quotes_have_their_speakers() => Story.Attributed.Where(quote => quote.Directness == Directness.Direct && quote is QuoteFinding)
        .Select(quote => (Story.Content(quote)[..19], quote.Source?.Name)).ShouldBe(
    [
        ("common measures wer", "closing report of the session"),
        ("mostly described th", "statement of the Pact's General Secretary"),
        ("There are clear hop", "Prime Minister of Valdria"),
        ("As for the quarrel ", "Edvard Rask"),
        ("lowland people of V", "Leon Brandt"),
    ]);

    [Fact]
    public void Its_claims_are_whose_they_are() => Story.Attributed.OfType<ClaimFinding>().Where(claim => claim.Modality == Modality.Asserted)
        .Select(claim => Story.Written(claim)).ShouldBe(
        ["the official page of the Prime Minister of Valdria", "Official Lindhaven", "Lindhaven and many southern towns", "The Rasmarian Foreign Minister"]);

    [Fact]
    public void Its_absences_are_reported_absent() => Story.Attributed.OfType<ClaimFinding>().Where(claim => claim.Modality == Modality.ReportedAbsent)
        .Select(Story.Content).ShouldBe(
    [
        "There is no wording “Sorland’s raid on Valdria of February 10-11” in the closing report of the session",
        "There are no reports on how the lost valleys will be returned",
        "without mentioning which side began it",
    ]);

    [Fact]
    public void What_the_secretary_said_hangs_on_the_note_that_tells_it()
    {
        var inner = Story.Attributed.Single(quote => Story.Content(quote).StartsWith("mostly", StringComparison.Ordinal));
        Story.Written((AttributedFinding)Story.Found.All[inner.Parent.ShouldNotBeNull()]).ShouldBe("a press note from the Valdrian cabinet");
    }
}
