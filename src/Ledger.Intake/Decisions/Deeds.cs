using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Decisions;

/// <summary>What a decision can do: for each word after <c>do:</c>, the keys it takes and the entry it comes to. One case a word; docs/decisions-file.md has them as a table.</summary>
internal static class Deeds
{
    public static ImmutableArray<string> All { get; } =
    [
        "link", "evidence", "restate", "propose", "object", "resolve", "reopen", "move", "held", "cancel", "accept", "reject", "correct", "withdraw", "identify", "separate",
        "note", "ask", "claim", "quote", "occasion",
    ];

    private static readonly ImmutableArray<string> Correctable =
        ["words", "speaker", "statement", "text", "what", "where", "modality", "directness", "kind", "expected", "title", "publisher", "author", "url", "language"];

    /// <summary>Reads the keys; null when there is no such deed. What is returned is only called when nothing was wrong with them.</summary>
    public static Func<StoryTargets, Body>? Read(string does, Fields f, DateOnly date) => does switch
    {
        "link" => Link(f),
        "evidence" => Evidence(f),
        "restate" => Restate(f, date),
        "propose" => Propose(f),
        "object" => Object(f),
        "resolve" => Resolve(f, date),
        "reopen" => Reopen(f, date),
        "move" => Move(f),
        "held" => Held(f),
        "cancel" => Cancel(f),
        "accept" => Accept(f, date),
        "reject" => Reject(f, date),
        "correct" => Correct(f),
        "withdraw" => Withdraw(f),
        "identify" => Identify(f),
        "separate" => Separate(f),
        "note" => Note(f),
        "ask" => Ask(f),
        "claim" => Claim(f),
        "quote" => Quote(f),
        "occasion" => Occasion(f),
        _ => null,
    };

    private static Func<StoryTargets, Body> Link(Fields f)
    {
        var (from, to, relation, shown, reason) = (f.Target("from"), f.Target("to"), f.One<LinkRelation>("relation"), f.Place("shown-by"), f.Optional("reason"));
        return story => new ClaimLinked(story.Find(from), story.Find(to), relation, story.Span(shown), null, reason);
    }

    private static Func<StoryTargets, Body> Evidence(Fields f)
    {
        var (question, evidence, bearing, reason) = (f.Target("question"), f.Target("evidence"), f.One<EvidenceBearing>("bearing"), f.Optional("reason"));
        return story => new QuestionEvidenceAdded(story.Find(question), story.Find(evidence), bearing, null, reason);
    }

    private static Func<StoryTargets, Body> Restate(Fields f, DateOnly date)
    {
        var (question, text, kind, criteria) = (f.Target("question"), f.Text("text"), f.One<QuestionKind>("kind"), f.Optional("criteria"));
        var (sources, expected, reason) = (f.Texts("sources"), f.Days("expected"), f.Text("reason"));
        return story => new QuestionRestated(story.Find(question), text, kind, criteria, sources, expected, reason, date);
    }

    private static Func<StoryTargets, Body> Propose(Fields f)
    {
        var (question, text, evidence, until) = (f.Target("question"), f.Text("text"), f.Targets("evidence"), f.DayOrNone("objections-until"));
        return story => new AnswerProposed(story.Find(question), text, story.Find(evidence), until, null);
    }

    private static Func<StoryTargets, Body> Object(Fields f)
    {
        var (answer, reason) = (f.Target("answer"), f.Text("reason"));
        return story => new AnswerObjected(story.Find(answer), reason);
    }

    private static Func<StoryTargets, Body> Resolve(Fields f, DateOnly date)
    {
        var (question, outcome, text, answer) = (f.Target("question"), f.One<QuestionOutcome>("outcome"), f.Optional("text"), f.TargetOrNone("answer"));
        var (evidence, reason) = (f.Targets("evidence"), f.Optional("reason"));
        return story => new QuestionResolved(story.Find(question), outcome, text, answer is null ? null : story.Find(answer), story.Find(evidence), reason, date);
    }

    private static Func<StoryTargets, Body> Reopen(Fields f, DateOnly date)
    {
        var (question, reason) = (f.Target("question"), f.Text("reason"));
        return story => new QuestionReopened(story.Find(question), reason, date);
    }

    private static Func<StoryTargets, Body> Move(Fields f)
    {
        var (occasion, expected, shown, reason) = (f.Target("occasion"), f.Days("expected"), f.Place("shown-by"), f.Optional("reason"));
        return story => new OccasionMoved(story.Find(occasion), expected, story.Span(shown), null, reason);
    }

    private static Func<StoryTargets, Body> Held(Fields f)
    {
        var (occasion, on, shown, reason) = (f.Target("occasion"), f.Days("on"), f.Place("shown-by"), f.Optional("reason"));
        return story => new OccasionHeld(story.Find(occasion), on, story.Span(shown), null, reason);
    }

    private static Func<StoryTargets, Body> Cancel(Fields f)
    {
        var (occasion, shown, reason) = (f.Target("occasion"), f.Place("shown-by"), f.Optional("reason"));
        return story => new OccasionCancelled(story.Find(occasion), story.Span(shown), null, reason);
    }

    private static Func<StoryTargets, Body> Accept(Fields f, DateOnly date)
    {
        var (proposal, reason) = (f.Target("proposal"), f.Optional("reason"));
        return story => new ProposalAccepted(story.Find(proposal), reason, date);
    }

    private static Func<StoryTargets, Body> Reject(Fields f, DateOnly date)
    {
        var (proposal, reason) = (f.Target("proposal"), f.Text("reason"));
        return story => new ProposalRejected(story.Find(proposal), reason, date);
    }

    private static Func<StoryTargets, Body> Withdraw(Fields f)
    {
        var (entry, reason) = (f.Target("entry"), f.Text("reason"));
        return story => new EntryWithdrawn(story.Find(entry), reason);
    }

