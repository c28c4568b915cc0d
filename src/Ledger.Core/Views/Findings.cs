using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>What the records of findings have in common: they rest on words of a document, and an editor may decide on them.</summary>
public abstract record FindingRecord : ViewRecord
{
    /// <summary>The document it rests on; null for what an editor recorded without any words.</summary>
    public EntryId? Document { get; init; }

    /// <summary>The extraction rule that found it; null for what a person recorded.</summary>
    public string? Rule { get; init; }

    /// <summary>What an editor made of a program's finding; null while nobody has decided.</summary>
    public DecisionOn? Decision { get; init; }

    /// <summary>The revision of the document in which its words do not stand any more; null while they do.</summary>
    public EntryId? Orphaned { get; init; }
}

/// <summary>An editor's decision on a program's proposal.</summary>
/// <param name="By">The <c>proposal.accepted</c> or <c>proposal.rejected</c> entry.</param>
/// <param name="Accepted">Which of the two.</param>
/// <param name="Reason">Why.</param>
/// <param name="Editor">Who decided.</param>
public sealed record DecisionOn(EntryId By, bool Accepted, string? Reason, RecordedByName Editor);

/// <summary>
/// How the views of findings come to be: a record begins with its finding, and changes with what is said of it, of its document, of its speaker,
/// and of what it is linked to.
/// </summary>
internal static class Findings
{
    /// <summary>The lists in a record hold the newest of so many, so that a record stays small.</summary>
    internal const int MaxItems = 100;

    /// <summary>The keys that an entry concerns among records of some types of finding.</summary>
    internal static IEnumerable<Guid> Keys(StoryState story, Entry entry, params string[] types)
    {
        if (types.Contains(entry.Envelope.Type))
        {
            return [entry.Id.Value];
        }

        return Concerned(story, entry)
            .Distinct()
            .Select(id => (Id: id, Facts: story.Find(id)))
            .Where(found => found.Facts is { } facts && types.Contains(facts.Type))
            .OrderBy(found => found.Facts!.Revision)
            .Select(found => found.Id.Value);
    }

    /// <summary>
    /// The record after an entry: begun by its finding, changed by what is said of it. <paramref name="begin"/> makes the members of a view from a body;
    /// what every record has is filled in here.
    /// </summary>
    internal static TRecord? Evolve<TRecord>(Guid key, TRecord? record, StoryState story, Entry entry, Func<Body, TRecord?> begin)
        where TRecord : FindingRecord
    {
        if (record is null)
        {
            return entry.Id.Value == key && entry.Body is { } body && begin(body) is { } begun ? Begun(begun, story) : null;
        }

        var id = new EntryId(key);
        switch (entry.Body)
        {
            case EntryWithdrawn withdrawn when withdrawn.Entry == record.Orphaned:
                return record with { Orphaned = null, Entries = Rests(record, entry) };
            case EntryWithdrawn:
                return Withdraw(record, story, entry);
            case ProposalAccepted accepted when accepted.Proposal == id:
                return Decide(record, entry, true, accepted.Reason);
            case ProposalRejected rejected when rejected.Proposal == id:
                return Decide(record, entry, false, rejected.Reason);
            case DocumentRevised revised when record.Orphaned is null && story.Find(id)!.OrphanedBy == entry.Id:
                return record with { Orphaned = entry.Id, Entries = Rests(record, entry) };
            case EntryCorrected corrected when corrected.Entry == id && begin(corrected.Corrected) is { } right:
                return right with
                {
                    Id = record.Id,
                    Index = record.Index,
                    RecordedAt = record.RecordedAt,
                    RecordedBy = record.RecordedBy,
                    PublishedAt = Published(story, id),
                    Entries = Rests(record, entry),
                    Withdrawn = record.Withdrawn,
                    Corrections = record.Corrections.Add(new(entry.Id, corrected.Reason)),
                    Decision = record.Decision,
                    Orphaned = record.Orphaned,
                };
            case EntryCorrected when Published(story, id) is var published && published != record.PublishedAt:
                return record with { PublishedAt = published, Entries = Rests(record, entry) };
            default:
                return record;
        }
    }

    /// <summary>A record as it begins: withdrawn when its document is already, which is so by the published clock alone.</summary>
    internal static TRecord Begun<TRecord>(TRecord record, StoryState story)
        where TRecord : ViewRecord =>
        story.Find(record.Id) is { WithdrawnBy: { } by, Document: { } document } ? record with { Withdrawn = new(by, document, null), Entries = record.Entries.Add(by) } : record;

