using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Conformance.Log;

/// <summary>What is read is what was appended, byte for byte: at the limits, and in every script.</summary>
public abstract class BytesSuite(Store store) : EngineSuite(store)
{
    [SkippableFact]
    public async Task Parts_are_kept_up_to_exactly_their_limits()
    {
        var story = Given.NewStory();
        var bodies = Given.Raw(Log, story, AppendRequest.NoStory, [(Part.Body, Given.BodyOf(Limits.Body))]);
        var text = Given.Raw(Log, story, 0, [(Part.Body, "{}"u8.ToArray()), (Part.Text, Encoding.UTF8.GetBytes(new string('я', Limits.Text / 2)))]);
        var source = Given.Raw(Log, story, 1, [(Part.Body, "{}"u8.ToArray()), (Part.Source, Random(Limits.Command - 1024))]);
        await RoundTripAsync(bodies, text, source);
    }

    [SkippableFact]
    public async Task A_command_is_kept_up_to_exactly_its_limit_and_refused_one_byte_over()
    {
        var fits = Fill(0);
        fits.Entries.Sum(entry => entry.Parts.Sum(part => part.Bytes.Length)).ShouldBe(Limits.Command);

        (await Log.AppendAsync(Fill(1))).ShouldBeOfType<AppendResult.Refused>().Error.Code.ShouldBe("command-too-large");
        await RoundTripAsync(fits);

        AppendRequest Fill(int over)
        {
            var request = Given.Raw(Log, Given.NewStory(), AppendRequest.NoStory, [.. Enumerable.Repeat<ImmutableArray<(string, byte[])>>([(Part.Body, Given.BodyOf(Limits.Body))], 13)]);
            var rest = Limits.Command - request.Entries.Sum(entry => entry.Parts.Sum(part => part.Bytes.Length));
            var recorder = request.Entries[0].Parts.Single(part => part.Name == Part.Recorder);
            return request with { Entries = request.Entries.Add(new EntryDraft("note.added", 1, null, [Part.Seal(Part.Body, "{}"u8.ToArray()), recorder, Part.Seal(Part.Text, Encoding.ASCII.GetBytes(new string('t', rest - recorder.Bytes.Length - 2 + over)))])) };
        }
    }

    public static TheoryData<string> Texts => new(
        "Հայաստան, Россия, ქართული, 中文, हिन्दी",
        "astral 𝒜𝓁𝓅𝒽𝒶 😀👩‍👩‍👧‍👦 \U0010FFFF",
        "combining e\u0301 vs \u00e9, a\u030A\u0323, Zalgo t\u0335\u0321\u0322",
        "RTL \u202Eשלום\u202C مرحبا \u200F\u200E",
        "\uFFFD replacement, \uFEFF byte order mark, \uFFFE\uFFFF noncharacters, \u2028 line \u2029 paragraph, \u0085 next line",
        "escapes \" \\ / \b \f \n \r \t \u0001 \u001f \u007f \u0080",
        "looks like \\u0041 an escape, and {\"json\":[1,2]}, 'quote'; DROP TABLE entries; -- %s $1 ?1",
        "  leading and trailing white space \t\n ",
        "");

    [SkippableTheory]
    [MemberData(nameof(Texts))]
    public async Task Text_of_every_kind_is_kept_byte_for_byte(string text)
    {
        var story = Given.NewStory();
        var noted = Given.Notes(Log, story, AppendRequest.NoStory, 1, text: text);
        var filed = Given.Command(Log, story, 0, null, Given.Document(text + ".", Encoding.Unicode.GetBytes(text)));
        await RoundTripAsync(noted, filed);

        ((NoteAdded)(await Given.StoryAsync(Log, story))[0].Body!).Text.ShouldBe(text + " 0");
    }

    [SkippableFact]
    public async Task Every_escape_of_JSON_is_kept_in_its_canonical_spelling()
    {
        var all = string.Concat(Enumerable.Range(1, 0xD7FF).Concat(Enumerable.Range(0xE000, 0x2000)).Select(char.ConvertFromUtf32));
        var requests = all.Chunk(8000).Select((part, i) => Given.Notes(Log, Given.NewStory(), AppendRequest.NoStory, 1, text: new string(part))).ToArray();
        await RoundTripAsync(requests);
    }

