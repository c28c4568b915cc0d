using System.Collections.Immutable;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>What may be recorded as it is: for every type of body, what must hold in the story so far. One case a type.</summary>
internal static class StoryRules
{
    internal static LedgerError Closed { get; } = LedgerError.Refused(
        "story-closed", "The story is closed: nothing new is filed or raised in it.", "Reopen it first; what is there can be corrected and decided as it is.");

    /// <summary>Why a body cannot be recorded; null when it can.</summary>
    internal static LedgerError? Check(StoryState story, Body body, DecisionContext context) =>
        CheckRecorder(story, body, context.Recorder) ?? CheckReferences(story, body) ?? CheckBody(story, body, context)
        ?? All(body.Spans(), span => CheckDocument(story, span.Document)) ?? CheckSpans(body, context);

    /// <summary>The entry that led to it.</summary>
    internal static EntryId? CauseOf(Body body) => body.References().Select(reference => (EntryId?)reference.Entry).FirstOrDefault();

    /// <summary>That a document is there, and was not withdrawn.</summary>
    internal static LedgerError? CheckDocument(StoryState story, EntryId id) =>
        Standing(story, id) ?? (EntryKinds.IsDocument(story.Find(id)!.Type) ? null : WrongType(story, id, "a document"));

    /// <summary>That every span re-reads exactly.</summary>
    internal static LedgerError? CheckSpans(Body body, DecisionContext context)
    {
        foreach (var span in body.Spans())
        {
            if (!context.Texts.TryGetValue(span.Document, out var text))
            {
                return LedgerError.Refused("text-erased", $"The text of document {span.Document} was erased; nothing can be read in it.");
            }

            if (span.Check(text) is { } problem)
            {
                return LedgerError.Refused("span-does-not-read", problem);
            }
        }

        return null;
    }

    private static LedgerError? CheckBody(StoryState story, Body body, DecisionContext context) => body switch
    {
        LedgerKeyAdded added => Reserved(context) ?? Unless(!story.Keys.Contains(added.PublicKey), "key-known", "The ledger has this key already."),
        LedgerKeyRetired retired => Reserved(context) ?? Words(retired.Reason)
            ?? Unless(story.Keys.Contains(retired.PublicKey), "key-unknown", "The ledger has no such key.")
            ?? Unless(story.Keys.Count > 1, "key-last", "It is the ledger's only key.", "Add another first."),
        _ when context.Story == StoryId.Reserved => LedgerError.Refused("story-reserved", "This story holds the ledger's own entries."),

        StoryChanged changed => Words(changed.Title, "title-missing", "A story needs a title."),
        StoryClosed closed => Words(closed.Reason) ?? Unless(!story.Closed, "story-closed", "The story is closed already."),
        StoryReopened reopened => Words(reopened.Reason) ?? Unless(story.Closed, "story-open", "The story is not closed."),

        QuoteRecorded quote => New(story) ?? Optional(quote.Parent, parent => Statement(story, parent)),
        ClaimRecorded claim => New(story) ?? Optional(claim.Parent, parent => Statement(story, parent)) ?? Words(claim.Statement),
        QuestionRaised question => New(story) ?? Asks(question.Text) ?? Optional(question.Occasion, occasion => OfType(story, occasion, "occasion.scheduled", "an occasion"))
            ?? Criteria(question, context),
        OccasionScheduled occasion => New(story) ?? Words(occasion.What),

        ClaimLinked link => Statement(story, link.From) ?? Statement(story, link.To)
            ?? Unless(link.From != link.To, "link-to-itself", "A claim cannot be linked to itself.")
            ?? Unless(!IsLinked(story, link), "linked-already", "These two are linked so already."),

        QuestionRestated restated => OpenQuestion(story, restated.Question) ?? Asks(restated.Text) ?? Words(restated.Reason),
        QuestionEvidenceAdded evidence => Question(story, evidence.Question) ?? Evidence(story, evidence.Evidence)
            ?? Unless(!IsEvidence(story, evidence), "evidence-known", "This is among the question's evidence already."),
        AnswerProposed answer => OpenQuestion(story, answer.Question) ?? Words(answer.Text) ?? Evidence(story, answer.Evidence),
        AnswerObjected objected => OfType(story, objected.Answer, "answer.proposed", "a proposed answer")
            ?? (story.Find(objected.Answer)!.Subject is { } question ? OpenQuestion(story, question) : Erased("The proposed answer's")) ?? Words(objected.Reason),
        QuestionResolved resolved => Resolve(story, resolved),
        QuestionReopened reopened => Question(story, reopened.Question) ?? Words(reopened.Reason)
            ?? Unless(story.Questions[reopened.Question].Outcome is not null, "question-open", "The question is open."),

        IOccasionChange change => OfType(story, change.Occasion, "occasion.scheduled", "an occasion")
            ?? Unless(change.Span is not null || !string.IsNullOrWhiteSpace(change.Reason), "reason-missing", "What became of an occasion rests on words of a document, or on a reason."),

        ProposalAccepted accepted => Proposal(story, accepted.Proposal, ProposalState.Accepted),
        ProposalRejected rejected => Proposal(story, rejected.Proposal, ProposalState.Rejected),

        ISpeakerNames names => Words(names.Name) ?? Unless(!names.Names.IsDefaultOrEmpty, "names-missing", "Name at least one other name.") ?? All(names.Names, Words)
            ?? Unless(names.Names.All(name => SpeakerNames.Fold(name) != SpeakerNames.Fold(names.Name)), "names-same", "The names differ in nothing but case."),

        EntryCorrected corrected => Correct(story, corrected, context),
        EntryWithdrawn withdrawn => Words(withdrawn.Reason, "reason-missing", "A withdrawal needs a reason.") ?? Withdraw(story, withdrawn.Entry),
        NoteAdded note => Words(note.Text, "note-empty", "A note needs words."),
        EntryRedacted redacted => Unless(!redacted.Parts.IsDefaultOrEmpty, "parts-missing", "Name at least one part of an entry.") ?? Words(redacted.Authority)
            ?? All(redacted.Parts, part => Unless(part.Part is Part.Body or Part.Recorder or Part.Text or Part.Source, "part-unknown", $"An entry has no part '{part.Part}'.")),

        _ => LedgerError.Refused("not-recordable", $"An entry of type {BodyTypes.Of(body).Name} is not recorded by itself."),
    };

