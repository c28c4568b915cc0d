using Ledger.Core.Entries;
using Ledger.Extraction.Dates;
using Ledger.Extraction.Grammar;
using Ledger.Extraction.Questions;

namespace Ledger.Extraction.Occasions;

/// <summary>Scheduled events as findings, each with the question that its outcome leaves open.</summary>
internal static class OpenOccasions
{
    /// <summary>
    /// The occasions in order of the text, and their questions, whose <see cref="QuestionFinding.Occasion"/> is an index into these occasions.
    /// </summary>
    public static (List<OccasionFinding> Occasions, List<QuestionFinding> Questions) Find(Reading page, IReadOnlyList<DateMention> dates, DateOnly published)
    {
        var occasions = new List<OccasionFinding>();
        var questions = new List<QuestionFinding>();
        foreach (var found in ScheduledEvents.Find(page, dates, published).OrderBy(found => found.Content.First))
        {
            var content = page.Page.Range(found.Content.First, found.Content.End);
            if (Outcome.Question(page, found) is { } text)
                questions.Add(new([content], "open-outcome", text, QuestionKind.Pending, found.When.Value.Days, occasions.Count));
            occasions.Add(new([content], found.Named ? "scheduled-event" : "scheduled-act", QuestionText.Words(page, found.What.First, found.What.End), found.When.Range, found.When.Value.Days));
        }
        return (occasions, questions);
    }
}
