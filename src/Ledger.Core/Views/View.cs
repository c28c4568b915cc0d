using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>What every record of every view tells: which entry began it, when, by whom, and which entries it rests on.</summary>
public abstract record ViewRecord
{
    /// <summary>The entry that began the record.</summary>
    public required EntryId Id { get; init; }

    public required StoryId StoryId { get; init; }

    /// <summary>The index of the entry that began it.</summary>
    public required long Index { get; init; }

    /// <summary>When that entry was recorded.</summary>
    public required Timestamp RecordedAt { get; init; }

    /// <summary>When that entry counts as published.</summary>
    public required Timestamp PublishedAt { get; init; }

    public required RecordedByName RecordedBy { get; init; }

    /// <summary>The entries it rests on, in order; never more than a few.</summary>
    public required ImmutableArray<EntryId> Entries { get; init; }

    /// <summary>Set when it was withdrawn, itself or with the document it rests on.</summary>
    public Withdrawal? Withdrawn { get; init; }

    /// <summary>What the recorder put right in it, oldest first; the record shows what was put right.</summary>
    public ImmutableArray<Correction> Corrections { get; init; } = [];
}

/// <summary>A recorder by name.</summary>
/// <param name="Id">The pseudonym in the envelope.</param>
/// <param name="Kind">Person, program or service.</param>
/// <param name="Name">The name; null when it was erased.</param>
/// <param name="Version">A program's version.</param>
/// <param name="OnBehalfOf">Whom it acted for.</param>
public sealed record RecordedByName(RecorderId Id, RecorderKind Kind, string? Name, string? Version, string? OnBehalfOf)
{
    public static RecordedByName Of(Entry entry) => new(
        entry.Envelope.RecordedBy.Id, entry.Envelope.RecordedBy.Kind, entry.Recorder?.Name, entry.Recorder?.Version, entry.Recorder?.OnBehalfOf);
}

/// <summary>That a record was withdrawn: by which entry, and why.</summary>
/// <param name="By">The <c>entry.withdrawn</c> entry.</param>
/// <param name="Entry">What it withdrew: the record's own entry, or its document's.</param>
/// <param name="Reason">Why; null when the words were erased, and where the record began only after the withdrawal of its document (by the published clock).</param>
public sealed record Withdrawal(EntryId By, EntryId Entry, string? Reason);

/// <summary>That a record was put right: by which entry, and why.</summary>
public sealed record Correction(EntryId By, string Reason);

/// <summary>A value of a record by which lists are filtered; null is never found.</summary>
public sealed record Facet<TRecord>(string Name, Func<TRecord, string?> Value);

/// <summary>
/// A view: records computed from entries, by two pure functions that run live, in rebuild, in as-of and in replay alike.
/// Every record belongs to one story and has bounded size; lists, counts and cross-story answers are queries.
/// </summary>
public abstract class View
{
    private protected View(string name, int version, ImmutableArray<string> facets) => (Name, Version, Facets) = (name, version, facets);

    /// <summary>Lower-case letters only: stores name their tables after it.</summary>
    public string Name { get; }

    /// <summary>Changes whenever the records for some entries change; a store that holds another version is rebuilt.</summary>
    public int Version { get; }

    public ImmutableArray<string> Facets { get; }

    /// <summary>The records that an entry begins or changes. <paramref name="story"/> is the story's state after the entry.</summary>
    public abstract IEnumerable<Guid> Keys(StoryState story, Entry entry);

    /// <summary>The record of a key after the entry; null when there is none. The same instance when nothing changed.</summary>
    public abstract ViewRecord? Evolve(Guid key, ViewRecord? record, StoryState story, Entry entry);

    /// <summary>Whether records are found by words too. Its keeper then reads texts with documents.</summary>
    public virtual bool IsSearched => false;

    /// <summary>The words to find a record by, when an entry gave it its words; null when it has none, or keeps those it had.</summary>
    public virtual string? WordsOf(ViewRecord record, Entry entry) => null;

    public abstract byte[] Write(ViewRecord record);

    public abstract ViewRecord Read(ReadOnlySpan<byte> json);

    /// <summary>The values of <see cref="Facets"/>, in their order.</summary>
    public abstract ImmutableArray<string?> FacetsOf(ViewRecord record);
}

/// <inheritdoc/>
public sealed class View<TRecord> : View
    where TRecord : ViewRecord
{
    private readonly JsonTypeInfo<TRecord> json;
    private readonly Func<StoryState, Entry, IEnumerable<Guid>> keys;
    private readonly Func<Guid, TRecord?, StoryState, Entry, TRecord?> evolve;
    private readonly ImmutableArray<Facet<TRecord>> facets;

    internal View(
        string name,
        int version,
        JsonTypeInfo<TRecord> json,
        Func<StoryState, Entry, IEnumerable<Guid>> keys,
        Func<Guid, TRecord?, StoryState, Entry, TRecord?> evolve,
        params ImmutableArray<Facet<TRecord>> facets)
        : base(name, version, [.. facets.Select(facet => facet.Name)]) =>
        (this.json, this.keys, this.evolve, this.facets) = (json, keys, evolve, facets);

    public override IEnumerable<Guid> Keys(StoryState story, Entry entry) => keys(story, entry);

    public override ViewRecord? Evolve(Guid key, ViewRecord? record, StoryState story, Entry entry) => evolve(key, (TRecord?)record, story, entry);

    /// <summary>See <see cref="View.WordsOf"/>; null for a view that is not searched.</summary>
    internal Func<TRecord, Entry, string?>? Words { get; init; }

    public override bool IsSearched => Words is not null;

    public override string? WordsOf(ViewRecord record, Entry entry) => Words?.Invoke((TRecord)record, entry);

    public override byte[] Write(ViewRecord record) => JsonSerializer.SerializeToUtf8Bytes((TRecord)record, json);

    public override TRecord Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, this.json)!;

    public override ImmutableArray<string?> FacetsOf(ViewRecord record) => [.. facets.Select(facet => facet.Value((TRecord)record))];
}

/// <summary>The views of this version.</summary>
public static class AllViews
{
    public static ImmutableArray<View> List { get; } =
    [
        StoriesView.View, DocumentsView.View, QuotesView.View, ClaimsView.View, QuestionsView.View, OccasionsView.View, SpeakersView.View, TimelineView.View, ActivityView.View,
        SearchView.View,
    ];

    public static View? Find(string name) => List.FirstOrDefault(view => view.Name == name);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoryRecord))]
[JsonSerializable(typeof(DocumentRecord))]
[JsonSerializable(typeof(QuoteRecord))]
[JsonSerializable(typeof(ClaimRecord))]
[JsonSerializable(typeof(QuestionRecord))]
[JsonSerializable(typeof(OccasionRecord))]
[JsonSerializable(typeof(SpeakerRecord))]
[JsonSerializable(typeof(TimelineRecord))]
[JsonSerializable(typeof(ActivityRecord))]
[JsonSerializable(typeof(SearchRecord))]
internal sealed partial class ViewJson : JsonSerializerContext;