    /// <summary>
    /// A program proposes; a person, or a service acting for one, decides. What only a program's entry needs acceptance for, a service that acts for nobody
    /// does not record at all: the envelope tells it from one that acts for a person by nothing that could not be erased, and it would count at once.
    /// </summary>
    private static LedgerError? CheckRecorder(StoryState story, Body body, Recorder recorder)
    {
        if (Decides(recorder))
        {
            return null;
        }

        var target = body switch { EntryWithdrawn withdrawn => withdrawn.Entry, EntryCorrected corrected => corrected.Entry, _ => (EntryId?)null };
        var isDecision = body is IDecision or AnswerObjected or EntryRedacted or StoryChanged or StoryClosed or StoryReopened or LedgerKeyAdded or LedgerKeyRetired
            || (target is { } id && story.Find(id) is { } facts && UndoesPerson(story, id, facts))
            || (recorder.Kind == RecorderKind.Service && EntryKinds.NeedsAcceptance(BodyTypes.Of(body).Name));
        return isDecision
            ? LedgerError.Refused(
                "program-decides", $"{recorder.Name}{(recorder.Version is { } version ? " " + version : "")} is a {(recorder.Kind == RecorderKind.Service ? "service that acts for nobody" : "program")}: it proposes, and a person decides.",
                "Record it under your own name (--as).")
            : null;
    }

    /// <summary>Whether withdrawing or correcting an entry would undo what a person recorded or accepted.</summary>
    private static bool UndoesPerson(StoryState story, EntryId id, EntryFacts facts) => IsPersons(facts)
        || (facts.Document == id && story.Entries.Values.Any(other => other.Document == id && IsPersons(other)));

    private static bool IsPersons(EntryFacts facts) => facts.By != RecorderKind.Program || facts.Decided == ProposalState.Accepted;

    private static bool Decides(Recorder recorder) => recorder.Kind == RecorderKind.Person || recorder is { Kind: RecorderKind.Service, OnBehalfOf: not null };

    /// <summary>Whatever it refers to is in the story.</summary>
    private static LedgerError? CheckReferences(StoryState story, Body body)
    {
        foreach (var reference in body.References())
        {
            if (story.Find(reference.Entry) is null)
            {
                return Missing(reference.Entry);
            }
        }

        return null;
    }

    private static LedgerError? Resolve(StoryState story, QuestionResolved resolved)
    {
        if (OpenQuestion(story, resolved.Question) is { } error)
        {
            return error;
        }

        if (!story.Questions[resolved.Question].HasCriteria)
        {
            return LedgerError.Refused(
                "criteria-missing", "The question has no criteria: what would count as an answer has not been said.", "Restate it with criteria first; then it can be resolved.");
        }

        var answered = resolved.Outcome == QuestionOutcome.Answered;
        return (answered ? Words(resolved.Text, "answer-missing", "An answered question needs its answer.") : Words(resolved.Reason, "reason-missing", "A question that is not answered needs the reason."))
            ?? Unless(!answered || !resolved.Evidence.IsDefaultOrEmpty, "evidence-missing", "An answer rests on evidence.", "Name a quote, claim, occasion or document.")
            ?? Evidence(story, resolved.Evidence)
            ?? Optional(resolved.Answer, answer => OfType(story, answer, "answer.proposed", "a proposed answer")
                ?? Unless(story.Find(answer)!.Subject == resolved.Question, "answer-elsewhere", "The proposed answer is another question's."));
    }

