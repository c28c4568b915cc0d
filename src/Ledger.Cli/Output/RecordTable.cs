using System.Globalization;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using Spectre.Console;

namespace Ledger.Cli;

/// <summary>
/// Records as they are read: a table where a terminal has room for one, else each record as a line with its words below; for a program, lines of columns with tabs between.
/// </summary>
internal static class RecordTable
{
    private const int Gap = 2;

    /// <summary>Words in a narrower column are harder to read than below.</summary>
    private const int LeastProse = 32;

    /// <summary>A name takes no more than this, unless one of its words is longer.</summary>
    private const int MostName = 28;

    private static readonly Column Id = new("id", record => ShortId.Of(record.Id));
    private static readonly Column Published = new("published", record => Day(record.PublishedAt));
    private static readonly Column Status = new("status", _ => null);

    /// <summary>Whether a list is to have a column for the status: always for a program, for a person where it is not the plainest for all.</summary>
    internal static bool TellsStatus(Terminal terminal, IReadOnlyList<ViewRecord> records, DateOnly? day = null) =>
        !terminal.IsPerson || records.Any(record => StatusOf(record, day) is not ("" or "filed" or "recorded" or "asserted" or "open" or "scheduled"));

    /// <summary>The status, and whether it should have been another by a day; null for today.</summary>
    internal static string StatusOf(ViewRecord record, DateOnly? day) => record switch
    {
        QuestionRecord question => question.Status + (question.IsOverdue(day ?? AsOfOptions.Today) ? ", overdue" : ""),
        ClaimRecord claim => claim.Status,
        QuoteRecord quote => quote.Status,
        OccasionRecord occasion => occasion.Status,
        DocumentRecord document => document.Status,
        _ => "",
    };

    internal static void Write(Terminal terminal, View view, IReadOnlyList<ViewRecord> records, bool withStatus, DateOnly? day = null)
    {
        // What somebody decided is told with the record, whatever was asked for.
        withStatus |= records.OfType<QuestionRecord>().Any(question => question.Status != "open");
        var columns = Columns(view).Where(column => withStatus || column != Status).ToList();
        List<string[]> rows = [.. records.Select(record => columns.Select(column => OneLine(
            column == Status ? StatusOf(record, day) : (terminal.IsPerson && column.Told is { } told ? told : column.Value)(record))).ToArray())];
        if (!terminal.IsPerson)
        {
            terminal.Line(string.Join('\t', columns.Select(column => column.Name)));
            foreach (var row in rows)
            {
                terminal.Line(string.Join('\t', row));
            }
        }
        else if (Widths(terminal.Width, columns, rows) is { } widths)
        {
            Tabulate(terminal, columns, rows, widths);
        }
        else
        {
            Stack(terminal, columns, rows);
        }
    }

    internal static string Day(Timestamp time) => time == Timestamp.MinValue ? "" : time.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Expected(DateInterval? interval) => interval?.ToString() ?? "";

    internal static string OneLine(string? text) => string.Join(' ', Wrap.Words(text));

    internal static string By(RecordedByName by) => (by.Name ?? "(erased)") + (by.Version is { } version ? " " + version : "") + (by.OnBehalfOf is { } person ? $" for {person}" : "");

