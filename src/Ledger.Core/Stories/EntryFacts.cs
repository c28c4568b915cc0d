using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>What an editor made of a program's proposal.</summary>
[JsonConverter(typeof(NameConverter<ProposalState>))]
public enum ProposalState
{
    /// <summary>Nobody has decided on it; a person's entry stays so.</summary>
    Undecided,
    Accepted,
    Rejected,
}

/// <summary>What the story remembers of an entry: never a text, nor more words than a name.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Revision">Its place in the story.</param>
/// <param name="By">What kind of recorder appended it.</param>
/// <param name="Document">The document it is, or rests on; null for neither.</param>
/// <param name="Published">Its published time.</param>
public sealed record EntryFacts(string Type, long Revision, RecorderKind By, EntryId? Document, Timestamp Published)
{
    /// <summary>The question, occasion or other record that it changes; null for what begins a record of its own.</summary>
    public EntryId? Subject { get; init; }

    /// <summary>The entries that it refers to.</summary>
    public ImmutableArray<EntryId> Refers { get; init; } = [];

    /// <summary>When it was recorded: what an entry without any date of its own is published at.</summary>
    public Timestamp RecordedAt { get; init; } = Timestamp.MinValue;

    /// <summary>The published time that is its own, before those that it refers to are looked at.</summary>
    public Timestamp Own { get; init; } = Timestamp.MinValue;

    /// <summary>Where its words stand; empty for what rests on none.</summary>
    public ImmutableArray<TextRange> Ranges { get; init; } = [];

    /// <summary>A quote's or claim's speaker: the resolved name, else the written words.</summary>
    public string? Speaker { get; init; }

    /// <summary>The entry that withdrew it, itself or with the document it rests on.</summary>
    public EntryId? WithdrawnBy { get; init; }

    public bool Withdrawn => WithdrawnBy is not null;

    /// <summary>The revision of its document in which its words do not stand any more; see <see cref="StoryState.IsOrphaned"/>.</summary>
    public EntryId? OrphanedBy { get; init; }

    /// <summary>An editor's latest decision on it.</summary>
    public ProposalState Decided { get; init; }

    /// <summary>The entry of that decision.</summary>
    public EntryId? DecidedBy { get; init; }

    /// <summary>Whether it is neither withdrawn nor rejected.</summary>
    public bool Stands => !Withdrawn && Decided != ProposalState.Rejected;

    /// <summary>Whether it has its effect on others: a person's at once, a program's once it is accepted.</summary>
    public bool Counts => Stands && (By != RecorderKind.Program || Decided == ProposalState.Accepted);

    public bool Equals(EntryFacts? other) =>
        other is not null && (Type, Revision, By, Document, Published, Subject, Own, Speaker, WithdrawnBy, OrphanedBy, Decided, DecidedBy)
            == (other.Type, other.Revision, other.By, other.Document, other.Published, other.Subject, other.Own, other.Speaker, other.WithdrawnBy, other.OrphanedBy, other.Decided, other.DecidedBy)
        && Refers.AsSpan().SequenceEqual(other.Refers.AsSpan()) && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Type, Revision, Document, Published);
}

/// <summary>The types of entry, as rules speak of them.</summary>
internal static class EntryKinds
{
    internal static bool IsDocument(string type) => type is "document.filed" or "document.revised";

    /// <summary>A quote or claim: what can be linked, and is evidence.</summary>
    internal static bool IsStatement(string type) => type is "quote.recorded" or "claim.recorded";

    internal static bool IsFinding(string type) => IsStatement(type) || type is "question.raised" or "occasion.scheduled";

    /// <summary>What is withdrawn with the document whose words it rests on.</summary>
    internal static bool RestsOnWords(string type) => IsFinding(type) || type is "claim.linked" or "occasion.moved" or "occasion.held" or "occasion.cancelled";

    /// <summary>What has no effect before an editor accepts it, when a program recorded it.</summary>
    internal static bool NeedsAcceptance(string type) =>
        type is "claim.linked" or "question.evidence.added" or "occasion.moved" or "occasion.held" or "occasion.cancelled" or "speaker.identified" or "speaker.separated";

    /// <summary>What an editor can accept or reject, when a program recorded it.</summary>
    internal static bool IsProposal(string type) => NeedsAcceptance(type) || IsFinding(type) || type == "answer.proposed";
}
