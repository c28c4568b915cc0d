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

    /// <summary>Documents by what made them the same document before they were withdrawn, or put right.</summary>
    public ImmutableDictionary<DocumentKey, EntryId> Former { get; init; } = ImmutableDictionary<DocumentKey, EntryId>.Empty;

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

    /// <summary>The entry that added each evidence to its question last.</summary>
    public ImmutableDictionary<(EntryId Question, EntryId Evidence), EntryId> Evidence { get; init; } = ImmutableDictionary<(EntryId, EntryId), EntryId>.Empty;

    public Links Links { get; init; } = Links.None;

    public SpeakerNames Speakers { get; init; } = SpeakerNames.None;

    /// <summary>The entries whose published time the last entry moved, by a correction.</summary>
    internal ImmutableArray<EntryId> Moved { get; init; } = [];

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
        var next = this with { Revision = Revision + 1, Entries = Entries.Add(id, FactsOf(id, type, body, by, recordedAt)), Moved = [] };
        return body switch
        {
            StoryOpened opened => next with { Opened = opened },
            StoryClosed => next with { Closed = true },
            StoryReopened => next with { Closed = false },
            DocumentFiled filed => next.File(id, filed, id),
            DocumentRevised revised => next.File(id, revised.Document, Sources.TryGetValue(revised.Revises, out var source) ? source.First : revised.Revises).Orphan(id, revised.Orphaned),
            ExtractionCompleted completed => next with { Extracted = Extracted.Add(completed.Document) },
            QuoteRecorded or ClaimRecorded or OccasionScheduled => next.Found(id, body),
            QuestionRaised raised => next.Found(id, body) with { Questions = Questions.SetItem(id, new(raised.Criteria is not null)) },
            ClaimLinked link => next with { Links = Links.Add(id, new(link.From, link.To, link.Relation)) },
            QuestionRestated restated => next.Question(restated.Question, facts => facts with { HasCriteria = restated.Criteria is not null, Restated = true, Decision = id }),
            QuestionResolved resolved => next.Question(resolved.Question, facts => facts with { Outcome = resolved.Outcome, Resolution = id, Decision = id }),
            QuestionReopened reopened => next.Question(reopened.Question, facts => facts with { Outcome = null, Resolution = null, Decision = id }),
            QuestionEvidenceAdded added => next with { Evidence = Evidence.SetItem((added.Question, added.Evidence), id) },
            ISpeakerNames word => (next with { Speakers = Speakers.Say(id, word) }).SettleSpeakers(),
            ProposalAccepted accepted => next.Change(accepted.Proposal, facts => facts with { Decided = ProposalState.Accepted, DecidedBy = id }),
            ProposalRejected rejected => next.Change(rejected.Proposal, facts => facts with { Decided = ProposalState.Rejected, DecidedBy = id }),
            EntryWithdrawn withdrawn => next.Withdraw(withdrawn.Entry, id),
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
        var earlier = body switch
        {
            QuestionRestated or QuestionResolved or QuestionReopened when SubjectOf(body) is { } question => Questions.GetValueOrDefault(question)?.Decision,
            ProposalAccepted accepted => Find(accepted.Proposal)?.DecidedBy,
            ProposalRejected rejected => Find(rejected.Proposal)?.DecidedBy,
            _ => null,
        };
        if (earlier is { } before)
        {
            // A decision takes the place of the one before it, and is not published before it: both clocks come to the same end.
            refers = refers.Add(before);
        }

        var document = DocumentOf(id, type, body);
        return new(type, Revision + 1, by, document, PublishedTime.Latest(this, own, refers))
        {
            // By the published clock a withdrawal counts with its document, before what others find in it later.
            WithdrawnBy = document is { } restsOn ? Find(restsOn)?.WithdrawnBy : null,
            RecordedAt = recordedAt,
            Own = own,
            Refers = refers,
            Subject = SubjectOf(body),
            Ranges = body is IFinding { Span: { } span } ? span.Ranges : [],
            Speaker = SpeakerOf(body),
        };
    }

    private static EntryId? DocumentOf(EntryId id, string type, Body? body) => body switch
    {
        _ when EntryKinds.IsDocument(type) => id,
        IFinding { Span: { } span } => span.Document,
        IOccasionChange { Span: { } span } => span.Document,
        ClaimLinked { Span: { } span } => span.Document,
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
        Sources = Sources.SetItem(id, new(first, filed.TextSha256, filed.Publisher, filed.Sources) { TextLength = filed.TextLength, SourceSha256 = filed.SourceSha256 }),
    };

    private StoryState Found(EntryId id, Body body)
    {
        var next = Find(id)!.Stands ? Tally(id, 1) : this;
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

    private StoryState Orphan(EntryId by, ImmutableArray<EntryId> findings) =>
        findings.Aggregate(this, (next, finding) => next.IsOrphaned(finding) ? next : next.Change(finding, before => before with { OrphanedBy = by }));

    /// <summary>Whether a finding's words stand no more in the text that came in the place of its document's.</summary>
    internal bool IsOrphaned(EntryId finding) => Find(finding)?.OrphanedBy is { } revision && Find(revision) is { Withdrawn: false };

    /// <summary>The texts at one address that were not withdrawn, each after the one it came in the place of.</summary>
    internal IEnumerable<EntryId> TextsAt(EntryId first) => Sources
        .Where(pair => pair.Value.First == first && Find(pair.Key) is { Withdrawn: false })
        .OrderBy(pair => Find(pair.Key)!.Revision)
        .Select(pair => pair.Key);

    /// <summary>The findings on a text that may be orphaned by the next, in the order in which they were recorded.</summary>
    internal IEnumerable<EntryId> Orphanable(IReadOnlySet<EntryId> texts) => Entries
        .Where(pair => pair.Value is { Stands: true, Ranges.IsEmpty: false, Document: { } document } && texts.Contains(document) && !IsOrphaned(pair.Key))
        .OrderBy(pair => pair.Value.Revision)
        .Select(pair => pair.Key);

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

    private StoryState Withdraw(EntryId id, EntryId by)
    {
        if (Find(id) is not { Withdrawn: false } facts)
        {
            return this;
        }

        var next = Change(id, before => before with { WithdrawnBy = before.WithdrawnBy ?? by });
        if (facts.Type == "question.resolved" && facts.Subject is { } question)
        {
            // One that was reopened since, and perhaps decided anew, does not hold any more.
            return next.Question(question, before => before.Resolution == id ? before with { Outcome = null, Resolution = null } : before);
        }

        if (facts.Document != id)
        {
            return next;
        }

        foreach (var (finding, _) in Entries.Where(pair => pair.Value.Document == id && pair.Key != id && EntryKinds.RestsOnWords(pair.Value.Type)))
        {
            next = next.Change(finding, before => before with { WithdrawnBy = before.WithdrawnBy ?? by });
        }

        // A withdrawn document may be filed again; until then, a copy that stands is the one that others are copies of.
        var keys = Documents.Where(pair => pair.Value == id).Select(pair => pair.Key).ToList();
        var documents = Documents.RemoveRange(keys);
        var text = Sources.TryGetValue(id, out var source) ? source.Text : (Digest?)null;
        var copy = documents.Where(pair => pair.Key.TextSha256 == text).Select(pair => (EntryId?)pair.Value).MinBy(copy => copy!.Value.Value);
        // The text before a withdrawn revision is the newest at its address again.
        var urls = Addresses.Where(pair => pair.Value == id).Select(pair => pair.Key).ToList();
        var before = facts.Type == "document.revised" && facts.Refers is [var revised, ..] && Find(revised) is { Withdrawn: false } ? revised : (EntryId?)null;
        return next with
        {
            Documents = documents,
            Former = Former.SetItems(keys.Select(key => KeyValuePair.Create(key, id))),
            Addresses = Addresses.RemoveRange(urls).SetItems(before is { } earlier ? urls.Select(url => KeyValuePair.Create(url, earlier)) : []),
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
                Own = PublishedTime.Own(corrected, facts.RecordedAt),
                Refers = [.. corrected.References().Select(reference => reference.Entry)],
                Ranges = corrected is IFinding { Span: { } span } ? span.Ranges : [],
                Speaker = SpeakerOf(corrected),
            }),
        };
        next = counted ? next.Tally(id, 1) : next;
        if (corrected is QuestionRaised raised)
        {
            next = next.Question(id, before => before.Restated ? before : before with { HasCriteria = raised.Criteria is not null });
        }

        var filed = corrected as DocumentFiled ?? (corrected as DocumentRevised)?.Document;
        if (filed is not null && next.Sources.TryGetValue(id, out var source))
        {
            // It is not at the address that was wrong, and is the newest text at the right one only if it was the newest, or the right one has none.
            var (key, newest) = (DocumentKey.Of(filed), Addresses.Where(pair => pair.Value == id).Select(pair => pair.Key).ToList());
            var former = Documents.Where(pair => pair.Value == id).Select(pair => pair.Key).ToList();
            var (documents, addresses) = (Documents.RemoveRange(former), Addresses.RemoveRange(newest));
            next = next with
            {
                Documents = documents.ContainsKey(key) ? documents : documents.Add(key, id),
                Former = Former.SetItems(former.Where(before => before != key).Select(before => KeyValuePair.Create(before, id))),
                Addresses = filed.Url is { } url && (newest.Count > 0 || !addresses.ContainsKey(url)) ? addresses.SetItem(url, id) : addresses,
                Sources = next.Sources.SetItem(id, source with { Publisher = filed.Publisher, Sources = filed.Sources }),
            };
        }

        return next.Republish(facts.Revision);
    }

    /// <summary>Published times anew, from a revision on: each follows from those before it.</summary>
    private StoryState Republish(long from)
    {
        var (next, moved) = (this, ImmutableArray.CreateBuilder<EntryId>());
        foreach (var (id, facts) in Entries.Where(pair => pair.Value.Revision >= from).OrderBy(pair => pair.Value.Revision))
        {
            var published = PublishedTime.Latest(next, facts.Own, facts.Refers);
            if (published != facts.Published)
            {
                next = next with { Entries = next.Entries.SetItem(id, facts with { Published = published }) };
                moved.Add(id);
            }
        }

        return next with { Moved = moved.ToImmutable() };
    }

    private StoryState Tally(EntryId id, int change) =>
        Find(id) is { Speaker: { } speaker } facts ? this with { Speakers = Speakers.Count(speaker, facts.Type == "quote.recorded", change) } : this;

    private StoryState SettleSpeakers() => this with { Speakers = Speakers.Settle(id => Find(id) is { Counts: true }) };
}

/// <summary>What a rule needs to know of a question.</summary>
/// <param name="HasCriteria">Whether an editor has set what would count as an answer.</param>
public sealed record QuestionFacts(bool HasCriteria)
{
    /// <summary>Whether it has another wording than the one it was raised with.</summary>
    public bool Restated { get; init; }

    /// <summary>How it is resolved; null while it is open.</summary>
    public QuestionOutcome? Outcome { get; init; }

    /// <summary>The entry that resolved it; null while it is open.</summary>
    public EntryId? Resolution { get; init; }

    /// <summary>The last entry that restated, resolved or reopened it.</summary>
    public EntryId? Decision { get; init; }
}

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