    internal static string Minute(Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    internal static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => value switch
        {
            QuestionKind.UnderInvestigation => "under investigation",
            Modality.ReportedAbsent => "reported absent",
            _ => value.ToString().ToLowerInvariant(),
        };

    private static IReadOnlyList<Column> Columns(View view) => view.Name switch
    {
        "stories" => [Of<StoryRecord>("story", story => story.Slug), new("opened", record => Day(record.RecordedAt)), Of<StoryRecord>("title", story => story.Title, Room.Words)],
        "documents" =>
        [
            Id, Published, Of<DocumentRecord>("publisher", document => document.Publisher, Room.Name),
            Of<DocumentRecord>("found", document => document.Extraction is { Counts: var counts }
                ? string.Create(CultureInfo.InvariantCulture, $"{counts.Quotes + counts.Claims + counts.Questions + counts.Occasions}")
                : "unread", label: "found "),
            Status, Of<DocumentRecord>("title", document => document.Title, Room.Words),
        ],
        "quotes" =>
        [
            Id, Published, Of<QuoteRecord>("how", quote => Name(quote.Directness)), Of<QuoteRecord>("speaker", quote => quote.Speaker ?? "?", Room.Name),
            Status, Of<QuoteRecord>("words", quote => quote.Span.Words, Room.Words),
        ],
        "claims" =>
        [
            Id, Published, Of<ClaimRecord>("how", claim => Name(claim.Modality)), Of<ClaimRecord>("who", claim => claim.Speaker ?? "(the document)", Room.Name),
            Status, Of<ClaimRecord>("claim", claim => claim.Statement, Room.Words),
        ],
        "questions" =>
        [
            Id, Published, Of<QuestionRecord>("kind", question => Name(question.Kind)),
            Of<QuestionRecord>("expected", question => Expected(question.Expected), label: "expected "), Status,
            Of<QuestionRecord>("question", question => question.Text, Room.Words) with { Told = record => Told((QuestionRecord)record) },
        ],
        "occasions" =>
        [
            Id, Published, Of<OccasionRecord>("expected", occasion => Expected(occasion.Expected), label: "expected "), Status,
            Of<OccasionRecord>("what", occasion => occasion.What, Room.Words),
        ],
        "speakers" =>
        [
            Id, new("since", record => Day(record.PublishedAt)), Of<SpeakerRecord>("quotes", speaker => Number(speaker.Quotes), label: "quotes "),
            Of<SpeakerRecord>("claims", speaker => Number(speaker.Claims), label: "claims "),
            Of<SpeakerRecord>("speaker", speaker => speaker.Name + (speaker.Also.IsEmpty ? "" : $" (also {string.Join("; ", speaker.Also)})"), Room.Words),
        ],
        _ =>
        [
            new("index", record => record.Index.ToString(CultureInfo.InvariantCulture)), Id, new("recorded", record => Minute(record.RecordedAt)),
            Of<ActivityRecord>("type", activity => activity.Type), new("by", record => By(record.RecordedBy), Room.Name, "by "),
            Of<ActivityRecord>("what", activity => Shorten(activity.Summary), Room.Words),
        ],
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What each column gets; null when the words would get too little, or a word of them would have to be cut.</summary>
    private static int[]? Widths(int width, List<Column> columns, List<string[]> rows)
    {
        var widths = new int[columns.Count];
        var words = -1;
        for (var i = 0; i < columns.Count; i++)
        {
            var cells = rows.Select(row => row[i]).Append(columns[i].Name).ToList();
            var longest = cells.Max(cell => cell.Length);
            switch (columns[i].Room)
            {
                case Room.Words: words = i; break;
                case Room.Name: widths[i] = Math.Min(longest, Math.Max(MostName, LongestWord(cells))); break;
                default: widths[i] = longest; break;
            }
        }

        // One less than there is: some terminals break a line that is exactly full.
        var left = width - 1 - widths.Sum() - (Gap * (columns.Count - 1));
        widths[words] = Math.Min(left, rows.Select(row => row[words].Length).Append(columns[words].Name.Length).Max());
        return left >= LeastProse && LongestWord(rows.Select(row => row[words])) <= left ? widths : null;
    }

    private static int LongestWord(IEnumerable<string> cells) => cells.SelectMany(Wrap.Words).Select(word => word.Length).DefaultIfEmpty().Max();

    private static void Tabulate(Terminal terminal, List<Column> columns, List<string[]> rows, int[] widths)
    {
        var table = new Table { Border = TableBorder.None };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(new Text(columns[i].Name, new Style(decoration: Decoration.Bold)))
            {
                Width = widths[i],
                Padding = new Padding(0, 0, i == columns.Count - 1 ? 0 : Gap, 0),
                NoWrap = columns[i].Room == Room.Natural,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        terminal.Out.Write(table);
    }

    private static void Stack(Terminal terminal, List<Column> columns, List<string[]> rows)
    {
        foreach (var row in rows)
        {
            var above = columns.Zip(row).Where(cell => cell.First.Room != Room.Words && cell.Second.Length > 0).Select(cell => cell.First.Label + cell.Second).ToList();
            var indent = new string(' ', above[0].Length + Gap);
            terminal.Prose(string.Join(", ", above.Skip(1)), above[0] + "  ", indent);
            terminal.Prose(columns.Zip(row).First(cell => cell.First.Room == Room.Words).Second, indent, indent);
        }
    }

    private static string? Shorten(string? text) => text is { Length: > 160 } ? string.Concat(text.AsSpan(0, 157), "…") : text;

    /// <summary>The question, with what was decided on it or is proposed, and the entries that rests on.</summary>
    private static string Told(QuestionRecord question) => question switch
    {
        { Resolution: { } resolution } => $"{question.Text} {(resolution.Outcome == QuestionOutcome.Answered ? "Answered" : resolution.Outcome == QuestionOutcome.Ambiguous ? "Not settled" : "Annulled")}"
            + $"{On(question, resolution.Evidence)}: {resolution.Text ?? resolution.Reason}",
        _ when question.Answers.LastOrDefault(answer => answer.Stands) is { } answer => $"{question.Text} Proposed{On(question, answer.Evidence)}: {answer.Text}",
        _ => question.Text,
    };

    private static string On(QuestionRecord question, IReadOnlyCollection<EntryId> evidence) => evidence.Count == 0 ? "" : " on " + string.Join(
        ", ", evidence.Select(id => ShortId.Of(id) + (question.Fallen.FirstOrDefault(fallen => fallen.Entry == id) is { } gone ? $" ({gone.Status} since)" : "")));

    private static Column Of<TRecord>(string name, Func<TRecord, string?> value, Room room = Room.Natural, string label = "")
        where TRecord : ViewRecord =>
        new(name, record => value((TRecord)record), room, label);

    private enum Room
    {
        /// <summary>As much as its longest value.</summary>
        Natural,

        /// <summary>A name: broken between words where it is long.</summary>
        Name,

        /// <summary>What is left. The last column, and one in each list.</summary>
        Words,
    }

    /// <param name="Name">Its head in a table, and for a program.</param>
    /// <param name="Value">Its value for a record.</param>
    /// <param name="Room">How much room it gets.</param>
    /// <param name="Label">Before the value where there is no table.</param>
    private sealed record Column(string Name, Func<ViewRecord, string?> Value, Room Room = Room.Natural, string Label = "")
    {
        /// <summary>What a person reads in its place.</summary>
        internal Func<ViewRecord, string?>? Told { get; init; }
    }
}
