using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

public sealed class QuestionTests
{
    [Theory]
    [InlineData("It is not known whether the divers reached the wreck.", "Did the divers reach the wreck?")]
    [InlineData("It is not known whether a deal has been struck on dredging and, if so, what share each town may have.", "Has a deal been struck on dredging and, if so, what share may each town have?")]
    [InlineData("It is not clear how the fire started.", "How did the fire start?")]
    [InlineData("It remains unclear which towns will pay.", "Which towns will pay?")]
    [InlineData("But what these repairs might cost is unknown.", "What might these repairs cost?")]
    [InlineData("Whether the lock was shut in time is disputed.", "Was the lock shut in time?")]
    [InlineData("It is not known how many ferries the firm would send, nor with what crews.", "How many ferries would the firm send, and with what crews?")]
    [InlineData("The session was closed, so it is difficult to judge what else was said there.", "What else was said there?")]
    [InlineData("It remains to be seen whether the ice will carry the trucks.", "Will the ice carry the trucks?")]
    [InlineData("The cause of the fire is unknown.", "What is the cause of the fire?")]
    [InlineData("The victims have not yet been identified.", "Who are the victims?")]
    [InlineData("Nobody knows who owns the pier.", "Who owns the pier?")]
    [InlineData("No group has claimed responsibility for the blast.", "Who is responsible for the blast?")]
    public void What_is_not_known_is_asked_in_the_documents_words(string text, string question) => Asks(text, question, QuestionKind.Unknown);

    [Theory]
    [InlineData("The firm would not say who had signed the lease.", "Who had signed the lease?")]
    [InlineData("The firm declined to say why the ferry turned back.", "Why did the ferry turn back?")]
    [InlineData("The firm did not disclose the name of the buyer.", "What is the name of the buyer?")]
    [InlineData("The firm gave no reason for the delay.", "What is the reason for the delay?")]
    [InlineData("Their names were not released.", "What are their names?")]
    public void What_is_withheld_is_undisclosed(string text, string question) => Asks(text, question, QuestionKind.Undisclosed);

    [Theory]
    [InlineData("The harbour board has yet to approve the budget.", "Will the harbour board approve the budget?")]
    [InlineData("The ruling is still pending.", "What will the ruling be?")]
    [InlineData("The court will decide whether the lease is valid.", "Is the lease valid?")]
    [InlineData("No agreement has been reached.", "Will an agreement be reached?")]
    [InlineData("The firm is awaiting a decision.", "What will the decision be?")]
    [InlineData("Prosecutors have yet to decide whether to bring charges.", "Will prosecutors bring charges?")]
    [InlineData("The harbour board will decide next week whether to appeal.", "Will the harbour board appeal?")]
    [InlineData("It has not been decided whether to raise the pier.", "Will it be decided to raise the pier?")]
    public void What_is_still_to_be_decided_is_pending(string text, string question) => Asks(text, question, QuestionKind.Pending);

    [Theory]
    [InlineData("Police are investigating whether the lock was forced.", "Was the lock forced?")]
    [InlineData("Divers are trying to determine what struck the hull.", "What struck the hull?")]
    [InlineData("The coast guard opened an inquiry into the sinking.", "What will the inquiry into the sinking find?")]
    [InlineData("An inquiry is under way.", "What will the inquiry find?")]
    [InlineData("The sinking is being investigated by the coast guard.", "What will the investigation of the sinking find?")]
    public void What_is_being_found_out_is_under_investigation(string text, string question) => Asks(text, question, QuestionKind.UnderInvestigation);

    [Theory]
    [InlineData("The premier is not sure that the pier is worth saving.")]
    [InlineData("Divers found a previously unknown species of crab.")]
    [InlineData("The captain was relatively unknown.")]
    [InlineData("The cause was not known until Friday, when the divers found the hole.")]
    [InlineData("It was not clear who had sunk the boat, but police later found the owner's tools.")]
    [InlineData("Even if no agreement has been reached, the ferry will run.")]
    [InlineData("She did not know what number her house had.")]
    [InlineData("Following an investigation, the firm was fined.")]
    [InlineData("The study was designed to determine whether salt harms the wood.")]
    [InlineData("“Who are we to judge?” the bishop asked.")]
    [InlineData("The clerk knew who had signed the lease.")]
    [InlineData("You may ask what this has to do with you?")]
    public void Opinions_attributes_and_what_is_settled_ask_nothing(string text) => Read.Of(text).Questions.ShouldBeEmpty();

    [Fact]
    public void A_documents_own_question_is_asked_as_it_stands_and_once()
    {
        var read = Read.Of("It is not known what the board will decide. One question remains open. What will the harbour board decide?");
        var question = read.Questions.ShouldHaveSingleItem();
        question.Text.ShouldBe("What will the harbour board decide?");
    }

    [Fact]
    public void An_interviewers_questions_are_not_what_a_document_leaves_open()
    {
        var read = Read.Of("How did you come to the harbour?\n\nI was born there.\n\nWhat was the first boat like?\n\nIt leaked.");
        read.Questions.ShouldBeEmpty();
    }

    private static void Asks(string text, string question, QuestionKind kind)
    {
        var found = Read.Of(text).Questions.ShouldHaveSingleItem();
        found.Text.ShouldBe(question);
        found.Kind.ShouldBe(kind);
        found.Content.ShouldNotBeEmpty();
    }
}
