using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Log;
using Ledger.Core.Stories;

namespace Ledger.Conformance.Views;

/// <summary>One step of a random history: what is tried, and numbers that pick what it is tried on.</summary>
public sealed record Step(int Kind, int Story, int Pick, int Words, int Day)
{
    // Two stories, one of them deep: a rule needs something to hold on to.
    internal static readonly Gen<Step> Any = Gen.Select(
        Gen.Int[0, 39], Gen.Int[0, 3], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 8], (kind, story, pick, words, day) => new Step(kind, story / 3, pick, words, day));

    public override string ToString() => $"new({Kind}, {Story}, {Pick}, {Words}, {Day})";
}

/// <summary>Plays random steps as real commands through the appender. Steps that the rules refuse are part of it.</summary>
public sealed class History(ILedgerLog log, ManualClock clock)
{
    private static readonly Recorder Rules = Recorder.Program("rules", "1", "Ada");

    private static readonly Recorder Desk = new(RecorderKind.Service, "desk", "1", "Ada");
    private static readonly Recorder Unattended = new(RecorderKind.Service, "cron", "1");
    private static readonly string[] Names = ["The Mayor", "the mayor", "We", "The mayor of Gyumri", "Սոնա", "Council"];

    private readonly Dictionary<StoryId, List<Known>> entries = [];
    private Appender appender = new(log);

    /// <summary>What was accepted of each type, to see that a generator reaches everything.</summary>
    public static System.Collections.Concurrent.ConcurrentDictionary<string, int> Reached { get; } = new();

    /// <summary>Goes on as another process would, which remembers nothing.</summary>
    public void Forget() => appender = new(log);

    public async Task PlayAsync(Step step)
    {
        clock.Move(TimeSpan.FromSeconds((step.Words % 5) - 1));
        var story = log.Naming.Story($"story-{step.Story}");
        var known = entries.TryGetValue(story, out var list) ? list : entries[story] = [];
        var documents = known.Where(entry => entry.Text is not null).ToList();
        StoryCommand command = (step.Kind, documents.Count) switch
        {
            _ when known.Count == 0 => new StoryCommand.OpenStory($"Story {step.Story}", $"story-{step.Story}", "en", ["tag"]),
            (0 or 1 or 2, _) or (_, 0) => File(step, known),
            (3 or 4 or 5 or 6, _) => Find(step, documents[step.Pick % documents.Count], complete: step.Words % 3 == 0),
            (7, _) => Revise(step, documents[step.Pick % documents.Count]),
            _ => new StoryCommand.RecordBody(await BodyAsync(step, known, documents)),
        };
        // Programs and persons alike: what a program may not do is refused, and what it may is a proposal.
        var recorder = command is StoryCommand.RecordFindings ? Rules : (step.Words % 7) switch
        {
            0 or 1 or 2 => Recorder.Person(step.Words % 2 == 0 ? "Ada" : "Սոնա"),
            3 => Desk,
            4 when step.Pick % 4 == 0 => Unattended,
            _ => step.Kind is 10 or 11 or 12 or 13 or 14 or 15 or 16 or 17 or 30 or 31 ? Rules : Recorder.Person("Ada"),
        };
        await SendAsync(story, known, recorder, command);
        if (command is StoryCommand.OpenStory)
        {
            // A story begins with something to work on.
            await SendAsync(story, known, Rules, File(step, known));
            await SendAsync(story, known, Rules, Find(step with { Words = 4 }, known.Last(entry => entry.Text is not null), complete: true));
        }
    }

    private async Task SendAsync(StoryId story, List<Known> known, Recorder recorder, StoryCommand command)
    {
        var receipt = await appender.AppendAsync(story, CommandId.New(), recorder, command);
        if (receipt.Error is null)
        {
            if (command is StoryCommand.RecordBody { Body: EntryWithdrawn withdrawn } && withdrawn.Reason.Length % 2 == 0)
            {
                // Half of what was withdrawn is not tried on any more, so that not all is refused.
                known.RemoveAll(entry => entry.Id == withdrawn.Entry);
            }

            var text = (command as StoryCommand.FileDocument)?.Text ?? (command as StoryCommand.ReviseDocument)?.Text;
            known.AddRange(receipt.Value.Entries.Select(entry => new Known(entry.Id, entry.Type, text)));
            foreach (var entry in receipt.Value.Entries)
            {
                Reached.AddOrUpdate(entry.Type, 1, (_, count) => count + 1);
            }
        }
        else
        {
            Reached.AddOrUpdate(receipt.Error.Code, 1, (_, count) => count + 1);
        }
    }

