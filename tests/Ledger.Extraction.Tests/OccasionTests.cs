using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

public sealed class OccasionTests
{
    [Theory]
    [InlineData("A harbour summit is scheduled for the end of June.", "A harbour summit", "2024-06-21…2024-06-30")]
    [InlineData("The hearing is set for 14 May.", "The hearing", "2024-05-14")]
    [InlineData("The trial has been scheduled for October.", "The trial", "2024-10-01…2024-10-31")]
    [InlineData("The ferry will be launched on Monday.", "The ferry will be launched", "2024-05-06")]
    [InlineData("The board is due to meet next week.", "The board is due to meet", "2024-05-06…2024-05-12")]
    [InlineData("A vote will be held tomorrow.", "A vote", "2024-05-03")]
    [InlineData("The deadline is 31 May.", "The deadline", "2024-05-31")]
    [InlineData("The clerk said the board would meet on Tuesday.", "the board would meet", "2024-05-07")]
    [InlineData("The bridge is to be finished by December 2026.", "The bridge is to be finished", "2026-12-01…2026-12-31")]
    [InlineData("The board moved the session to 3 July.", "The board moved the session", "2024-07-03")]
    [InlineData("Tomorrow, voters are to choose a mayor.", "voters are to choose a mayor", "2024-05-03")]
    [InlineData("The vote, scheduled for 30 April, was postponed until 4 June.", "The vote", "2024-06-04")]
    public void What_lies_ahead_is_an_occasion_with_its_days(string text, string what, string days)
    {
        var occasion = Read.Of(text).Occasions.ShouldHaveSingleItem();
        occasion.What.ShouldBe(what);
        occasion.Expected.ToString().ShouldBe(days);
    }

    [Theory]
    [InlineData("The hearing, which was set for 14 May, has been cancelled.")]
    [InlineData("The hearing was scheduled for 14 April.")]
    [InlineData("The ruling, due on 1 May, has been delayed.")]
    [InlineData("The ruling, due on 1 May, was put off.")]
    [InlineData("The board met on Monday and will not comment.")]
    [InlineData("On 12 March the clerk wrote: “The lock will be shut tomorrow.”")]
    [InlineData("The games scheduled for Friday were held in the hall.")]
    [InlineData("The premier does not plan to run in 2028.")]
    [InlineData("The owners served until 2018.")]
    [InlineData("Easter Island is today a quiet place.")]
    public void What_is_past_cancelled_or_told_from_another_day_is_none(string text) => Read.Of(text).Occasions.ShouldBeEmpty();

    [Theory]
    [InlineData("A harbour summit is scheduled for the end of June, which will consider the dredging.", "What will the harbour summit decide?")]
    [InlineData("The ruling is expected on 14 May.", "What will the ruling be?")]
    [InlineData("The election is scheduled for 14 May.", "What will be the outcome of the election?")]
    [InlineData("The harbour board is scheduled to discuss the lease on Monday.", "What will the harbour board decide?")]
    public void An_occasion_that_decides_something_raises_its_question(string text, string asked)
    {
        var read = Read.Of(text);
        var question = read.Questions.ShouldHaveSingleItem();
        question.Text.ShouldBe(asked);
        question.Kind.ShouldBe(QuestionKind.Pending);
        var occasion = read.Found.All[question.Occasion.ShouldNotBeNull()].ShouldBeOfType<OccasionFinding>();
        question.Expected.ShouldBe(occasion.Expected);
    }

    [Fact]
    public void A_launch_leaves_nothing_open() => Read.Of("The launch is scheduled for 14 May.").Questions.ShouldBeEmpty();
}
