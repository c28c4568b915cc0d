using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ledger.Core.Entries;

/// <summary>One type of entry: its name and schema in the envelope, and how its body is read and written.</summary>
/// <param name="Name">As the envelope carries it (<c>claim.recorded</c>).</param>
/// <param name="Schema">The version of the body's shape that this program writes; it reads this one and, through upcasters, all before it.</param>
/// <param name="Clr">The record that holds it.</param>
/// <param name="Json">Its JSON.</param>
public sealed record BodyType(string Name, int Schema, Type Clr, JsonTypeInfo Json);

/// <summary>Every type of entry this program knows. A new type is one line here.</summary>
public static class BodyTypes
{
    /// <summary>All types, in the order of design and documentation.</summary>
    public static IReadOnlyList<BodyType> All { get; } =
    [
        new("ledger.opened", 1, typeof(LedgerOpened), BodyJson.Default.LedgerOpened),
        new("ledger.key.added", 1, typeof(LedgerKeyAdded), BodyJson.Default.LedgerKeyAdded),
        new("ledger.key.retired", 1, typeof(LedgerKeyRetired), BodyJson.Default.LedgerKeyRetired),
        new("story.opened", 1, typeof(StoryOpened), BodyJson.Default.StoryOpened),
        new("story.changed", 1, typeof(StoryChanged), BodyJson.Default.StoryChanged),
        new("story.closed", 1, typeof(StoryClosed), BodyJson.Default.StoryClosed),
        new("story.reopened", 1, typeof(StoryReopened), BodyJson.Default.StoryReopened),
        new("document.filed", 1, typeof(DocumentFiled), BodyJson.Default.DocumentFiled),
        new("document.revised", 1, typeof(DocumentRevised), BodyJson.Default.DocumentRevised),
        new("extraction.completed", 1, typeof(ExtractionCompleted), BodyJson.Default.ExtractionCompleted),
        new("quote.recorded", 1, typeof(QuoteRecorded), BodyJson.Default.QuoteRecorded),
        new("claim.recorded", 1, typeof(ClaimRecorded), BodyJson.Default.ClaimRecorded),
        new("claim.linked", 1, typeof(ClaimLinked), BodyJson.Default.ClaimLinked),
        new("question.raised", 1, typeof(QuestionRaised), BodyJson.Default.QuestionRaised),
        new("question.restated", 1, typeof(QuestionRestated), BodyJson.Default.QuestionRestated),
        new("question.evidence.added", 1, typeof(QuestionEvidenceAdded), BodyJson.Default.QuestionEvidenceAdded),
        new("answer.proposed", 1, typeof(AnswerProposed), BodyJson.Default.AnswerProposed),
        new("answer.objected", 1, typeof(AnswerObjected), BodyJson.Default.AnswerObjected),
        new("question.resolved", 1, typeof(QuestionResolved), BodyJson.Default.QuestionResolved),
        new("question.reopened", 1, typeof(QuestionReopened), BodyJson.Default.QuestionReopened),
        new("occasion.scheduled", 1, typeof(OccasionScheduled), BodyJson.Default.OccasionScheduled),
        new("occasion.moved", 1, typeof(OccasionMoved), BodyJson.Default.OccasionMoved),
        new("occasion.held", 1, typeof(OccasionHeld), BodyJson.Default.OccasionHeld),
        new("occasion.cancelled", 1, typeof(OccasionCancelled), BodyJson.Default.OccasionCancelled),
        new("proposal.accepted", 1, typeof(ProposalAccepted), BodyJson.Default.ProposalAccepted),
        new("proposal.rejected", 1, typeof(ProposalRejected), BodyJson.Default.ProposalRejected),
        new("speaker.identified", 1, typeof(SpeakerIdentified), BodyJson.Default.SpeakerIdentified),
        new("speaker.separated", 1, typeof(SpeakerSeparated), BodyJson.Default.SpeakerSeparated),
        new("entry.corrected", 1, typeof(EntryCorrected), BodyJson.Default.EntryCorrected),
        new("entry.withdrawn", 1, typeof(EntryWithdrawn), BodyJson.Default.EntryWithdrawn),
        new("note.added", 1, typeof(NoteAdded), BodyJson.Default.NoteAdded),
        new("entry.redacted", 1, typeof(EntryRedacted), BodyJson.Default.EntryRedacted),
    ];

    private static readonly FrozenDictionary<string, BodyType> ByName = All.ToFrozenDictionary(type => type.Name);
    private static readonly FrozenDictionary<Type, BodyType> ByClr = All.ToFrozenDictionary(type => type.Clr);

    public static BodyType Of(Body body) => ByClr[body.GetType()];

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <summary>Whether this program can read a body of that type and shape.</summary>
    internal static bool IsKnown(string name, int schema) => ByName.TryGetValue(name, out var type) && schema <= type.Schema;

