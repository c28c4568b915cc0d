using CsCheck;
using Ledger.Core.Entries;

namespace Ledger.Core.Tests.Entries;

/// <summary>Identifiers that follow from others. The expected ones were computed by another program (Python's hashlib, hmac and uuid).</summary>
public sealed class IdsTests
{
    private static readonly StoryId Story = new(Guid.Parse("018b2f19-e79e-7d6a-a56d-29feb6211b04"));
    private static readonly CommandId Command = new(Guid.Parse("018b2f1a-0000-7000-8000-000000000001"));
    private static readonly Naming Naming = new(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray());

    [Theory]
    [InlineData(0, "9302ab8b-d861-8a5b-b7ba-7498b8fd6296")]
    [InlineData(1, "ab956e3f-5fbf-8703-9f8b-aaef7aabb0ff")]
    [InlineData(9999, "ae4f93a6-53a6-8ae1-8209-a93c895c7a49")]
    public void An_entry_id_follows_from_story_command_and_ordinal(int ordinal, string id) => EntryId.For(Story, Command, ordinal).ToString().ShouldBe(id);

    [Fact]
    public void The_reserved_story_is_the_nil_uuid()
    {
        StoryId.Reserved.ToString().ShouldBe("00000000-0000-0000-0000-000000000000");
        EntryId.For(StoryId.Reserved, Command, 0).ToString().ShouldBe("a9a3bc0d-c191-83df-8cdf-9507e831e8cf");
    }

    [Fact]
    public void Every_derived_identifier_is_a_uuid_of_version_8() => Gen.Select(Gen.Guid, Gen.Guid, Gen.Int[0, 9_999], Gen.String).Sample((story, command, ordinal, name) =>
    {
        foreach (var id in new[] { EntryId.For(new(story), new(command), ordinal).Value, Naming.Story(name).Value, Naming.Command(name, name).Value })
        {
            id.Version.ShouldBe(8);
            (id.Variant & 0b1100).ShouldBe(0b1000);
        }
    });

    [Fact]
    public void Names_are_made_under_the_secret_from_kind_and_names_with_their_lengths()
    {
        Naming.Story("harbour").ToString().ShouldBe("e5cbf04c-1a67-84b4-8bd3-f0741c7ef2d8");
        Naming.Recorder(RecorderKind.Person, "Zoë 🚢").ToString().ShouldBe("becc950e-146f-8c76-90a2-5cc011c3fb5a");
        Naming.Recorder(RecorderKind.Program, "Zoë 🚢").ToString().ShouldBe("5e660c84-b031-800a-97ad-2a700704eed2");
        Naming.Command("file", "a", "bc").ToString().ShouldBe("f8c241ac-f999-8495-885c-0a3bdeddf31d");
        Naming.Command("file", "ab", "c").ToString().ShouldBe("4aa2584f-7450-8cf7-ada1-cee0cc457156");
    }

    [Fact]
    public void Another_secret_makes_other_names() => new Naming(new byte[32]).Story("harbour").ShouldNotBe(Naming.Story("harbour"));
}
