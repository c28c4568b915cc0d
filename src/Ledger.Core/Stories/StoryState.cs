using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;

namespace Ledger.Core.Stories;

/// <summary>
/// What a story's entries come to, for deciding and for views: which entries there are, what they refer to, which of them count, when they count as published.
/// It never holds texts. Immutable; folding the same entries comes to the same facts.
/// </summary>
public sealed record StoryState
{
    public static StoryState Empty { get; } = new();

    /// <summary>The revision of the last entry; −1 before the first.</summary>
    public long Revision { get; init; } = -1;

    /// <summary>How the story was opened; null for a story that does not exist, and for the reserved one.</summary>
    public StoryOpened? Opened { get; init; }

    public bool Closed { get; init; }

    /// <summary>Every entry of the story.</summary>
    public ImmutableDictionary<EntryId, EntryFacts> Entries { get; init; } = ImmutableDictionary<EntryId, EntryFacts>.Empty;

    /// <summary>Documents by what makes them the same document: the text's hash and where it was published.</summary>
    public ImmutableDictionary<DocumentKey, EntryId> Documents { get; init; } = ImmutableDictionary<DocumentKey, EntryId>.Empty;

    /// <summary>A document that stands with each text: the first, until it is withdrawn.</summary>
    public ImmutableDictionary<Digest, EntryId> Texts { get; init; } = ImmutableDictionary<Digest, EntryId>.Empty;

    /// <summary>The newest text at each address.</summary>
    public ImmutableDictionary<string, EntryId> Addresses { get; init; } = ImmutableDictionary<string, EntryId>.Empty;

    /// <summary>Where each document comes from.</summary>
    public ImmutableDictionary<EntryId, SourceFacts> Sources { get; init; } = ImmutableDictionary<EntryId, SourceFacts>.Empty;

    /// <summary>Programs' findings, by what makes them the same.</summary>
    public ImmutableDictionary<FindingKey, EntryId> Findings { get; init; } = ImmutableDictionary<FindingKey, EntryId>.Empty;

    /// <summary>Programs' findings by their words, for the texts that come after at the same address.</summary>
    public ImmutableDictionary<WordsKey, EntryId> Words { get; init; } = ImmutableDictionary<WordsKey, EntryId>.Empty;

    /// <summary>Documents that were read to their end.</summary>
    public ImmutableHashSet<EntryId> Extracted { get; init; } = [];

    /// <summary>What a rule needs to know of each question.</summary>
    public ImmutableDictionary<EntryId, QuestionFacts> Questions { get; init; } = ImmutableDictionary<EntryId, QuestionFacts>.Empty;

    public Links Links { get; init; } = Links.None;

    public SpeakerNames Speakers { get; init; } = SpeakerNames.None;

    /// <summary>In the reserved story: the keys that checkpoints are signed with now.</summary>
    public ImmutableHashSet<Digest> Keys { get; init; } = [];

    /// <summary>The facts of an entry; null when it is not in this story.</summary>
    public EntryFacts? Find(EntryId id) => Entries.GetValueOrDefault(id);

    /// <summary>The state after one more entry.</summary>
    public StoryState Evolve(Entry entry) =>
        Evolve(entry.Id, entry.Envelope.Type, entry.Body, entry.Envelope.RecordedBy.Kind, entry.Envelope.RecordedAt);

