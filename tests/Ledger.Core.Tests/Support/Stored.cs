using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;

namespace Ledger.Core.Tests.Support;

/// <summary>
/// One example of every body that was ever released, and a ledger made of them in which everything that is random elsewhere is fixed. A new type, or a new
/// schema, is a new line at the end of <see cref="Examples"/> and a new file; a line or file that is here stays as it is.
/// </summary>
internal static class Stored
{
    internal static readonly StoryId Story = new(Guid.Parse("018b2f19-e79e-7d6a-a56d-29feb6211b04"));
    internal static readonly DateTimeOffset Start = new(2022, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecordedBy Ada = new(new(Guid.Parse("5a0b2d6e-7c1f-8e3a-9b4d-0c1e2f3a4b5c")), RecorderKind.Person);
    private static readonly byte[] Recorder = """{"name":"Ada","request":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"""u8.ToArray();

    /// <summary>File, body and large parts, in the order in which the ledger holds them. The plain file has every member, <c>.least</c> only those that have to be there.</summary>
    internal static readonly ImmutableArray<(string File, Body Body, string? Text, byte[]? Source)> Examples =
    [
        ("ledger.opened.1.json", new LedgerOpened("example.org/ledger", Timestamp.From(Start), new Digest(Enumerable.Repeat((byte)7, 32).ToArray())), null, null),
        ("story.opened.1.json", new StoryOpened("Harbour", "harbour", "en", ["port", "Port Vale"]), null, null),
        ("document.filed.1.least.json", Filed(least: true), Harbour.Text, null),
        ("document.filed.1.json", Filed(least: false), Harbour.Text, Source),
        ("quote.recorded.1.least.json", new QuoteRecorded(Harbour.Words(Id(2), "will open", "in May"), Directness.Mixed, null, null, null, null), null, null),
        ("quote.recorded.1.json", Harbour.Quote(Id(2)) with { Parent = Id(4) }, null, null),
        ("claim.recorded.1.json", Harbour.Claim(Id(2)) with { Speaker = new("The mayor", Harbour.Words(Id(2), "The mayor")), Parent = Id(5) }, null, null),
        ("claim.recorded.1.least.json", new ClaimRecorded(Harbour.Words(Id(3), "has not told it"), "The cost was not told.", Modality.ReportedAbsent, Directness.Indirect, null, null, null, null), null, null),
        ("occasion.scheduled.1.json", Harbour.Occasion(Id(2)), null, null),
        ("occasion.scheduled.1.least.json", new OccasionScheduled("The harbour opens", null, null, null, null, null), null, null),
        ("question.raised.1.json", Harbour.Question(Id(2)) with { Occasion = Id(8), Criteria = "A figure that the ministry gives." }, null, null),
        ("question.raised.1.least.json", new QuestionRaised("Who pays?", QuestionKind.UnderInvestigation, null, null, null, null, null), null, null),
        ("extraction.completed.1.json", new ExtractionCompleted(Id(2), new("rules", "1.0"), new(2, 1, 1, 1)), null, null),
        ("note.added.1.json", new NoteAdded(Id(7), "Ask the ministry. 🚢"), null, null),
        ("entry.withdrawn.1.json", new EntryWithdrawn(Id(4), "Not her words."), null, null),
        ("ledger.key.added.1.json", new LedgerKeyAdded(new Digest(Enumerable.Repeat((byte)8, 32).ToArray())), null, null),
        ("ledger.key.retired.1.json", new LedgerKeyRetired(new Digest(Enumerable.Repeat((byte)7, 32).ToArray()), "rotated"), null, null),
        ("story.changed.1.json", new StoryChanged("The harbour of Port Vale", "en", ["port"], "There are two harbours."), null, null),
        ("story.closed.1.json", new StoryClosed("The harbour is open."), null, null),
        ("story.reopened.1.json", new StoryReopened("It closed again."), null, null),
        ("document.revised.1.least.json", new DocumentRevised(Id(2), Filed(least: true), []), Harbour.Text, null),
        ("document.revised.1.json", new DocumentRevised(Id(3), Filed(least: false), [Id(6), Id(9)], 3), Harbour.Text, Source),
        ("claim.linked.1.json", new ClaimLinked(Id(6), Id(7), LinkRelation.Contradicts, Harbour.Words(Id(2), "said"), "opposite-figures", "Both cannot hold."), null, null),
        ("claim.linked.1.least.json", new ClaimLinked(Id(5), Id(6), LinkRelation.Repeats, null, null, null), null, null),
        ("question.restated.1.json", new QuestionRestated(
            Id(10), "What will the harbour have cost?", QuestionKind.Pending, "A figure in the council's accounts.", ["the council's accounts"],
            new DateInterval(new(2022, 6, 1), new(2022, 6, 30)), "The price was settled.", new DateOnly(2022, 5, 31)), null, null),
        ("question.restated.1.least.json", new QuestionRestated(Id(11), "Who pays?", QuestionKind.Unknown, null, [], null, "Nobody asks.", null), null, null),
        ("question.evidence.added.1.json", new QuestionEvidenceAdded(Id(10), Id(6), EvidenceBearing.Context, "same-subject", "It names the ministry."), null, null),
        ("question.evidence.added.1.least.json", new QuestionEvidenceAdded(Id(10), Id(2), EvidenceBearing.Answers, null, null), null, null),
        ("answer.proposed.1.json", new AnswerProposed(Id(10), "It cost 4 million.", [Id(6), Id(2)], new DateOnly(2022, 6, 14), "figure-after-question"), null, null),
        ("answer.proposed.1.least.json", new AnswerProposed(Id(10), "It cost 5 million.", [], null, null), null, null),
        ("answer.objected.1.json", new AnswerObjected(Id(29), "That is the first estimate."), null, null),
        ("question.resolved.1.json", new QuestionResolved(
            Id(10), QuestionOutcome.Answered, "It cost 4 million.", Id(28), [Id(6)], "The accounts say so.", new DateOnly(2022, 6, 20)), null, null),
        ("question.reopened.1.json", new QuestionReopened(Id(10), "The accounts were corrected.", new DateOnly(2022, 7, 1)), null, null),
        ("question.reopened.1.least.json", new QuestionReopened(Id(10), "Once more.", null), null, null),
        ("question.resolved.1.least.json", new QuestionResolved(Id(10), QuestionOutcome.Annulled, null, null, [], null, null), null, null),
        ("occasion.moved.1.json", new OccasionMoved(
            Id(8), new DateInterval(new(2022, 5, 10), new(2022, 5, 11)), Harbour.Words(Id(2), "on 3 May 2022"), "moved-to", "A storm."), null, null),
        ("occasion.moved.1.least.json", new OccasionMoved(Id(9), null, null, null, null), null, null),
        ("occasion.held.1.json", new OccasionHeld(
            Id(8), new DateInterval(new(2022, 5, 10), new(2022, 5, 10)), Harbour.Words(Id(2), "The council meets"), "met-on", "As told."), null, null),
        ("occasion.held.1.least.json", new OccasionHeld(Id(8), null, null, null, null), null, null),
        ("occasion.cancelled.1.json", new OccasionCancelled(Id(9), Harbour.Words(Id(2), "The council meets"), "called-off", "No ship."), null, null),
        ("occasion.cancelled.1.least.json", new OccasionCancelled(Id(9), null, null, null), null, null),
        ("proposal.accepted.1.json", new ProposalAccepted(Id(6), "It stands there.", new DateOnly(2022, 7, 2)), null, null),
        ("proposal.accepted.1.least.json", new ProposalAccepted(Id(5), null, null), null, null),
        ("proposal.rejected.1.json", new ProposalRejected(Id(7), "Nobody claims it.", new DateOnly(2022, 7, 2)), null, null),
        ("proposal.rejected.1.least.json", new ProposalRejected(Id(9), null, null), null, null),
        ("speaker.identified.1.json", new SpeakerIdentified("The mayor", ["the mayor of Port Vale", "she"], SpeakerKind.Person, "role-and-place", "One office."), null, null),
        ("speaker.identified.1.least.json", new SpeakerIdentified("The ministry", ["the department"], null, null, null), null, null),
        ("speaker.separated.1.json", new SpeakerSeparated("The mayor", ["she"], "two-people", "She is the harbour master."), null, null),
        ("speaker.separated.1.least.json", new SpeakerSeparated("The mayor", ["he"], null, null), null, null),
        ("entry.corrected.1.json", new EntryCorrected(Id(11), new QuestionRaised("Who pays for it?", QuestionKind.UnderInvestigation, null, null, null, null, null), "A word was missing."), null, null),
        ("entry.redacted.1.json", new EntryRedacted([new(Id(13), Part.Body), new(Id(2), Part.Text)], "Port Vale county court, 3 O 44/22", RedactionReason.CourtOrder), null, null),
        ("story.changed.1.least.json", new StoryChanged("Harbour", "en", [], null), null, null),
    ];

    private static byte[] Source => Encoding.UTF8.GetBytes("<p>" + Harbour.Text + "</p>");

    internal static StoryId StoryAt(int index) => index is 0 or 15 or 16 ? StoryId.Reserved : Story;

    internal static CommandId Command(int index) => new(Guid.Parse($"018b2f1a-0000-7000-8000-{index:x12}"));

    /// <summary>The id of the example at an index: every example is a command of its own.</summary>
    internal static EntryId Id(int index) => EntryId.For(StoryAt(index), Command(index), 0);

    internal static AppendRequest Request(int index, byte[]? otherBody = null)
    {
        var (_, body, text, source) = Examples[index];
        var type = BodyTypes.Of(body);
        var parts = ImmutableArray.CreateBuilder<Part>();
        void Add(string name, byte[]? bytes)
        {
            if (bytes is not null)
            {
                parts.Add(new(name, SHA256.HashData(Encoding.ASCII.GetBytes($"salt of {name} at {index}")), bytes));
            }
        }

        Add(Part.Body, otherBody ?? BodyTypes.Write(body));
        Add(Part.Recorder, Recorder);
        Add(Part.Source, source);
        Add(Part.Text, text is null ? null : Encoding.UTF8.GetBytes(text));
        return new(
            StoryAt(index), Enumerable.Range(0, index).Count(earlier => StoryAt(earlier) == StoryAt(index)) - 1, Command(index), Ada, new(new byte[32]),
            [new(type.Name, type.Schema, index > 1 ? Id(index - 1) : null, parts.ToImmutable())]);
    }

    /// <summary>Appends the examples to an empty ledger, one a second.</summary>
    internal static async Task<TestLedger> FillAsync(TestLedger ledger)
    {
        for (var index = 0; index < Examples.Length; index++)
        {
            ledger.Clock.Now = Start.AddSeconds(index);
            (await ledger.Log.AppendAsync(Request(index))).ShouldBeOfType<AppendResult.Appended>();
        }

        return ledger;
    }

    private static DocumentFiled Filed(bool least)
    {
        var hash = new Digest(SHA256.HashData(Encoding.UTF8.GetBytes(Harbour.Text)));
        return least
            ? new("Harbour to open", null, null, null, null, null, null, null, hash, Harbour.Text.Length, hash, "text/plain", null, null, null, [])
            : new(
                "Harbour to open (wire)", "The Gazette", "A. Writer", "https://gazette.example/1", "https://archive.example/1", "en",
                new PublicationDate(Harbour.Published), Timestamp.From(new(2022, 3, 2, 8, 30, 0, TimeSpan.Zero)), hash, Harbour.Text.Length,
                new Digest(SHA256.HashData(Source)), "text/html", new("intake", "1.0"), Id(2), Id(2), ["a press release", "two officials"]);
    }
}