    /// <summary>The record, withdrawn by this entry if the entry withdraws it or its document; the first withdrawal stays.</summary>
    internal static TRecord Withdraw<TRecord>(TRecord record, StoryState story, Entry entry)
        where TRecord : ViewRecord =>
        record.Withdrawn is null && entry.Body is EntryWithdrawn withdrawn
            && (withdrawn.Entry == record.Id || (story.Find(withdrawn.Entry)?.Document == withdrawn.Entry && story.Find(record.Id)?.Document == withdrawn.Entry))
            ? record with { Withdrawn = new(entry.Id, withdrawn.Entry, withdrawn.Reason), Entries = Rests(record, entry) }
            : record;

    /// <summary>What an entry withdraws: its target, with what rests on it where that is a document.</summary>
    internal static IEnumerable<EntryId> WithdrawnBy(StoryState story, EntryId entry, EntryWithdrawn withdrawn) => story.Find(withdrawn.Entry)?.Document == withdrawn.Entry
        ? story.Entries.Where(pair => pair.Value.WithdrawnBy == entry).OrderBy(pair => pair.Value.Revision).Select(pair => pair.Key)
        : [withdrawn.Entry];

    /// <summary>The status that a list is filtered by: withdrawn, rejected, or what the record says otherwise.</summary>
    internal static string Status(ViewRecord record, string otherwise) =>
        record.Withdrawn is not null ? "withdrawn" : record is FindingRecord { Decision.Accepted: false } ? "rejected" : otherwise;

    internal static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static Timestamp Published(StoryState story, Entry entry) => Published(story, entry.Id);

    internal static Timestamp Published(StoryState story, EntryId id) => story.Find(id)!.Published;

    /// <summary>A list with one more item. When it is full its first, which began it, stays, and the oldest after that is dropped.</summary>
    internal static ImmutableArray<T> Append<T>(ImmutableArray<T> items, T item) => (items.Length < MaxItems ? items : items.RemoveAt(1)).Add(item);

    /// <summary>The entries that a record rests on, with one more; its first stays when the list is full.</summary>
    internal static ImmutableArray<EntryId> Rests(ViewRecord record, Entry entry) =>
        record.Entries[^1] == entry.Id ? record.Entries : (record.Entries.Length < MaxItems ? record.Entries : record.Entries.RemoveAt(1)).Add(entry.Id);

    private static TRecord Decide<TRecord>(TRecord record, Entry entry, bool accepted, string? reason)
        where TRecord : FindingRecord =>
        record with { Decision = new(entry.Id, accepted, reason, RecordedByName.Of(entry)), Entries = Rests(record, entry) };

    private static IEnumerable<EntryId> Concerned(StoryState story, Entry entry) => entry.Body switch
    {
        ClaimLinked link => Touched(story, link.From).Concat(Touched(story, link.To)),
        DocumentRevised revised => revised.Orphaned,
        ISpeakerNames word => SpokenBy(story, word),
        EntryWithdrawn withdrawn => Reached(story, withdrawn.Entry),
        EntryCorrected corrected => Reached(story, corrected.Entry).Concat(story.Moved),
        ProposalAccepted accepted => Reached(story, accepted.Proposal),
        ProposalRejected rejected => Reached(story, rejected.Proposal),
        null => [],
        _ => story.Find(entry.Id)!.Subject is { } subject ? [subject] : [],
    };

    /// <summary>What changes with what is said of an entry.</summary>
    private static IEnumerable<EntryId> Reached(StoryState story, EntryId target)
    {
        if (story.Find(target) is not { } facts)
        {
            return [];
        }

        if (facts.Document == target)
        {
            return story.Entries
                .Where(pair => pair.Value.Document == target && pair.Key != target && EntryKinds.RestsOnWords(pair.Value.Type))
                .SelectMany(pair => Reached(story, pair.Key))
                .Concat(story.Entries.Where(pair => pair.Value.OrphanedBy == target).Select(pair => pair.Key))
                .Append(target);
        }

        return facts.Type switch
        {
            "claim.linked" when story.Links.All.TryGetValue(target, out var link) => Touched(story, link.From).Concat(Touched(story, link.To)),
            "speaker.identified" or "speaker.separated" => story.Entries.Where(pair => pair.Value.Speaker is not null).Select(pair => pair.Key),
            _ => Touched(story, facts.Subject ?? target),
        };
    }

    private static IEnumerable<EntryId> Touched(StoryState story, EntryId id) =>
        story.Find(id) is { } facts && EntryKinds.IsStatement(facts.Type) ? story.Links.Touched(story, id) : [id];

    private static IEnumerable<EntryId> SpokenBy(StoryState story, ISpeakerNames word)
    {
        var names = story.Speakers.Group(word).Select(SpeakerNames.Fold).ToHashSet();
        return story.Entries.Where(pair => pair.Value.Speaker is { } speaker && names.Contains(SpeakerNames.Fold(speaker))).Select(pair => pair.Key);
    }
}
