using CsCheck;
using Ledger.Core.Entries;
using Ledger.Core.Tests.Support;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Stories;

/// <summary>
/// Random commands of several writers against a model of questions, links and withdrawals that knows nothing of the product: what was appended is told to the model in
/// the order of the log; each refusal is one that the model would give in the state that some prefix of the log came to; as-of at every index is the model at that index.
/// </summary>
public sealed class QuestionModelTests
{
    private const int Claims = 4;
    private const int Questions = 3;

    private static readonly Gen<(int Kind, int A, int B, bool Program)> Tried =
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 4], (kind, a, b, program) => (kind, a, b, program == 0));

    [Fact]
    public Task Every_outcome_agrees_with_the_model_one_after_another() => Tried.Array[20, 60].SampleAsync(
        async tried =>
        {
            await using var ledger = await TestLedger.WithStoryAsync();
            var ids = await SetUpAsync(ledger);
            var model = new Model(ids);
            foreach (var (kind, a, b, program) in tried)
            {
                var body = BodyOf(ids, kind, a, b, program);
                var outcome = await ledger.SubmitAsync(new RecordBody(body), recorder: program ? Desk.Rules : TestLedger.Ada);
                outcome.Error?.Code.ShouldBe(model.Refuses(body, program), $"{body}");
                if (outcome.Error is null)
                {
                    model.Refuses(body, program).ShouldBeNull($"{body}");
                    var id = outcome.Value.Entries[0].Id;
                    model.Apply(id, body, program);
                    lock (ids)
                    {
                        ids.Said.Add(id);
                    }
                }
            }

            await CheckHistoryAsync(ledger, ids);
        }, iter: 25, threads: 1);

    [Fact]
    public Task Writers_at_the_same_time_are_each_answered_from_a_state_that_the_log_came_to() => Tried.Array[12, 20].Array[4].SampleAsync(
        async writers =>
        {
            await using var ledger = await TestLedger.WithStoryAsync();
            var ids = await SetUpAsync(ledger);
            var refused = new System.Collections.Concurrent.ConcurrentBag<(Body Body, bool Program, string Code, long Before, long After)>();
            await Task.WhenAll(writers.Select(tried => Task.Run(async () =>
            {
                foreach (var (kind, a, b, program) in tried)
                {
                    var body = BodyOf(ids, kind, a, b, program);
                    var before = (await ledger.Log.HeadAsync()).Size;
                    var outcome = await ledger.SubmitAsync(new RecordBody(body), recorder: program ? Desk.Rules : TestLedger.Ada);
                    if (outcome.Error is { } error)
                    {
                        refused.Add((body, program, error.Code, before, (await ledger.Log.HeadAsync()).Size));
                        continue;
                    }

                    lock (ids)
                    {
                        ids.Said.Add(outcome.Value.Entries[0].Id);
                    }
                }
            })));
            var models = await CheckHistoryAsync(ledger, ids);
            foreach (var (body, program, code, before, after) in refused)
            {
                Enumerable.Range((int)before, (int)(after - before) + 1).Select(size => models[size].Refuses(body, program)).ShouldContain(code, $"{body}");
            }
        }, iter: 12, threads: 1);

    /// <summary>Nothing in the log is what the model would have refused, and the views at every index are what the model holds there. The models by the size of the log.</summary>
    private static async Task<Dictionary<int, Model>> CheckHistoryAsync(TestLedger ledger, Ids ids)
    {
        await ledger.KeepViewsAsync();
        var model = new Model(ids);
        var models = new Dictionary<int, Model> { [(int)ids.From] = model.Copy() };
        foreach (var entry in (await ledger.EntriesAsync()).Where(entry => entry.Index >= ids.From))
        {
            var program = entry.Envelope.RecordedBy.Kind == RecorderKind.Program;
            model.Refuses(entry.Body!, program).ShouldBeNull($"{entry.Body} at {entry.Index}");
            model.Apply(entry.Id, entry.Body!, program);
            models[(int)entry.Index + 1] = model.Copy();
            foreach (var question in ids.Questions)
            {
                var record = (QuestionRecord)(await ledger.Views.FindAsync(QuestionsView.View, question.Value, entry.Index))!;
                (record.Status, record.Criteria, record.Evidence.Length).ShouldBe((model.StatusOf(question), model.Questions[question].Criteria, model.EvidenceOf(question)), $"at {entry.Index}");
            }

            foreach (var claim in ids.Claims)
            {
                var record = (ClaimRecord)(await ledger.Views.FindAsync(ClaimsView.View, claim.Value, entry.Index))!;
                record.Status.ShouldBe(model.StandingOf(claim), $"at {entry.Index}");
            }
        }

        return models;
    }

    private static async Task<Ids> SetUpAsync(TestLedger ledger)
    {
        var ids = new Ids();
        for (var i = 0; i < Claims; i++)
        {
            var document = (await ledger.RecordAsync(Harbour.File(Harbour.Text + i, $"P{i}", $"https://{i}.example/") with { Document = Harbour.Description(publisher: $"P{i}", url: $"https://{i}.example/") with { Sources = [] } })).Entries[0].Id;
            ids.Claims.Add((await ledger.RecordAsync(new RecordBody(Harbour.Claim(document) with { Speaker = null, Rule = null }))).Entries[0].Id);
        }

        for (var i = 0; i < Questions; i++)
        {
            var criteria = i == 0 ? "a figure" : null;
            ids.Questions.Add((await ledger.RecordAsync(new RecordBody(new QuestionRaised($"Why {i}?", QuestionKind.Unknown, null, null, null, criteria, null)))).Entries[0].Id);
        }

        ids.From = (await ledger.Log.HeadAsync()).Size;
        return ids;
    }

    private static Body BodyOf(Ids ids, int kind, int a, int b, bool program)
    {
        var (question, claim, other) = (ids.Questions[a % Questions], ids.Claims[b % Claims], ids.Claims[a % Claims]);
        EntryId said;
        lock (ids)
        {
            said = ids.Said.Count == 0 ? claim : ids.Said[b % ids.Said.Count];
        }

        return kind switch
        {
            0 => new QuestionRestated(question, "Why?", QuestionKind.Unknown, b % 3 == 0 ? null : "a figure", [], null, "so", null),
            1 => new QuestionResolved(question, b % 2 == 0 ? QuestionOutcome.Answered : QuestionOutcome.Annulled, "So.", null, [claim], "so", null),
            2 => new QuestionReopened(question, "so", null),
            3 => new QuestionEvidenceAdded(question, claim, EvidenceBearing.Context, program ? "r" : null, "so"),
            4 => new ClaimLinked(other, claim, b % 3 == 0 ? LinkRelation.Contradicts : LinkRelation.Repeats, null, program ? "r" : null, "so"),
            5 => new ProposalAccepted(said, null, null),
            6 => new ProposalRejected(said, null, null),
            7 => new EntryWithdrawn(said, "wrong"),
            _ => new EntryWithdrawn(b % 9 == 0 ? claim : b % 9 == 1 ? question : said, "wrong"),
        };
    }

    private sealed class Ids
    {
        internal List<EntryId> Claims { get; } = [];

        internal List<EntryId> Questions { get; } = [];

        /// <summary>What the writers recorded so far.</summary>
        internal List<EntryId> Said { get; } = [];

        internal long From { get; set; }
    }

    /// <summary>What is there, as a list of things and what was decided on each; every answer is worked out anew from it.</summary>
    private sealed class Model(Ids ids)
    {
        private readonly List<(EntryId Id, Body Body, bool Program)> said = [];
        private readonly HashSet<EntryId> gone = [];
        private readonly HashSet<EntryId> accepted = [];
        private readonly HashSet<EntryId> rejected = [];

        internal Dictionary<EntryId, (string? Criteria, EntryId? Resolved, QuestionOutcome Outcome)> Questions { get; private set; } =
            ids.Questions.Select((id, place) => (id, place)).ToDictionary(item => item.id, item => (item.place == 0 ? "a figure" : null, (EntryId?)null, QuestionOutcome.Answered));

        internal Model Copy()
        {
            var copy = new Model(ids) { Questions = new(Questions) };
            copy.said.AddRange(said);
            copy.gone.UnionWith(gone);
            copy.accepted.UnionWith(accepted);
            copy.rejected.UnionWith(rejected);
            return copy;
        }

        internal string? Refuses(Body body, bool program) => body switch
        {
            _ when program && body is IDecision => "program-decides",
            EntryWithdrawn withdrawn when program && (Of(withdrawn.Entry) is not { Program: true } || accepted.Contains(withdrawn.Entry)) => "program-decides",
            QuestionRestated restated => Open(restated.Question),
            QuestionResolved resolved => Open(resolved.Question) ?? (Questions[resolved.Question].Criteria is null ? "criteria-missing" : null) ?? Stands(resolved.Evidence[0]),
            QuestionReopened reopened => Stands(reopened.Question) ?? (Questions[reopened.Question].Resolved is null ? "question-open" : null),
            QuestionEvidenceAdded added => Stands(added.Question) ?? Stands(added.Evidence)
                ?? (Standing<QuestionEvidenceAdded>().Any(known => known.Body.Question == added.Question && known.Body.Evidence == added.Evidence) ? "evidence-known" : null),
            ClaimLinked link => Stands(link.From) ?? Stands(link.To) ?? (link.From == link.To ? "link-to-itself" : null)
                ?? (Standing<ClaimLinked>().Any(known => known.Body.Relation == link.Relation && (known.Body.From, known.Body.To) is var ends && (ends == (link.From, link.To) || ends == (link.To, link.From))) ? "linked-already" : null),
            ProposalAccepted accept => Decidable(accept.Proposal, accepted),
            ProposalRejected reject => Decidable(reject.Proposal, rejected),
            EntryWithdrawn withdrawn => gone.Contains(withdrawn.Entry) ? "already-withdrawn"
                : Of(withdrawn.Entry)?.Body is null or QuestionResolved or QuestionEvidenceAdded or ClaimLinked ? null : "not-withdrawable",
            _ => throw new ArgumentOutOfRangeException(nameof(body)),
        };

        internal void Apply(EntryId id, Body body, bool program)
        {
            said.Add((id, body, program));
            switch (body)
            {
                case QuestionRestated restated:
                    Questions[restated.Question] = Questions[restated.Question] with { Criteria = restated.Criteria };
                    break;
                case QuestionResolved resolved:
                    Questions[resolved.Question] = Questions[resolved.Question] with { Resolved = id, Outcome = resolved.Outcome };
                    break;
                case QuestionReopened reopened:
                    Questions[reopened.Question] = Questions[reopened.Question] with { Resolved = null };
                    break;
                case ProposalAccepted accept:
                    accepted.Add(accept.Proposal);
                    rejected.Remove(accept.Proposal);
                    break;
                case ProposalRejected reject:
                    rejected.Add(reject.Proposal);
                    accepted.Remove(reject.Proposal);
                    break;
                case EntryWithdrawn withdrawn:
                    gone.Add(withdrawn.Entry);
                    foreach (var (question, facts) in Questions.Where(pair => pair.Value.Resolved == withdrawn.Entry).ToList())
                    {
                        Questions[question] = facts with { Resolved = null };
                    }

                    break;
            }
        }

        internal string StatusOf(EntryId question) => gone.Contains(question) ? "withdrawn"
            : Questions[question] is { Resolved: not null } resolved ? resolved.Outcome.ToString().ToLowerInvariant()
            : "open";

        internal int EvidenceOf(EntryId question) => said.Count(item => item.Body is QuestionEvidenceAdded added && added.Question == question && !gone.Contains(item.Id));

        internal string StandingOf(EntryId claim)
        {
            if (gone.Contains(claim))
            {
                return "withdrawn";
            }

            var counting = Standing<ClaimLinked>().Where(link => !link.Program || accepted.Contains(link.Id)).Select(link => link.Body)
                .Where(link => !gone.Contains(link.From) && !gone.Contains(link.To)).ToList();
            return counting.Any(link => link.Relation == LinkRelation.Contradicts && (link.From == claim || link.To == claim)) ? "contradicted"
                : counting.Any(link => link.Relation == LinkRelation.Repeats && (link.From == claim || link.To == claim)) ? "repeated"
                : "asserted";
        }

        private IEnumerable<(EntryId Id, TBody Body, bool Program)> Standing<TBody>()
            where TBody : Body => said.Where(item => item.Body is TBody && !gone.Contains(item.Id) && !rejected.Contains(item.Id)).Select(item => (item.Id, (TBody)item.Body, item.Program));

        private (EntryId Id, Body Body, bool Program)? Of(EntryId id) => said.Where(item => item.Id == id).Select(item => ((EntryId, Body, bool)?)item).FirstOrDefault();

        private string? Stands(EntryId id) => gone.Contains(id) ? "withdrawn" : rejected.Contains(id) ? "rejected" : null;

        private string? Open(EntryId question) => Stands(question) ?? (Questions[question].Resolved is not null ? "question-resolved" : null);

        private string? Decidable(EntryId id, HashSet<EntryId> decided) => gone.Contains(id) ? "withdrawn"
            : Of(id) is not { Program: true, Body: QuestionEvidenceAdded or ClaimLinked } ? "not-a-proposal"
            : decided.Contains(id) ? "decided-already"
            : null;
    }
}