    /// <summary>An editor may come to another decision, and the latest counts; the same again says nothing.</summary>
    private static LedgerError? Proposal(StoryState story, EntryId id, ProposalState decision)
    {
        if (Standing(story, id, rejectedToo: true) is { } error)
        {
            return error;
        }

        var facts = story.Find(id)!;
        return Unless(EntryKinds.IsProposal(facts.Type) && facts.By == RecorderKind.Program, "not-a-proposal", $"{id} is not a program's proposal.")
            ?? Unless(facts.Decided != decision, "decided-already", $"{id} was {facts.Decided.ToString().ToLowerInvariant()} already.");
    }

    private static LedgerError? Correct(StoryState story, EntryCorrected corrected, DecisionContext context)
    {
        if (Words(corrected.Reason, "reason-missing", "A correction needs a reason.") is { } error)
        {
            return error;
        }

        var facts = story.Find(corrected.Entry)!;
        var type = BodyTypes.Of(corrected.Corrected).Name;
        return Standing(story, corrected.Entry)
            ?? Unless(EntryKinds.IsFinding(facts.Type) || EntryKinds.IsDocument(facts.Type), "not-correctable", $"An entry of type {facts.Type} cannot be corrected.", "Documents and findings can; withdraw others and record them anew.")
            ?? Unless(facts.Type == type, "wrong-type", $"{corrected.Entry} is a {facts.Type}, not a {type}.")
            ?? Unless(corrected.Corrected.References().All(reference => reference.Entry != corrected.Entry), "refers-to-itself", "A correction cannot make an entry refer to itself.")
            // So that whoever follows references comes to an end, and nothing is published before what it rests on.
            ?? Unless(
                corrected.Corrected.References().All(reference => story.Find(reference.Entry)!.Revision < facts.Revision), "refers-forward",
                "A correction cannot make an entry rest on one that was recorded after it.", "Withdraw it and record it anew.")
            ?? corrected.Corrected switch
            {
                DocumentFiled filed => SameText(story, corrected.Entry, filed) ?? Documents(filed),
                DocumentRevised revised => SameText(story, corrected.Entry, revised.Document)
                    ?? Unless(facts.Refers.FirstOrDefault() == revised.Revises, "revises-differs", "A correction leaves a revision where it is.", "Withdraw it, and file its text as the revision of the other.")
                    ?? Documents(revised.Document),
                QuoteRecorded quote => Refers(quote.Parent, EntryKinds.IsStatement, "a quote or claim"),
                ClaimRecorded claim => Words(claim.Statement) ?? Refers(claim.Parent, EntryKinds.IsStatement, "a quote or claim"),
                QuestionRaised question => Asks(question.Text) ?? Criteria(question, context) ?? Refers(question.Occasion, type => type == "occasion.scheduled", "an occasion"),
                OccasionScheduled occasion => Words(occasion.What),
                _ => null,
            };

        LedgerError? Documents(DocumentFiled filed) =>
            Refers(filed.SameTextAs, EntryKinds.IsDocument, "a document") ?? Refers(filed.TranslationOf, EntryKinds.IsDocument, "a document");

        // What it referred to before may have been withdrawn since; what it comes to refer to stands.
        LedgerError? Refers(EntryId? reference, Func<string, bool> fits, string what) => Optional(
            reference, id => !fits(story.Find(id)!.Type) ? WrongType(story, id, what) : facts.Refers.Contains(id) ? null : Standing(story, id));
    }

    private static LedgerError? SameText(StoryState story, EntryId id, DocumentFiled filed) => Words(filed.Title, "title-missing", "A document needs a title.")
        ?? Unless(
            story.Sources.TryGetValue(id, out var source) && source.Text == filed.TextSha256 && source.TextLength == filed.TextLength && source.SourceSha256 == filed.SourceSha256,
            "text-differs", "A correction leaves the text, and what is computed from it and from the original bytes, as it is.", "A changed text is a revision; a wrong one is withdrawn, and the right one filed.")
        ?? Optional(filed.SameTextAs, same => Unless(
            story.Find(same) is not { } other || !EntryKinds.IsDocument(other.Type) || (story.Sources.TryGetValue(same, out var copied) && copied.Text == filed.TextSha256),
            "text-differs", $"{same} does not have the same text."));

    private static LedgerError? Withdraw(StoryState story, EntryId id) => story.Find(id) switch
    {
        { Withdrawn: true } => LedgerError.Refused("already-withdrawn", $"{id} is withdrawn already."),
        { Type: var type } when EntryKinds.IsDocument(type) || EntryKinds.IsProposal(type) || type is "note.added" or "question.resolved" or "answer.objected" => null,
        { Type: var type } => LedgerError.Refused(
            "not-withdrawable", $"An entry of type {type} cannot be withdrawn.", "Documents, findings, links, evidence, answers, resolutions and notes can."),
        null => Missing(id),
    };

