using Ledger.Extraction.Grammar;

namespace Ledger.Extraction.Questions;

/// <summary>
/// One document often states one open question twice: "It is not known what the summit will decide", and at its end "What will the November summit decide?".
/// Of two that ask for nearly the same words, the document's own question stays, otherwise the one of an occasion, otherwise the first.
/// </summary>
internal static class Duplicates
{
    private const int Compared = 200;

    private static readonly HashSet<string> Small = new(
        ("what which who whom whose how why when where whether will would is are was were be been has have had did does do may might can could should the a an of to in on at for with and or if so by it its this that these those "
            + "they them their next not still also be then").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The questions without those that another one already asks. Only the first few hundred are compared, so that a list of questions costs no more than it is long.</summary>
    public static List<QuestionFinding> Without(List<QuestionFinding> questions)
    {
        var kept = new List<(QuestionFinding Question, HashSet<string> Words)>();
        foreach (var question in questions)
        {
            var words = ContentWords(question.Text);
            var same = -1;
            for (var k = Math.Max(0, kept.Count - Compared); k < kept.Count && same < 0; k++)
            {
                if (Same(kept[k].Words, words))
                    same = k;
            }
            if (same < 0)
                kept.Add((question, words));
            else
                kept[same] = (Merged(kept[same].Question, question), kept[same].Words);
        }
        return [.. kept.Select(k => k.Question)];
    }

    private static QuestionFinding Merged(QuestionFinding first, QuestionFinding second)
    {
        var stays = Rank(second) > Rank(first) ? second : first;
        var goes = stays == first ? second : first;
        return stays with
        {
            Occasion = stays.Occasion ?? goes.Occasion,
            Expected = stays.Expected ?? goes.Expected,
            Kind = stays.Rule == "open-asked" ? goes.Kind : stays.Kind,
        };
    }

    private static int Rank(QuestionFinding question) => question.Rule == "open-asked" ? 2 : question.Occasion is not null ? 1 : 0;

    /// <summary>Three quarters of the shorter question's words, and at least two.</summary>
    private static bool Same(HashSet<string> first, HashSet<string> second)
    {
        var smaller = Math.Min(first.Count, second.Count);
        if (smaller < 2)
            return first.Count == second.Count && first.SetEquals(second) && smaller > 0;
        var common = first.Count(second.Contains);
        return common >= 2 && common * 4 >= smaller * 3 && common * 2 >= Math.Max(first.Count, second.Count);
    }

    private static HashSet<string> ContentWords(string text) =>
        [.. text.Split([' ', ',', '?', '’', '\''], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1 && !Small.Contains(word)).Select(Stem)];

    private static string Stem(string word)
    {
        var lower = word.ToLowerInvariant();
        return BaseForm.Of(lower) ?? (lower is [.., not 's', 's'] && lower.Length > 3 ? lower[..^1] : lower);
    }
}
