using System.Text;
using CsCheck;
using Ledger.Core.Reading;

namespace Ledger.Core.Tests.Reading;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("Erdoğan", "ERDOGAN")]
    [InlineData("Erdoğan", "erdogan")]
    [InlineData("İstanbul", "ISTANBUL")]
    [InlineData("ışık", "isik")]
    [InlineData("Zürich", "Zurich")]
    [InlineData("Zu\u0308rich", "Zürich")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Đoković", "dokovic")]
    [InlineData("Nguyễn", "nguyen")]
    [InlineData("Ёлка", "елка")]
    [InlineData("Зеленський", "ЗЕЛЕНСЬКИИ")]
    [InlineData("Київ", "КИІВ")]
    [InlineData("Ελλάδα", "ΕΛΛΑΔΑ")]
    [InlineData("Αθήνας", "ΑΘΗΝΑΣ")]
    [InlineData("ｆｕｌｌ", "full")]
    [InlineData("oﬃce", "OFFICE")]
    [InlineData("Երևան", "ԵՐԵՎԱՆ", false)]
    [InlineData("K", "k")]
    [InlineData("m²", "m2")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("कि", "का", false)]
    public void Case_and_accents_make_no_difference(string text, string query, bool same = true) =>
        (SearchWords.Line(text) == SearchWords.Line(query)).ShouldBe(same, $"{SearchWords.Line(text)} and {SearchWords.Line(query)}");

    [Theory]
    [InlineData("don't", "don t")]
    [InlineData("don’t", "don t")]
    [InlineData("п\u02BCять", "п ять")]
    [InlineData("CSTO's 2022-11-23", "csto s 2022 11 23")]
    [InlineData("東京都", "東 京 都")]
    [InlineData("ﾄｳｷｮｳ", "ト ウ キ ョ ウ")]
    [InlineData("\ud800x", "x")]
    [InlineData("👍", "")]
    public void Words_are_runs_of_letters_and_digits(string text, string line) => SearchWords.Line(text).ShouldBe(line);

    [Theory]
    [InlineData("night ferry", "night|ferry")]
    [InlineData("\"night ferry\" winter", "night ferry|winter")]
    [InlineData("“night ferry”", "night ferry")]
    [InlineData("„night ferry“", "night ferry")]
    [InlineData("\"night ferry", "night|ferry")]
    [InlineData("don't 東京", "don t|東 京")]
    [InlineData("... \"!\"", "")]
    public void A_query_is_words_and_phrases(string query, string phrases) =>
        string.Join('|', SearchWords.Query(query).Select(phrase => string.Join(' ', phrase))).ShouldBe(phrases);

    [Fact]
    public void All_phrases_are_found_where_they_stand_or_none()
    {
        const string Text = "The ferry of Erdoğan stops. The FERRY of winter.";
        SearchWords.Find(Text, SearchWords.Query("winter \"the ferry\" erdogan")).Select(range => range.Of(Text)).ShouldBe(["The ferry", "Erdoğan", "The FERRY", "winter"]);
        SearchWords.Find(Text, SearchWords.Query("ferry summer")).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_folded_is_folded_for_good() => Gen.String.Sample(text => SearchWords.Line(SearchWords.Line(text)).ShouldBe(SearchWords.Line(text)), iter: 20_000);

    [Fact]
    public void Every_letter_of_the_table_is_folded_for_good()
    {
        for (var code = 0x80; code < 0x10000; code++)
        {
            if (Rune.IsValid(code))
            {
                var line = SearchWords.Line(new Rune(code).ToString());
                SearchWords.Line(line).ShouldBe(line, $"U+{code:X4}");
            }
        }
    }

    [Fact]
    public void Every_word_of_a_text_is_found_where_it_stands() => Gen.String.Sample(
        text =>
        {
            foreach (var word in SearchWords.Of(text))
            {
                SearchWords.Find(text, [[word.Folded]]).ShouldContain(word.Range);
            }
        },
        iter: 2_000);
}
