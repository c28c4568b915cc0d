using System.Text.RegularExpressions;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Formats;

/// <summary>Plain text is frozen whole. A first line "date YYYY-MM-DD Title" dates and titles it and stays in the text, so offsets are the file's.</summary>
internal static partial class PlainText
{
    public static Draft Read(string text)
    {
        var draft = new Draft(text, "text/plain", null);
        var match = DateLine().Match(text);
        if (!match.Success)
            return draft;
        var date = match.Groups["date"].Value;
        return draft with
        {
            PublishedAt = PublicationTime.Parse(date) ?? throw new Refusal(IntakeCodes.BadDate, $"There is no day {date}.", "Write the date as YYYY-MM-DD.", 1),
            Title = match.Groups["title"].Value.Trim() is { Length: > 0 } title ? title : null,
        };
    }

    [GeneratedRegex(@"\A[ \t]*date[ \t]+(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ \t]+(?<title>[^\n]*))?(?=\n|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex DateLine();
}
