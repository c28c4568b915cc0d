using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Core.Entries;

namespace Ledger.Core.Stories;

/// <summary>Something a recorder asks of one story. What comes of it is decided in <see cref="Story.Decide"/>.</summary>
public abstract record StoryCommand
{
    private StoryCommand()
    {
    }

    /// <summary>The documents whose texts the decision needs, as far as the command tells; see <see cref="Story.Cited"/>. The appender loads them.</summary>
    [JsonIgnore]
    public virtual ImmutableArray<EntryId> Cites => [];

    /// <summary>Opens the story.</summary>
    public sealed record OpenStory(string Title, string Slug, string Language, ImmutableArray<string> Tags) : StoryCommand;

    /// <summary>Files a document. The same text at the same url, or without one from the same publisher, appends nothing.</summary>
    /// <param name="Document">What is known of it; its hashes, its length and <see cref="DocumentFiled.SameTextAs"/> are the decision's.</param>
    /// <param name="Text">The frozen text.</param>
    /// <param name="Source">The original bytes; they are kept where they differ from the text's and fit (<see cref="Limits.Command"/>).</param>
    public sealed record FileDocument(DocumentDescription Document, string Text, ReadOnlyMemory<byte> Source) : StoryCommand;

    /// <summary>Files the text that a publisher put in another's place, at the same address.</summary>
    /// <param name="Revises">The document, or the revision of it, that is newest.</param>
    /// <param name="Document">What is known of the new text.</param>
    /// <param name="Text">The frozen new text.</param>
    /// <param name="Source">The original bytes.</param>
    public sealed record ReviseDocument(EntryId Revises, DocumentDescription Document, string Text, ReadOnlyMemory<byte> Source) : StoryCommand
    {
        [JsonIgnore]
        public override ImmutableArray<EntryId> Cites => [Revises];
    }

    /// <summary>Records what a program found in a document. What is recorded already is passed over, so that repeating it records only differences.</summary>
    /// <param name="Document">The document.</param>
    /// <param name="Extractor">The program.</param>
    /// <param name="Findings">In an order in which each stands after what it refers to.</param>
    /// <param name="Completed">Set on a document's last batch: how many findings there were in all.</param>
    public sealed record RecordFindings(
        EntryId Document, ProgramVersion Extractor, ImmutableArray<ProposedFinding> Findings, FindingCounts? Completed) : StoryCommand
    {
        [JsonIgnore]
        public override ImmutableArray<EntryId> Cites => [Document];
    }

    /// <summary>Records one thing as it is: an editor's finding, link, decision, correction, remark; a program's proposal. What it may say is ruled in <see cref="StoryRules"/>.</summary>
    /// <param name="Body">What is to be recorded.</param>
    public sealed record RecordBody(Body Body) : StoryCommand
    {
        [JsonIgnore]
        public override ImmutableArray<EntryId> Cites => [.. Body.Spans().Select(span => span.Document).Distinct()];
    }
}

/// <summary>What is known of a document when it is filed; see <see cref="DocumentFiled"/>.</summary>
public sealed record DocumentDescription(
    string Title,
    string? Publisher,
    string? Author,
    string? Url,
    string? ArchivedUrl,
    string? Language,
    PublicationDate? PublishedAt,
    Timestamp? RetrievedAt,
    string MediaType,
    ProgramVersion? Converter,
    EntryId? TranslationOf,
    ImmutableArray<string> Sources);

/// <summary>A finding as a program proposes it: others it refers to are named by what they are, since they may have been recorded before or be recorded with it.</summary>
/// <param name="Body">A quote, claim, question or occasion, its references still empty.</param>
/// <param name="Parent">For a quote or claim: the one within whose words it stands.</param>
/// <param name="Occasion">For a question: the occasion whose outcome it asks for.</param>
public sealed record ProposedFinding(Body Body, FindingKey? Parent = null, FindingKey? Occasion = null);

/// <summary>What makes a program's finding the same finding: its type, and the words it rests on.</summary>
public readonly record struct FindingKey(string Type, EntryId Document, string Ranges)
{
    /// <exception cref="ArgumentException">The body is not a finding with a span.</exception>
    public static FindingKey Of(Body body) => body is IFinding { Span: { } span }
        ? new(BodyTypes.Of(body).Name, span.Document, string.Join(' ', span.Ranges))
        : throw new ArgumentException("Only a finding that rests on words has a key.", nameof(body));
}
