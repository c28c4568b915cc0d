using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

public sealed class ModalityTests
{
    [Theory]
    [InlineData("There is no word in the minutes on who will pay for the dredging.")]
    [InlineData("There is no wording “the collapse of the pier” in the final minutes.")]
    [InlineData("The minutes contain no assessment of the collapse.")]
    [InlineData("The minutes list the losses without saying who caused them.")]
    [InlineData("The minutes do not say who caused the losses.")]
    public void What_a_document_reports_as_missing_is_reported_absent_and_nobodys_quote(string text)
    {
        var read = Read.Of(text);
        read.Attributed.ShouldContain(finding => finding is ClaimFinding && ((ClaimFinding)finding).Modality == Modality.ReportedAbsent);
        read.Attributed.ShouldAllBe(finding => finding is ClaimFinding);
    }

    [Theory]
    [InlineData("The dredging firm denied that it had been paid twice.", Modality.Denied)]
    [InlineData("The dredging firm said that it had been paid twice.", Modality.Asserted)]
    [InlineData("Economists predict that prices will fall.", Modality.Expected)]
    [InlineData("The clerk asked whether the firm had been paid twice.", Modality.Asked)]
    [InlineData("The harbour board declined to pay for the dredging.", Modality.Denied)]
    [InlineData("The mayor refused to open the lock.", Modality.Denied)]
    [InlineData("The mayor rejected calls to resign.", Modality.Denied)]
    public void A_claim_has_the_modality_of_its_verb(string text, Modality modality) =>
        Read.Of(text).Attributed.OfType<ClaimFinding>().ShouldHaveSingleItem().Modality.ShouldBe(modality);
}
