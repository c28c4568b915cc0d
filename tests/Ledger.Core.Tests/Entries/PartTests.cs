using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Tests.Entries;

public sealed class PartTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];

    [Fact]
    public void A_commitment_is_the_hmac_of_domain_name_and_bytes_under_the_salt()
    {
        var expected = HMACSHA256.HashData(Salt, Encoding.ASCII.GetBytes("ledger/part/v1\nbody\n{\"a\":1}"));
        new Part(Part.Body, Salt, "{\"a\":1}"u8.ToArray()).Commitment().ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Another_salt_name_or_byte_is_another_commitment()
    {
        var bytes = "words"u8.ToArray();
        Digest[] commitments =
        [
            new Part(Part.Body, Salt, bytes).Commitment(),
            new Part(Part.Text, Salt, bytes).Commitment(),
            new Part(Part.Body, Salt.Reverse().ToArray(), bytes).Commitment(),
            new Part(Part.Body, Salt, "word"u8.ToArray()).Commitment(),
            new Part(Part.Body, Salt, ReadOnlyMemory<byte>.Empty).Commitment(),
        ];
        commitments.Distinct().Count().ShouldBe(commitments.Length);
    }

    [Fact]
    public void Every_part_is_sealed_with_a_salt_of_its_own()
    {
        var parts = Enumerable.Range(0, 100).Select(_ => Part.Seal(Part.Body, "same"u8.ToArray())).ToList();
        parts.ShouldAllBe(part => part.Salt.Length == 32);
        parts.Select(part => part.Commitment()).Distinct().Count().ShouldBe(100);
    }

    [Theory]
    [InlineData(Part.Body, Limits.Body)]
    [InlineData(Part.Recorder, Limits.Body)]
    [InlineData(Part.Text, Limits.Text)]
    public void A_part_may_be_as_large_as_its_limit_and_no_larger(string name, int limit)
    {
        Request(With(name, limit)).CheckLimits().ShouldBeNull();
        Request(With(name, limit + 1)).CheckLimits()!.Code.ShouldBe("part-too-large");
    }

    [Fact]
    public void The_parts_of_a_command_together_have_a_limit()
    {
        Request(With(Part.Text, Limits.Text), With(Part.Source, Limits.Command - Limits.Text)).CheckLimits().ShouldBeNull();
        Request(With(Part.Text, Limits.Text), With(Part.Source, Limits.Command - Limits.Text + 1)).CheckLimits()!.Code.ShouldBe("command-too-large");
    }

    [Fact]
    public void A_command_has_between_one_and_ten_thousand_entries()
    {
        var entry = With(Part.Body, 2);
        Request().CheckLimits()!.Code.ShouldBe("command-size");
        Request([.. Enumerable.Repeat(entry, Limits.EntriesPerCommand)]).CheckLimits().ShouldBeNull();
        Request([.. Enumerable.Repeat(entry, Limits.EntriesPerCommand + 1)]).CheckLimits()!.Code.ShouldBe("command-size");
    }

    [Fact]
    public void The_limits_are_those_that_were_promised() =>
        (Limits.Body, Limits.Text, Limits.Envelope, Limits.Command, Limits.EntriesPerCommand).ShouldBe((65_536, 524_288, 4_096, 921_600, 1_000));

    /// <summary>An entry with a part of so many bytes, and a body of none where that is another part.</summary>
    private static EntryDraft With(string part, int bytes) =>
        new("note.added", 1, null, part == Part.Body ? [new(part, Salt, Letters(bytes))] : [new(Part.Body, Salt, Array.Empty<byte>()), new(part, Salt, Letters(bytes))]);

    private static byte[] Letters(int bytes)
    {
        var letters = new byte[bytes];
        letters.AsSpan().Fill((byte)'x');
        return letters;
    }

    private static AppendRequest Request(params EntryDraft[] entries) => new(default, AppendRequest.NoStory, default, default, default, [.. entries]);
}