    /// <summary>The state after one more entry, which may not have its place in the ledger yet.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="type">Its type.</param>
    /// <param name="body">Its body; null when it was erased.</param>
    /// <param name="by">What kind of recorder appends it.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    public StoryState Evolve(EntryId id, string type, Body? body, RecorderKind by, Timestamp recordedAt)
    {
        var next = this with { Revision = Revision + 1, Entries = Entries.Add(id, FactsOf(id, type, body, by, recordedAt)) };
        return body switch
        {
            StoryOpened opened => next with { Opened = opened },
            StoryClosed => next with { Closed = true },
            StoryReopened => next with { Closed = false },
            DocumentFiled filed => next.File(id, filed, id),
            DocumentRevised revised => next.File(id, revised.Document, Sources.TryGetValue(revised.Revises, out var source) ? source.First : revised.Revises),
            ExtractionCompleted completed => next with { Extracted = Extracted.Add(completed.Document) },
            QuoteRecorded or ClaimRecorded or OccasionScheduled => next.Found(id, body),
            QuestionRaised raised => next.Found(id, body) with { Questions = Questions.SetItem(id, new(raised.Criteria is not null, null)) },
            ClaimLinked link => next with { Links = Links.Add(id, new(link.From, link.To, link.Relation)) },
            QuestionRestated restated => next.Question(restated.Question, facts => facts with { HasCriteria = restated.Criteria is not null }),
            QuestionResolved resolved => next.Question(resolved.Question, facts => facts with { Outcome = resolved.Outcome }),
            QuestionReopened reopened => next.Question(reopened.Question, facts => facts with { Outcome = null }),
            ISpeakerNames word => (next with { Speakers = Speakers.Say(id, word) }).SettleSpeakers(),
            ProposalAccepted accepted => next.Change(accepted.Proposal, facts => facts with { Decided = ProposalState.Accepted }),
            ProposalRejected rejected => next.Change(rejected.Proposal, facts => facts with { Decided = ProposalState.Rejected }),
            EntryWithdrawn withdrawn => next.Withdraw(withdrawn.Entry),
            EntryCorrected corrected => next.Correct(corrected.Entry, corrected.Corrected),
            LedgerOpened opened => next with { Keys = Keys.Add(opened.PublicKey) },
            LedgerKeyAdded added => next with { Keys = Keys.Add(added.PublicKey) },
            LedgerKeyRetired retired => next with { Keys = Keys.Remove(retired.PublicKey) },
            _ => next,
        };
    }

    private EntryFacts FactsOf(EntryId id, string type, Body? body, RecorderKind by, Timestamp recordedAt)
    {
        var own = PublishedTime.Own(body, recordedAt);
        ImmutableArray<EntryId> refers = body is null ? [] : [.. body.References().Select(reference => reference.Entry)];
        var subject = SubjectOf(body);
        return new(type, Revision + 1, by, DocumentOf(id, type, body), PublishedOf(type, own, refers, subject))
        {
            Own = own,
            Refers = refers,
            Subject = subject,
            Ranges = body is IFinding { Span: { } span } ? span.Ranges : [],
            Speaker = SpeakerOf(body),
        };
    }

    /// <summary>When an entry counts as published. A document is withdrawn with what was found in it, so not before the last of that was published.</summary>
    private Timestamp PublishedOf(string type, Timestamp own, ImmutableArray<EntryId> refers, EntryId? subject)
    {
        var published = PublishedTime.Latest(this, own, refers);
        return type == "entry.withdrawn" && subject is { } id && Find(id) is { Document: { } document } && document == id
            ? FindingsOf(id).Aggregate(published, (latest, finding) => Timestamp.Max(latest, finding.Value.Published))
            : published;
    }

    private IEnumerable<KeyValuePair<EntryId, EntryFacts>> FindingsOf(EntryId document) =>
        Entries.Where(pair => pair.Value.Document == document && pair.Key != document && EntryKinds.IsFinding(pair.Value.Type));

    private static EntryId? DocumentOf(EntryId id, string type, Body? body) => body switch
    {
        _ when EntryKinds.IsDocument(type) => id,
        IFinding { Span: { } span } => span.Document,
        ExtractionCompleted completed => completed.Document,
        _ => null,
    };

    private static string? SpeakerOf(Body? body) => body switch
    {
        QuoteRecorded { Speaker: { } speaker } => speaker.Name ?? speaker.Written?.Words,
        ClaimRecorded { Speaker: { } speaker } => speaker.Name ?? speaker.Written?.Words,
        _ => null,
    };

