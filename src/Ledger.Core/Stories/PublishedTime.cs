using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>
/// The second clock: when an entry counts as published. A document's is its own date (else when it was retrieved, else recorded); the opening of a story comes
/// before everything; whatever refers to other entries (a finding to its document, a remark or withdrawal to its target) takes the latest of theirs; what
/// refers to none, when it was recorded. Never earlier than anything the entry refers to.
/// </summary>
internal static class PublishedTime
{
    internal static Timestamp Of(StoryState story, Body? body, Timestamp recordedAt)
    {
        var time = DependsOnRecording(body) ? recordedAt : (body as DocumentFiled)?.PublishedAt?.At ?? (body as DocumentFiled)?.RetrievedAt ?? Timestamp.MinValue;
        foreach (var reference in body?.References() ?? [])
        {
            if (story.Find(reference.Entry) is { } facts)
            {
                time = Timestamp.Max(time, facts.Published);
            }
        }

        return time;
    }

    /// <summary>Whether the published time of an entry with this body is when it was recorded; so is that of an entry whose body was erased.</summary>
    internal static bool DependsOnRecording(Body? body) => body switch
    {
        LedgerOpened or StoryOpened => false,
        DocumentFiled filed => filed is { PublishedAt: null, RetrievedAt: null },
        _ => body is null || !body.References().Any(),
    };
}
