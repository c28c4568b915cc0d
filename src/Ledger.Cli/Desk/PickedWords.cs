using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>A document in which words are picked.</summary>
internal sealed record ReadDocument(EntryId Id, StoryId Story, string Title, string Text)
{
    internal static async Task<ReadDocument> LoadAsync(Session session, string id, CancellationToken cancellation)
    {
        var document = await session.DocumentAsync(id, cancellation).ConfigureAwait(false);
        var entry = (await session.Ledger.FindAsync(document, PartSelection.All, cancellation).ConfigureAwait(false))!;
        var title = (await session.Views.FindAsync(DocumentsView.View, document.Value, cancellation: cancellation).ConfigureAwait(false) as DocumentRecord)?.Title;
        return entry.Part(Part.Text) is { } text
            ? new(document, entry.Story, title ?? "(title erased)", Encoding.UTF8.GetString(text.Bytes.Span))
            : throw new LedgerException(LedgerError.Refused("text-erased", $"The text of document {document} was erased; nothing can be read in it."));
    }
}

/// <summary>Words that an editor picks in a document, as a person names them: by typing them.</summary>
/// <param name="Document">The document.</param>
/// <param name="Span">The words in it.</param>
internal sealed record PickedWords(ReadDocument Document, Span Span)
{
    internal static readonly Option<string?> In = new("--in") { Description = "The document in which the words stand: its id, or the first characters.", HelpName = "DOCUMENT" };

    internal static readonly Option<string[]> Words = new("--words")
    {
        Description = "The words, as they stand there. More than once for words that are interrupted.",
        HelpName = "TEXT",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static readonly Option<int?> Nth = new("--nth") { Description = "Which of the places, where the words stand more than once.", HelpName = "N" };

    private const int Around = 36;

    internal string Place => string.Create(CultureInfo.InvariantCulture, $"line {WordsInText.LineOf(Document.Text, Span.Ranges[0].Start)} of “{Document.Title}”");

    /// <summary>The words that were asked for; null when none were.</summary>
    internal static async Task<PickedWords?> FindAsync(Run run, Session session) => (run.Get(In), run.Get(Words)) switch
    {
        (null, null or []) => null,
        ({ } document, { Length: > 0 } words) => Pick(await ReadDocument.LoadAsync(session, document, run.Cancellation).ConfigureAwait(false), words, run.Get(Nth)),
        (null, _) => throw new UsageException("In which document do the words stand? Say it with --in.", "'ledger documents' lists them."),
        _ => throw new UsageException("Which words? Give them with --words.", "'ledger show' shows a document's."),
    };

    /// <inheritdoc cref="FindAsync"/>
    internal static async Task<PickedWords> NeedAsync(Run run, Session session) =>
        await FindAsync(run, session).ConfigureAwait(false) ?? throw new UsageException("It rests on words: say in which document (--in), and which (--words).", "'ledger documents' lists the documents.");

    /// <summary>Finds words that may be interrupted: the first piece must stand in one place, or <paramref name="nth"/> tells which; each other is the next after the one before.</summary>
    /// <exception cref="LedgerException"><c>words-not-there</c> or <c>words-ambiguous</c>.</exception>
    internal static PickedWords Pick(ReadDocument document, IEnumerable<string> words, int? nth)
    {
        var ranges = ImmutableArray.CreateBuilder<TextRange>();
        foreach (var piece in words)
        {
            var places = WordsInText.Find(document.Text, piece);
            if (places.IsEmpty)
            {
                throw NotThere(document, piece);
            }

            if (ranges.Count > 0)
            {
                var after = ranges[^1].End;
                ranges.Add(places.FirstOrDefault(place => place.Start >= after) is { Length: > 0 } next
                    ? next
                    : throw new LedgerException(LedgerError.Refused("words-not-there", $"“{piece}” does not stand after the words before it.", "Give the pieces in the order in which they stand.")));
            }
            else if (nth is { } wanted)
            {
                ranges.Add(wanted >= 1 && wanted <= places.Length ? places[wanted - 1] : throw new UsageException($"--nth does not take {wanted}.", $"The words stand in {places.Length} places."));
            }
            else
            {
                ranges.Add(places is [var only] ? only : throw Ambiguous(document, places));
            }
        }

        return new(document, Span.In(document.Id, document.Text, ranges.ToImmutable()));
    }

    /// <summary>Words that belong to these, such as who says them: where they stand more than once, the place that is nearest.</summary>
    /// <exception cref="LedgerException"><c>words-not-there</c>.</exception>
    internal Span? Beside(string? words)
    {
        if (words is null)
        {
            return null;
        }

        var places = WordsInText.Find(Document.Text, words);
        return places.IsEmpty ? throw NotThere(Document, words) : Span.In(Document.Id, Document.Text, [places.MinBy(Distance)]);
    }

    private int Distance(TextRange place) => Span.Ranges.Min(range => place.Overlaps(range) ? 0 : Math.Max(range.Start - place.End, place.Start - range.End));

    private static LedgerException NotThere(ReadDocument document, string words) => new(LedgerError.Refused(
        "words-not-there",
        $"“{words}” does not stand in “{document.Title}”.",
        WordsInText.Nearest(document.Text, words) is { } near ? $"Nearest: “{RecordTable.OneLine(near.Of(document.Text))}”, line {WordsInText.LineOf(document.Text, near.Start)}." : "Copy them from the document."));

    private static LedgerException Ambiguous(ReadDocument document, ImmutableArray<TextRange> places) => new(LedgerError.Refused(
        "words-ambiguous",
        $"The words stand in {places.Length} places of “{document.Title}”:" + string.Concat(places.Select((place, i) =>
            string.Create(CultureInfo.InvariantCulture, $"\n{i + 1}. line {WordsInText.LineOf(document.Text, place.Start)}: {InContext(document.Text, place)}"))),
        "Say which with --nth, or give more of the words."));

    private static string InContext(string text, TextRange place)
    {
        var (from, to) = (Math.Max(0, place.Start - Around), Math.Min(text.Length, place.End + Around));
        // Whole words.
        while (from > 0 && from < place.Start && !char.IsWhiteSpace(text[from - 1]))
        {
            from++;
        }

        while (to < text.Length && to > place.End && !char.IsWhiteSpace(text[to]))
        {
            to--;
        }

        return RecordTable.OneLine($"{(from > 0 ? "… " : "")}{text[from..place.Start]}[[{place.Of(text)}]]{text[place.End..to]}{(to < text.Length ? " …" : "")}");
    }
}