    [SkippableTheory]
    [InlineData("""{"a":9007199254740991,"b":-9007199254740991,"c":0}""")]
    [InlineData("""{"":"empty name","A":1,"a":2,"aa":3,"b":{"z":[],"é":{},"😀":null},"ﬀ":true}""")]
    [InlineData("""{"on":"00000000-0000-0000-0000-000000000000","text":"known","unknown":{"from":["a","newer","version"]}}""")]
    [InlineData("""{"10":1,"9":2,"a b":3}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task Any_canonical_body_is_kept_with_members_nobody_knows(string body)
    {
        CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(body)).ShouldBeTrue();
        await RoundTripAsync(Given.Raw(Log, Given.NewStory(), AppendRequest.NoStory, [(Part.Body, Encoding.UTF8.GetBytes(body))]));
    }

    [SkippableFact]
    public async Task The_order_of_members_does_not_depend_on_the_engine()
    {
        // UTF-16 order and code point order differ here: U+FF5E before U+1F600 in one, after it in the other.
        var body = CanonicalJson.Canonicalize("""{"～":1,"😀":2,"ab":3,"b":4,"a":5}"""u8);
        await RoundTripAsync(Given.Raw(Log, Given.NewStory(), AppendRequest.NoStory, [(Part.Body, body)]));
    }

    [SkippableFact]
    public async Task Original_bytes_of_any_kind_are_kept_also_none_at_all()
    {
        await RoundTripAsync(
            Given.Raw(Log, Given.NewStory(), AppendRequest.NoStory, [(Part.Body, "{}"u8.ToArray()), (Part.Source, [.. Enumerable.Range(0, 256).Select(value => (byte)value)])]),
            Given.Raw(Log, Given.NewStory(), AppendRequest.NoStory, [(Part.Body, "{}"u8.ToArray()), (Part.Source, []), (Part.Text, [])]));
    }

    [SkippableFact]
    public async Task Large_parts_are_read_only_when_asked_for()
    {
        var receipt = await AppendAsync(Given.Command(Log, Given.NewStory(), AppendRequest.NoStory, null, Given.Document("A text.", [1, 2, 3])));

        var small = (await Log.FindAsync(receipt.Entries[0].Id)).ShouldNotBeNull();
        var all = (await Log.FindAsync(receipt.Entries[0].Id, PartSelection.All)).ShouldNotBeNull();

        small.Parts.Select(part => part.Name).ShouldBe([Part.Body, Part.Recorder]);
        all.Parts.Select(part => part.Name).Order(StringComparer.Ordinal).ShouldBe([Part.Body, Part.Recorder, Part.Source, Part.Text]);
    }

    /// <summary>Appends, and reads back by every path, before and after reopening.</summary>
    private async Task RoundTripAsync(params AppendRequest[] requests)
    {
        var receipts = new List<Receipt>();
        foreach (var request in requests)
        {
            receipts.Add(await AppendAsync(request));
        }

        await CheckAsync();
        await ReopenAsync();
        await CheckAsync();

        async Task CheckAsync()
        {
            var everything = await Given.AllAsync(Log, PartSelection.All);
            foreach (var (request, receipt) in requests.Zip(receipts))
            {
                foreach (var (draft, promised) in request.Entries.Zip(receipt.Entries))
                {
                    var stored = (await Log.FindAsync(promised.Id, PartSelection.All)).ShouldNotBeNull();
                    stored.Hash.ShouldBe(promised.Hash);
                    TreeHash.Leaf(stored.EnvelopeBytes.Span).ShouldBe(promised.Hash);
                    stored.Parts.Length.ShouldBe(draft.Parts.Length);
                    foreach (var part in draft.Parts)
                    {
                        var kept = stored.Part(part.Name).ShouldNotBeNull();
                        kept.Salt.Span.SequenceEqual(part.Salt.Span).ShouldBeTrue();
                        kept.Bytes.Span.SequenceEqual(part.Bytes.Span).ShouldBeTrue();
                        kept.Commitment().ShouldBe(stored.Envelope.Parts[part.Name]);
                    }

                    ShouldBeSame(everything[(int)promised.Index], stored);
                }
            }
        }
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
