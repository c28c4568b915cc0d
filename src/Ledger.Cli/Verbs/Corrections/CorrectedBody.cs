using System.Collections.Immutable;
using System.CommandLine;
using Ledger.Core;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary>A recorded body with the fields that an editor names put right.</summary>
internal static class CorrectedBody
{
    private static readonly Option<string?> Text = Field("--text", "A question's text.");
    private static readonly Option<string?> What = Field("--what", "An occasion's event.");
    private static readonly Option<string?> Title = Field("--title", "A document's title.");
    private static readonly Option<string?> Publisher = Field("--publisher", "Who published a document.");
    private static readonly Option<string?> Author = Field("--author", "Who wrote a document.");
    private static readonly Option<string?> Url = Field("--url", "Where a document was published.");
    private static readonly Option<string?> ArchivedUrl = Field("--archived-url", "Where a copy of a document is kept.");
    private static readonly Option<string?> Language = Field("--language", "A document's language, as a BCP 47 tag.");
    private static readonly Option<string?> Date = Field("--date", "When a document says it was published: a day or a time.");
    private static readonly Option<string[]> Sources = new("--source") { Description = "What a document says it rests on. More than once for several.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Directness = DeskOptions.Choice<Directness>("--directness", "How the words of a quote or claim stand there");

    private static readonly ImmutableArray<Option> OfQuote =
        [Attributed.Speaker, Attributed.SpeakerWords, Attributed.Cue, Attributed.Parent, Directness, PickedWords.Words, PickedWords.Nth];

    private static readonly ImmutableArray<Option> OfClaim = [RecordClaim.Statement, RecordClaim.Modality, .. OfQuote];

    private static readonly ImmutableArray<Option> OfQuestion =
        [Text, DeskOptions.Kind, DeskOptions.Expected, DeskOptions.Criteria, RecordQuestion.Occasion, PickedWords.Words, PickedWords.Nth];

    private static readonly ImmutableArray<Option> OfOccasion =
        [What, RecordOccasion.Where, DeskOptions.Expected, RecordOccasion.When, PickedWords.Words, PickedWords.Nth];

    private static readonly ImmutableArray<Option> OfDocument = [Title, Publisher, Author, Url, ArchivedUrl, Language, Date, Sources];

    internal static IEnumerable<Option> Options { get; } = OfClaim.Concat(OfQuestion).Concat(OfOccasion).Concat(OfDocument).Distinct();

    /// <summary>The fields that may be taken away.</summary>
    internal static IReadOnlyCollection<Option> MayBeEmpty { get; } =
    [
        Attributed.Speaker, Attributed.SpeakerWords, Attributed.Cue, Attributed.Parent, DeskOptions.Expected, DeskOptions.Criteria, RecordQuestion.Occasion, RecordOccasion.Where, RecordOccasion.When,
        Publisher, Author, Url, ArchivedUrl, Language, Date, Sources,
    ];

    /// <exception cref="UsageException">A field is named that what was recorded does not have.</exception>
    internal static async Task<Body> OfAsync(Run run, Session session, Body body)
    {
        Check(run, body);
        var words = await WordsAsync(run, session, body).ConfigureAwait(false);
        return body switch
        {
            QuoteRecorded quote => quote with
            {
                Span = words?.Picked?.Span ?? quote.Span,
                Directness = run.Chosen<Directness>(Directness) ?? quote.Directness,
                Speaker = SpeakerOf(run, words, quote.Speaker),
                Cue = Beside(run, Attributed.Cue, words, quote.Cue),
                Parent = await IdAsync(run, session, Attributed.Parent, quote.Parent).ConfigureAwait(false),
            },
            ClaimRecorded claim => claim with
            {
                Span = words?.Picked?.Span ?? claim.Span,
                Statement = run.Get(RecordClaim.Statement) ?? claim.Statement,
                Modality = run.Chosen<Modality>(RecordClaim.Modality) ?? claim.Modality,
                Directness = run.Chosen<Directness>(Directness) ?? claim.Directness,
                Speaker = SpeakerOf(run, words, claim.Speaker),
                Cue = Beside(run, Attributed.Cue, words, claim.Cue),
                Parent = await IdAsync(run, session, Attributed.Parent, claim.Parent).ConfigureAwait(false),
            },
            QuestionRaised question => question with
            {
                Span = words?.Picked?.Span ?? question.Span,
                Text = run.Get(Text) ?? question.Text,
                Kind = run.Chosen<QuestionKind>(DeskOptions.Kind) ?? question.Kind,
                Expected = Days(run, question.Expected),
                Criteria = Words(run, DeskOptions.Criteria, question.Criteria),
                Occasion = await IdAsync(run, session, RecordQuestion.Occasion, question.Occasion).ConfigureAwait(false),
            },
            OccasionScheduled occasion => occasion with
            {
                Span = words?.Picked?.Span ?? occasion.Span,
                What = run.Get(What) ?? occasion.What,
                Where = Words(run, RecordOccasion.Where, occasion.Where),
                Expected = Days(run, occasion.Expected),
                When = Beside(run, RecordOccasion.When, words, occasion.When),
            },
            DocumentFiled filed => Describe(run, filed),
            DocumentRevised revised => Describe(run, revised.Document) is var right && right == revised.Document ? revised : revised with { Document = right },
            _ => throw new LedgerException(LedgerError.Refused(
                "not-correctable", $"An entry of type {BodyTypes.Of(body).Name} cannot be corrected.", "Documents and findings can; withdraw others and record them anew.")),
        };
    }

    private static void Check(Run run, Body body)
    {
        var (what, takes) = body switch
        {
            QuoteRecorded => ("quote", OfQuote),
            ClaimRecorded => ("claim", OfClaim),
            QuestionRaised => ("question", OfQuestion),
            OccasionScheduled => ("occasion", OfOccasion),
            DocumentFiled or DocumentRevised => ("document", OfDocument),
            _ => ("", [.. Options]),
        };
        if (Options.Except(takes).FirstOrDefault(option => run.Parsed.GetResult(option) is not null) is { } other)
        {
            throw new UsageException($"A {what} has no {other.Name}.", $"It has {string.Join(", ", takes.Where(option => option != PickedWords.Nth).Select(option => option.Name))}.");
        }
    }

    private static DocumentFiled Describe(Run run, DocumentFiled filed) => filed with
    {
        Title = run.Get(Title) ?? filed.Title,
        Publisher = Words(run, Publisher, filed.Publisher),
        Author = Words(run, Author, filed.Author),
        Url = Words(run, Url, filed.Url),
        ArchivedUrl = Words(run, ArchivedUrl, filed.ArchivedUrl),
        Language = Words(run, Language, filed.Language),
        PublishedAt = run.Get(Date) switch
        {
            null => filed.PublishedAt,
            "" => null,
            var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) => new(day),
            var text => new(AsOfOptions.Time(Date.Name, text, endOfDay: false)),
        },
        Sources = run.Get(Sources) is { Length: > 0 } sources ? [.. sources.Where(source => source.Length > 0)] : filed.Sources,
    };

