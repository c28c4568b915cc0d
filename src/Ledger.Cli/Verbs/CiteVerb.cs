using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Views;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger cite ID</c>: words with their source and their entry, ready to paste.</summary>
internal static class CiteVerb
{
    internal static Command Build(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "A quote, claim, question, occasion or document: its id, or its first characters." };
        var markdown = new Option<bool>("--markdown") { Description = "As Markdown." };
        var command = new Verb("cite", "Words with their source, entry and hash, ready to paste.", "ledger cite 0f3a91c2 --markdown")
        {
            More = "The words are read again in the document first; who doubts them later finds them by entry and hash.",
        };
        command.Arguments.Add(id);
        command.Options.Add(markdown);
        command.Does(terminal, async run =>
        {
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var citation = await ReadAsync(session, await session.EntryAsync(run.Get(id)!, run.Cancellation).ConfigureAwait(false), run.Cancellation).ConfigureAwait(false);
            if (citation.Taken is { } taken)
            {
                run.Terminal.Note($"warning: {taken}");
            }

            if (run.Json)
            {
                run.Terminal.Json(Json(citation));
            }
            else if (run.Get(markdown))
            {
                WriteMarkdown(run.Terminal, citation);
            }
            else
            {
                Write(run.Terminal, citation);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Citation> ReadAsync(Session session, EntryId id, CancellationToken cancellation)
    {
        var entry = await session.Ledger.FindAsync(id, PartSelection.Small, cancellation).ConfigureAwait(false)
            ?? throw new LedgerException(LedgerError.NotFound("entry-not-found", $"There is no entry {id}.", "'ledger activity' lists every entry."));
        ViewRecord? record = null;
        foreach (var view in (View[])[QuotesView.View, ClaimsView.View, QuestionsView.View, OccasionsView.View, DocumentsView.View])
        {
            record ??= await session.Views.FindAsync(view, id.Value, cancellation: cancellation).ConfigureAwait(false);
        }

        var (words, speaker, says) = record switch
        {
            QuoteRecord quote => (quote.Span, quote.Speaker, null),
            ClaimRecord claim => (claim.Span, claim.Speaker, claim.Statement),
            QuestionRecord question => (question.Evidence.FirstOrDefault(item => item.Span is not null)?.Span, null, question.Text),
            OccasionRecord occasion => (occasion.Span, null, occasion.What),
            DocumentRecord => ((Span?)null, (string?)null, (string?)null),
            _ => throw new LedgerException(LedgerError.Refused(
                "wrong-type", $"{ShortId.Of(id)} is a {entry.Envelope.Type}: there are no words of a document to cite.", $"'ledger why {ShortId.Of(id)}' tells what it rests on.")),
        };
        if (entry.Envelope.Type == "claim.recorded")
        {
            says = ((ClaimRecord?)await session.Views.FindAsync(ClaimsView.View, id.Value, cancellation: cancellation).ConfigureAwait(false))?.Statement;
        }

        var source = words?.Document ?? (record is DocumentRecord ? id : ((FindingRecord)record).Document);
        var document = source is { } where ? (DocumentRecord?)await session.Views.FindAsync(DocumentsView.View, where.Value, cancellation: cancellation).ConfigureAwait(false) : null;
        if (words is not null)
        {
            await CheckAsync(session, words, cancellation).ConfigureAwait(false);
        }

        return new(entry, words, speaker, says, document, record switch
        {
            { Withdrawn: { } withdrawal } => $"it was withdrawn: {withdrawal.Reason ?? "(reason erased)"}",
            FindingRecord { Decision: { Accepted: false } decision } => "an editor rejected it" + (decision.Reason is { } reason ? ": " + reason : "."),
            FindingRecord { Orphaned: not null } => "the publisher has changed the text, and these words do not stand there any more.",
            _ => null,
        });
    }

    private static async Task CheckAsync(Session session, Span words, CancellationToken cancellation)
    {
        var document = await session.Ledger.FindAsync(words.Document, PartSelection.All, cancellation).ConfigureAwait(false);
        if (document?.Part(Part.Text) is { } text && words.Check(Encoding.UTF8.GetString(text.Bytes.Span)) is { } wrong)
        {
            throw new LedgerException(LedgerError.Integrity("words-do-not-hold", wrong, "'ledger verify' tells more."));
        }
    }

    private static void Write(Terminal terminal, Citation citation)
    {
        if (citation.Words is { } words)
        {
            terminal.Prose($"“{words.Words}”{(citation.Speaker is { } speaker ? " — " + speaker : "")}");
        }

        if (citation.Says is { } says)
        {
            terminal.Prose($"{(citation.Words is null ? "" : "Recorded as: ")}{says}");
        }

        terminal.Prose(string.Join(", ", citation.Source()));
        terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Ledger entry {citation.Entry.Id}, index {citation.Entry.Index}, hash {citation.Entry.Hash}"));
    }

    private static void WriteMarkdown(Terminal terminal, Citation citation)
    {
        if (citation.Words is { } words)
        {
            terminal.Line($"> {Escape(words.Words)}");
            terminal.Line(">");
        }

        var source = citation.Source().Select(Escape).ToList();
        if (citation.Document is { Url: { } url } document)
        {
            source = [$"[{Escape(document.Title)}]({url.Replace(")", "%29", StringComparison.Ordinal)})", .. source.Skip(1).SkipLast(1)];
        }

        terminal.Line($"{(citation.Words is null ? "" : "> ")}— {(citation.Speaker is { } speaker ? Escape(speaker) + ", in " : "")}{string.Join(", ", source)}");
        terminal.Line();
        if (citation.Says is { } says)
        {
            terminal.Line(Escape(says));
            terminal.Line();
        }

        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Ledger entry `{citation.Entry.Id}`, index {citation.Entry.Index}, hash `{citation.Entry.Hash}`"));
    }

    private static JsonObject Json(Citation citation) => new()
    {
        ["id"] = citation.Entry.Id.ToString(),
        ["index"] = citation.Entry.Index,
        ["hash"] = citation.Entry.Hash.ToString(),
        ["type"] = citation.Entry.Envelope.Type,
        ["words"] = citation.Words?.Words,
        ["speaker"] = citation.Speaker,
        ["says"] = citation.Says,
        ["document"] = citation.Document?.Id.ToString(),
        ["title"] = citation.Document?.Title,
        ["publisher"] = citation.Document?.Publisher,
        ["published"] = citation.Document?.Dated?.ToString(),
        ["url"] = citation.Document?.Url,
        ["warning"] = citation.Taken,
    };

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in RecordTable.OneLine(text))
        {
            _ = letter is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' ? escaped.Append('\\').Append(letter) : escaped.Append(letter);
        }

        return escaped.ToString();
    }

    /// <param name="Entry">The entry that is cited.</param>
    /// <param name="Words">The words of the document.</param>
    /// <param name="Speaker">Who said them.</param>
    /// <param name="Says">What they were recorded as; null for a quote.</param>
    /// <param name="Document">Where they stand.</param>
    /// <param name="Taken">Why it should not be cited any more; null when nothing speaks against it.</param>
    private sealed record Citation(Entry Entry, Span? Words, string? Speaker, string? Says, DocumentRecord? Document, string? Taken)
    {
        /// <summary>Title, publisher, date and address, as far as they are known; the title is always there.</summary>
        internal IEnumerable<string> Source() => Document is null ? ["(no document)"]
            : new[] { $"“{Document.Title}”", Document.Publisher, Document.Dated?.ToString(), Document.Url }.OfType<string>();
    }
}
