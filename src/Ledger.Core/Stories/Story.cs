using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Stories;

/// <summary>
/// The rules of a story: what each command comes to, given what is recorded already. Pure: the same state, command and context give the same decision.
/// What may be recorded as it is, is ruled in <see cref="StoryRules"/>; what the entries come to is <see cref="StoryState.Evolve(Entry)"/>.
/// </summary>
public static class Story
{
    public static Decision Decide(StoryState story, StoryCommand command, DecisionContext context) => (command, story.Opened) switch
    {
        (OpenStory open, null) => Open(open),
        (OpenStory, { } opened) => Decision.Refuse("story-exists", $"There is a story '{opened.Slug}' already.", "Choose another slug, or record in that story."),
        (RecordBody record, null) when context.Story == StoryId.Reserved => Put(story, record.Body, context),
        (_, null) => new Decision.Refused(LedgerError.NotFound("story-not-found", "There is no such story.", "'ledger stories' lists them.")),
        (FileDocument file, _) => File(story, file),
        (ReviseDocument revise, _) => Revise(story, revise, context),
        (RecordFindings findings, _) => Findings(story, findings, context),
        (RecordBody record, _) => Put(story, record.Body, context),
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

    private static Decision Put(StoryState story, Body body, DecisionContext context) =>
        StoryRules.Check(story, body, context) is { } error ? new Decision.Refused(error) : Decision.Accept(body, StoryRules.CauseOf(body));

    private static Decision File(StoryState story, FileDocument file)
    {
        if (CheckText(story, file.Document, file.Text) is { } refused)
        {
            return refused;
        }

        var filed = Describe(story, file.Document, file.Text, file.Source);
        return story.Documents.ContainsKey(DocumentKey.Of(filed)) ? Decision.Nothing : Accept(filed, null, filed, file.Text, file.Source);
    }

    private static Decision Revise(StoryState story, ReviseDocument revise, DecisionContext context)
    {
        if (StoryRules.CheckDocument(story, revise.Revises) is { } error)
        {
            return new Decision.Refused(error);
        }

        if (CheckText(story, revise.Document, revise.Text) is { } refused)
        {
            return refused;
        }

        if (!story.Sources.ContainsKey(revise.Revises))
        {
            return Decision.Refuse("text-erased", $"What {revise.Revises} recorded was erased; it cannot be told which text it is a revision of.");
        }

        var filed = Describe(story, revise.Document, revise.Text, revise.Source);
        var first = story.FirstText(revise.Revises);
        var texts = story.TextsAt(first).ToList();
        if (texts.Count == 0)
        {
            return Decision.Refuse("text-erased", $"What {revise.Revises} records was erased; what changed cannot be told.");
        }

        // A text that was at the address before and is again is a revision; the newest once more, or one that is filed elsewhere, is none.
        if (story.Documents.TryGetValue(DocumentKey.Of(filed), out var known) && (known == texts[^1] || story.FirstText(known) != first))
        {
            return Decision.Nothing;
        }

        if (texts[^1] != revise.Revises)
        {
            return Decision.Refuse("revised-already", $"{revise.Revises} was revised already.", $"The newest text at its address is {texts[^1]}.");
        }

        if (!context.Texts.ContainsKey(revise.Revises))
        {
            return Decision.Refuse("text-erased", $"The text of {revise.Revises} was erased; what changed cannot be told.");
        }

        // Findings on any earlier text at this address: one that stood in the text between was not recorded there again. One that was orphaned before stays so,
        // and nothing is told of words that were erased.
        var orphaned = story.Orphanable(texts.ToHashSet())
            .Where(finding => story.Find(finding) is { Document: { } document } facts && context.Texts.TryGetValue(document, out var before)
                && !StandsIn(revise.Text, facts.Ranges.Select(range => range.Of(before))))
            .ToList();
        var more = orphaned.Count - DocumentRevised.MaxOrphaned;
        return Accept(new DocumentRevised(revise.Revises, filed, [.. orphaned.Take(DocumentRevised.MaxOrphaned)], more > 0 ? more : null), revise.Revises, filed, revise.Text, revise.Source);
    }

    /// <summary>The documents whose texts a decision needs: for a revision, every earlier text at the address that findings rest on.</summary>
    internal static IEnumerable<EntryId> Cited(StoryState story, StoryCommand command)
    {
        if (command is not ReviseDocument revise || story.Find(revise.Revises) is null)
        {
            return command.Cites;
        }

        var texts = story.TextsAt(story.FirstText(revise.Revises)).ToHashSet();
        return story.Orphanable(texts).Select(finding => story.Find(finding)!.Document!.Value).Append(revise.Revises).Distinct();
    }

    /// <summary>Whether words stand in a text, in their order.</summary>
    private static bool StandsIn(string text, IEnumerable<string> words)
    {
        var from = 0;
        foreach (var exact in words)
        {
            var at = text.IndexOf(exact, from, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            from = at + exact.Length;
        }

        return true;
    }

    private static Decision? CheckText(StoryState story, DocumentDescription document, string text)
    {
        if (story.Closed)
        {
            return new Decision.Refused(StoryRules.Closed);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Decision.Refuse("document-empty", "The document has no words.");
        }

        if (Texts.Problem(text) is { } problem)
        {
            return Decision.Refuse("text-not-valid", problem);
        }

        if (string.IsNullOrWhiteSpace(document.Title))
        {
            return Decision.Refuse("title-missing", "A document needs a title.");
        }

        if (Encoding.UTF8.GetByteCount(text) is var bytes and > Limits.Text)
        {
            return Decision.Refuse(
                "text-too-large", $"The text has {bytes:N0} bytes; at most {Limits.Text:N0} can be filed as one document.", "Split it into the documents it is made of.");
        }

        return document.TranslationOf is { } original && StoryRules.CheckDocument(story, original) is { } error ? new Decision.Refused(error) : null;
    }

    private static DocumentFiled Describe(StoryState story, DocumentDescription document, string text, ReadOnlyMemory<byte> source)
    {
        var hash = new Digest(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new(
            document.Title, document.Publisher, document.Author, document.Url, document.ArchivedUrl, document.Language,
            document.PublishedAt, document.RetrievedAt, hash, text.Length, new Digest(SHA256.HashData(source.Span)), document.MediaType,
            document.Converter, story.Texts.TryGetValue(hash, out var same) ? same : null, document.TranslationOf, document.Sources);
    }

    private static Decision.Accepted Accept(Body body, EntryId? cause, DocumentFiled filed, string text, ReadOnlyMemory<byte> source)
    {
        // Original bytes that are the text need no second copy, and those that are too large are kept by their hash alone.
        var keep = filed.SourceSha256 != filed.TextSha256 && Encoding.UTF8.GetByteCount(text) + source.Length <= Limits.Command - Limits.Body;
        return new([new(body, cause, text, keep ? source : default(ReadOnlyMemory<byte>?))]);
    }

    private static Decision Findings(StoryState story, RecordFindings command, DecisionContext context)
    {
        if (StoryRules.CheckDocument(story, command.Document) is { } error)
        {
            return new Decision.Refused(error);
        }

        if (story.Closed)
        {
            return new Decision.Refused(StoryRules.Closed);
        }

        if (!context.Texts.ContainsKey(command.Document))
        {
            return Decision.Refuse("text-erased", $"The text of document {command.Document} was erased; nothing can be read in it.");
        }

        var entries = ImmutableArray.CreateBuilder<DecidedEntry>();
        var known = story.Findings;
        var first = story.FirstText(command.Document);
        foreach (var finding in command.Findings)
        {
            if (CheckFinding(finding.Body, command.Document, context) is { } doesNotRead)
            {
                return new Decision.Refused(doesNotRead);
            }

            var key = FindingKey.Of(finding.Body);
            if (known.ContainsKey(key))
            {
                continue;
            }

            if (first != command.Document && story.Words.TryGetValue(WordsKey.Of(first, finding.Body), out var appeared) && story.Find(appeared) is { Withdrawn: false } && !story.IsOrphaned(appeared))
            {
                // The words stood in the text before at this address: the same finding, seen again.
                known = known.Add(key, appeared);
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
            // A finding stands on its own words. One whose parent or occasion an editor has taken back is recorded without it rather than refused: reading a document
            // again would otherwise record nothing of it for ever.
            id = found && (story.Find(value)?.Stands ?? true) ? value : null;
            return found;
        }
    }

    private static LedgerError? CheckFinding(Body body, EntryId document, DecisionContext context)
    {
        if (body is not IFinding finding)
        {
            throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "A program finds quotes, claims, questions and occasions.");
        }

        if (finding.Span is null)
        {
            return LedgerError.Refused("span-missing", "What a program finds rests on words of the document.");
        }

        return body.Spans().FirstOrDefault(span => span.Document != document) is { } elsewhere
            ? LedgerError.Refused("span-elsewhere", $"A finding of document {document} rests on words of {elsewhere.Document}.")
            : StoryRules.CheckSpans(body, context);
    }
}
