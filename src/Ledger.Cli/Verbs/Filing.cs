using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Extraction;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary>What became of one document.</summary>
/// <param name="Document">Its entry.</param>
/// <param name="IsNew">Whether it was not there before.</param>
/// <param name="Entries">How many entries were appended.</param>
/// <param name="Findings">How many of them are findings.</param>
/// <param name="Revision">What it revises, when it came in the place of another text just now.</param>
/// <param name="SameTextAs">The document with the same text, published elsewhere, when it was filed just now.</param>
internal sealed record Filed(EntryId Document, bool IsNew, long Entries, int Findings, DocumentRevised? Revision = null, EntryId? SameTextAs = null);

/// <summary>
/// Files documents in a story and records what an extractor finds in them. Every command's id is derived from what it is for, so that an interrupted run, repeated,
/// comes to the same entries.
/// </summary>
internal sealed class Filing(Session session, Recorder person, IExtractor extractor, bool again, CancellationToken cancellation)
{
    // A command's bodies may have 900 KiB; a finding has a body of a kilobyte or two.
    private const int MaxBatchBytes = 400 * 1024;
    private const int MaxBatch = 500;

    private Naming Naming => session.Ledger.Naming;

    internal async Task<StoryId> OpenStoryAsync(string slug, string title, string language)
    {
        if (await session.FindStoryAsync(slug, cancellation).ConfigureAwait(false) is { } known)
        {
            await session.FoldAsync(known, cancellation).ConfigureAwait(false);
            return known;
        }

        var story = Naming.Story(slug);
        var opened = await SubmitAsync(story, Naming.Command("open-story", slug), person, new StoryCommand.OpenStory(title, slug, language, [])).ConfigureAwait(false);
        return opened.Error is null or { Code: "story-exists" or "command-reused" } ? story : throw new LedgerException(opened.Error);
    }