    private static Func<StoryTargets, Body> Identify(Fields f)
    {
        var (speaker, also, kind, reason) = (f.Text("speaker"), f.Texts("also"), f.OneOrNone<SpeakerKind>("kind"), f.Optional("reason"));
        return _ => new SpeakerIdentified(speaker, also, kind, null, reason);
    }

    private static Func<StoryTargets, Body> Separate(Fields f)
    {
        var (speaker, from, reason) = (f.Text("speaker"), f.Texts("from"), f.Optional("reason"));
        return _ => new SpeakerSeparated(speaker, from, null, reason);
    }

    private static Func<StoryTargets, Body> Note(Fields f)
    {
        var (on, text) = (f.Target("on"), f.Text("text"));
        return story => new NoteAdded(story.Find(on), text);
    }

    private static Func<StoryTargets, Body> Ask(Fields f)
    {
        var (text, kind, expected, words) = (f.Text("text"), f.One<QuestionKind>("kind", QuestionKind.Unknown), f.Days("expected"), f.NeededPlace("words"));
        var (occasion, criteria) = (f.TargetOrNone("occasion"), f.Optional("criteria"));
        return story => new QuestionRaised(text, kind, expected, story.Span(words), occasion is null ? null : story.Find(occasion), criteria, null);
    }

    private static Func<StoryTargets, Body> Claim(Fields f)
    {
        var (words, statement, speaker) = (f.NeededPlace("words"), f.Text("statement"), f.Optional("speaker"));
        var (modality, directness) = (f.One<Modality>("modality", Modality.Asserted), f.One<Directness>("directness", Directness.Indirect));
        return story => new ClaimRecorded(story.Span(words)!, statement, modality, directness, Speaker(speaker), null, null, null);
    }

    private static Func<StoryTargets, Body> Quote(Fields f)
    {
        var (words, speaker, directness) = (f.NeededPlace("words"), f.Text("speaker"), f.One<Directness>("directness", Directness.Direct));
        return story => new QuoteRecorded(story.Span(words)!, directness, Speaker(speaker), null, null, null);
    }

    private static Func<StoryTargets, Body> Occasion(Fields f)
    {
        var (what, where, expected, words) = (f.Text("what"), f.Optional("where"), f.Days("expected"), f.NeededPlace("words"));
        return story => new OccasionScheduled(what, where, expected, story.Span(words), null, null);
    }

    /// <summary>What was recorded, with other values for the keys that are given.</summary>
    private static Func<StoryTargets, Body> Correct(Fields f)
    {
        var (entry, reason, words, speaker) = (f.Target("entry"), f.Text("reason"), f.Place("words"), f.Optional("speaker"));
        var (statement, text, what, where) = (f.Optional("statement"), f.Optional("text"), f.Optional("what"), f.Optional("where"));
        var (modality, directness, kind, expected) = (f.OneOrNone<Modality>("modality"), f.OneOrNone<Directness>("directness"), f.OneOrNone<QuestionKind>("kind"), f.Days("expected"));
        var (title, publisher, author, url, language) = (f.Optional("title"), f.Optional("publisher"), f.Optional("author"), f.Optional("url"), f.Optional("language"));
        List<string> given = [.. Correctable.Where(f.Has)];
        return story =>
        {
            var id = story.Find(entry);
            var body = story.BodyOf(id);
            if (given.Count == 0)
            {
                throw new Refusal(IntakeCodes.BadDecision, "The correction puts nothing right.", $"Give what it should have been: {string.Join(", ", Correctable)}.", f.LineOf("do"));
            }

            var span = story.Span(words);
            var (right, takes) = body switch
            {
                ClaimRecorded claim => ((Body)(claim with
                {
                    Span = span ?? claim.Span,
                    Statement = statement ?? claim.Statement,
                    Modality = modality ?? claim.Modality,
                    Directness = directness ?? claim.Directness,
                    Speaker = Speaker(speaker, claim.Speaker),
                }), (ImmutableArray<string>)["words", "statement", "modality", "directness", "speaker"]),
                QuoteRecorded quote => (quote with { Span = span ?? quote.Span, Directness = directness ?? quote.Directness, Speaker = Speaker(speaker, quote.Speaker) }, ["words", "directness", "speaker"]),
                QuestionRaised question => (question with { Span = span ?? question.Span, Text = text ?? question.Text, Kind = kind ?? question.Kind, Expected = expected ?? question.Expected },
                    ["words", "text", "kind", "expected"]),
                OccasionScheduled occasion => (occasion with { Span = span ?? occasion.Span, What = what ?? occasion.What, Where = where ?? occasion.Where, Expected = expected ?? occasion.Expected },
                    ["words", "what", "where", "expected"]),
                DocumentFiled document => (document with
                {
                    Title = title ?? document.Title,
                    Publisher = publisher ?? document.Publisher,
                    Author = author ?? document.Author,
                    Url = url ?? document.Url,
                    Language = language ?? document.Language,
                }, ["title", "publisher", "author", "url", "language"]),
                _ => (body, []),
            };
            if (given.FirstOrDefault(key => !takes.Contains(key)) is { } other)
            {
                throw new Refusal(IntakeCodes.BadDecision, $"What is to be corrected has no '{other}'.", takes.IsEmpty ? null : $"It has: {string.Join(", ", takes)}.", f.LineOf(other));
            }

            return new EntryCorrected(id, right, reason);
        };
    }

    /// <summary>A speaker by name, with the words that stood for the one before; "none" is none: the document itself says it.</summary>
    private static Speaker? Speaker(string? name, Speaker? before = null) => name switch { null => before, "none" => null, _ => new(name, before?.Written) };
}
