using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Tests.Entries;

public sealed class EnvelopeTests
{
    private static readonly StoryId Story = new(Guid.Parse("018b2f19-e79e-7d6a-a56d-29feb6211b04"));
    private static readonly CommandId Command = new(Guid.Parse("018b2f1a-0000-7000-8000-000000000001"));

    private static readonly Envelope Full = new(
        EntryId.For(Story, Command, 1), Story, 7, "claim.recorded", 1, new Timestamp(1_667_304_000_000_000),
        new(new(Guid.Parse("11111111-2222-8333-8444-555555555555")), RecorderKind.Service), Command, 1, 3,
        new EntryId(Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301")),
        ImmutableSortedDictionary<string, Digest>.Empty.WithComparers(StringComparer.Ordinal).Add(Part.Recorder, new(new byte[32])).Add(Part.Body, new(Enumerable.Repeat((byte)0xFF, 32).ToArray())),
        new Digest(new byte[32]));

    private static readonly Envelope First = Full with { Revision = 0, Previous = null, Cause = null };

    private static string Json => Encoding.UTF8.GetString(Full.ToBytes());

    [Fact]
    public void An_envelope_is_written_in_its_canonical_form_and_read_back()
    {
        foreach (var envelope in new[] { Full, First })
        {
            var bytes = envelope.ToBytes();
            CanonicalJson.IsCanonical(bytes).ShouldBeTrue();
            bytes.Length.ShouldBeLessThan(Limits.Envelope);
            var read = Envelope.Read(bytes);
            read.ToBytes().ShouldBe(bytes);
            (read with { Parts = envelope.Parts }).ShouldBe(envelope);
            read.Parts.ShouldBe(envelope.Parts);
        }
    }

    [Fact]
    public void Every_member_survives_at_its_bounds() => Gen.Select(Gen.Guid, Gen.Long[0, 9007199254740991], Gen.Int[1, int.MaxValue], Gen.Int[0, 9_999], Gen.Enum<RecorderKind>()).Sample(
        (id, revision, schema, ordinal, kind) =>
        {
            var envelope = Full with
            {
                Id = new(id),
                Revision = revision,
                Previous = revision == 0 ? null : Full.Previous,
                Schema = schema,
                Ordinal = ordinal,
                Of = ordinal + 1,
                RecordedBy = Full.RecordedBy with { Kind = kind },
            };
            (Envelope.Read(envelope.ToBytes()) with { Parts = envelope.Parts }).ShouldBe(envelope);
        },
        iter: 500);

    [Theory]
    [InlineData("cause")]
    public void A_member_that_is_optional_may_be_missing(string member) => Envelope.Read(Without(member)).Cause.ShouldBeNull();

    [Theory]
    [InlineData("command")]
    [InlineData("id")]
    [InlineData("of")]
    [InlineData("ordinal")]
    [InlineData("parts")]
    [InlineData("previous")]
    [InlineData("recordedAt")]
    [InlineData("recordedBy")]
    [InlineData("revision")]
    [InlineData("schema")]
    [InlineData("story")]
    [InlineData("type")]
    [InlineData("v")]
    public void Every_other_member_has_to_be_there(string member) => ShouldNotRead(Without(member));

    [Theory]
    [InlineData("\"command\":", "\"comment\":1,\"command\":")]
    [InlineData("{\"cause\"", "{ \"cause\"")]
    [InlineData("\"of\":3,\"ordinal\":1", "\"ordinal\":1,\"of\":3")]
    [InlineData("\"id\":\"1", "\"id\":\"\\u0031")]
    [InlineData("\"v\":1}", "\"v\":1,\"v\":1}")]
    [InlineData("\"v\":1}", "\"v\":1} ")]
    [InlineData("\"v\":1}", "\"v\":1}{}")]
    [InlineData("\"v\":1}", "\"v\":1,\"w\":1}")]
    [InlineData("\"v\":1}", "\"v\":0}")]
    [InlineData("\"v\":1}", "\"v\":\"1\"}")]
    [InlineData("\"of\":3", "\"of\":1")]
    [InlineData("\"of\":3", "\"of\":3.0")]
    [InlineData("\"of\":3", "\"of\":03")]
    [InlineData("\"ordinal\":1", "\"ordinal\":-1")]
    [InlineData("\"revision\":7", "\"revision\":-7")]
    [InlineData("\"revision\":7", "\"revision\":0")]
    [InlineData("\"revision\":7", "\"revision\":99999999999999999999")]
    [InlineData("\"schema\":1", "\"schema\":0")]
    [InlineData("\"schema\":1", "\"schema\":null")]
    [InlineData("claim.recorded", "Claim.recorded")]
    [InlineData("claim.recorded", "claim recorded")]
    [InlineData("claim.recorded", "")]
    [InlineData("\"claim.recorded\"", "null")]
    [InlineData("\"claim.recorded\"", "1")]
    [InlineData("\"claim.recorded\"", "{}")]
    [InlineData("service", "Service")]
    [InlineData("service", "robot")]
    [InlineData("\"service\"", "null")]
    [InlineData("2022-11-01T12:00:00.000000Z", "2022-11-01T12:00:00Z")]
    [InlineData("\"2022-11-01T12:00:00.000000Z\"", "null")]
    [InlineData("3f2504e0-4f89-81d3-9a0c-0305e82c3301", "3F2504E0-4F89-81D3-9A0C-0305E82C3301")]
    [InlineData("3f2504e0-4f89-81d3-9a0c-0305e82c3301", "3f2504e04f8981d39a0c0305e82c3301")]
    [InlineData("3f2504e0-4f89-81d3-9a0c-0305e82c3301", "")]
    [InlineData("\"3f2504e0-4f89-81d3-9a0c-0305e82c3301\"", "null")]
    [InlineData("\"body\":", "\"bodies\":")]
    [InlineData("\"body\":", "\"text\":")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("\"parts\":{", "\"parts\":[{")]
    [InlineData("\"recordedBy\":{", "\"recordedBy\":{\"name\":\"Ada\",")]
    public void One_altered_spelling_is_enough_to_refuse_it(string from, string to)
    {
        Json.ShouldContain(from);
        ShouldNotRead(Encoding.UTF8.GetBytes(Replaced(from, to)));
    }

    [Fact]
    public void The_first_entry_of_a_story_follows_on_none() =>
        ShouldNotRead(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(First.ToBytes()).Replace("\"recordedAt\"", "\"previous\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"recordedAt\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"v\":1}", "\"v\":2}")]
    [InlineData("{\"cause\"", "{\"authority\":\"court\",\"cause\"")]
    public void A_newer_envelope_says_so_also_where_something_new_comes_before_its_version(string from, string to)
    {
        var newer = Replaced(from, to).Replace("\"v\":1}", "\"v\":2}", StringComparison.Ordinal);
        Should.Throw<LedgerException>(() => Envelope.Read(Encoding.UTF8.GetBytes(newer))).Error.Code.ShouldBe("entry-from-newer-version");
    }

    [Fact]
    public void Garbage_does_not_read_and_never_anything_worse() => Gen.Select(Gen.Int[0, Full.ToBytes().Length - 1], Gen.Byte).Sample((at, value) =>
    {
        var bytes = Full.ToBytes();
        bytes[at] = value;
        try
        {
            Envelope.Read(bytes).ToBytes().ShouldBe(bytes);
        }
        catch (LedgerException error)
        {
            error.Error.Code.ShouldBeOneOf("envelope-does-not-read", "entry-from-newer-version");
        }
    }, iter: 5_000);

    [Fact]
    public void An_envelope_larger_than_its_limit_does_not_read() => ShouldNotRead(Encoding.UTF8.GetBytes(Json + new string(' ', Limits.Envelope)));

    private static string Replaced(string from, string to)
    {
        var at = Json.IndexOf(from, StringComparison.Ordinal);
        return string.Concat(Json.AsSpan(0, at), to, Json.AsSpan(at + from.Length));
    }

    private static byte[] Without(string member)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Json)!.AsObject();
        json.Remove(member).ShouldBeTrue();
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static void ShouldNotRead(byte[] bytes) =>
        Should.Throw<LedgerException>(() => Envelope.Read(bytes)).Error.Code.ShouldBe("envelope-does-not-read");
}
