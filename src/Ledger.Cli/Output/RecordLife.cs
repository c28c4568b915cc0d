using System.Collections.Immutable;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>What was said of a record since it began, as <c>show</c> tells it: wordings, evidence, answers, changes, links.</summary>
internal sealed class RecordLife(Terminal terminal, Session session, CancellationToken cancellation)
{
    internal async Task WriteAsync(ViewRecord record, ImmutableArray<LinkRecord> links, ImmutableArray<WhyStep> why)
    {
        switch (record)
        {
            case QuestionRecord question:
                await WriteAsync(question).ConfigureAwait(false);
                break;
            case OccasionRecord { Changes.IsEmpty: false } occasion:
                Head("what became of it");
                foreach (var change in occasion.Changes)
                {
                    Item(change.Entry, $"{change.What}{(change.Expected is { } days ? $" {(change.What == "held" ? "on" : "to")} {days}" : "")}, by {RecordTable.By(change.By)}{(change.Counts ? "" : ", not accepted")}",
                        change.Reason ?? (change.Span is { } span ? $"“{RecordTable.OneLine(span.Words)}”" : null));
                }

                break;
            case ActivityRecord when why.Any(step => step.Depth == 1):
                Head("rests on");
                foreach (var step in why.Where(step => step.Depth == 1))
                {
                    Item(step.Entry, $"{step.Relation}: {step.Type}", step.Summary);
                }

                break;
        }

        if (!links.IsEmpty)
        {
            Head("links");
            foreach (var link in links)
            {
                Item(link.Entry, $"{(link.IsFrom ? RecordTable.Name(link.Relation) : Passive(link.Relation))} {ShortId.Of(link.Other)}, {link.Status} by {RecordTable.By(link.By)}",
                    (link.OtherSummary ?? "(erased)") + (link.Reason is { } reason ? $" — {reason}" : ""));
            }
        }
    }

    private async Task WriteAsync(QuestionRecord question)
    {
        if (question.Wordings.Length > 1)
        {
            Head("wordings, oldest first");
            foreach (var wording in question.Wordings)
            {
                Item(wording.Entry, $"by {RecordTable.By(wording.By)}{(wording.Reason is { } reason ? ": " + reason : "")}", wording.Text + (wording.Criteria is { } criteria ? $" Criteria: {criteria}" : ""));
            }
        }

        if (question.Evidence.Any(evidence => evidence.Bearing is not null))
        {
            Head("evidence");
            foreach (var evidence in question.Evidence.Where(evidence => evidence.Bearing is not null))
            {
                var state = evidence.By.Kind != RecorderKind.Program ? "" : evidence.State == ProposalState.Undecided ? ", proposed" : ", " + RecordTable.Name(evidence.State);
                var what = await FindAsync(evidence.Entry).ConfigureAwait(false);
                var published = what is null ? "" : $", {RecordTable.Day(what.PublishedAt)}";
                Item(evidence.Entry, $"{RecordTable.Name(evidence.Bearing!.Value)}{published}{state}{Fallen(question, evidence.Entry)}, added by {RecordTable.By(evidence.By)}{(evidence.Reason is { } reason ? ": " + reason : "")}",
                    Summary(what));
            }
        }

        if (!question.Answers.IsEmpty)
        {
            Head("proposed answers");
            foreach (var answer in question.Answers)
            {
                Item(answer.Entry, $"by {RecordTable.By(answer.By)}{(answer.ObjectionsUntil is { } until ? $", objections until {until:yyyy-MM-dd}" : "")}{(answer.Stands ? "" : ", does not stand")}", answer.Text);
                foreach (var objection in answer.Objections)
                {
                    terminal.Prose($"objection {ShortId.Of(objection.Entry)} by {RecordTable.By(objection.By)}: {objection.Reason}", "      ", "        ");
                }
            }
        }

        if (question.Resolution is { } resolution)
        {
            Head("resolution");
            Item(resolution.Entry, $"{RecordTable.Name(resolution.Outcome)} by {RecordTable.By(resolution.By)}{(resolution.Reason is { } reason ? ": " + reason : "")}", resolution.Text);
            foreach (var id in resolution.Evidence)
            {
                terminal.Prose($"on {ShortId.Of(id)}{Fallen(question, id)}: {Summary(await FindAsync(id).ConfigureAwait(false))}", "      ", "        ");
            }
        }
    }

    private static string Fallen(QuestionRecord question, EntryId id) => question.Fallen.FirstOrDefault(fallen => fallen.Entry == id) is { } gone ? $", {gone.Status} since" : "";

    private async Task<ActivityRecord?> FindAsync(EntryId id) =>
        await session.Views.FindAsync(ActivityView.View, id.Value, cancellation: cancellation).ConfigureAwait(false) as ActivityRecord;

    private static string Summary(ActivityRecord? entry) => RecordTable.OneLine(entry?.Summary ?? "(erased)");

    private static string Passive(LinkRelation relation) => relation switch
    {
        LinkRelation.Repeats => "repeated by",
        LinkRelation.Supports => "supported by",
        LinkRelation.Contradicts => "contradicted by",
        LinkRelation.Corrects => "corrected by",
        LinkRelation.Updates => "updated by",
        _ => "retracted by",
    };

    private void Head(string name)
    {
        terminal.Line();
        terminal.Line($"  {name}:");
    }

    private void Item(EntryId id, string what, string? words)
    {
        terminal.Prose(what, $"    {ShortId.Of(id)}  ", "              ");
        if (!string.IsNullOrEmpty(words))
        {
            terminal.Prose(words, "              ", "              ");
        }
    }
}
