using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Stories;

/// <summary>
/// The rules of a story: what each command comes to, given what is recorded already. Pure: the same state, command and context give the same decision.
/// A new rule is a case here; what the entries come to is <see cref="StoryState.Evolve(Entry)"/>.
/// </summary>
public static class Story
{
    public static Decision Decide(StoryState story, StoryCommand command, DecisionContext context) => (command, story.Opened) switch
    {
        (OpenStory open, null) => Open(open),
        (OpenStory open, { } opened) => Decision.Refuse("story-exists", $"There is a story '{opened.Slug}' already.", "Choose another slug, or record in that story."),
        (_, null) => new Decision.Refused(LedgerError.NotFound("story-not-found", "There is no such story.", "'ledger stories' lists them.")),
        (FileDocument file, _) => File(story, file),
        (RecordFindings findings, _) => Record(story, findings, context),
        (AddNote note, _) => Note(story, note),
        (Withdraw withdraw, _) => Withdraw(story, withdraw),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "There is no rule for this command."),
    };

    private static Decision Open(OpenStory open)
    {
        if (!Slug.IsValid(open.Slug))
        {
            return Decision.Refuse(
                "slug-not-valid", $"'{open.Slug}' cannot name a story.", $"A slug is lower-case letters and digits in groups joined by hyphens, at most {Slug.MaxLength}: '{Slug.From(open.Slug)}'.");
        }

        return string.IsNullOrWhiteSpace(open.Title)
            ? Decision.Refuse("title-missing", "A story needs a title.")
            : Decision.Accept(new StoryOpened(open.Title, open.Slug, open.Language, open.Tags));
    }

    private static Decision File(StoryState story, FileDocument file)
    {
        var document = file.Document;
        if (string.IsNullOrWhiteSpace(file.Text))
        {
            return Decision.Refuse("document-empty", "The document has no words.");
        }

        if (Texts.Problem(file.Text) is { } problem)
        {
            return Decision.Refuse("text-not-valid", problem);
        }

        if (string.IsNullOrWhiteSpace(document.Title))
        {
            return Decision.Refuse("title-missing", "A document needs a title.");
        }

        var bytes = Encoding.UTF8.GetBytes(file.Text);
        if (bytes.Length > Limits.Text)
        {
            return Decision.Refuse(
                "text-too-large", $"The text has {bytes.Length:N0} bytes; at most {Limits.Text:N0} can be filed as one document.", "Split it into the documents it is made of.");
        }

        var hash = new Digest(SHA256.HashData(bytes));
        if (story.Documents.ContainsKey(DocumentKey.Of(hash, document.Url, document.Publisher)))
        {
            return Decision.Nothing;
        }

        if (document.TranslationOf is { } original && Check(story, original, "document.filed") is { } refused)
        {
            return refused;
        }

        var filed = new DocumentFiled(
            document.Title, document.Publisher, document.Author, document.Url, document.ArchivedUrl, document.Language,
            document.PublishedAt, document.RetrievedAt, hash, file.Text.Length, new Digest(SHA256.HashData(file.Source.Span)), document.MediaType,
            document.Converter, story.Texts.TryGetValue(hash, out var same) ? same : null, document.TranslationOf, document.Sources);
        // Original bytes that are the text need no second copy, and those that are too large are kept by their hash alone.
        var keepSource = !file.Source.Span.SequenceEqual(bytes) && bytes.Length + file.Source.Length <= Limits.Command - Limits.Body;
        return new Decision.Accepted([new(filed, null, file.Text, keepSource ? file.Source : null)]);
    }

    private static Decision Record(StoryState story, RecordFindings command, DecisionContext context)
    {
        if (Check(story, command.Document, "document.filed") is { } refused)
        {
            return refused;
        }

        if (!context.Texts.TryGetValue(command.Document, out var text))
        {
            return Decision.Refuse("text-erased", $"The text of document {command.Document} was erased; nothing can be read in it.");
        }

        var entries = ImmutableArray.CreateBuilder<DecidedEntry>();
        var known = story.Findings;
        foreach (var finding in command.Findings)
        {
            if (CheckSpans(finding.Body, command.Document, text) is { } doesNotRead)
            {
                return doesNotRead;
            }

            var key = FindingKey.Of(finding.Body);
            if (known.ContainsKey(key))
            {
                continue;
            }

            EntryId? parent = null, occasion = null;
            if ((finding.Parent is { } parentKey && !Resolve(parentKey, out parent)) || (finding.Occasion is { } occasionKey && !Resolve(occasionKey, out occasion)))
            {
                return Decision.Refuse("finding-refers-forward", $"A finding at {key.Ranges} refers to one that is not recorded before it.");
            }

            var id = EntryId.For(context.Story, context.Command, entries.Count);
            entries.Add(new(
                finding.Body switch
                {
                    QuoteRecorded quote => quote with { Parent = parent },
                    ClaimRecorded claim => claim with { Parent = parent },
                    QuestionRaised question => question with { Occasion = occasion, Criteria = null },
                    var body => body,
                },
                command.Document));
            known = known.Add(key, id);
        }

        if (command.Completed is { } counts && !story.Extracted.Contains(command.Document))
        {
            entries.Add(new(new ExtractionCompleted(command.Document, command.Extractor, counts), command.Document));
        }

        return new Decision.Accepted(entries.ToImmutable());

        bool Resolve(FindingKey reference, out EntryId? id)
        {
            var found = known.TryGetValue(reference, out var value);
            id = value;
            return found;
        }
    }

    private static Decision Note(StoryState story, AddNote note)
    {
        if (string.IsNullOrWhiteSpace(note.Text))
        {
            return Decision.Refuse("note-empty", "A note needs words.");
        }

        return Texts.Problem(note.Text) is { } problem ? Decision.Refuse("text-not-valid", problem)
            : story.Find(note.On) is null ? Missing(note.On)
            : Decision.Accept(new NoteAdded(note.On, note.Text), note.On);
    }

    private static Decision Withdraw(StoryState story, Withdraw withdraw)
    {
        if (string.IsNullOrWhiteSpace(withdraw.Reason))
        {
            return Decision.Refuse("reason-missing", "A withdrawal needs a reason.", "Say what was wrong with --reason.");
        }

        return Texts.Problem(withdraw.Reason) is { } problem ? Decision.Refuse("text-not-valid", problem)
            : story.Find(withdraw.Entry) switch
            {
                null => Missing(withdraw.Entry),
                { Withdrawn: true } => Decision.Refuse("already-withdrawn", $"{withdraw.Entry} is withdrawn already."),
                { Type: "document.filed" or "quote.recorded" or "claim.recorded" or "question.raised" or "occasion.scheduled" or "note.added" } =>
                    Decision.Accept(new EntryWithdrawn(withdraw.Entry, withdraw.Reason), withdraw.Entry),
                { Type: var type } => Decision.Refuse(
                    "not-withdrawable", $"An entry of type {type} cannot be withdrawn.", "Documents, quotes, claims, questions, occasions and notes can."),
            };
    }

    /// <summary>An entry that a command rests on: in the story, of the type, and not withdrawn.</summary>
    private static Decision? Check(StoryState story, EntryId id, string type) => story.Find(id) switch
    {
        null => Missing(id),
        { Withdrawn: true } => Decision.Refuse("withdrawn", $"{id} was withdrawn; nothing new can rest on it."),
        { Type: var found } when found != type => Decision.Refuse("wrong-type", $"{id} is a {found}, not a {type}."),
        _ => null,
    };

    private static Decision? CheckSpans(Body body, EntryId document, string text)
    {
        if (body is not IFinding finding)
        {
            throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "A program records quotes, claims, questions and occasions.");
        }

        if (finding.Span is null)
        {
            return Decision.Refuse("span-missing", "What a program finds rests on words of the document.");
        }

        foreach (var span in body.Spans())
        {
            if (span.Document != document)
            {
                return Decision.Refuse("span-elsewhere", $"A finding of document {document} rests on words of {span.Document}.");
            }

            if (span.Check(text) is { } problem)
            {
                return Decision.Refuse("span-does-not-read", problem);
            }
        }

        return null;
    }

    private static Decision.Refused Missing(EntryId id) =>
        new(LedgerError.NotFound("entry-not-found", $"There is no entry {id} in this story."));
}
