using Ledger.Extraction.Attribution;
using Ledger.Extraction.Dates;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Text;

namespace Ledger.Extraction.Occasions;

/// <summary>A scheduled event before it is a finding.</summary>
/// <param name="What">The tokens that name it.</param>
/// <param name="Named">Whether these are a noun phrase (a summit) and not a clause (the council is to meet).</param>
/// <param name="Verb">The verb of the clause; -1 for a noun phrase.</param>
internal readonly record struct ScheduledEvent(Phrase What, bool Named, int Verb, Phrase Content, DateMention When);

/// <summary>Finds what is to happen on days that lie ahead of publication. What was cancelled, what was to happen, and "tomorrow" in words said on another day are not found.</summary>
internal static class ScheduledEvents
{
    private const int Reach = 45;

    private static readonly WordSet Cancelled = new("cancelled canceled scrapped abandoned aborted scrubbed");
    private static readonly WordSet Relative = new("today tomorrow tonight weekend monday tuesday wednesday thursday friday saturday sunday this");

    public static List<ScheduledEvent> Find(Reading page, IReadOnlyList<DateMention> dates, DateOnly published)
    {
        var found = new List<ScheduledEvent>();
        for (var d = 0; d < dates.Count;)
        {
            var sentence = page.SentenceOf(dates[d].First);
            var after = d;
            while (after < dates.Count && page.SentenceOf(dates[after].First) == sentence)
                after++;
            if (!page.Page.Sentences[sentence].IsHeading && !page.IsMark(page.Page.Sentences[sentence].EndToken - 1, '?'))
                ReadSentence(page, page.Page.Sentences[sentence], dates, d, after, published, found);
            d = after;
        }
        return found;
    }

    private static void ReadSentence(Reading page, Sentence sentence, IReadOnlyList<DateMention> dates, int first, int after, DateOnly published, List<ScheduledEvent> found)
    {
        if (Cancelled.In(page, sentence.FirstToken, sentence.EndToken) >= 0)
            return;
        var last = (Cue: -1, Index: -1);
        for (var d = first; d < after; d++)
        {
            var date = dates[d];
            if (date.Value.Days is not { } days || days.To < published || OfThePast(page, date, sentence) || Near(page, date, sentence, published) is not { } cue)
                continue;
            var soon = days.From <= published;
            if (soon && (cue.Kind == CueKind.Clause && page.Has(cue.First, WordClass.Modal) && !page.Is(cue.First, "will") && !page.Is(cue.First, "would")))
                continue;
            if (cue.Kind == CueKind.Participle && Happened(page, date.End, sentence.EndToken) || page.IsMark(date.First - 1, '(') && page.IsMark(date.End, ')'))
                continue;
            if (Event(page, cue, date, sentence) is not { } occasion)
                continue;
            // Two dates of one plan ("next month, on 2 August"): the narrower one is its day.
            if (last.Cue == cue.First)
            {
                if (Length(found[last.Index].When) > Length(date) && date.First - found[last.Index].When.End <= 3)
                    found[last.Index] = occasion with { Content = Union(found[last.Index].Content, occasion.Content) };
                continue;
            }
            last = (cue.First, found.Count);
            found.Add(occasion);
        }
    }

    /// <summary>"The games scheduled for Wednesday were held", "the verdict, due on 20 March, has been delayed": what follows tells that it is over, or will not be then.</summary>
    private static bool Happened(Reading page, int token, int end)
    {
        if (page.IsMark(token, ','))
            token++;
        if ((page.Is(token, "has") || page.Is(token, "have")) && page.Is(token + 1, "been"))
            return true;
        for (var i = token; i < Math.Min(end, token + 4) && !page.IsMark(i); i++)
        {
            if (page.Is(i, "was") || page.Is(i, "were") || page.Is(i, "had") || page.Has(i, WordClass.Finite) && page.Page.Word(i) is [.., 'e', 'd'])
                return true;
        }
        return false;
    }

    private static int Length(DateMention date) => date.Value.Days is { } days ? days.To.DayNumber - days.From.DayNumber : int.MaxValue;