    private EntryId? SubjectOf(Body? body) => body switch
    {
        QuestionRestated restated => restated.Question,
        QuestionEvidenceAdded evidence => evidence.Question,
        AnswerProposed answer => answer.Question,
        QuestionResolved resolved => resolved.Question,
        QuestionReopened reopened => reopened.Question,
        IOccasionChange change => change.Occasion,
        AnswerObjected objected => SubjectOrSelf(objected.Answer),
        ProposalAccepted accepted => SubjectOrSelf(accepted.Proposal),
        ProposalRejected rejected => SubjectOrSelf(rejected.Proposal),
        NoteAdded note => SubjectOrSelf(note.On),
        EntryWithdrawn withdrawn => SubjectOrSelf(withdrawn.Entry),
        EntryCorrected corrected => SubjectOrSelf(corrected.Entry),
        _ => null,
    };

    private EntryId SubjectOrSelf(EntryId id) => Find(id)?.Subject ?? id;

    private StoryState File(EntryId id, DocumentFiled filed, EntryId first) => this with
    {
        Documents = Documents.SetItem(DocumentKey.Of(filed), id),
        Texts = Texts.ContainsKey(filed.TextSha256) ? Texts : Texts.Add(filed.TextSha256, id),
        Addresses = filed.Url is { } url ? Addresses.SetItem(url, id) : Addresses,
        Sources = Sources.SetItem(id, new(first, filed.TextSha256, filed.Publisher, filed.Sources)),
    };

    private StoryState Found(EntryId id, Body body)
    {
        var next = Tally(id, 1);
        if (body is not IFinding { Span: { } span, Rule: not null })
        {
            return next;
        }

        return next with
        {
            Findings = Findings.SetItem(FindingKey.Of(body), id),
            Words = Words.SetItem(WordsKey.Of(FirstText(span.Document), body), id),
        };
    }

    /// <summary>The first text at a document's address.</summary>
    internal EntryId FirstText(EntryId document) => Sources.TryGetValue(document, out var source) ? source.First : document;

    private StoryState Question(EntryId question, Func<QuestionFacts, QuestionFacts> change) =>
        Questions.TryGetValue(question, out var facts) ? this with { Questions = Questions.SetItem(question, change(facts)) } : this;

    /// <summary>Changes the facts of an entry, and what follows from whether it stands and counts.</summary>
    private StoryState Change(EntryId id, Func<EntryFacts, EntryFacts> change)
    {
        if (Find(id) is not { } before)
        {
            return this;
        }

        var after = change(before);
        var next = this with { Entries = Entries.SetItem(id, after) };
        if (before.Stands != after.Stands && EntryKinds.IsStatement(after.Type))
        {
            next = next.Tally(id, after.Stands ? 1 : -1);
        }

        return after.Type is "speaker.identified" or "speaker.separated" ? next.SettleSpeakers() : next;
    }

    private StoryState Withdraw(EntryId id)
    {
        if (Find(id) is not { Withdrawn: false } facts)
        {
            return this;
        }

        var next = Change(id, before => before with { Withdrawn = true });
        if (facts.Type == "question.resolved" && facts.Subject is { } question)
        {
            return next.Question(question, before => before with { Outcome = null });
        }

        if (facts.Document != id)
        {
            return next;
        }

        foreach (var (finding, _) in FindingsOf(id))
        {
            next = next.Change(finding, before => before with { Withdrawn = true });
        }

        // A withdrawn document may be filed again; until then, a copy that stands is the one that others are copies of.
        var documents = Documents.RemoveRange(Documents.Where(pair => pair.Value == id).Select(pair => pair.Key));
        var text = Sources.TryGetValue(id, out var source) ? source.Text : (Digest?)null;
        var copy = documents.Where(pair => pair.Key.TextSha256 == text).Select(pair => (EntryId?)pair.Value).MinBy(copy => copy!.Value.Value);
        return next with
        {
            Documents = documents,
            Addresses = Addresses.RemoveRange(Addresses.Where(pair => pair.Value == id).Select(pair => pair.Key)),
            Texts = text is not { } hash || Texts.GetValueOrDefault(hash) != id ? Texts : copy is { } standing ? Texts.SetItem(hash, standing) : Texts.Remove(hash),
        };
    }

