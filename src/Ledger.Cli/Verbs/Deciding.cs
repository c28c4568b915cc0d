using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Stories;
using Ledger.Intake;
using Ledger.Intake.Decisions;

namespace Ledger.Cli.Verbs;

/// <summary>What came of the decisions in a folder.</summary>
/// <param name="Recorded">Those that were not there before, with what they came to.</param>
/// <param name="Known">How many were there already.</param>
/// <param name="Refused">The others, in the order of their lines: they do not read, what they are about is not found, or a rule does not allow them.</param>
internal sealed record DecisionTotals(ImmutableArray<(DeskDecision Decision, Body Body)> Recorded, int Known, ImmutableArray<IntakeProblem> Refused)
{
    internal static DecisionTotals None { get; } = new([], 0, []);
}

/// <summary>Records a decision under the command's id, and tells the targets of every entry that is new since.</summary>
internal delegate Task<Outcome<EntryId>> Record(CommandId command, Recorder editor, Body body);

/// <summary>
/// Replays the desk's decisions in the file's order. Each is one command, whose id is made from the story and from what the decision says: repeating an ingest, also one that was
/// interrupted, records none twice, and a decision that was edited is another one. One that is refused keeps back those that name it and no others.
/// </summary>
internal sealed class Deciding(StoryId story, Naming naming, StoryTargets targets, Record record)
{
    /// <summary>Over a ledger.</summary>
    internal static Deciding In(Session session, StoryId story, StoryTargets targets, CancellationToken cancellation)
    {
        return new(story, session.Ledger.Naming, targets, Submit) { Before = ReadOnAsync };

        async Task<Outcome<EntryId>> Submit(CommandId command, Recorder editor, Body body)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = await session.Mediator.Send(new Submit(story, command, editor, new StoryCommand.RecordBody(body)), cancellation).ConfigureAwait(false);
            if (outcome.Error is { } error)
            {
                return error;
            }

            await ReadOnAsync().ConfigureAwait(false);
            return outcome.Value.Entries[0].Id;
        }

        async Task ReadOnAsync()
        {
            await foreach (var entry in session.Ledger.ReadStoryAsync(story, targets.State.Revision + 1, cancellation).ConfigureAwait(false))
            {
                targets.Add(entry);
            }
        }
    }

    /// <summary>Tells the targets of what the story holds already.</summary>
    private Func<Task> Before { get; init; } = () => Task.CompletedTask;

    internal async Task<DecisionTotals> DecideAsync(IEnumerable<DecisionsFile> files)
    {
        await Before().ConfigureAwait(false);
        var recorded = ImmutableArray.CreateBuilder<(DeskDecision, Body)>();
        var refused = ImmutableArray.CreateBuilder<IntakeProblem>();
        var known = 0;
        foreach (var file in files)
        {
            var problems = new List<IntakeProblem>(file.Problems);
            foreach (var decision in file.Decisions)
            {
                var command = naming.Command("decision", story.ToString(), decision.Identity);
                if (EntryId.For(story, command, 0) is var there && targets.State.Find(there) is not null)
                {
                    targets.Recorded(decision, there);
                    known++;
                    continue;
                }

                var (body, problem) = decision.Find(targets);
                if (body is null)
                {
                    problems.Add(problem!);
                    continue;
                }

                if (targets.FindSame(decision.Editor, body) is { } same)
                {
                    targets.Recorded(decision, same);
                    known++;
                    continue;
                }

                var outcome = await record(command, Recorder.Person(decision.Editor), body).ConfigureAwait(false);
                if (outcome.Error is { } error)
                {
                    problems.Add(new(decision.Path, decision.Line, error.Code, error.Message, error.Hint));
                    continue;
                }

                targets.Recorded(decision, outcome.Value);
                recorded.Add((decision, body));
            }

            refused.AddRange(problems.OrderBy(problem => problem.Line));
        }

        return new(recorded.ToImmutable(), known, refused.ToImmutable());
    }
}