    private static Phrase Union(Phrase first, Phrase second) => new(Math.Min(first.First, second.First), Math.Max(first.End, second.End));

    /// <summary>Inside quotation marks "tomorrow" counts from when it was said.</summary>
    private static bool OfThePast(Reading page, DateMention date, Sentence sentence) =>
        page.Is(date.First, "the") && (page.Is(date.First + 1, "following") || page.Is(date.First + 1, "next") && page.Is(date.First + 2, "day"))
        || page.InQuote(date.First) && (Relative.In(page, date.First, date.End) >= 0 || sentence.EndToken - sentence.FirstToken > 60);

    /// <summary>The cue that governs a date: the nearest before it in its clause, otherwise the first after it.</summary>
    private static SchedulingCue? Near(Reading page, DateMention date, Sentence sentence, DateOnly published)
    {
        for (var i = date.First - 1; i >= Math.Max(sentence.FirstToken, date.First - Reach); i--)
        {
            if (page.IsMark(i, ';') || page.InQuote(i) != page.InQuote(date.First))
                break;
            if (page.Has(i, WordClass.Scheduling) && SchedulingCue.At(page, i, sentence.FirstToken, sentence.EndToken) is { } cue)
                return cue;
            // "is" and a date: "the deadline is 31 October".
            if ((page.Is(i, "is") || page.Is(i, "are") || page.Is(i, "stands")) && date.First - i <= 3 && date.Value.Days is { } days && days.From > published && !page.Has(i + 1, WordClass.Negation))
                return new(i, i + 1, CueKind.Subject);
            if (EndsClause(page, i))
                break;
        }
        for (var i = date.End; i < Math.Min(sentence.EndToken, date.End + Reach); i++)
        {
            if (page.IsMark(i, ';') || page.InQuote(i) != page.InQuote(date.First))
                break;
            if (page.Is(i, "deadline") && i == date.End)
                return new(i, i + 1, CueKind.Deadline);
            if (page.Has(i, WordClass.Scheduling) && SchedulingCue.At(page, i, sentence.FirstToken, sentence.EndToken) is { } cue)
            {
                // "A session on 28 October will discuss": the date belongs to the event itself.
                if (i - date.End <= 1 && cue.Kind == CueKind.Clause && page.Is(i, "will") && page.Has(date.First - 1, WordClass.Preposition))
                    return new(date.First - 1, cue.End, CueKind.Subject);
                return page.Is(i, "to") ? null : date.First - sentence.FirstToken <= 3 || cue.Kind == CueKind.Clause && page.IsMark(date.End, ',') ? cue : null;
            }
            if (EndsClause(page, i))
                break;
        }
        return null;
    }

    /// <summary>A verb of the past: whatever is planned beyond it is planned by another clause.</summary>
    private static bool EndsClause(Reading page, int i)
    {
        if (page.IsName(i))
            return false;
        if (page.Is(i, "was") || page.Is(i, "were") || page.Is(i, "had"))
            return true;
        return page.CueAt(i) is { Form: Attribution.Lexicon.VerbForm.Past } && !page.Has(i - 1, WordClass.Determiner | WordClass.Be | WordClass.Auxiliary) && !page.IsNominal(i + 1) && !page.Has(i, WordClass.Scheduling);
    }

    private static ScheduledEvent? Event(Reading page, SchedulingCue cue, DateMention date, Sentence sentence)
    {
        var floor = sentence.FirstToken;
        var subject = Subject(page, cue, date, floor);
        if (subject is { } pronoun && pronoun.Length == 1 && page.Has(pronoun.First, WordClass.Pronoun) && (page.Is(pronoun.First, "it") || page.Is(pronoun.First, "there")) && cue.Kind == CueKind.Subject)
            return null;
        var dateStart = date.First;
        while (dateStart > cue.End && (page.Has(dateStart - 1, WordClass.Preposition) && !page.Has(dateStart - 1, WordClass.Adverb) || page.IsMark(dateStart - 1, ',') || page.Is(dateStart - 1, "to")))
            dateStart--;
        var end = ContentEnd(page, date, cue, sentence);
        var start = Math.Min(subject?.First ?? cue.First, cue.First);
        var content = new Phrase(Math.Min(start, date.First), Math.Max(end, Math.Max(cue.End, date.End)));
        if (cue.Kind is CueKind.Subject or CueKind.Participle or CueKind.Deadline && subject is { } named)
            return new(named, true, -1, content, date);
        var stop = dateStart > cue.First ? dateStart : Clauses.End(page, cue.First, Math.Min(sentence.EndToken, cue.First + 30), ContentKind.Clause);
        while (stop > cue.End && (page.IsMark(stop - 1) || page.Has(stop - 1, WordClass.Preposition)))
            stop--;
        return stop <= start ? null : new(new(start, stop), false, Verb(page, cue), content, date);
    }