    /// <summary>What an entry should have recorded takes the place of what it did, and whatever refers to it is published when it then is.</summary>
    private StoryState Correct(EntryId id, Body corrected)
    {
        if (Find(id) is not { } facts)
        {
            return this;
        }

        var counted = EntryKinds.IsStatement(facts.Type) && facts.Stands;
        var next = counted ? Tally(id, -1) : this;
        next = next with
        {
            Entries = next.Entries.SetItem(id, facts with
            {
                Document = DocumentOf(id, facts.Type, corrected),
                Own = PublishedTime.Own(corrected, facts.Own),
                Refers = [.. corrected.References().Select(reference => reference.Entry)],
                Ranges = corrected is IFinding { Span: { } span } ? span.Ranges : [],
                Speaker = SpeakerOf(corrected),
            }),
        };
        next = counted ? next.Tally(id, 1) : next;
        var filed = corrected as DocumentFiled ?? (corrected as DocumentRevised)?.Document;
        if (filed is not null && next.Sources.TryGetValue(id, out var source))
        {
            next = next with
            {
                Documents = next.Documents.SetItem(DocumentKey.Of(filed), id),
                Addresses = filed.Url is { } url ? next.Addresses.SetItem(url, id) : next.Addresses,
                Sources = next.Sources.SetItem(id, source with { Publisher = filed.Publisher, Sources = filed.Sources }),
            };
        }

        return next.Republish(facts.Revision);
    }

    /// <summary>Published times anew, from a revision on: each follows from those before it.</summary>
    private StoryState Republish(long from)
    {
        var next = this;
        foreach (var (id, facts) in Entries.Where(pair => pair.Value.Revision >= from).OrderBy(pair => pair.Value.Revision))
        {
            var published = next.PublishedOf(facts.Type, facts.Own, facts.Refers, facts.Subject);
            if (published != facts.Published)
            {
                next = next with { Entries = next.Entries.SetItem(id, facts with { Published = published }) };
            }
        }

        return next;
    }

    private StoryState Tally(EntryId id, int change) =>
        Find(id) is { Speaker: { } speaker } facts ? this with { Speakers = Speakers.Count(speaker, facts.Type == "quote.recorded", change) } : this;

    private StoryState SettleSpeakers() => this with { Speakers = Speakers.Settle(id => Find(id) is { Counts: true }) };
}

/// <summary>What a rule needs to know of a question.</summary>
/// <param name="HasCriteria">Whether an editor has set what would count as an answer.</param>
/// <param name="Outcome">How it is resolved; null while it is open.</param>
public sealed record QuestionFacts(bool HasCriteria, QuestionOutcome? Outcome);

/// <summary>What makes two filings the same document: the same text at the same url or, where there is none, from the same publisher.</summary>
public readonly record struct DocumentKey(Digest TextSha256, string? Url, string? Publisher)
{
    public static DocumentKey Of(DocumentFiled filed) => Of(filed.TextSha256, filed.Url, filed.Publisher);

    public static DocumentKey Of(Digest text, string? url, string? publisher) => new(text, url, url is null ? publisher : null);
}

/// <summary>What makes a finding in a changed text an appearance of one in the text before: its type and its words, at the same address.</summary>
public readonly record struct WordsKey(string Type, EntryId First, Digest Words)
{
    internal static WordsKey Of(EntryId first, Body body) => body is IFinding { Span: { } span }
        ? new(BodyTypes.Of(body).Name, first, new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', span.Exact)))))
        : throw new ArgumentException("Only a finding that rests on words has a key.", nameof(body));
}
