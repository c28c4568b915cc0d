using System.Text;
using System.Text.Json;
using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Entries;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(""" { "b" : 1 , "a" : [ true , false , null , { } , [ ] ] } """, """{"a":[true,false,null,{},[]],"b":1}""")]
    [InlineData("""{"aa":1,"a":2,"":3,"A":4,"10":5,"9":6}""", """{"":3,"10":5,"9":6,"A":4,"a":2,"aa":1}""")]
    [InlineData(""""  "plain"  """", "\"plain\"")]
    [InlineData("""{"o":{"d":1,"c":{"b":1,"a":2}},"n":0}""", """{"n":0,"o":{"c":{"a":2,"b":1},"d":1}}""")]
    public void White_space_goes_and_members_stand_in_order_at_every_depth(string json, string expected) => Canonical(json).ShouldBe(expected);

    [Fact]
    public void Members_stand_in_order_of_utf16_units_not_of_code_points()
    {
        // The example of RFC 8785, section 3.2.3: the emoji (U+1F600, units D83D DE00) stands before U+FB33.
        const string json = """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """;
        using var canonical = JsonDocument.Parse(Canonical(json));
        canonical.RootElement.EnumerateObject().Select(member => member.Value.GetString()).ShouldBe(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]);
    }

    [Fact]
    public void Each_text_has_one_spelling()
    {
        Canonical("\"\\u20ac\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"").ShouldBe("\"€\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        Canonical("\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u001F\\u007f\\u2028\"").ShouldBe("\"\\b\\t\\n\\f\\r\\u001f\u007f\u2028\"");
        Canonical("\"\\ud83d\\uDEA2 <&>+\"").ShouldBe("\"🚢 <&>+\"");
        Canonical("\"e\\u0301 \\u00e9\"").ShouldBe("\"e\u0301 é\"", "texts are not normalised");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9007199254740991")]
    [InlineData("-9007199254740991")]
    public void Integers_that_every_program_reads_alike_stay_as_they_are(string number) => Canonical(number).ShouldBe(number);

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    [InlineData("0.5")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("-0")]
    [InlineData("{\"a\":[1,-0]}")]
    public void Every_other_number_is_refused(string json) => ShouldRefuse(json, "is not an integer within ±(2^53−1)");

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}")]
    [InlineData("{\"b\":1,\"a\":2,\"b\":3}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[{\"x\":{\"a\":1,\"a\":1}}]")]
    public void A_member_that_stands_twice_is_refused(string json) => ShouldRefuse(json, "stands twice");

    [Theory]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("{\"a\\u0000\":1}")]
    public void Nul_is_refused_in_values_and_names(string json) => ShouldRefuse(json, "NUL");

    [Fact]
    public void Nul_is_refused_as_a_byte() => Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize("\"a\0b\""u8));

    [Theory]
    [InlineData("\"\\ud83d\"")]
    [InlineData("\"\\ude00\"")]
    [InlineData("\"\\ud83d!\"")]
    [InlineData("\"\\ude00\\ud83d\"")]
    [InlineData("{\"\\ud83d\":1}")]
    public void Half_a_surrogate_pair_is_refused_when_escaped(string json) => Should.Throw<CanonicalJsonException>(() => Canonical(json));

    [Fact]
    public void Half_a_surrogate_pair_and_other_broken_utf8_are_refused_as_bytes()
    {
        byte[][] broken = [[0xED, 0xA0, 0xBD], [0xED, 0xB8, 0x80], [0xC0, 0x80], [0xFF], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80]];
        foreach (var bytes in broken)
        {
            Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize([(byte)'"', .. bytes, (byte)'"']));
            Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize([(byte)'{', (byte)'"', .. bytes, (byte)'"', (byte)':', (byte)'1', (byte)'}']));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\"}")]
    [InlineData("1 2")]
    [InlineData("{} {}")]
    [InlineData("// note\n1")]
    [InlineData("'a'")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("\uFEFF1")]
    public void What_is_not_json_is_refused(string json) => Should.Throw<CanonicalJsonException>(() => Canonical(json));

    [Fact]
    public void Nesting_goes_as_deep_as_64_and_no_deeper()
    {
        var deepest = new string('[', CanonicalJson.MaxDepth) + new string(']', CanonicalJson.MaxDepth);
        Canonical(deepest).ShouldBe(deepest);
        Should.Throw<CanonicalJsonException>(() => Canonical($"[{deepest}]"));
        Should.Throw<CanonicalJsonException>(() => Canonical(new string('[', 100_000)));
    }

    [Fact]
    public void A_refusal_says_where() =>
        Should.Throw<CanonicalJsonException>(() => Canonical("{\"a\":1.5}")).Message.ShouldBe("At byte 5: 1.5 is not an integer within ±(2^53−1).");

    [Fact]
    public void The_canonical_form_is_its_own_canonical_form_and_says_the_same() => Json.Sample(
        json =>
        {
            var canonical = CanonicalJson.Canonicalize(json.Bytes);
            CanonicalJson.Canonicalize(canonical).ShouldBe(canonical);
            CanonicalJson.IsCanonical(canonical).ShouldBeTrue();
            using var before = JsonDocument.Parse(json.Bytes);
            using var after = JsonDocument.Parse(canonical);
            JsonElement.DeepEquals(before.RootElement, after.RootElement).ShouldBeTrue();
        },
        iter: 2_000);

    [Fact]
    public void Bytes_in_another_form_are_not_canonical()
    {
        CanonicalJson.IsCanonical("{\"a\": 1}"u8).ShouldBeFalse();
        CanonicalJson.IsCanonical("{\"b\":1,\"a\":1}"u8).ShouldBeFalse();
        CanonicalJson.IsCanonical("\"\\u0041\""u8).ShouldBeFalse();
        CanonicalJson.IsCanonical("\"\\/\""u8).ShouldBeFalse();
        CanonicalJson.IsCanonical("{"u8).ShouldBeFalse();
    }

    [Fact]
    public void Garbage_is_refused_and_never_anything_else() => Gen.Byte.Array[0, 64].Sample(
        bytes =>
        {
            try
            {
                CanonicalJson.Canonicalize(bytes);
            }
            catch (CanonicalJsonException)
            {
            }
        },
        iter: 5_000);

    [SkippableFact]
    public void Python_makes_the_same_canonical_form()
    {
        var lines = new List<byte[]>();
        Json.Array[1_000].Sample(values => lines.AddRange(values.Select(value => value.Bytes)), iter: 1, threads: 1);
        lines.Add("{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"\uFFFF\":3,\"\U0010FFFF\":4,\"\uE000\":5}"u8.ToArray());
        var (exit, output, error) = Python.Recompute("--canonical", string.Concat(lines.Select(line => Encoding.UTF8.GetString(line) + "\n")));
        exit.ShouldBe(0, error);
        output.ShouldBe(string.Concat(lines.Select(line => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(line)) + "\n")));
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static void ShouldRefuse(string json, string reason) =>
        Should.Throw<CanonicalJsonException>(() => Canonical(json)).Message.ShouldContain(reason);

    // Letters from everywhere that orders and escapes differ: controls, quotes, beyond the BMP, just below and above the surrogates.
    private static readonly Gen<string> Letter = Gen.OneOf(
        Gen.Char['a', 'e'].Select(letter => letter.ToString()),
        Gen.Char['\u0001', '\u007f'].Select(letter => letter.ToString()),
        OneOf("\"", "\\", "/", "é", "\u2028", "\ud7ff", "\ue000", "\ufb33", "\uffff", "😀", "\U00010000", "\U0010ffff"));

    private static readonly Gen<string> Text = Letter.Array[0, 8].Select(string.Concat);

    /// <summary>Random values, written with random white space, escapes and member order.</summary>
    private static readonly Gen<(string Shown, byte[] Bytes)> Json = Gen.Recursive<string>((depth, inner) => depth > 4
            ? Scalar()
            : Gen.Frequency(
                (3, Scalar()),
                (1, Gen.Select(inner.Array[0, 4], Gen.Const(0), (items, _) => "[ " + string.Join(" ,", items) + "]")),
                (2, Gen.Select(Text.Array[0, 5], inner.Array[5], Gen.Bool, (names, values, escaped) =>
                    "{" + string.Join(", ", names.Distinct().Zip(values, (name, value) => $"{Spell(name, escaped)} : {value}")) + " }"))))
        .Select(json => (json, Encoding.UTF8.GetBytes(json)));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static Gen<string> Scalar() => Gen.Frequency(
        (1, OneOf("true", "false", "null")),
        (2, Gen.Long[-9007199254740991, 9007199254740991].Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        (3, Gen.Select(Text, Gen.Bool, Spell)));

    private static string Spell(string text, bool escaped) => escaped
        ? "\"" + string.Concat(text.Select(unit => $"\\u{(int)unit:x4}")) + "\""
        : "\"" + string.Concat(text.Select(unit => unit is < ' ' or '"' or '\\' ? $"\\u{(int)unit:X4}" : unit.ToString())) + "\"";
}