    // No letter is escaped that need not be: canonical form has none that is.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Reading insists on every member that is not optional; writing has them all.
    private static readonly JsonSerializerOptions Strict = new(BodyJson.Default.Options)
    {
        TypeInfoResolver = BodyJson.Default.WithAddedModifier(Require),
    };

    private static readonly JsonTypeInfo<RecorderPart> StrictRecorder = (JsonTypeInfo<RecorderPart>)Strict.GetTypeInfo(typeof(RecorderPart));

    /// <summary>The canonical bytes of a body's part.</summary>
    /// <exception cref="LedgerException">A text in it cannot be recorded (<c>text-not-valid</c>).</exception>
    public static byte[] Write(Body body) => Write(body, Of(body).Json);

    /// <summary>Reads a stored body. Members this program does not know are passed over; they stay in what is stored.</summary>
    /// <exception cref="LedgerException">The type or schema is newer than this program (<c>entry-from-newer-version</c>), or the body does not have the type's shape (<c>body-does-not-read</c>).</exception>
    public static Body Read(string name, int schema, ReadOnlySpan<byte> body)
    {
        if (!ByName.TryGetValue(name, out var type) || schema > type.Schema)
        {
            throw new LedgerException(LedgerError.Refused(
                "entry-from-newer-version",
                $"An entry of type {name}, schema {schema}, was written by a newer version of Ledger.",
                "Update this program; nothing in the file needs to change."));
        }

        return Read(body, Strict.GetTypeInfo(type.Clr), name + " body") as Body ?? throw NotRead(name + " body", "it is null", null);
    }

    /// <summary>The canonical bytes of a <c>recorder</c> part.</summary>
    /// <exception cref="LedgerException">A text in it cannot be recorded (<c>text-not-valid</c>).</exception>
    internal static byte[] Write(RecorderPart recorder) => Write(recorder, BodyJson.Default.RecorderPart);

    private static byte[] Write(object value, JsonTypeInfo type)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return CanonicalJson.Canonicalize(json.WrittenSpan);
    }

    /// <exception cref="LedgerException">It does not have the shape of a recorder part (<c>body-does-not-read</c>).</exception>
    internal static RecorderPart ReadRecorder(ReadOnlySpan<byte> recorder) =>
        Read(recorder, StrictRecorder, "recorder part") as RecorderPart ?? throw NotRead("recorder part", "it is null", null);

    private static object? Read(ReadOnlySpan<byte> json, JsonTypeInfo type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw NotRead(what, error.Message, error);
        }
    }

    private static LedgerException NotRead(string what, string reason, Exception? inner) =>
        new(LedgerError.Integrity("body-does-not-read", $"A {what} does not have the shape of its type: {reason}"), inner);

    private static void Require(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { IsNullable: false })
            {
                // Only what can be set can be required; what is set through the constructor is never set through this.
                member.Set ??= static (_, _) => { };
                member.IsRequired = true;
            }
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    Converters = [typeof(TextConverter)])]
[JsonSerializable(typeof(LedgerOpened))]
[JsonSerializable(typeof(StoryOpened))]
[JsonSerializable(typeof(DocumentFiled))]
[JsonSerializable(typeof(ExtractionCompleted))]
[JsonSerializable(typeof(QuoteRecorded))]
[JsonSerializable(typeof(ClaimRecorded))]
[JsonSerializable(typeof(QuestionRaised))]
[JsonSerializable(typeof(OccasionScheduled))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(EntryWithdrawn))]
[JsonSerializable(typeof(LedgerKeyAdded))]
[JsonSerializable(typeof(LedgerKeyRetired))]
[JsonSerializable(typeof(StoryChanged))]
[JsonSerializable(typeof(StoryClosed))]
[JsonSerializable(typeof(StoryReopened))]
[JsonSerializable(typeof(DocumentRevised))]
[JsonSerializable(typeof(ClaimLinked))]
[JsonSerializable(typeof(QuestionRestated))]
[JsonSerializable(typeof(QuestionEvidenceAdded))]
[JsonSerializable(typeof(AnswerProposed))]
[JsonSerializable(typeof(AnswerObjected))]
[JsonSerializable(typeof(QuestionResolved))]
[JsonSerializable(typeof(QuestionReopened))]
[JsonSerializable(typeof(OccasionMoved))]
[JsonSerializable(typeof(OccasionHeld))]
[JsonSerializable(typeof(OccasionCancelled))]
[JsonSerializable(typeof(ProposalAccepted))]
[JsonSerializable(typeof(ProposalRejected))]
[JsonSerializable(typeof(SpeakerIdentified))]
[JsonSerializable(typeof(SpeakerSeparated))]
[JsonSerializable(typeof(EntryCorrected))]
[JsonSerializable(typeof(EntryRedacted))]
[JsonSerializable(typeof(RecorderPart))]
internal sealed partial class BodyJson : JsonSerializerContext;