    /// <summary>The document that is read, where a field is words of it; and the words, where they are picked anew.</summary>
    private static async Task<(ReadDocument Document, PickedWords Around, PickedWords? Picked)?> WordsAsync(Run run, Session session, Body body)
    {
        Option<string?>[] inside = [Attributed.SpeakerWords, Attributed.Cue, RecordOccasion.When];
        var picks = run.Get(PickedWords.Words) is { Length: > 0 };
        if (!picks && !inside.Any(option => run.Get(option) is { Length: > 0 }))
        {
            return null;
        }

        if (body is not IFinding { Span: { } span })
        {
            throw new UsageException("It rests on no words of a document.", "Withdraw it, and record it with --in and --words.");
        }

        var document = await ReadDocument.LoadAsync(session, span.Document.ToString(), run.Cancellation).ConfigureAwait(false);
        var picked = picks ? PickedWords.Pick(document, run.Get(PickedWords.Words)!, run.Get(PickedWords.Nth)) : null;
        return (document, picked ?? new(document, span), picked);
    }

    private static Speaker? SpeakerOf(Run run, (ReadDocument Document, PickedWords Around, PickedWords? Picked)? words, Speaker? recorded)
    {
        var speaker = new Speaker(Words(run, Attributed.Speaker, recorded?.Name), Beside(run, Attributed.SpeakerWords, words, recorded?.Written));
        return speaker switch { { Name: null, Written: null } => null, _ when speaker == recorded => recorded, _ => speaker };
    }

    private static Span? Beside(Run run, Option<string?> option, (ReadDocument Document, PickedWords Around, PickedWords? Picked)? words, Span? recorded) => run.Get(option) switch
    {
        null => recorded,
        "" => null,
        var text => words!.Value.Around.Beside(text),
    };

    private static string? Words(Run run, Option<string?> option, string? recorded) => run.Get(option) switch { null => recorded, "" => null, var text => text };

    private static DateInterval? Days(Run run, DateInterval? recorded) => run.Get(DeskOptions.Expected) is null ? recorded : run.Days(DeskOptions.Expected);

    private static async Task<EntryId?> IdAsync(Run run, Session session, Option<string?> option, EntryId? recorded) => run.Get(option) switch
    {
        null => recorded,
        "" => null,
        var text => await session.EntryAsync(text, run.Cancellation).ConfigureAwait(false),
    };

    private static Option<string?> Field(string name, string about) => new(name) { Description = about, HelpName = "TEXT" };
}
