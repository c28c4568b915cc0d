using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Extraction;
using Ledger.Intake;
using Ledger.Intake.Decisions;

namespace Ledger.Cli.Verbs;

/// <summary>What an ingest would do: the same commands are decided on the story as it is, and nothing is appended.</summary>
internal static class DryRun
{
    /// <returns>Whether nothing would be refused.</returns>
    internal static async Task<bool> ShowAsync(Run run, string slug, List<FrozenDocument> documents, List<DecisionsFile> decisions, ImmutableArray<IntakeProblem> problems, bool again)
    {
        var extractor = new RuleExtractor();
        var rehearsal = await RehearseAsync(run, slug).ConfigureAwait(false);
        var items = new JsonArray();
        var filed = 0;
        foreach (var document in documents)
        {
            var found = await extractor.ExtractAsync(new(document.Text, document.PublishedAt.Day), run.Cancellation).ConfigureAwait(false);
            var isNew = rehearsal.File(document, extractor, found, again);
            filed += isNew ? 1 : 0;
            if (run.Json)
            {
                var item = ExtractionJson.Of(document, found);
                item["isNew"] = isNew;
                items.Add(item);
                continue;
            }

            run.Terminal.Prose(
                isNew ? $"{document.Path}: “{document.Title}”, {document.PublishedAt}; {IngestSummary.Count(found.All.Length, "finding")}" : $"{document.Path}: there already{(rehearsal.IsWithdrawn(document) ? ", withdrawn" : "")}", "", "  ");
            foreach (var question in isNew ? found.All.OfType<QuestionFinding>() : [])
            {
                run.Terminal.Prose(question.Text, "  open: ", "    ");
            }
        }

        var decided = decisions.Count > 0 && documents.Count > 0 ? await rehearsal.DecideAsync(decisions).ConfigureAwait(false) : DecisionTotals.None;
        IntakeReport.Write(run.Terminal, decided.Refused);
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject
            {
                ["story"] = slug,
                ["documents"] = items,
                ["decisions"] = new JsonArray([.. decided.Recorded.Select(item => (JsonNode)Json(rehearsal.Targets, item.Decision, item.Body))]),
                ["problems"] = new JsonArray([.. problems.Concat(decided.Refused).Select(problem => (JsonNode)IntakeReport.Json(problem))]),
            });
        }
        else
        {
            foreach (var (decision, body) in decided.Recorded)
            {
                run.Terminal.Prose(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{decision.Path}, line {decision.Line}: {decision.Does}, by {decision.Editor}"), "", "  ");
                foreach (var reference in About(body))
                {
                    run.Terminal.Prose(rehearsal.Targets.Describe(reference.Entry), $"  {reference.Relation}: ", "    ");
                }
            }

            run.Terminal.Prose(
                $"Nothing was written. {IngestSummary.Count(filed, "document")} would be filed in the story {slug}"
                + $"{(problems.Length > 0 ? $", {IngestSummary.Count(problems.Length, "file")} refused" : "")}"
                + $"{(decided == DecisionTotals.None ? "" : $"; {IngestSummary.Tally(decided, "would be recorded")}")}.");
        }

        return problems.IsEmpty && decided.Refused.IsEmpty;
    }

    /// <summary>What a decision is about; the documents its words stand in say nothing more.</summary>
    private static IEnumerable<Reference> About(Body body) => body.References().Where(reference => reference.Relation != "found in");

    private static JsonObject Json(StoryTargets targets, DeskDecision decision, Body body) => new()
    {
        ["path"] = decision.Path,
        ["line"] = decision.Line,
        ["does"] = decision.Does,
        ["editor"] = decision.Editor,
        ["type"] = BodyTypes.Of(body).Name,
        ["on"] = new JsonArray([.. About(body).Select(reference => (JsonNode)new JsonObject { ["relation"] = reference.Relation, ["words"] = targets.Describe(reference.Entry) })]),
    };

    /// <summary>The story as it is; an empty one where there is no ledger, or no such story in it.</summary>
    private static async Task<Rehearsal> RehearseAsync(Run run, string slug)
    {
        var targets = new StoryTargets();
        if (!await run.Store.ExistsAsync(run.Cancellation).ConfigureAwait(false))
        {
            var none = new Naming(new byte[32]);
            return new(slug, none.Story(slug), none, targets, run.Recorder);
        }

        var session = await Session.ReadAsync(run).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var story = await session.FindStoryAsync(slug, run.Cancellation).ConfigureAwait(false);
        if (story is { } known)
        {
            await foreach (var entry in session.Ledger.ReadStoryAsync(known, 0, run.Cancellation).ConfigureAwait(false))
            {
                targets.Add(entry);
            }
        }

        return new(slug, story ?? session.Ledger.Naming.Story(slug), session.Ledger.Naming, targets, run.Recorder);
    }

    /// <summary>Decides commands on a story and keeps what they come to in memory. Ids of what is new are made up.</summary>
    private sealed class Rehearsal
    {
        private readonly StoryId story;
        private readonly Naming naming;
        private readonly Recorder person;
        private readonly Dictionary<EntryId, string> texts = [];

        internal Rehearsal(string slug, StoryId story, Naming naming, StoryTargets targets, Recorder person)
        {
            (this.story, this.naming, this.person, Targets) = (story, naming, person, targets);
            if (targets.State.Opened is null)
            {
                Decide(CommandId.New(), person, new StoryCommand.OpenStory(slug, slug, "en", []));
            }
        }

        internal StoryTargets Targets { get; }

        internal bool IsWithdrawn(FrozenDocument document) =>
            Filing.Known(Targets.State, Filing.KeyOf(document), again: false) is { } id && Targets.State.Find(id) is { Withdrawn: true };

        /// <summary>Whether the document is new to the story.</summary>
        internal bool File(FrozenDocument document, RuleExtractor extractor, Findings found, bool again)
        {
            var known = Filing.Known(Targets.State, Filing.KeyOf(document), again);
            var (isNew, id) = (known is null, known.GetValueOrDefault());
            if (isNew && Decide(CommandId.New(), Programs.Cli(person.Name), new StoryCommand.FileDocument(Filing.Describe(document), document.Text, document.Source)).Error is null)
            {
                id = Targets.State.Documents[Filing.KeyOf(document)];
                texts[id] = document.Text;
                var program = new ProgramVersion(extractor.Name, extractor.Version);
                Decide(CommandId.New(), Recorder.Program(program.Name, program.Version), new StoryCommand.RecordFindings(id, program, Proposals.Of(id, document.Text, found), null));
            }

            texts[id] = document.Text;
            Targets.Add(IngestVerb.DispatchOf(document, id));
            return isNew;
        }

        internal Task<DecisionTotals> DecideAsync(IEnumerable<DecisionsFile> files) =>
            new Deciding(story, naming, Targets, (command, editor, body) => Task.FromResult(Decide(command, editor, new StoryCommand.RecordBody(body)))).DecideAsync(files);

        private Outcome<EntryId> Decide(CommandId id, Recorder recorder, StoryCommand command)
        {
            var context = new DecisionContext(story, id, recorder, texts.ToImmutableDictionary());
            switch (Story.Decide(Targets.State, command, context))
            {
                case Decision.Refused refused:
                    return refused.Error;
                case Decision.Accepted accepted:
                    for (var i = 0; i < accepted.Entries.Length; i++)
                    {
                        var body = accepted.Entries[i].Body;
                        Targets.Add(EntryId.For(story, id, i), BodyTypes.Of(body).Name, body, recorder.Kind, recorder.Name, Timestamp.MinValue);
                    }

                    return EntryId.For(story, id, 0);
                default:
                    throw new InvalidOperationException("A decision is accepted or refused.");
            }
        }
    }
}