    private static bool IsLinked(StoryState story, ClaimLinked link) => story.Links.Of(link.From).Any(id =>
        story.Find(id) is { Stands: true } && story.Links.All[id] is var known && known.Relation == link.Relation
        && ((known.From == link.From && known.To == link.To)
            || (known.From == link.To && known.To == link.From && link.Relation is LinkRelation.Repeats or LinkRelation.Contradicts)));

    private static bool IsEvidence(StoryState story, QuestionEvidenceAdded evidence) =>
        story.Evidence.TryGetValue((evidence.Question, evidence.Evidence), out var added) && story.Find(added) is { Stands: true };

    /// <summary>That something is there to rest on: not withdrawn, nor rejected.</summary>
    private static LedgerError? Standing(StoryState story, EntryId id, bool rejectedToo = false) => story.Find(id) switch
    {
        null => Missing(id),
        { Withdrawn: true } => LedgerError.Refused("withdrawn", $"{id} was withdrawn; nothing new can rest on it."),
        { Decided: ProposalState.Rejected } when !rejectedToo => LedgerError.Refused("rejected", $"{id} was rejected; nothing new can rest on it."),
        _ => null,
    };

    private static LedgerError? OfType(StoryState story, EntryId id, string type, string what) =>
        Standing(story, id) ?? (story.Find(id)!.Type == type ? null : WrongType(story, id, what));

    private static LedgerError? Statement(StoryState story, EntryId id) =>
        Standing(story, id) ?? (EntryKinds.IsStatement(story.Find(id)!.Type) ? null : WrongType(story, id, "a quote or claim"));

    private static LedgerError? Evidence(StoryState story, EntryId id) => Standing(story, id)
        ?? (story.Find(id)!.Type is var type && (EntryKinds.IsStatement(type) || EntryKinds.IsDocument(type) || type == "occasion.scheduled") ? null : WrongType(story, id, "a quote, claim, occasion or document"));

    private static LedgerError? Evidence(StoryState story, ImmutableArray<EntryId> evidence) =>
        Unless(evidence.Length <= AnswerProposed.MaxEvidence, "evidence-too-many", $"An answer names at most {AnswerProposed.MaxEvidence} entries as its evidence.", "Name those that settle it.")
            ?? All(evidence, id => Evidence(story, id));

    private static LedgerError? Question(StoryState story, EntryId id) => OfType(story, id, "question.raised", "a question")
        ?? (story.Questions.ContainsKey(id) ? null : Erased("The question's"));

    private static LedgerError? OpenQuestion(StoryState story, EntryId id) => Question(story, id)
        ?? Unless(story.Questions[id].Outcome is null, "question-resolved", "The question is resolved.", "Reopen it first.");

    private static LedgerError? New(StoryState story) => story.Closed ? Closed : null;

    private static LedgerError? Asks(string text) => Words(text) ?? Unless(text.TrimEnd().EndsWith('?'), "not-a-question", "A question ends in a question mark.");

    private static LedgerError? Criteria(QuestionRaised question, DecisionContext context) => Unless(
        question.Criteria is null || Decides(context.Recorder), "program-decides", $"{context.Recorder.Name} is a program: what would count as an answer is an editor's to say.");

    private static LedgerError? Words(string? text) => Words(text, "words-missing", "Something that needs words has none.");

    private static LedgerError? Words(string? text, string code, string message) => string.IsNullOrWhiteSpace(text) ? LedgerError.Refused(code, message) : null;

    private static LedgerError? Reserved(DecisionContext context) =>
        Unless(context.Story == StoryId.Reserved, "story-not-reserved", "Keys are added and retired in the ledger's own story.");

    private static LedgerError? Unless(bool holds, string code, string message, string? hint = null) => holds ? null : LedgerError.Refused(code, message, hint);

    private static LedgerError? Optional(EntryId? id, Func<EntryId, LedgerError?> check) => id is { } value ? check(value) : null;

    private static LedgerError? All<T>(IEnumerable<T> items, Func<T, LedgerError?> check) => items.Select(check).FirstOrDefault(error => error is not null);

    private static LedgerError WrongType(StoryState story, EntryId id, string what) =>
        LedgerError.Refused("wrong-type", $"{id} is a {story.Find(id)!.Type}, not {what}.");

    private static LedgerError Erased(string whose) => LedgerError.Refused("text-erased", $"{whose} words were erased; nothing can be decided on it.");

    private static LedgerError Missing(EntryId id) => LedgerError.NotFound("entry-not-found", $"There is no entry {id} in this story.");
}
