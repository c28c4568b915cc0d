using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Log;

/// <summary>The hash of a request is stored with its entries: a later version has to come to the same one, or a repeated command is refused as another.</summary>
public sealed class RequestsTests
{
    private static readonly EntryId Id = new(Guid.Parse("3f2504e0-4f89-81d3-9a0c-0305e82c3301"));

    public static TheoryData<StoryCommand, string> Requests => new()
    {
        { new OpenStory("Harbour", "harbour", "en", ["port"]), """{"title":"Harbour","slug":"harbour","language":"en","tags":["port"]}""" },
        { new RecordBody(new NoteAdded(Id, "words")), """{"body":{"note.added":{"on":"3f2504e0-4f89-81d3-9a0c-0305e82c3301","text":"words"}}}""" },
        { new RecordBody(new EntryWithdrawn(Id, "wrong")), """{"body":{"entry.withdrawn":{"entry":"3f2504e0-4f89-81d3-9a0c-0305e82c3301","reason":"wrong"}}}""" },
        {
            new FileDocument(new("Harbour", null, null, null, null, null, new PublicationDate(Harbour.Published), null, "text/plain", null, null, []), "words", "words"u8.ToArray()),
            """{"document":{"title":"Harbour","publishedAt":"2022-03-01","mediaType":"text/plain","sources":[]},"text":"words","source":"d29yZHM="}"""
        },
        {
            new RecordFindings(Id, new("rules", "1.0"), [new(new OccasionScheduled("council", null, null, null, null, null))], null),
            """{"document":"3f2504e0-4f89-81d3-9a0c-0305e82c3301","extractor":{"name":"rules","version":"1.0"},"findings":[{"body":{"occasion.scheduled":{"what":"council"}}}]}"""
        },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_known_by_the_hash_of_its_name_and_members(StoryCommand command, string json)
    {
        var written = System.Text.Json.JsonSerializer.Serialize(command, command.GetType(), CommandJson.Default);
        written.ShouldBe(json);
        Core.Log.Requests.Hash(command).ToArray().ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes($"{command.GetType().Name}\n{json}")));
    }
}
