using System.Collections.Immutable;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary>Which parts a reader asks for.</summary>
public enum PartSelection
{
    /// <summary>Body and recorder: all that views and state need.</summary>
    Small,

    /// <summary>Texts and original bytes too.</summary>
    All,
}

/// <summary>
/// One entry as an engine stores it. The bytes are as stored; <see cref="Envelope"/> and <see cref="Body"/> are read from them when first asked for.
/// A part the envelope commits to that is not in <see cref="Parts"/> was erased, or was not asked for.
/// </summary>
/// <remarks>Safe to share between threads once constructed: what is read twice is read to equal values.</remarks>
public sealed class Entry(long index, ReadOnlyMemory<byte> envelope, Digest hash, ImmutableArray<Part> parts)
{
    private Envelope? parsedEnvelope;
    private Body? parsedBody;
    private RecorderPart? parsedRecorder;

    /// <summary>The entry's place in the ledger: 0, 1, 2 … without gaps.</summary>
    public long Index { get; } = index;

    /// <summary>The canonical envelope: the leaf of the tree.</summary>
    public ReadOnlyMemory<byte> EnvelopeBytes { get; } = envelope;

    /// <summary>The leaf hash as stored; verification recomputes it.</summary>
    public Digest Hash { get; } = hash;

    public ImmutableArray<Part> Parts { get; } = parts;

    /// <exception cref="LedgerException">The stored bytes are not an envelope.</exception>
    public Envelope Envelope => parsedEnvelope ??= Envelope.Read(EnvelopeBytes);

    public EntryId Id => Envelope.Id;

    public StoryId Story => Envelope.Story;

    /// <summary>What was recorded; null when the body was erased.</summary>
    /// <exception cref="LedgerException">The type is newer than this program, or the body does not read.</exception>
    public Body? Body => parsedBody ??= Part(Entries.Part.Body) is { } part ? BodyTypes.Read(Envelope.Type, Envelope.Schema, part.Bytes.Span) : null;

    /// <summary>Who recorded it, by name; null when the part was erased.</summary>
    /// <exception cref="LedgerException">The part does not read.</exception>
    public RecorderPart? Recorder =>
        parsedRecorder ??= Part(Entries.Part.Recorder) is { } part ? BodyTypes.ReadRecorder(part.Bytes.Span) : null;

    public Part? Part(string name)
    {
        foreach (var part in Parts)
        {
            if (part.Name == name)
            {
                return part;
            }
        }

        return null;
    }
}
