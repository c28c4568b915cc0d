using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Exchange;
using Ledger.Core.Integrity;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Entries;

/// <summary>
/// The byte format, held still: fixed ids, salts and times give these bytes, commitments, hashes and roots, for ever. fixtures/vectors/ledger.ndjson is a whole
/// ledger; recompute.py, which shares no code with this program, comes to the same root.
/// </summary>
public sealed class GoldenVectorTests
{
    private const string Vectors = "vectors/ledger.ndjson";

    [Theory]
    [InlineData(Part.Body, "{\"on\":\"x\"}", "7p4t9Tfb-__N2j-xGCfUuOOmCew8wjnnPa4v4LLulv0")]
    [InlineData(Part.Text, "“words” 🚢", "4RF_KBQsfTpkE9OZmLvSXnonRz1YMJrgY_k5dqo1Kqc")]
    public void Commitments_are_those_that_python_computes(string name, string bytes, string commitment) =>
        new Part(name, Enumerable.Range(1, 32).Select(value => (byte)value).ToArray(), Encoding.UTF8.GetBytes(bytes)).Commitment().ToString().ShouldBe(commitment);

    [Fact]
    public void A_commitment_to_bytes_that_are_no_text_is_that_which_python_computes() =>
        new Part(Part.Source, Enumerable.Range(1, 32).Select(value => (byte)value).ToArray(), new byte[] { 0, 255, 10 }).Commitment().ToString()
            .ShouldBe("Il_1thnzybIt-XQXlsd4jq0vYr4yTGUFOKtF4z6Z5ew");

    [Fact]
    public async Task The_same_entries_give_the_same_bytes_hashes_and_root_for_ever()
    {
        await using var ledger = await Stored.FillAsync(TestLedger.Empty());
        Fixture.ShouldHold(Vectors, await ledger.ExportAsync());
    }

    [Fact]
    public void Envelope_and_leaf_hash_follow_from_the_request_and_its_place()
    {
        var lines = Fixture.Read(Vectors).AsSpan();
        var number = 0;
        var last = new Dictionary<StoryId, Digest>();
        foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var expected = ExportFormat.ReadEntry(Encoding.UTF8.GetBytes(line));
            var request = Stored.Request(number);
            var previous = last.TryGetValue(request.Story, out var before) ? before : (Digest?)null;
            var (envelope, hash) = request.Seal(0, request.ExpectedRevision + 1, Timestamp.From(Stored.Start.AddSeconds(number)), previous);
            Encoding.UTF8.GetString(envelope).ShouldBe(Encoding.UTF8.GetString(expected.EnvelopeBytes.Span));
            hash.ShouldBe(expected.Hash);
            last[request.Story] = hash;
            number++;
        }

        number.ShouldBe(Stored.Examples.Length);
    }

    [Fact]
    public void The_root_is_the_one_that_was_written_down()
    {
        var header = ExportFormat.ReadHeader(Fixture.Read(Vectors).AsMemory()[..Fixture.Read(Vectors).AsSpan().IndexOf((byte)'\n')]);
        header.ShouldBe(new("example.org/ledger", 52, Digest.Parse("pFtbyHy8_UygTVstG8WAiO4K7t1ALnH_xL_-FmXPVeg")));
    }

    [SkippableFact]
    public void Python_recomputes_the_vectors()
    {
        var (exit, output, error) = Python.Recompute(Fixture.PathOf(Vectors));
        exit.ShouldBe(0, error);
        output.ShouldBe("size 52\nroot pFtbyHy8_UygTVstG8WAiO4K7t1ALnH_xL_-FmXPVeg\n");
    }
}