    private async Task<Body> BodyAsync(Step step, List<Known> known, List<Known> documents)
    {
        EntryId Any(int pick) => known[pick % known.Count].Id;
        EntryId Of(int pick, params string[] types) => known.Where(entry => types.Contains(entry.Type)).ToList() is { Count: > 0 } found ? found[pick % found.Count].Id : Any(pick);
        EntryId Statement(int pick) => Of(pick, "quote.recorded", "claim.recorded");
        EntryId Question() => Of(step.Pick, "question.raised");
        EntryId Occasion() => Of(step.Pick, "occasion.scheduled");
        EntryId Evidence(int pick) => Of(pick, "quote.recorded", "claim.recorded", "document.filed", "occasion.scheduled");
        EntryId Proposal() => Of(
            step.Pick, "claim.linked", "question.evidence.added", "occasion.moved", "occasion.held", "speaker.identified", "speaker.separated", "answer.proposed", "quote.recorded", "claim.recorded");
        var reason = step.Words % 9 == 0 ? "" : $"Because of {step.Words}.";
        var rule = step.Words % 2 == 0 ? "rule" : null;
        var days = step.Day == 0 ? (DateInterval?)null : new DateInterval(Day(step.Day), Day(step.Day + (step.Words % 3)));
        DateOnly? based = step.Words % 3 == 0 ? Day(step.Day) : null;
        var document = documents[step.Words % documents.Count];
        var span = step.Day % 3 == 0 ? Words(document, "in May") : null;
        return step.Kind switch
        {
            8 => new NoteAdded(Any(step.Pick), $"A note on {step.Pick}"),
            9 => new EntryWithdrawn(Any(step.Pick), $"Wrong {step.Words}"),
            10 or 11 => new ClaimLinked(Statement(step.Pick), Statement(step.Words), (LinkRelation)(step.Day % 6), span, rule, reason),
            12 => new ClaimLinked(Statement(step.Pick), Statement(step.Words), LinkRelation.Repeats, null, rule, reason),
            13 => new QuestionEvidenceAdded(Question(), Evidence(step.Words), (EvidenceBearing)(step.Day % 3), rule, reason),
            14 => new AnswerProposed(Question(), $"Answer {step.Words}", [Evidence(step.Words)], based, rule),
            15 => step.Day % 3 == 0 ? new OccasionHeld(Occasion(), days, span, rule, reason) : new OccasionMoved(Occasion(), days, span, rule, reason),
            16 => new OccasionCancelled(Occasion(), span, rule, reason),
            17 or 18 => new SpeakerIdentified(Names[step.Pick % Names.Length], [Names[step.Words % Names.Length], Names[step.Day % Names.Length]], null, rule, reason),
            19 => new SpeakerSeparated(Names[step.Pick % Names.Length], [Names[step.Words % Names.Length]], rule, reason),
            20 or 21 => new QuestionRestated(Question(), $"Who pays {step.Words}?", (QuestionKind)(step.Day % 4), step.Words % 5 == 0 ? null : "a figure", [], days, reason, based),
            22 => new AnswerObjected(Of(step.Pick, "answer.proposed"), reason),
            23 or 24 or 36 => new QuestionResolved(Question(), (QuestionOutcome)(step.Day % 3), "So.", step.Words % 4 == 0 ? Of(step.Words, "answer.proposed") : null, [Evidence(step.Words)], reason, based),
            25 => new QuestionReopened(Question(), reason, based),
            26 or 27 or 28 => new ProposalAccepted(Proposal(), reason, based),
            29 => new ProposalRejected(Proposal(), reason, based),
            30 => new ClaimRecorded(Words(document, "said")!, $"Claim {step.Words}.", Modality.Asserted, Directness.Indirect, new(Names[step.Pick % Names.Length], null), null, step.Day == 1 ? Statement(step.Pick) : null, rule),
            31 => new QuestionRaised($"Why {step.Words}?", QuestionKind.Unknown, days, span, step.Day == 2 ? Occasion() : null, step.Words % 2 == 0 ? "a reason" : null, rule),
            32 or 33 or 34 => await CorrectAsync(step, known),
            35 => new EntryWithdrawn(Of(step.Pick, step.Day == 0 ? "document.filed" : "document.revised", "claim.linked", "question.resolved", "question.evidence.added", "occasion.moved", "speaker.identified"), reason),
            37 => (step.Day % 4) switch
            {
                0 when step.Words % 2 == 0 => new StoryClosed(reason),
                0 or 1 or 2 => new StoryReopened(reason),
                _ => new StoryChanged($"Story {step.Words}", "hy", ["other"], null),
            },
            38 => new EntryRedacted([new(Any(step.Pick), Part.Body)], "A court", RedactionReason.CourtOrder),
            _ => new OccasionScheduled($"An occasion {step.Words}", null, days, null, null, rule),
        };
    }