    /// <summary>Who or what it is that will be or do something.</summary>
    private static Phrase? Subject(Reading page, SchedulingCue cue, DateMention date, int floor)
    {
        if (cue.Kind == CueKind.Deadline)
        {
            var after = page.Is(cue.First, "deadline");
            return after ? NounPhrases.Before(page, cue.First + 1, floor) ?? new Phrase(cue.First, cue.First + 1) : Subjects.Before(page, cue.First, floor);
        }
        var before = cue.First;
        while (before > floor && page.Has(before - 1, WordClass.Adverb) && !page.Has(before - 1, WordClass.Determiner | WordClass.Capital))
            before--;
        if (before > floor && page.Has(before - 1, WordClass.Coordinator))
            return Subjects.OfSentence(page, floor, cue.First) is { } shared && shared.End <= cue.First ? shared : null;
        while (before > floor && (page.IsMark(before - 1, ',') || page.IsDash(before - 1) || page.IsMark(before - 1, '(')) && cue.Kind == CueKind.Participle)
            before--;
        if (page.Is(before - 1, "which") || page.Is(before - 1, "that") || page.Is(before - 1, "who"))
        {
            var noun = before - 1;
            while (noun > floor && page.IsMark(noun - 1, ','))
                noun--;
            return NounPhrases.Before(page, noun, floor);
        }
        var subject = cue.Kind == CueKind.Participle ? NounPhrases.Before(page, before, floor) : Subjects.Before(page, before, floor);
        // "The vote, scheduled for 20 March, was postponed until 4 April".
        if (subject is null && cue.Kind == CueKind.Subject && Subjects.OfSentence(page, floor, cue.First) is { } far && far.End <= cue.First)
            subject = far;
        if (subject is { Length: > 1 } clause && page.Is(clause.First, "that"))
            subject = new Phrase(clause.First + 1, clause.End);
        if (subject is { Length: > 2 } ahead && page.Has(ahead.First, WordClass.Adverb) && !page.Has(ahead.First, WordClass.Determiner | WordClass.Capital))
        {
            var first = ahead.First;
            while (first < ahead.End - 1 && page.Has(first, WordClass.Adverb | WordClass.Preposition) && !page.Has(first, WordClass.Determiner) || page.Is(first, "ahead"))
                first++;
            subject = new Phrase(first, ahead.End);
        }
        // "Tomorrow, voters are to …": the date is no part of the subject.
        return subject is { } phrase && phrase.First < date.End && phrase.End > date.End ? new Phrase(date.End, phrase.End) : subject;
    }

    private static int Verb(Reading page, SchedulingCue cue)
    {
        var verb = cue.End;
        while (page.Has(verb, WordClass.Adverb | WordClass.Be) && verb - cue.End < 4)
            verb++;
        return verb;
    }

    /// <summary>After the date, and after a relative clause that says what will happen there.</summary>
    private static int ContentEnd(Reading page, DateMention date, SchedulingCue cue, Sentence sentence)
    {
        var end = date.First < cue.First ? Clauses.End(page, cue.First, sentence.EndToken, ContentKind.Clause) : date.End;
        if (page.IsMark(end, ',') && (page.Is(end + 1, "which") || page.Is(end + 1, "when") || page.Is(end + 1, "where")))
            end = Clauses.End(page, end + 1, sentence.EndToken, ContentKind.Clause);
        return Math.Min(Math.Max(end, date.End), sentence.EndToken);
    }
}
