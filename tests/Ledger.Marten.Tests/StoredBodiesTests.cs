using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Ledger.Conformance;
using Ledger.Core.Entries;
using Ledger.Core.Log;

namespace Ledger.Marten.Tests;

/// <summary>
/// PostgreSQL keeps a JSON value and forgets its spelling: members come back in another order. Every body that the ledger accepts comes back with the same bytes, and so with the same commitment.
/// </summary>
public sealed class StoredBodiesTests : IAsyncDisposable
{
    private readonly MartenPlace place = new();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [SkippableFact]
    public async Task Every_body_ever_released_comes_back_with_its_commitment()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "stored"), "*.json");
        files.Select(file => Path.GetFileName(file).Split('.')[..^1]).Select(name => string.Join('.', name.TakeWhile(word => !char.IsAsciiDigit(word[0])))).Distinct()
            .ShouldBe(BodyTypes.All.Select(type => type.Name), ignoreOrder: true);
        await RoundTripAsync([.. files.Select(file => CanonicalJson.Canonicalize(File.ReadAllBytes(file)))]);

    }

    [SkippableFact]
    public async Task Any_body_comes_back_with_its_commitment()
    {
        var bodies = Generate(Body, 3000);
        bodies.Select(body => body[0]).Distinct().Count().ShouldBeGreaterThan(5);
        await RoundTripAsync(bodies);
    }

    [SkippableFact]
    public async Task A_body_in_another_than_its_canonical_spelling_is_not_appended()
    {
        await using var opened = await place.OpenAsync();
        foreach (var body in (string[])["{\"b\":1,\"a\":2}", "{ }", "{\"a\":1.0}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\u0041\"}", "{\"a\":1,\"a\":2}", "nothing", ""])
        {
            (await opened.Log.AppendAsync(Given.Raw(opened.Log, Given.NewStory(), AppendRequest.NoStory, [(Part.Body, Encoding.UTF8.GetBytes(body))])))
                .ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe("command-not-valid");
        }

        (await opened.Log.HeadAsync()).Size.ShouldBe(0);
    }

    private async Task RoundTripAsync(List<byte[]> bodies)
    {
        await using var opened = await place.OpenAsync();
        var story = Given.NewStory();
        var requests = bodies.Chunk(100).Select((chunk, i) => Given.Raw(
            opened.Log, story, (i * 100) - 1, [.. chunk.Select(body => ImmutableArray.Create((Part.Body, body)))])).ToList();
        foreach (var request in requests)
        {
            (await opened.Log.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>();
        }

        var drafts = requests.SelectMany(request => request.Entries).ToList();
        var stored = await Given.AllAsync(opened.Log);
        stored.Count.ShouldBe(bodies.Count);
        foreach (var (entry, draft) in stored.Zip(drafts))
        {
            var body = entry.Part(Part.Body).ShouldNotBeNull();
            body.Bytes.Span.SequenceEqual(draft.Parts.Single(part => part.Name == Part.Body).Bytes.Span).ShouldBeTrue();
            body.Commitment().ShouldBe(draft.Commitments[Part.Body]);
            entry.Envelope.Parts[Part.Body].ShouldBe(draft.Commitments[Part.Body]);
        }
    }

    private static List<T> Generate<T>(Gen<T> gen, int count)
    {
        var made = new List<T>(count);
        gen.Sample(made.Add, iter: count, threads: 1);
        return made;
    }

    private static readonly Gen<string> Letter = Gen.OneOf(
        Gen.Char['a', 'e'].Select(letter => letter.ToString()),
        Gen.Char['\u0001', '\u007f'].Select(letter => letter.ToString()),
        Gen.Char['\u0080', '\ud7ff'].Select(letter => letter.ToString()),
        Gen.Char['\ue000', '\uffff'].Select(letter => letter.ToString()),
        Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32));

    private static readonly Gen<string> Text = Letter.Array[0, 12].Select(letters => string.Concat(letters));

    private static readonly Gen<byte[]> Body = Gen.Recursive<System.Text.Json.Nodes.JsonNode?>((depth, inner) => depth > 4
            ? Scalar()
            : Gen.Frequency(
                (3, Scalar()),
                (1, inner.Array[0, 4].Select(items => (System.Text.Json.Nodes.JsonNode?)new System.Text.Json.Nodes.JsonArray([.. items]))),
                (3, Gen.Select(Text.Array[0, 6], inner.Array[6], (names, values) => (System.Text.Json.Nodes.JsonNode?)new System.Text.Json.Nodes.JsonObject(
                    names.Distinct().Zip(values, (name, value) => KeyValuePair.Create(name, value?.DeepClone())))))))
        .Select(json => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "null")));

    private static Gen<System.Text.Json.Nodes.JsonNode?> Scalar() => Gen.Frequency(
        (3, Text.Select(text => (System.Text.Json.Nodes.JsonNode?)text)),
        (2, Gen.Long[-(1L << 53) + 1, (1L << 53) - 1].Select(number => (System.Text.Json.Nodes.JsonNode?)number)),
        (1, Gen.Bool.Select(value => (System.Text.Json.Nodes.JsonNode?)value)),
        (1, Gen.Const((System.Text.Json.Nodes.JsonNode?)null)));
}
