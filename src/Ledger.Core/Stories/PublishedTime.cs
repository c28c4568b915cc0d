using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>
/// The second clock: when an entry counts as published. A document's is its own date (else when it was retrieved, else recorded); a decision's, the end of the day
/// it says it is based on; what a story is called and who its speakers are holds from its beginning; whatever else refers to other entries (a finding to its
/// document, a remark or withdrawal to its target) takes the latest of theirs; what refers to none, when it was recorded. Never earlier than anything the entry refers to,
/// nor than the decision on its question that it takes the place of.
/// </summary>
internal static class PublishedTime
{
    /// <summary>What an entry's own body says, before those that it refers to are looked at.</summary>
    internal static Timestamp Own(Body? body, Timestamp recordedAt) => body switch
    {
        EntryCorrected => Timestamp.MinValue,
        _ when DependsOnRecording(body) => recordedAt,
        DocumentFiled filed => Of(filed),
        DocumentRevised revised => Of(revised.Document),
        IDecision { BasedOnPublishedBy: { } day } => Timestamp.EndOf(day),
        _ => Timestamp.MinValue,
    };

    /// <summary>The latest of its own and of those it refers to.</summary>
    internal static Timestamp Latest(StoryState story, Timestamp own, IEnumerable<EntryId> refers)
    {
        foreach (var reference in refers)
        {
            if (story.Find(reference) is { } facts)
            {
                own = Timestamp.Max(own, facts.Published);
            }
        }

        return own;
    }

    /// <summary>
    /// Whether the published time of an entry with this body, or of the entry that it corrects, is when it was recorded; so is that of an entry whose body was erased.
    /// </summary>
    internal static bool DependsOnRecording(Body? body) => body switch
    {
        null => true,
        LedgerOpened or StoryOpened or StoryChanged or ISpeakerNames => false,
        EntryCorrected corrected => DependsOnRecording(corrected.Corrected),
        DocumentFiled filed => !IsDated(filed),
        DocumentRevised revised => !IsDated(revised.Document),
        _ => !body.References().Any(),
    };

    private static bool IsDated(DocumentFiled filed) => filed.PublishedAt is not null || filed.RetrievedAt is not null;

    private static Timestamp Of(DocumentFiled filed) => filed.PublishedAt?.At ?? filed.RetrievedAt ?? Timestamp.MinValue;
}
