using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using Spectre.Console;

namespace Ledger.Cli;

/// <summary>Records as a person reads them: a table on a terminal, lines of columns with tabs between them for a program.</summary>
internal static class RecordTable
{
    private static readonly Column Id = new("id", record => ShortId.Of(record.Id));
    private static readonly Column Published = new("published", record => Day(record.PublishedAt));
    private static readonly Column Status = new("status", record => record switch
    {
        QuestionRecord question => question.Status,
        ClaimRecord claim => claim.Status,
        QuoteRecord quote => quote.Status,
        OccasionRecord occasion => occasion.Status,
        DocumentRecord document => document.Status,
        _ => "",
    });

    internal static void Write(Terminal terminal, View view, IReadOnlyList<ViewRecord> records, bool withStatus)
    {
        var columns = Columns(view).Where(column => withStatus || column != Status).ToList();
        if (!terminal.IsPerson)
        {
            terminal.Line(string.Join('\t', columns.Select(column => column.Name)));
            foreach (var record in records)
            {
                terminal.Line(string.Join('\t', columns.Select(column => OneLine(column.Value(record)))));
            }

            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.Name) { NoWrap = !column.Wraps });
        }

        foreach (var record in records)
        {
            table.AddRow([.. columns.Select(column => new Text(OneLine(column.Value(record))))]);
        }

        terminal.Out.Write(table);
    }

    internal static string Day(Timestamp time) => time == Timestamp.MinValue ? "" : time.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Expected(DateInterval? interval) => interval?.ToString() ?? "";

    internal static string OneLine(string? text) => text is null ? "" : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IReadOnlyList<Column> Columns(View view) => view.Name switch
    {
        "stories" => [Of<StoryRecord>("story", story => story.Slug), Of<StoryRecord>("title", story => story.Title, true), new("opened", record => Day(record.RecordedAt))],
        "documents" =>
        [
            Id, Published, Of<DocumentRecord>("publisher", document => document.Publisher), Of<DocumentRecord>("title", document => document.Title, true),
            Of<DocumentRecord>("found", document => document.Extraction is { Counts: var counts }
                ? string.Create(CultureInfo.InvariantCulture, $"{counts.Quotes + counts.Claims + counts.Questions + counts.Occasions}")
                : "not read"), Status,
        ],
        "quotes" =>
        [
            Id, Published, Of<QuoteRecord>("speaker", quote => quote.Speaker ?? "?", true), Of<QuoteRecord>("how", quote => Name(quote.Directness)),
            Of<QuoteRecord>("words", quote => quote.Span.Words, true), Status,
        ],
        "claims" =>
        [
            Id, Published, Of<ClaimRecord>("who", claim => claim.Speaker ?? "(the document)", true), Of<ClaimRecord>("how", claim => Name(claim.Modality)),
            Of<ClaimRecord>("claim", claim => claim.Statement, true), Status,
        ],
        "questions" =>
        [
            Id, Published, Of<QuestionRecord>("kind", question => Name(question.Kind)), Of<QuestionRecord>("expected", question => Expected(question.Expected)),
            Of<QuestionRecord>("question", question => question.Text, true), Status,
        ],
        "occasions" =>
        [
            Id, Published, Of<OccasionRecord>("expected", occasion => Expected(occasion.Expected)), Of<OccasionRecord>("what", occasion => occasion.What, true), Status,
        ],
        _ =>
        [
            new("index", record => record.Index.ToString(CultureInfo.InvariantCulture)), Id, new("recorded", record => Minute(record.RecordedAt)),
            new("by", record => By(record.RecordedBy), true), Of<ActivityRecord>("type", activity => activity.Type), Of<ActivityRecord>("what", activity => Shorten(activity.Summary), true),
        ],
    };

    internal static string By(RecordedByName by) => (by.Name ?? "(erased)") + (by.Version is { } version ? " " + version : "") + (by.OnBehalfOf is { } person ? $" for {person}" : "");

    internal static string Minute(Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    internal static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => value switch
        {
            QuestionKind.UnderInvestigation => "under investigation",
            Modality.ReportedAbsent => "reported absent",
            _ => value.ToString().ToLowerInvariant(),
        };

    private static string? Shorten(string? text) => text is { Length: > 160 } ? string.Concat(text.AsSpan(0, 157), "…") : text;

    private static Column Of<TRecord>(string name, Func<TRecord, string?> value, bool wraps = false)
        where TRecord : ViewRecord =>
        new(name, record => value((TRecord)record), wraps);

    private sealed record Column(string Name, Func<ViewRecord, string?> Value, bool Wraps = false);
}
