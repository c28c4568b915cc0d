namespace Ledger.Extraction.Tests;

/// <summary>Published on Thursday 2 May 2024.</summary>
public sealed class DateTests
{
    [Theory]
    [InlineData("It opened on 14 March 2021.", "14 March 2021", "2021-03-14")]
    [InlineData("It opened on March 14, 2021.", "March 14, 2021", "2021-03-14")]
    [InlineData("It opened on the 14th of March 2021.", "the 14th of March 2021", "2021-03-14")]
    [InlineData("It opened on 2021-03-14.", "2021-03-14", "2021-03-14")]
    [InlineData("It opened on 14.3.2021.", "14.3.2021", "2021-03-14")]
    [InlineData("It opened on 3/14/2021.", "3/14/2021", "2021-03-14")]
    [InlineData("It opened on 05-Aug-2021.", "05-Aug-2021", "2021-08-05")]
    [InlineData("It opened in March 2021.", "March 2021", "2021-03")]
    [InlineData("It opened in 2021.", "2021", "2021")]
    [InlineData("It opened in the 1990s.", "1990s", "199")]
    [InlineData("It opened in the 19th century.", "the 19th century", "18")]
    [InlineData("It opened on 14 March.", "14 March", "2024-03-14")]
    [InlineData("It opened on 14 June.", "14 June", "2023-06-14")]
    [InlineData("It will open on 14 June.", "14 June", "2024-06-14")]
    [InlineData("It will open on 14 March.", "14 March", "2025-03-14")]
    [InlineData("It opened on Monday.", "Monday", "2024-04-29")]
    [InlineData("It will open on Monday.", "Monday", "2024-05-06")]
    [InlineData("It will open on Monday, 20 May.", "Monday, 20 May", "2024-05-20")]
    [InlineData("The owner said on Monday that it would close.", "Monday", "2024-04-29")]
    [InlineData("The owner said that it would close on Monday.", "Monday", "2024-05-06")]
    [InlineData("It opens next Tuesday.", "next Tuesday", "2024-05-07")]
    [InlineData("It opened last week.", "last week", "2024-W17")]
    [InlineData("It opens next month.", "next month", "2024-06")]
    [InlineData("It opens this year.", "this year", "2024")]
    [InlineData("It opened last October.", "last October", "2023-10")]
    [InlineData("It opens today.", "today", "2024-05-02")]
    [InlineData("It opened yesterday evening.", "yesterday evening", "2024-05-01")]
    [InlineData("It opens the day after tomorrow.", "the day after tomorrow", "2024-05-04")]
    [InlineData("It opened three days ago.", "three days ago", "2024-04-29")]
    [InlineData("It will open in two weeks.", "in two weeks", "2024-05-16")]
    [InlineData("It will open two weeks from now.", "two weeks from now", "2024-05-16")]
    [InlineData("It will open two weeks after 20 May.", "two weeks after 20 May", "2024-06-03")]
    [InlineData("It will open within a month.", "within a month", "2024-05-02/2024-06-02")]
    [InlineData("It will open in the next ten days.", "the next ten days", "2024-05-03/2024-05-12")]
    [InlineData("It closed in the past five years.", "the past five years", "2019-05-02/2024-05-02")]
    [InlineData("It will open at the end of November.", "the end of November", "2024-11-21/2024-11-30")]
    [InlineData("It will open in early November.", "early November", "2024-11-01/2024-11-10")]
    [InlineData("It will open in mid-November.", "mid-November", "2024-11-11/2024-11-20")]
    [InlineData("It will open later this month.", "later this month", "2024-05-02/2024-05-31")]
    [InlineData("It will open in the first week of June.", "the first week of June", "2024-W23")]
    [InlineData("It will open in the first quarter of 2025.", "the first quarter of 2025", "2025-Q1")]
    [InlineData("It opened in Q3 2023.", "Q3 2023", "2023-Q3")]
    [InlineData("It opened in the second half of 2023.", "the second half of 2023", "2023-H2")]
    [InlineData("It opened in summer 2023.", "summer 2023", "2023-SU")]
    [InlineData("It will open this summer.", "this summer", "2024-SU")]
    [InlineData("It will open this weekend.", "this weekend", "2024-W18-WE")]
    [InlineData("It will open on Christmas Eve.", "Christmas Eve", "2024-12-24")]
    [InlineData("It opened on Easter Monday.", "Easter Monday", "2024-04-01")]
    [InlineData("It ran from 4 to 22 March.", "from 4 to 22 March", "2024-03-04/2024-03-22")]
    [InlineData("It ran from November to February.", "from November to February", "2023-11-01/2024-02-29")]
    [InlineData("It ran on September 13-14.", "September 13-14", "2023-09-13/2023-09-14")]
    [InlineData("It ran between 2007 and 2009.", "between 2007 and 2009", "2007-01-01/2009-12-31")]
    public void An_expression_means_its_days(string text, string words, string timex)
    {
        var read = Read.Of(text);
        var date = read.Found.Dates.ShouldHaveSingleItem();
        date.Range.Of(text).TrimStart().ShouldBeOneOf(words, "in " + words, "at " + words);
        date.Timex.ShouldBe(timex);
    }

    [Theory]
    [InlineData("You may march on.")]
    [InlineData("He came second in the fall.")]
    [InlineData("The score was 3.5 to 1-0.")]
    [InlineData("It weighs 2021 kilograms.")]
    [InlineData("It opened on 31 February 2021.")]
    [InlineData("Chairwoman April May's house burned.")]
    public void What_only_looks_like_a_date_is_none(string text) => Read.Of(text).Found.Dates.Where(date => date.Days is { } days && days.From == days.To).ShouldBeEmpty();

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void The_ends_of_the_calendar_break_nothing(string published) =>
        Read.Of("It opened last century, will open in ten decades, next month, on Monday, at Easter, in two weeks, next year and within 900 years, and the week after next, next Feb 29.", published).Found.ShouldNotBeNull();
}
