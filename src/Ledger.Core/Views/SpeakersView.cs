using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>A person or body that a story quotes, under every name found for it.</summary>
public sealed record SpeakerRecord : ViewRecord
{
    /// <summary>The name that stands for the speaker.</summary>
    public required string Name { get; init; }

    /// <summary>The other names that are the same person or body.</summary>
    public required ImmutableArray<string> Also { get; init; }

    /// <summary>How many quotes stand under these names.</summary>
    public required int Quotes { get; init; }

    /// <summary>How many claims in indirect speech do.</summary>
    public required int Claims { get; init; }

    /// <summary>The newest quote or claim.</summary>
    public required EntryId Last { get; init; }
}

/// <summary><b>speakers</b>: who is quoted, under which names, how often. The key is made of the story and the name that stands for the speaker.</summary>
public static class SpeakersView
{
    public static View<SpeakerRecord> View { get; } = new(
        "speakers", 1, ViewJson.Default.SpeakerRecord,
        (story, entry) => Names(story, entry).Select(name => Key(entry.Story, name)).Distinct(), Evolve,
        new Facet<SpeakerRecord>("speaker", record => record.Name));

    internal static Guid Key(StoryId story, string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{story}\n{SpeakerNames.Fold(name)}"));
        return Uuid.Version8(hash);
    }

    /// <summary>The names whose records an entry may begin, change or end, whether or not they stand for a speaker.</summary>
    private static IEnumerable<string> Names(StoryState story, Entry entry) => entry.Body switch
    {
        ISpeakerNames word => story.Speakers.Group(word),
        QuoteRecorded or ClaimRecorded => Of(story, entry.Id),
        EntryWithdrawn withdrawn => Reached(story, withdrawn.Entry),
        ProposalAccepted accepted => Reached(story, accepted.Proposal),
        ProposalRejected rejected => Reached(story, rejected.Proposal),
        // The name that a correction takes away is not told by the state after it: every name is looked at.
        EntryCorrected corrected when story.Find(corrected.Entry) is { } facts && EntryKinds.IsStatement(facts.Type) => story.Speakers.All(),
        EntryCorrected => story.Moved.SelectMany(moved => Of(story, moved)),
        _ => [],
    };

    private static IEnumerable<string> Reached(StoryState story, EntryId target) => story.Find(target) switch
    {
        // A word that comes to count, or no longer does, under those said after it may part names that none of them gives.
        { Type: "speaker.identified" or "speaker.separated" } => story.Speakers.All(),
        { } facts when facts.Document == target => story.Entries.Where(pair => pair.Value.Document == target).SelectMany(pair => Of(story, pair.Key)),
        _ => Of(story, target),
    };

    private static IEnumerable<string> Of(StoryState story, EntryId statement) =>
        story.Find(statement)?.Speaker is { } speaker ? [story.Speakers.NameOf(speaker)] : [];

    private static EntryId? Newest(StoryState story, string name)
    {
        var stands = SpeakerNames.Fold(story.Speakers.NameOf(name));
        return story.Entries
            .Where(pair => pair.Value is { Stands: true, Speaker: { } speaker } && SpeakerNames.Fold(story.Speakers.NameOf(speaker)) == stands)
            .OrderByDescending(pair => pair.Value.Revision)
            .Select(pair => (EntryId?)pair.Key)
            .FirstOrDefault();
    }

    private static SpeakerRecord? Evolve(Guid key, SpeakerRecord? record, StoryState story, Entry entry)
    {
        var name = record?.Name;
        if (name is null || Key(entry.Story, story.Speakers.NameOf(name)) != key)
        {
            name = Names(story, entry).FirstOrDefault(candidate => Key(entry.Story, candidate) == key && Key(entry.Story, story.Speakers.NameOf(candidate)) == key);
        }

        if (name is null || story.Speakers.TallyOf(name) is not { } tally)
        {
            return null;
        }

        var also = story.Speakers.AlsoOf(name);
        var published = Findings.Published(story, record?.Id ?? entry.Id);
        var last = entry.Body is QuoteRecorded or ClaimRecorded && story.Find(entry.Id)!.Stands ? entry.Id : Newest(story, name) ?? entry.Id;
        if (record is not null && record.PublishedAt == published && record.Last == last && record.Name == tally.Name && record.Quotes == tally.Quotes && record.Claims == tally.Claims && record.Also.AsSpan().SequenceEqual(also.AsSpan()))
        {
            return record;
        }

        return record is null
            ? new()
            {
                Id = entry.Id,
                StoryId = entry.Story,
                Index = entry.Index,
                RecordedAt = entry.Envelope.RecordedAt,
                PublishedAt = Findings.Published(story, entry),
                RecordedBy = RecordedByName.Of(entry),
                Entries = [entry.Id],
                Name = tally.Name,
                Also = also,
                Quotes = tally.Quotes,
                Claims = tally.Claims,
                Last = last,
            }
            : record with { PublishedAt = published, Name = tally.Name, Also = also, Quotes = tally.Quotes, Claims = tally.Claims, Last = last, Entries = Findings.Rests(record, entry) };
    }
}