    internal async Task<Outcome<Filed>> FileAsync(StoryId story, FrozenDocument document, EntryId? revises = null)
    {
        var filed = await FileDocumentAsync(story, document, revises).ConfigureAwait(false);
        if (filed.Error is { } error)
        {
            return error;
        }

        var (id, entries) = filed.Value;
        var body = entries > 0 ? (await session.Ledger.FindAsync(id, cancellation: cancellation).ConfigureAwait(false))?.Body : null;
        var outcome = new Filed(id, entries > 0, entries, 0, body as DocumentRevised, (body as DocumentFiled ?? (body as DocumentRevised)?.Document)?.SameTextAs);
        var state = await session.StateAsync(story, cancellation).ConfigureAwait(false);
        if (state.Extracted.Contains(id) || state.Find(id) is { Withdrawn: true })
        {
            return outcome;
        }

        var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), cancellation).ConfigureAwait(false);
        var recorded = await RecordAsync(story, id, document.Text, found).ConfigureAwait(false);
        return recorded.Error is { } refused ? refused : outcome with { Entries = entries + recorded.Value.Entries, Findings = recorded.Value.Findings };
    }

    private async Task<Outcome<(EntryId Document, long Entries)>> FileDocumentAsync(StoryId story, FrozenDocument document, EntryId? revises)
    {
        var key = KeyOf(document);
        var state = await session.StateAsync(story, cancellation).ConfigureAwait(false);
        if (Known(state, key, again) is { } known)
        {
            return (known, 0L);
        }

        // A document that was withdrawn and is filed again is another command.
        var withdrawn = state.Entries.Values.Count(entry => entry is { Type: "document.filed" or "document.revised", Withdrawn: true });
        var command = Naming.Command("file-document", story.ToString(), key.TextSha256.ToString(), key.Url ?? "", key.Publisher ?? "", withdrawn.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // Another text at an address that is known came in the place of the one before.
        var before = revises ?? (document.Url is { } url && state.Addresses.TryGetValue(url, out var newest) ? newest : null);
        StoryCommand asked = before is { } earlier
            ? new StoryCommand.ReviseDocument(earlier, Describe(document), document.Text, document.Source)
            : new StoryCommand.FileDocument(Describe(document), document.Text, document.Source);
        var outcome = await SubmitAsync(story, command, Programs.Cli(person.Name), asked).ConfigureAwait(false);
        return outcome.Error is { } error ? error : (outcome.Value.Entries[0].Id, outcome.Value.Repeated ? 0 : outcome.Value.Entries.Length);
    }

    /// <summary>The document that a text is recorded as, also where it was put right since or, unless it is to be filed again, withdrawn; null for one that is to be filed.</summary>
    internal static EntryId? Known(StoryState state, DocumentKey key, bool again) =>
        state.Documents.TryGetValue(key, out var known) || (state.Former.TryGetValue(key, out known) && !(again && state.Find(known) is { Withdrawn: true })) ? known : null;

    private async Task<Outcome<(long Entries, int Findings)>> RecordAsync(StoryId story, EntryId document, string text, Findings found)
    {
        var proposed = Proposals.Of(document, text, found);
        var program = new ProgramVersion(extractor.Name, extractor.Version);
        var counts = new FindingCounts(
            proposed.Count(finding => finding.Body is QuoteRecorded), proposed.Count(finding => finding.Body is ClaimRecorded),
            proposed.Count(finding => finding.Body is QuestionRaised), proposed.Count(finding => finding.Body is OccasionScheduled));
        long entries = 0;
        var findings = 0;
        var batches = Batches(proposed);
        for (var i = 0; i < batches.Count; i++)
        {
            var command = Naming.Command(
                "record-findings", document.ToString(), program.Name, program.Version, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var outcome = await SubmitAsync(
                story, command, Recorder.Program(program.Name, program.Version, person.Name),
                new StoryCommand.RecordFindings(document, program, batches[i], i == batches.Count - 1 ? counts : null)).ConfigureAwait(false);
            if (outcome.Error is { } error)
            {
                return error;
            }

            if (!outcome.Value.Repeated)
            {
                entries += outcome.Value.Entries.Length;
                findings += outcome.Value.Entries.Count(entry => entry.Type != "extraction.completed");
            }
        }

        return (entries, findings);
    }

    /// <summary>At least one batch, so that a document without findings is marked as read too.</summary>
    private static List<ImmutableArray<ProposedFinding>> Batches(ImmutableArray<ProposedFinding> proposed)
    {
        var batches = new List<ImmutableArray<ProposedFinding>>();
        var batch = ImmutableArray.CreateBuilder<ProposedFinding>();
        var bytes = 0;
        foreach (var finding in proposed)
        {
            var size = BodyTypes.Write(finding.Body).Length + 1024;
            if (batch.Count > 0 && (batch.Count == MaxBatch || bytes + size > MaxBatchBytes))
            {
                batches.Add(batch.DrainToImmutable());
                bytes = 0;
            }

            batch.Add(finding);
            bytes += size;
        }

        batches.Add(batch.DrainToImmutable());
        return batches;
    }

    /// <summary>What makes it the same document.</summary>
    internal static DocumentKey KeyOf(FrozenDocument document) =>
        DocumentKey.Of(new Digest(Convert.FromHexString(document.TextSha256)), document.Url, document.Publisher);

    internal static DocumentDescription Describe(FrozenDocument document) => new(
        document.Title ?? Path.GetFileNameWithoutExtension(document.Path), document.Publisher, document.Author, document.Url, document.ArchivedUrl, document.Language,
        Published(document.PublishedAt), document.RetrievedAt is { } retrieved ? Published(retrieved).At : null, document.MediaType,
        document.Converter is { } converter ? new(converter.Name, converter.Version) : null, null, document.Sources);

    private static PublicationDate Published(PublicationTime time) => time.Instant is { } instant ? new(Timestamp.From(instant)) : new(time.Day);

    private async Task<Outcome<Receipt>> SubmitAsync(StoryId story, CommandId id, Recorder recorder, StoryCommand command) =>
        await session.Mediator.Send(new Submit(story, id, recorder, command), cancellation).ConfigureAwait(false);
}
