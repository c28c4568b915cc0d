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

    private readonly ImmutableDictionary<EntryId, string> texts;
    private Decision? decision;

    private Scenario(StoryState state, ImmutableDictionary<EntryId, string> texts) => (State, this.texts) = (state, texts);

    /// <summary>What the entries come to.</summary>
    internal StoryState State { get; }

    internal ImmutableArray<DecidedEntry> Entries => decision.ShouldBeOfType<Decision.Accepted>().Entries;

    /// <summary>An open story with these entries after its opening: the first is <c>Entry(1)</c>.</summary>
    internal static Scenario Given(params Body[] entries) => GivenNothing().And(RecorderKind.Program, [new StoryOpened("Harbour", "harbour", "en", []), .. entries]);

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
    internal Scenario WithoutTextOf(int place) => new(State, texts.Remove(Entry(place)));

    /// <summary>The text of the document at a place, where it is another than <see cref="Harbour.Text"/>.</summary>
    internal Scenario WithText(int place, string text) => new(State, texts.SetItem(Entry(place), text));

    /// <summary>The body of the entry that follows was erased.</summary>
    internal Scenario AndErased(string type) => new(State.Evolve(Entry((int)State.Revision + 1), type, null, RecorderKind.Program, RecordedAt), texts);

    /// <summary>More entries, by a person.</summary>
    internal Scenario And(params Body[] entries) => And(RecorderKind.Person, entries);

    internal Scenario When(Body body, Recorder? recorder = null, StoryId? story = null) => When(new StoryCommand.RecordBody(body), recorder, story);

    internal Scenario When(StoryCommand command, Recorder? recorder = null, StoryId? story = null)
    {
        var cited = texts.Where(pair => Ledger.Core.Stories.Story.Cited(State, command).Contains(pair.Key)).ToImmutableDictionary();
        decision = Ledger.Core.Stories.Story.Decide(State, command, new(story ?? Story, Command, recorder ?? TestLedger.Ada, cited));
        return this;
    }

    internal void Then(params Body[] bodies) => Entries.Select(entry => entry.Body).ShouldBe(bodies);

    internal void ThenNothing() => Entries.ShouldBeEmpty();

    internal LedgerError Error => decision.ShouldBeOfType<Decision.Refused>().Error;

    internal void ThenRefused(string code, ErrorKind kind = ErrorKind.Refused)
    {
        var error = Error;
        error.Code.ShouldBe(code);
        error.Kind.ShouldBe(kind);
        error.Message.ShouldEndWith(".");
    }

    internal Scenario And(RecorderKind by, params Body[] entries)
    {
        var (next, known) = (State, texts);
        foreach (var body in entries)
        {
            var id = Entry((int)next.Revision + 1);
            next = next.Evolve(id, BodyTypes.Of(body).Name, body, by, RecordedAt);
            known = body is DocumentFiled or DocumentRevised ? known.Add(id, Harbour.Text) : known;
        }

        return new(next, known);
    }
}
