using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary>Reads an envelope's members; form and completeness are checked by writing it again.</summary>
internal static class EnvelopeReader
{
    /// <summary>Whether bytes that do not read are an envelope of a newer version: a JSON object whose <c>v</c> is above ours.</summary>
    internal static bool IsNewer(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("v", out var version)
                && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number > Envelope.Version;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    internal static Envelope Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limits.Envelope)
        {
            throw new FormatException($"it has {bytes.Length} bytes; {Limits.Envelope} are allowed");
        }

        var json = new Utf8JsonReader(bytes);
        Guid? id = null, story = null, command = null, cause = null;
        long? revision = null;
        int? schema = null, ordinal = null, of = null;
        string? type = null;
        Timestamp? recordedAt = null;
        RecordedBy? recordedBy = null;
        Digest? previous = null;
        ImmutableSortedDictionary<string, Digest>? parts = null;

        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "v":
                    if (json.GetInt32() != Envelope.Version)
                    {
                        throw new FormatException("its version is not known");
                    }

                    break;
                case "id": id = ReadGuid(ref json); break;
                case "story": story = ReadGuid(ref json); break;
                case "command": command = ReadGuid(ref json); break;
                case "cause": cause = ReadGuid(ref json); break;
                case "revision": revision = json.GetInt64(); break;
                case "schema": schema = json.GetInt32(); break;
                case "ordinal": ordinal = json.GetInt32(); break;
                case "of": of = json.GetInt32(); break;
                case "type": type = ReadType(ref json); break;
                case "recordedAt":
                    recordedAt = Timestamp.TryParse(json.GetString(), out var at) ? at : throw new FormatException("recordedAt is not a time");
                    break;
                case "recordedBy": recordedBy = ReadRecordedBy(ref json); break;
                case "previous": previous = Digest.Parse(json.GetString()!); break;
                case "parts": parts = ReadParts(ref json); break;
                default: throw new FormatException($"it has an unknown member '{name}'");
            }
        }

        if (json.Read())
        {
            throw new FormatException("something follows it");
        }

        var envelope = new Envelope(
            new(id ?? throw Missing("id")),
            new(story ?? throw Missing("story")),
            revision ?? throw Missing("revision"),
            type ?? throw Missing("type"),
            schema ?? throw Missing("schema"),
            recordedAt ?? throw Missing("recordedAt"),
            recordedBy ?? throw Missing("recordedBy"),
            new(command ?? throw Missing("command")),
            ordinal ?? throw Missing("ordinal"),
            of ?? throw Missing("of"),
            cause is { } value ? new EntryId(value) : null,
            parts ?? throw Missing("parts"),
            previous);

        if (envelope.Revision < 0 || envelope.Schema < 1 || envelope.Ordinal < 0 || envelope.Of <= envelope.Ordinal)
        {
            throw new FormatException("a number in it is out of bounds");
        }

        if (envelope.Previous is null != (envelope.Revision == 0))
        {
            throw new FormatException("it has a previous entry at revision 0, or none after it");
        }

        if (!envelope.Parts.ContainsKey(Part.Body))
        {
            throw new FormatException("it commits to no body");
        }

        return envelope;
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new FormatException("it ends too early");

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (Next(ref json) != token)
        {
            throw new FormatException("it is not a JSON object of the right shape");
        }
    }

    private static Guid ReadGuid(ref Utf8JsonReader json) =>
        Guid.TryParseExact(json.GetString(), "D", out var value) ? value : throw new FormatException("an identifier in it is not a UUID");

    /// <summary>Whether it can be the type of an entry: at most 60 lower-case letters, dots and hyphens.</summary>
    internal static bool IsType(string type) => type.Length is > 0 and <= 60 && !type.AsSpan().ContainsAnyExcept(TypeLetters);

    private static readonly SearchValues<char> TypeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz.-");

    private static string ReadType(ref Utf8JsonReader json)
    {
        var type = json.GetString();
        return type is not null && IsType(type)
            ? type
            : throw new FormatException("its type is not a name of lower-case words and dots");
    }

    private static RecordedBy ReadRecordedBy(ref Utf8JsonReader json)
    {
        Guid? id = null;
        RecorderKind? kind = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("recordedBy is not an object");
        }

        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "id": id = ReadGuid(ref json); break;
                case "kind":
                    kind = json.GetString() switch
                    {
                        "person" => RecorderKind.Person,
                        "program" => RecorderKind.Program,
                        "service" => RecorderKind.Service,
                        _ => throw new FormatException("recordedBy has an unknown kind"),
                    };
                    break;
                default: throw new FormatException($"recordedBy has an unknown member '{name}'");
            }
        }

        return new(new(id ?? throw Missing("recordedBy.id")), kind ?? throw Missing("recordedBy.kind"));
    }

    private static ImmutableSortedDictionary<string, Digest> ReadParts(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("parts is not an object");
        }

        var parts = ImmutableSortedDictionary.CreateBuilder<string, Digest>(StringComparer.Ordinal);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            if (!Part.IsKnown(name))
            {
                throw new FormatException($"it commits to an unknown part '{name}'");
            }

            json.Read();
            parts[name] = Digest.Parse(json.GetString()!);
        }

        return parts.ToImmutable();
    }

    private static FormatException Missing(string member) => new($"it has no {member}");
}
