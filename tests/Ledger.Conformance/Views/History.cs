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
    internal static readonly Gen<Step> Any = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 8], (kind, story, pick, words, day) => new Step(kind, story, pick, words, day));

    public override string ToString() => $"new({Kind}, {Story}, {Pick}, {Words}, {Day})";
}

/// <summary>Plays random steps as real commands through the appender. Steps that the rules refuse are part of it.</summary>
internal sealed class History(ILedgerLog log, ManualClock clock)
{
    private static readonly Recorder Rules = Recorder.Program("rules", "1", "Ada");

    private readonly Appender appender = new(log);
    private readonly Dictionary<StoryId, List<(EntryId Id, string Type, string? Text)>> entries = [];

    internal async Task PlayAsync(Step step)
    {
        clock.Move(TimeSpan.FromSeconds((step.Words % 5) - 1));
        var story = log.Naming.Story($"story-{step.Story}");
        var known = entries.TryGetValue(story, out var list) ? list : entries[story] = [];
        var documents = known.Where(entry => entry.Text is not null).ToList();
        StoryCommand command = (step.Kind, documents.Count) switch
        {
            _ when known.Count == 0 => new StoryCommand.OpenStory($"Story {step.Story}", $"story-{step.Story}", "en", ["tag"]),
            (0 or 1 or 2, _) or (_, 0) => File(step, known),
            (3 or 4 or 5, _) => Find(step, documents[step.Pick % documents.Count], complete: step.Words % 3 == 0),
            (6 or 7, _) => new StoryCommand.RecordBody(new NoteAdded(known[step.Pick % known.Count].Id, $"A note on {step.Pick}")),
            _ => new StoryCommand.RecordBody(new EntryWithdrawn(known[step.Pick % known.Count].Id, $"Wrong {step.Words}")),
        };
        var recorder = command is StoryCommand.RecordFindings ? Rules : Recorder.Person(step.Words % 2 == 0 ? "Ada" : "Սոնա");
        var receipt = await appender.AppendAsync(story, CommandId.New(), recorder, command);
        if (receipt.Error is null)
        {
            known.AddRange(receipt.Value.Entries.Select(entry => (entry.Id, entry.Type, (command as StoryCommand.FileDocument)?.Text)));
        }
    }

    private static StoryCommand.FileDocument File(Step step, List<(EntryId Id, string Type, string? Text)> known)
    {
        // Few texts and few publishers, so that some documents are the same and some are the same text elsewhere.
        var text = $"The mayor of Gyumri {step.Words % 4} said: “We will open the 😀 harbour in May.” Nobody asked who pays.";
        var dated = (step.Pick % 4) switch
        {
            0 => (PublicationDate?)null,
            1 => new PublicationDate(new Timestamp(Timestamp.StartOf(Day(step.Day)).Microseconds + step.Words)),
            _ => new PublicationDate(Day(step.Day)),
        };
        var retrieved = step.Pick % 8 == 0 ? Timestamp.StartOf(Day(step.Day)) : (Timestamp?)null;
        var translated = step.Pick % 5 == 0 && known.FindLast(entry => entry.Type == "document.filed") is { Text: not null } document ? document.Id : (EntryId?)null;
        return new(
            new($"Document {step.Words}", $"Publisher {step.Pick % 3}", null, step.Pick % 2 == 0 ? $"https://example.org/{step.Pick % 5}" : null, null, "en", dated, retrieved, "text/plain", null, translated, []),
            text, Encoding.UTF8.GetBytes(text));
    }

    private static StoryCommand.RecordFindings Find(Step step, (EntryId Id, string Type, string? Text) document, bool complete)
    {
        var text = document.Text!;
        Span Words(string words) => Span.In(document.Id, text, new TextRange(text.IndexOf(words, StringComparison.Ordinal), text.IndexOf(words, StringComparison.Ordinal) + words.Length));
        var quote = new ProposedFinding(new QuoteRecorded(
            Words("We will open the 😀 harbour in May."), Directness.Direct, new Speaker(step.Pick % 2 == 0 ? "The Mayor" : null, Words("The mayor of Gyumri")), Words("said"), null, "speech"));
        var claim = new ProposedFinding(
            new ClaimRecorded(Words("the 😀 harbour in May"), "The harbour opens in May.", Modality.Expected, Directness.Direct, step.Pick % 3 == 0 ? null : new Speaker(null, Words("We")), null, null, "speech"),
            FindingKey.Of(quote.Body));
        var occasion = new ProposedFinding(new OccasionScheduled("open the harbour", "Gyumri", new DateInterval(new(2022, 5, 1), new(2022, 5, 31)), Words("open the 😀 harbour"), Words("in May"), "date"));
        var question = new ProposedFinding(new QuestionRaised("Who pays?", QuestionKind.Undisclosed, null, Words("Nobody asked who pays."), null, null, "absence"), Occasion: FindingKey.Of(occasion.Body));
        ImmutableArray<ProposedFinding> all = [quote, claim, occasion, question];
        return new(document.Id, new("rules", "1"), [.. all.Take(step.Words % 5)], complete ? new(1, 1, 1, 1) : null);
    }

    private static DateOnly Day(int day) => new DateOnly(2022, 10, 25).AddDays(day);
}