    /// <summary>A correction of a document's date, address and publisher, or of a finding's words, speaker, parent, days.</summary>
    private async Task<Body> CorrectAsync(Step step, List<Known> known)
    {
        var correctable = known.Where(entry => entry.Type is "document.filed" or "document.revised" or "quote.recorded" or "claim.recorded" or "question.raised" or "occasion.scheduled").ToList();
        var id = correctable[step.Pick % correctable.Count].Id;
        var speaker = step.Day == 0 ? null : new Speaker(Names[step.Words % Names.Length], null);
        var other = known[step.Words % known.Count].Id;
        Body corrected = (await log.FindAsync(id))!.Body switch
        {
            DocumentFiled filed => Redated(filed),
            DocumentRevised revised => revised with { Document = Redated(revised.Document) },
            QuoteRecorded quote => quote with { Speaker = speaker, Parent = step.Words % 4 == 0 ? other : quote.Parent },
            ClaimRecorded claim => claim with { Speaker = speaker, Statement = $"Corrected {step.Words}.", Parent = step.Words % 4 == 0 ? other : claim.Parent },
            QuestionRaised question => question with { Text = $"What {step.Words}?", Criteria = step.Day % 2 == 0 ? "a sum" : null, Span = step.Day % 4 == 0 ? null : question.Span },
            OccasionScheduled occasion => occasion with { What = $"Corrected {step.Words}", Expected = new DateInterval(Day(step.Day), Day(step.Day + 1)) },
            _ => new NoteAdded(id, "No body to correct."),
        };
        return new EntryCorrected(id, corrected, $"Wrong {step.Words}");

        DocumentFiled Redated(DocumentFiled filed) => filed with
        {
            PublishedAt = step.Day == 0 ? null : new PublicationDate(Day(step.Day)),
            RetrievedAt = null,
            Publisher = $"Publisher {step.Words % 3}",
            Url = step.Words % 2 == 0 ? filed.Url : $"https://example.org/{step.Words % 5}",
        };
    }

    private static StoryCommand.ReviseDocument Revise(Step step, Known document)
    {
        // The words of some findings go, and come back.
        var text = TextOf(step.Words) is var whole && step.Day % 3 == 0 ? whole.Replace("in May", "in June", StringComparison.Ordinal) : whole + " Updated.";
        return new(document.Id, Description(step, null), text, Encoding.UTF8.GetBytes(text));
    }

    private static string TextOf(int words) => $"The mayor of Gyumri {words % 4} said: “We will open the 😀 harbour in May.” Nobody asked who pays.";

    private static Span? Words(Known document, string words) => document.Text!.IndexOf(words, StringComparison.Ordinal) is >= 0 and var start
        ? Span.In(document.Id, document.Text, new TextRange(start, start + words.Length))
        : null;

    private static StoryCommand.FileDocument File(Step step, List<Known> known)
    {
        // Few texts and few publishers, so that some documents are the same and some are the same text elsewhere.
        var text = TextOf(step.Words);
        var translated = step.Pick % 5 == 0 && known.FindLast(entry => entry.Type == "document.filed") is { } document ? document.Id : (EntryId?)null;
        return new(Description(step, translated), text, Encoding.UTF8.GetBytes(text));
    }

    private static DocumentDescription Description(Step step, EntryId? translated)
    {
        var dated = (step.Pick % 4) switch
        {
            0 => (PublicationDate?)null,
            1 => new PublicationDate(new Timestamp(Timestamp.StartOf(Day(step.Day)).Microseconds + step.Words)),
            _ => new PublicationDate(Day(step.Day)),
        };
        var retrieved = step.Pick % 8 == 0 ? Timestamp.StartOf(Day(step.Day)) : (Timestamp?)null;
        return new(
            $"Document {step.Words}", $"Publisher {step.Pick % 3}", null, step.Pick % 2 == 0 ? $"https://example.org/{step.Pick % 5}" : null, null, "en", dated, retrieved, "text/plain", null, translated,
            step.Pick % 7 == 0 ? ["Publisher 1"] : []);
    }

    private static StoryCommand.RecordFindings Find(Step step, Known document, bool complete)
    {
        // A revised text has other words, and not all of them.
        var may = document.Text!.Contains("in May", StringComparison.Ordinal) ? "in May" : "in June";
        Span Words(string words) => History.Words(document, words)!;
        var quote = new ProposedFinding(new QuoteRecorded(
            Words($"We will open the 😀 harbour {may}."), Directness.Direct, new Speaker(step.Pick % 2 == 0 ? "The Mayor" : null, Words("The mayor of Gyumri")), Words("said"), null, "speech"));
        var claim = new ProposedFinding(
            new ClaimRecorded(Words($"the 😀 harbour {may}"), "The harbour opens in May.", Modality.Expected, Directness.Direct, step.Pick % 3 == 0 ? null : new Speaker(null, Words("We")), null, null, "speech"),
            FindingKey.Of(quote.Body));
        var occasion = new ProposedFinding(new OccasionScheduled("open the harbour", "Gyumri", new DateInterval(new(2022, 5, 1), new(2022, 5, 31)), Words("open the 😀 harbour"), Words(may), "date"));
        var question = new ProposedFinding(new QuestionRaised("Who pays?", QuestionKind.Undisclosed, null, Words("Nobody asked who pays."), null, null, "absence"), Occasion: FindingKey.Of(occasion.Body));
        ImmutableArray<ProposedFinding> all = [quote, claim, occasion, question];
        return new(document.Id, new("rules", "1"), [.. all.Take(step.Words % 5)], complete ? new(1, 1, 1, 1) : null);
    }

    private static DateOnly Day(int day) => new DateOnly(2022, 10, 25).AddDays(day);

    private sealed record Known(EntryId Id, string Type, string? Text);
}
