using System.Globalization;
using CsCheck;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Tests;

/// <summary>Whatever the text is: no exception, every span a range of whole characters in it, and the same findings again.</summary>
public sealed class SpanProperties
{
    private static readonly string[] Pieces =
    [
        "“", "”", "\"", "'", "''", "‘", "’", "«", "»", "„", "‹", "›", "(", ")", "[", "]", "{", ".", ",", ";", ":", "?", "!", "…", "—", "–", "-", "\n", "\n\n", "\r\n", "\u2028", "\t", "\u00A0", "\u00AD", "\0", "●", "• ",
        "😀", "𝔘𝔫𝔦", "é", "e\u0301", "المتحدث", "新聞", "\uFEFF", " said ", " says that ", "he ", "she ", "They ", "the minister ", "Ana Ruiz ", "Mr. ", "according to ", "According to ", "told reporters ", " whether ",
        "It is not known ", " has yet to decide ", " is unknown", "investigating ", "what ", "who ", "nor ", "if so, ", " will meet ", " is scheduled for ", "on Monday", "31 December 9999", "1/1/0001", "the end of ", "November",
        "in two weeks", "next ", "last ", "year", "from ", " to ", "between ", "2022", "Q3", "29 February", " and ", " that ", "which ", "’s ", "report ", "there is no word on ", "without saying ", "a", "B", "9", " ",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Select(string.Concat);

    [Fact]
    public void Spans_hold_and_findings_repeat() => Texts.Sample(text =>
    {
        var first = Read.Of(text);
        Check(first);
        var second = Read.Of(text);
        Describe(second).ShouldBe(Describe(first));
    }, iter: 3_000);

    [Fact]
    public void Findings_are_the_same_in_every_culture()
    {
        const string text = "“IT IS NOT KNOWN,” Ismail Irmak said on 3/4/2023, will meet in Q1. It is not known if the İzmir council will decide on 14 June. I will.";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var here = Describe(Read.Of(text));
            foreach (var culture in Cultures())
            {
                CultureInfo.CurrentCulture = culture;
                Describe(Read.Of(text)).ShouldBe(here);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("“")]
    [InlineData("”")]
    [InlineData("'")]
    [InlineData("«")]
    [InlineData("(")]
    [InlineData("[ ")]
    [InlineData("said ")]
    [InlineData("he said, ")]
    [InlineData("“a” said, ")]
    [InlineData("It is not known whether ")]
    [InlineData("on Monday ")]
    [InlineData("Will he? ")]
    [InlineData("which and that, ")]
    [InlineData("A ")]
    [InlineData("is to be decided on 3 May, ")]
    [InlineData("a\n\n")]
    public async Task Long_texts_of_one_thing_end(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
        var read = await Task.Run(() => Read.Of(text)).WaitAsync(TimeSpan.FromSeconds(60));
        Check(read);
    }

    [Fact]
    public void Nothing_is_found_in_nothing()
    {
        foreach (var text in new[] { "", " ", "\n", "\0", "”", "." })
            Read.Of(text).Found.All.ShouldBeEmpty();
    }

    /// <summary>Real cultures where the machine has them, and one that writes numbers and dates as nobody expects.</summary>
    private static IEnumerable<CultureInfo> Cultures()
    {
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "~";
        odd.NumberFormat.NumberGroupSeparator = "-";
        odd.DateTimeFormat.DateSeparator = ".";
        yield return odd;
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => culture.Name is "tr-TR" or "de-DE" or "ar-SA" or "th-TH" or "fa-IR"))
            yield return culture;
    }

    private static void Check(Read read)
    {
        var all = read.Found.All;
        for (var i = 0; i < all.Length; i++)
        {
            all[i].Content.ShouldNotBeEmpty();
            var end = -1;
            foreach (var range in all[i].Content)
            {
                Whole(read.Text, range);
                range.Start.ShouldBeGreaterThanOrEqualTo(end);
                end = range.End;
            }

            switch (all[i])
            {
                case AttributedFinding attributed:
                    Whole(read.Text, attributed.Cue);
                    Whole(read.Text, attributed.Source?.Written);
                    (attributed.Parent ?? -1).ShouldBeLessThan(i);
                    break;
                case OccasionFinding occasion:
                    Whole(read.Text, occasion.When);
                    occasion.What.ShouldNotBeNullOrWhiteSpace();
                    break;
                case QuestionFinding question:
                    question.Text.ShouldEndWith("?");
                    if (question.Occasion is { } at)
                        all[at].ShouldBeOfType<OccasionFinding>();
                    break;
            }
        }

        foreach (var date in read.Found.Dates)
            Whole(read.Text, date.Range);
    }

    private static void Whole(string text, TextRange? range)
    {
        if (range is not { } span)
            return;
        span.Start.ShouldBeGreaterThanOrEqualTo(0);
        span.End.ShouldBeLessThanOrEqualTo(text.Length);
        span.Length.ShouldBeGreaterThan(0);
        Splits(text, span.Start).ShouldBeFalse();
        Splits(text, span.End).ShouldBeFalse();
    }

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at]);

    private static string Describe(Read read) => string.Join("\n", read.Found.All.Select(finding => string.Create(
        CultureInfo.InvariantCulture,
        $"{finding.GetType().Name} {finding.Rule} {string.Join(',', finding.Content.Select(r => $"{r.Start}-{r.End}"))} {(finding as AttributedFinding)?.Source} {(finding as QuestionFinding)?.Text} {(finding as OccasionFinding)?.Expected}")))
        + "\n" + string.Join("\n", read.Found.Dates.Select(date => $"{date.Range.Start}-{date.Range.End} {date.Timex}"));
}
