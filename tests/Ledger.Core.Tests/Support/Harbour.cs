using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Tests.Support;

/// <summary>A small story that has an entry of every type: two documents, findings in the first, a note, a withdrawal.</summary>
internal static class Harbour
{
    internal const string Text =
        "The mayor said the harbour “will open in May”. 🚢 The ministry, she added, “knows the cost”, and has not told it.\n"
        + "The council meets on 3 May 2022 in Port Vale.";

    internal static readonly DateOnly Published = new(2022, 3, 1);

    internal static TextRange At(string words, string text = Text)
    {
        var start = text.IndexOf(words, StringComparison.Ordinal);
        return new(start, start + words.Length);
    }

    internal static Span Words(EntryId document, params string[] words) => Span.In(document, Text, [.. words.Select(word => At(word))]);

    internal static DocumentDescription Description(
        string title = "Harbour to open", string? publisher = "The Gazette", string? url = "https://gazette.example/1", PublicationDate? published = null, EntryId? translationOf = null) =>
        new(title, publisher, "A. Writer", url, null, "en", published ?? new PublicationDate(Published), null, "text/plain", null, translationOf, ["a press release"]);

    internal static StoryCommand.FileDocument File(string text = Text, string? publisher = "The Gazette", string? url = "https://gazette.example/1") =>
        new(Description(publisher: publisher, url: url), text, Encoding.UTF8.GetBytes(text));

    internal static QuoteRecorded Quote(EntryId document) => new(
        Words(document, "will open in May"), Directness.Direct, new Speaker("The mayor", Words(document, "The mayor")), Words(document, "said"), null, "quote-in-clause");

    internal static ClaimRecorded Claim(EntryId document) => new(
        Words(document, "the harbour “will open in May”"), "The harbour will open in May.", Modality.Expected, Directness.Mixed,
        new Speaker(null, Words(document, "The mayor")), Words(document, "said"), null, "said-that");

    internal static OccasionScheduled Occasion(EntryId document) => new(
        "council meets", "Port Vale", new DateInterval(new(2022, 5, 3), new(2022, 5, 3)), Words(document, "The council meets on 3 May 2022 in Port Vale"),
        Words(document, "on 3 May 2022"), "scheduled");

    internal static QuestionRaised Question(EntryId document) => new(
        "What does the harbour cost?", QuestionKind.Undisclosed, new DateInterval(new(2022, 5, 1), new(2022, 5, 31)),
        Words(document, "The ministry", "“knows the cost”"), null, null, "not-told");

    internal static StoryCommand.RecordFindings Findings(EntryId document) => new(
        document, new("rules", "1.0"),
        [
            new(Quote(document)),
            new(Claim(document), Parent: FindingKey.Of(Quote(document))),
            new(Occasion(document)),
            new(Question(document), Occasion: FindingKey.Of(Occasion(document))),
        ],
        new(1, 1, 1, 1));

    /// <summary>Fills a ledger whose story is open. The entries: 2 document, 3 quote, 4 claim, 5 occasion, 6 question, 7 extraction, 8 the wire copy, 9 note, 10 withdrawal of the quote.</summary>
    internal static async Task<Told> TellAsync(TestLedger ledger)
    {
        var document = (await ledger.RecordAsync(File())).Entries[0].Id;
        var found = await ledger.RecordAsync(Findings(document), recorder: TestLedger.Rules);
        var copy = (await ledger.RecordAsync(new StoryCommand.FileDocument(
            Description("Harbour to open (wire)", "Wire", null, new PublicationDate(new DateOnly(2022, 3, 4))), Text, Encoding.UTF8.GetBytes("<p>" + Text + "</p>")))).Entries[0].Id;
        var ids = found.Entries.Select(entry => entry.Id).ToArray();
        var note = (await ledger.RecordAsync(new StoryCommand.RecordBody(new NoteAdded(ids[1], "Ask the ministry.")))).Entries[0].Id;
        var withdrawal = (await ledger.RecordAsync(new StoryCommand.RecordBody(new EntryWithdrawn(ids[0], "Not her words.")))).Entries[0].Id;
        return new(document, ids[0], ids[1], ids[2], ids[3], ids[4], copy, note, withdrawal);
    }

    internal sealed record Told(
        EntryId Document, EntryId Quote, EntryId Claim, EntryId Occasion, EntryId Question, EntryId Extraction, EntryId Copy, EntryId Note, EntryId Withdrawal);
}
