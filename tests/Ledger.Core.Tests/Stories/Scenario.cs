using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Core.Tests.Support;

namespace Ledger.Core.Tests.Stories;

/// <summary>Given what is recorded, when a command comes, then these entries follow, or a refusal.</summary>
internal sealed class Scenario
{
    internal static readonly StoryId Story = new(Guid.Parse("018b2f19-e79e-7d6a-a56d-29feb6211b04"));
    internal static readonly CommandId Command = new(Guid.Parse("018b2f1a-0000-7000-8000-00000000ffff"));
    internal static readonly Timestamp RecordedAt = Timestamp.StartOf(new(2022, 11, 1));

    private readonly StoryState state;
    private readonly ImmutableDictionary<EntryId, string> texts;
    private Decision? decision;

    private Scenario(StoryState state, ImmutableDictionary<EntryId, string> texts) => (this.state, this.texts) = (state, texts);

    internal ImmutableArray<DecidedEntry> Entries => decision.ShouldBeOfType<Decision.Accepted>().Entries;

    /// <summary>An open story with these entries after its opening: the first is <c>Entry(1)</c>.</summary>
    internal static Scenario Given(params Body[] entries) => GivenNothing().And([new StoryOpened("Harbour", "harbour", "en", []), .. entries]);

    internal static Scenario GivenNothing() => new(StoryState.Empty, ImmutableDictionary<EntryId, string>.Empty);

    /// <summary>The entry at a place in the story; 0 is its opening.</summary>
    internal static EntryId Entry(int place) => EntryId.For(Story, new(new Guid(place, 0, 0, new byte[8])), 0);

    /// <summary>The id that the command's entry of that ordinal gets.</summary>
    internal static EntryId New(int ordinal) => EntryId.For(Story, Command, ordinal);

    internal static DocumentFiled Filed(
        string text = Harbour.Text, string? url = "https://gazette.example/1", string? publisher = "The Gazette", PublicationDate? published = null, Timestamp? retrieved = null, EntryId? sameTextAs = null) =>
        new(
            "Harbour to open", publisher, null, url, null, "en", published, retrieved, new(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text.Length,
            new(SHA256.HashData(Encoding.UTF8.GetBytes(text))), "text/plain", null, sameTextAs, null, []);

    /// <summary>The text of the document at a place was erased.</summary>
    internal Scenario WithoutTextOf(int place) => new(state, texts.Remove(Entry(place)));

    internal Scenario When(StoryCommand command)
    {
        var cited = texts.Where(pair => Ledger.Core.Stories.Story.Cited(state, command).Contains(pair.Key)).ToImmutableDictionary();
        decision = Ledger.Core.Stories.Story.Decide(state, command, new(Story, Command, TestLedger.Ada, cited));
        return this;
    }

    internal void Then(params Body[] bodies) => Entries.Select(entry => entry.Body).ShouldBe(bodies);

    internal void ThenNothing() => Entries.ShouldBeEmpty();

    internal void ThenRefused(string code, ErrorKind kind = ErrorKind.Refused)
    {
        var error = decision.ShouldBeOfType<Decision.Refused>().Error;
        error.Code.ShouldBe(code);
        error.Kind.ShouldBe(kind);
        error.Message.ShouldEndWith(".");
    }

    private Scenario And(Body[] entries)
    {
        var (next, known) = (state, texts);
        for (var place = 0; place < entries.Length; place++)
        {
            next = next.Evolve(Entry(place), BodyTypes.Of(entries[place]).Name, entries[place], RecorderKind.Program, RecordedAt);
            known = entries[place] is DocumentFiled ? known.Add(Entry(place), Harbour.Text) : known;
        }

        return new(next, known);
    }
}
