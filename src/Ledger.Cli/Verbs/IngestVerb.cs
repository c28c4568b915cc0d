using System.Collections.Immutable;
using System.CommandLine;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Extraction;
using Ledger.Intake;
using Ledger.Intake.Decisions;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger ingest PATH…</c>: files documents, and records what is found in them.</summary>
internal static class IngestVerb
{
    internal static Command Build(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files (.txt, .md, .html) or folders of them.", Arity = ArgumentArity.OneOrMore };
        var story = new Option<string?>("--story") { Description = "The story to file in; opened if there is none. Without it: the folder's or file's name.", HelpName = "SLUG" };
        var title = new Option<string?>("--title") { Description = "The title of a story that is opened. Without it: the heading of the folder's README.", HelpName = "TEXT" };
        var date = new Option<string?>("--date") { Description = "The day of publication, over what the files say.", HelpName = "DATE" };
        var publisher = new Option<string?>("--publisher") { Description = "The publisher, over what the files say.", HelpName = "NAME" };
        var url = new Option<string?>("--url") { Description = "Where the document was published, over what the file says.", HelpName = "URL" };
        var revises = new Option<string?>("--revises") { Description = "The document whose place this text took. Without it: the one at the same url.", HelpName = "ID" };
        var origin = new Option<string?>("--origin") { Description = "The name of a ledger that is begun (or LEDGER_ORIGIN): example.org/desk.", HelpName = "NAME" };
        var again = new Option<bool>("--again") { Description = "File also what was withdrawn. Without it, such a file is passed over." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be filed and found; write nothing." };
        var command = new Verb("ingest", "File documents, and record the quotes, claims, open questions and occasions found in them.", "ledger ingest seeds/csto-armenia")
        {
            More = "Safe to repeat and to interrupt: what is recorded is not recorded again. Files that cannot be read are named, and the others are filed. Another text at a url that is known is filed as its revision, and what no longer stands in it is told. A decisions.yaml beside the documents holds the desk's decisions on them.",
        };
        command.Arguments.Add(paths);
        foreach (var option in (Option[])[story, title, date, publisher, url, revises, again, origin, dryRun])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async run =>
        {
            var options = new IntakeOptions
            {
                Date = run.Get(date) is { } day ? AsOfOptions.Day("--date", day) : null,
                Publisher = run.Get(publisher),
                Url = run.Get(url),
            };
            var given = run.Get(paths)!;
            var slug = run.Get(story) ?? await StoryOfAsync(run, run.Get(revises)).ConfigureAwait(false) ?? Slug.From(NameOf(given));
            var results = await IntakeFolder.Read(given, options, run.Cancellation).ConfigureAwait(false);
            IntakeReport.Write(run.Terminal, results);
            List<FrozenDocument> documents = [.. results.OfType<FrozenDocument>()];
            ImmutableArray<IntakeProblem> problems = [.. results.OfType<IntakeProblem>()];
            List<DecisionsFile> decisions = [.. results.OfType<DecisionsFile>()];
            if (documents.Count == 0 && decisions.Count > 0)
            {
                problems = problems.Add(new(decisions[0].Path, null, IntakeCodes.NoDocuments, "Decisions are read together with the documents they are about.", "Name their folder."));
                IntakeReport.Write(run.Terminal, [problems[^1]]);
            }

            if (run.Get(dryRun))
            {
                return await DryRun.ShowAsync(run, slug, documents, decisions, problems, run.Get(again)).ConfigureAwait(false) ? ExitCodes.Done : ExitCodes.Refused;
            }

            if (run.Get(revises) is not null && documents.Count > 1)
            {
                throw new UsageException("--revises takes one document.", "Without it, each file revises the document at its own url.");
            }

            if (documents.Count == 0)
            {
                IngestSummary.WriteNothing(run, slug, problems);
                return IntakeReport.ExitOf(problems);
            }

            var name = run.Get(origin) ?? Session.SomeOrigin();
            var session = await Session.WriteAsync(run, name).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            // Stories are looked up in a list, which an interrupted run may have left behind.
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            var known = await session.SlugsAsync(run.Cancellation).ConfigureAwait(false);
            var filing = new Filing(session, run.Recorder, new RuleExtractor(), run.Get(again), run.Cancellation);
            var totals = await FileAllAsync(run, session, filing, slug, run.Get(title) ?? IntakeFolder.TitleOf(given[0]) ?? Titled(slug), documents, run.Get(revises)).ConfigureAwait(false);
            totals = totals with { Problems = problems, Decisions = await DecideAsync(run, session, slug, totals, decisions).ConfigureAwait(false) };
            IntakeReport.Write(run.Terminal, totals.Decisions.Refused);
            await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            totals = totals with { PassedOver = await PassedOver.OfAsync(session, totals.Texts, run.Cancellation).ConfigureAwait(false) };
            if (!known.Contains(slug) && Nearest.Of(slug, known) is { } near)
            {
                run.Terminal.Note($"note: '{slug}' is a new story. If '{near}' was meant, withdraw these documents and ingest them with --story {near}.");
            }

            await IngestSummary.WriteAsync(run, session, slug, totals, !known.Contains(slug)).ConfigureAwait(false);
            return totals.Refused == 0 && totals.Decisions.Refused.IsEmpty ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<IngestTotals> FileAllAsync(Run run, Session session, Filing filing, string slug, string title, List<FrozenDocument> documents, string? revises)
    {
        var totals = new IngestTotals(0, 0, 0, [], []);
        var story = await filing.OpenStoryAsync(slug, title, documents[0].Language ?? "en").ConfigureAwait(false);
        var before = revises is null ? (EntryId?)null : await session.DocumentAsync(revises, run.Cancellation).ConfigureAwait(false);
        using var progress = new ProgressLine(run.Terminal, "filed", documents.Count);
        foreach (var document in documents)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var outcome = await filing.FileAsync(story, document, before).ConfigureAwait(false);
            if (outcome.Error is { } error)
            {
                progress.Clear();
                run.Terminal.Note($"error: {document.Path}: {error.Message}");
                totals = totals with { Failed = totals.Failed.Add(new(document.Path, null, error.Code, error.Message, error.Hint)) };
                continue;
            }

            totals = totals with
            {
                Filed = totals.Filed + (outcome.Value.IsNew ? 1 : 0),
                Entries = totals.Entries + outcome.Value.Entries,
                Findings = totals.Findings + outcome.Value.Findings,
                Documents = totals.Documents.Add(outcome.Value.Document),
                Revisions = outcome.Value.Revision is { } revision ? totals.Revisions.Add((outcome.Value.Document, revision)) : totals.Revisions,
                Texts = totals.Texts.Add((document, outcome.Value.Document, outcome.Value.IsNew)),
                Copies = outcome.Value.SameTextAs is { } same ? totals.Copies.Add((document.Path, outcome.Value.Document, same)) : totals.Copies,
            };
            progress.Report(totals.Documents.Length);
            if (totals.Documents.Length % 50 == 0)
            {
                // Who reads meanwhile finds what has been filed so far.
                await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
            }
        }

        return totals;
    }

    /// <summary>The story of the document that is revised; null where none is named.</summary>
    private static async Task<string?> StoryOfAsync(Run run, string? revises)
    {
        if (revises is null)
        {
            return null;
        }

        var session = await Session.ReadAsync(run).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        return await session.SlugAsync((await session.FindAsync(revises, run.Cancellation).ConfigureAwait(false)).Story, run.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Decisions are about what was found, so they come after all documents.</summary>
    private static async Task<DecisionTotals> DecideAsync(Run run, Session session, string slug, IngestTotals totals, List<DecisionsFile> files)
    {
        if (files.Count == 0)
        {
            return DecisionTotals.None;
        }

        await session.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
        var story = await session.StoryAsync(slug, run.Cancellation).ConfigureAwait(false);
        var targets = new StoryTargets();
        foreach (var (document, id, _) in totals.Texts)
        {
            targets.Add(DispatchOf(document, id));
        }

        return await Deciding.In(session, story, targets, run.Cancellation).DecideAsync(files).ConfigureAwait(false);
    }

    /// <summary>A document under the name by which decisions know it.</summary>
    internal static Dispatch DispatchOf(FrozenDocument document, EntryId id) => new(Path.GetFileNameWithoutExtension(document.Path), document.Path, id, document.Text);

    /// <summary>A folder's name, or a file's; of several files in one folder, the folder's.</summary>
    private static string NameOf(string[] paths)
    {
        List<string> whole = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];
        var folders = whole.Select(Path.GetDirectoryName).Distinct().ToList();
        return paths.Length > 1 && folders is [{ } folder] && !whole.Any(Directory.Exists) && Path.GetFileName(folder) is { Length: > 0 } name
            ? name
            : Directory.Exists(whole[0]) ? Path.GetFileName(whole[0]) : Path.GetFileNameWithoutExtension(whole[0]);
    }

    private static string Titled(string slug)
    {
        var words = slug.Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}

/// <summary>What an ingest came to.</summary>
/// <param name="Filed">Documents that were not there before.</param>
/// <param name="Findings">Findings recorded.</param>
/// <param name="Entries">Entries appended.</param>
/// <param name="Documents">Every document given that is in the story now.</param>
/// <param name="Failed">Documents that the story refused.</param>
internal sealed record IngestTotals(int Filed, int Findings, long Entries, ImmutableArray<EntryId> Documents, ImmutableArray<IntakeProblem> Failed)
{
    /// <summary>Documents that came in the place of others, and which findings they orphaned.</summary>
    internal ImmutableArray<(EntryId Document, DocumentRevised Revision)> Revisions { get; init; } = [];

    /// <summary>The files of <see cref="Documents"/>, and whether each was filed just now.</summary>
    internal ImmutableArray<(FrozenDocument File, EntryId Document, bool IsNew)> Texts { get; init; } = [];

    /// <summary>Files that were filed beside a document with the same text, because they are from elsewhere.</summary>
    internal ImmutableArray<(string Path, EntryId Document, EntryId SameTextAs)> Copies { get; init; } = [];

    /// <summary>Files whose text was there already.</summary>
    internal ImmutableArray<PassedOver> PassedOver { get; init; } = [];

    /// <summary>What came of the desk's decisions on them.</summary>
    internal DecisionTotals Decisions { get; init; } = DecisionTotals.None;

    /// <summary>Files that did not become documents.</summary>
    internal ImmutableArray<IntakeProblem> Problems { get; init; } = [];

    internal int Refused => Failed.Length + Problems.Length;
}
