using System.Text.Json;
using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Tests.Entries;

public sealed class ValueTests
{
    private const string SomeId = "3f2504e0-4f89-81d3-9a0c-0305e82c3301";

    [Fact]
    public void A_digest_is_spelled_and_read_back() => Gen.Byte.Array[32].Sample(bytes =>
    {
        var digest = new Digest(bytes);
        digest.ToArray().ShouldBe(bytes);
        digest.ToString().Length.ShouldBe(43);
        Digest.Parse(digest.ToString()).ShouldBe(digest);
        JsonSerializer.Deserialize<Digest>(JsonSerializer.Serialize(digest)).ShouldBe(digest);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("ÀAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_digest_in_any_other_spelling_is_refused(string? text)
    {
        Digest.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Digest.Parse(text!));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Digest>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void The_last_letter_of_a_digest_has_two_bits_to_spare_which_must_be_nought()
    {
        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        letters.Where(letter => Digest.TryParse(new string('A', 42) + letter, out _)).ShouldBe("AEIMQUYcgkosw048");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_digest_has_32_bytes(int length) => Should.Throw<ArgumentException>(() => new Digest(new byte[length]));

    [Fact]
    public void A_time_is_spelled_and_read_back_and_text_order_is_time_order() =>
        Gen.Long[Timestamp.MinValue.Microseconds, Timestamp.MaxValue.Microseconds].Select(at => new Timestamp(at)).Array[2].Sample(times =>
        {
            Timestamp.TryParse(times[0].ToString(), out var read).ShouldBeTrue();
            read.ShouldBe(times[0]);
            Timestamp.From(times[0].ToDateTimeOffset()).ShouldBe(times[0]);
            Math.Sign(string.CompareOrdinal(times[0].ToString(), times[1].ToString())).ShouldBe(times[0].CompareTo(times[1]));
            (times[0] < times[1]).ShouldBe(times[0].Microseconds < times[1].Microseconds);
            (times[0] >= times[1]).ShouldBe(!(times[0] < times[1]));
            Timestamp.Max(times[0], times[1]).Microseconds.ShouldBe(Math.Max(times[0].Microseconds, times[1].Microseconds));
        });

    [Fact]
    public void Times_reach_from_the_year_1_to_the_year_9999()
    {
        Timestamp.MinValue.ToString().ShouldBe("0001-01-01T00:00:00.000000Z");
        Timestamp.MaxValue.ToString().ShouldBe("9999-12-31T23:59:59.999999Z");
        new Timestamp(0).ToString().ShouldBe("1970-01-01T00:00:00.000000Z");
        Should.Throw<ArgumentOutOfRangeException>(() => new Timestamp(Timestamp.MaxValue.Microseconds + 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new Timestamp(Timestamp.MinValue.Microseconds - 1));
    }

    [Fact]
    public void What_is_finer_than_a_microsecond_is_cut_off_before_and_after_1970()
    {
        Timestamp.From(new DateTimeOffset(DateTime.UnixEpoch.AddTicks(19))).Microseconds.ShouldBe(1);
        Timestamp.From(new DateTimeOffset(DateTime.UnixEpoch.AddTicks(-1))).ToString().ShouldBe("1969-12-31T23:59:59.999999Z");
        Timestamp.From(new DateTimeOffset(2022, 1, 1, 2, 0, 0, TimeSpan.FromHours(2))).ToString().ShouldBe("2022-01-01T00:00:00.000000Z");
    }

    [Fact]
    public void A_day_has_a_first_and_a_last_microsecond()
    {
        var day = new DateOnly(2022, 10, 29);
        Timestamp.StartOf(day).ToString().ShouldBe("2022-10-29T00:00:00.000000Z");
        Timestamp.EndOf(day).ToString().ShouldBe("2022-10-29T23:59:59.999999Z");
        Timestamp.EndOf(day).Day.ShouldBe(day);
    }

    [Theory]
    [InlineData("2022-10-29T00:00:00Z")]
    [InlineData("2022-10-29T00:00:00.000Z")]
    [InlineData("2022-10-29T00:00:00.0000000Z")]
    [InlineData("2022-10-29T00:00:00.000000")]
    [InlineData("2022-10-29T00:00:00.000000z")]
    [InlineData("2022-10-29T00:00:00.000000+00:00")]
    [InlineData("2022-10-29t00:00:00.000000Z")]
    [InlineData("2022-10-29 00:00:00.000000Z")]
    [InlineData("2022-10-29T24:00:00.000000Z")]
    [InlineData("2022-10-29T23:59:60.000000Z")]
    [InlineData("2022-02-29T00:00:00.000000Z")]
    [InlineData("0000-01-01T00:00:00.000000Z")]
    [InlineData(" 2022-10-29T00:00:00.000000Z")]
    [InlineData("2022-10-29T00:00:00.000000Z ")]
    [InlineData("+022-10-29T00:00:00.000000Z")]
    [InlineData("２022-10-29T00:00:00.000000Z")]
    [InlineData("")]
    public void A_time_in_any_other_spelling_is_refused(string text)
    {
        Timestamp.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Timestamp>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void A_publication_date_is_a_day_or_an_instant_and_remembers_which()
    {
        var day = new PublicationDate(new DateOnly(2022, 10, 29));
        day.ToString().ShouldBe("2022-10-29");
        day.At.ShouldBe(Timestamp.StartOf(new(2022, 10, 29)));
        var instant = new PublicationDate(Timestamp.StartOf(new(2022, 10, 29)));
        instant.ToString().ShouldBe("2022-10-29T00:00:00.000000Z");
        instant.ShouldNotBe(day);
        foreach (var date in new[] { day, instant })
        {
            PublicationDate.TryParse(date.ToString(), out var read).ShouldBeTrue();
            read.ShouldBe(date);
            JsonSerializer.Deserialize<PublicationDate>(JsonSerializer.Serialize(date)).ShouldBe(date);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2022-10")]
    [InlineData("2022-10-9")]
    [InlineData("29.10.2022")]
    [InlineData("2022-02-30")]
    [InlineData("2022-10-29Z")]
    public void A_publication_date_in_any_other_spelling_is_refused(string? text) => PublicationDate.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void An_interval_is_written_and_read_back()
    {
        var interval = new DateInterval(new(2022, 11, 21), new(2022, 11, 30));
        var json = JsonSerializer.Serialize(interval, JsonSerializerOptions.Web);
        json.ShouldBe("""{"from":"2022-11-21","to":"2022-11-30"}""");
        JsonSerializer.Deserialize<DateInterval>(json, JsonSerializerOptions.Web).ShouldBe(interval);
        interval.ToString().ShouldBe("2022-11-21…2022-11-30");
        new DateInterval(interval.From, interval.From).ToString().ShouldBe("2022-11-21");
    }

    [Fact]
    public void An_interval_does_not_end_before_it_begins() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new DateInterval(new(2022, 11, 30), new(2022, 11, 29)));

    [Fact]
    public void A_range_is_written_as_a_pair()
    {
        JsonSerializer.Serialize(new TextRange(3, 9)).ShouldBe("[3,9]");
        JsonSerializer.Deserialize<TextRange>("[3,9]").ShouldBe(new TextRange(3, 9));
    }

    [Theory]
    [InlineData("[3]")]
    [InlineData("[3,9,12]")]
    [InlineData("[]")]
    [InlineData("[9,3]")]
    [InlineData("[3,3]")]
    [InlineData("[-1,3]")]
    [InlineData("[0,4294967296]")]
    [InlineData("[0,1.5]")]
    [InlineData("[\"0\",1]")]
    [InlineData("{\"start\":0,\"end\":1}")]
    [InlineData("null")]
    public void Anything_else_is_no_range(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<TextRange>(json));

    [Fact]
    public void A_range_is_neither_empty_nor_negative()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TextRange(-1, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => new TextRange(3, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => new TextRange(3, 2));
    }

    [Fact]
    public void Ranges_contain_overlap_and_stand_in_order()
    {
        var range = new TextRange(2, 6);
        range.Length.ShouldBe(4);
        range.Of("0123456789").ShouldBe("2345");
        range.Contains(new(2, 6)).ShouldBeTrue();
        range.Contains(new(1, 3)).ShouldBeFalse();
        range.Overlaps(new(5, 9)).ShouldBeTrue();
        range.Overlaps(new(6, 9)).ShouldBeFalse("the end does not belong to a range");
        (range < new TextRange(2, 7)).ShouldBeTrue();
        (range >= new TextRange(1, 9)).ShouldBeTrue();
        range.CompareTo(new(2, 6)).ShouldBe(0);
    }

    [Fact]
    public void Identifiers_are_written_in_lower_case_and_read_in_no_other_spelling()
    {
        Reads<EntryId>($"\"{SomeId}\"").ToString().ShouldBe(SomeId);
        Reads<StoryId>($"\"{SomeId}\"").ToString().ShouldBe(SomeId);
        Reads<CommandId>($"\"{SomeId}\"").ToString().ShouldBe(SomeId);
        Reads<RecorderId>($"\"{SomeId}\"").ToString().ShouldBe(SomeId);
        JsonSerializer.Serialize(Reads<EntryId>($"\"{SomeId}\"")).ShouldBe($"\"{SomeId}\"");
        string[] others =
        [
            SomeId.ToUpperInvariant(), SomeId.Replace("-", "", StringComparison.Ordinal), $"{{{SomeId}}}", $" {SomeId}", $"{SomeId} ", SomeId[..35], "",
        ];
        foreach (var other in others)
        {
            Should.Throw<JsonException>(() => Reads<EntryId>(JsonSerializer.Serialize(other)));
        }

        Should.Throw<JsonException>(() => Reads<EntryId>("null"));
    }

    [Fact]
    public void A_new_command_id_is_one_nobody_has_used()
    {
        Enumerable.Range(0, 1000).Select(_ => CommandId.New()).Distinct().Count().ShouldBe(1000);
        CommandId.New().Value.Version.ShouldBe(7);
    }

    [Fact]
    public void A_text_holds_neither_nul_nor_half_a_pair_and_the_problem_says_where()
    {
        // Not a theory: an attribute cannot hold half a pair either.
        (string Text, int? At)[] cases =
        [
            ("", null), ("a🚢b", null), ("a\0b", 1), ("ab\ud83d", 2), ("\ude00ab", 0), ("\ud83d\ud83d\ude00", 0), ("🚢\ude00", 2),
        ];
        foreach (var (text, at) in cases)
        {
            if (at is null)
            {
                Texts.Problem(text).ShouldBeNull();
            }
            else
            {
                Texts.Problem(text).ShouldNotBeNull().ShouldContain($"UTF-16 unit {at},");
            }
        }
    }

    private static TId Reads<TId>(string json)
        where TId : struct => JsonSerializer.Deserialize<TId>(json);
}
