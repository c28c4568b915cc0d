using System.CommandLine;
using Ledger.Core.Entries;

namespace Ledger.Cli.Verbs;

/// <summary>Who says something, on the command line: what quotes and claims have in common.</summary>
internal static class Attributed
{
    internal static readonly Option<string?> Speaker = new("--speaker") { Description = "Who says it, by name.", HelpName = "NAME" };

    internal static readonly Option<string?> SpeakerWords = new("--speaker-words") { Description = "The words that stand for the speaker there.", HelpName = "TEXT" };

    internal static readonly Option<string?> Cue = new("--cue") { Description = "The words that attribute it, such as “said”.", HelpName = "TEXT" };

    internal static readonly Option<string?> Parent = new("--parent") { Description = "The quote or claim within whose words it stands: who passed it on.", HelpName = "ID" };

    internal static readonly Option<bool> Direct = new("--direct") { Description = "All of the words are the speaker's, whatever the quotation marks say." };

    internal static readonly Option<bool> Mixed = new("--mixed") { Description = "Some of the words are the speaker's, the rest is the document's paraphrase." };

    internal static Speaker? SpeakerOf(Run run, PickedWords words) =>
        run.Get(Speaker) is null && run.Get(SpeakerWords) is null ? null : new(run.Get(Speaker), words.Beside(run.Get(SpeakerWords)));

    internal static async Task<EntryId?> ParentOf(Run run, Session session) =>
        run.Get(Parent) is { } parent ? await session.EntryAsync(parent, run.Cancellation).ConfigureAwait(false) : null;

    internal static Directness DirectnessOf(Run run, PickedWords words) => (run.Get(Direct), run.Get(Mixed)) switch
    {
        (true, true) => throw new UsageException("Words are direct or mixed, not both.", "Without --direct and --mixed the quotation marks tell."),
        (true, _) => Directness.Direct,
        (_, true) => Directness.Mixed,
        _ => QuotationMarks.Around(words.Document.Text, words.Span.Ranges),
    };
}

/// <summary><c>ledger record quote</c>.</summary>
internal static class RecordQuote
{
    internal static Command Build(Terminal terminal) =>
        new Verb("quote", "Record words in quotation marks, and who said them.", "ledger record quote --in 0f3a91c2 --words \"a roadmap\" --speaker \"Nikol Pashinyan\" --cue expected")
        {
            More = "Whether they are direct or mixed is read from the quotation marks around them.",
        }
        .Takes(PickedWords.In, PickedWords.Words, PickedWords.Nth, Attributed.Speaker, Attributed.SpeakerWords, Attributed.Cue, Attributed.Parent, Attributed.Direct, Attributed.Mixed)
        .Records(terminal, async (run, session) =>
        {
            var words = await PickedWords.NeedAsync(run, session).ConfigureAwait(false);
            var directness = Attributed.DirectnessOf(run, words);
            if (directness == Directness.Indirect)
            {
                throw new UsageException("None of these words stand in quotation marks.", "Record reported speech with 'ledger record claim'; if the marks mislead, say --direct or --mixed.");
            }

            var body = new QuoteRecorded(
                words.Span, directness, Attributed.SpeakerOf(run, words), words.Beside(run.Get(Attributed.Cue)), await Attributed.ParentOf(run, session).ConfigureAwait(false), null);
            return new(words.Document.Story, body, $"Recorded a {RecordTable.Name(directness)} quote, {words.Place}");
        });
}

/// <summary><c>ledger record claim</c>.</summary>
internal static class RecordClaim
{
    internal static readonly Option<string?> Statement = new("--statement") { Description = "What is claimed, as a sentence of its own. Without it: the words.", HelpName = "TEXT" };

    internal static readonly Option<string?> Modality = DeskOptions.Choice<Modality>("--modality", "How it is put");

    internal static Command Build(Terminal terminal) =>
        new Verb("claim", "Record what is asserted, and by whom.", "ledger record claim --in 0f3a91c2 --words \"adopted 15 of the 17 drafts\" --statement \"The summit adopted 15 of 17 drafts.\"")
        {
            More = "Without a speaker the document itself makes the claim.",
        }
        .Takes(
            PickedWords.In, PickedWords.Words, PickedWords.Nth, Statement, Modality, Attributed.Speaker, Attributed.SpeakerWords, Attributed.Cue, Attributed.Parent,
            Attributed.Direct, Attributed.Mixed)
        .Records(terminal, async (run, session) =>
        {
            var words = await PickedWords.NeedAsync(run, session).ConfigureAwait(false);
            var body = new ClaimRecorded(
                words.Span, run.Get(Statement) ?? Proposals.Sentence(words.Span.Words), run.Chosen<Modality>(Modality) ?? Core.Entries.Modality.Asserted,
                Attributed.DirectnessOf(run, words), Attributed.SpeakerOf(run, words), words.Beside(run.Get(Attributed.Cue)),
                await Attributed.ParentOf(run, session).ConfigureAwait(false), null);
            return new(words.Document.Story, body, $"Recorded a claim, {words.Place}");
        });
}
