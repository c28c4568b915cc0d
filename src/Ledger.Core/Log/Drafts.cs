using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Log;

/// <summary>Turns what was decided into parts and commitments, ready to be given a place.</summary>
internal static class Drafts
{
    internal static AppendRequest Of(
        StoryId story, long expectedRevision, CommandId command, Recorder recorder, Naming naming, Digest request, ImmutableArray<DecidedEntry> decided)
    {
        var recorderBytes = BodyTypes.Write(new RecorderPart(recorder.Name, recorder.Version, recorder.OnBehalfOf, request));
        return new(
            story, expectedRevision, command, new(naming.Recorder(recorder.Kind, recorder.Name), recorder.Kind), request,
            [.. decided.Select(entry => Draft(entry, recorderBytes))]);
    }

    private static EntryDraft Draft(DecidedEntry entry, byte[] recorder)
    {
        var type = BodyTypes.Of(entry.Body);
        var parts = ImmutableArray.CreateBuilder<Part>(4);
        parts.Add(Part.Seal(Part.Body, BodyTypes.Write(entry.Body)));
        parts.Add(Part.Seal(Part.Recorder, recorder));
        if (entry.Source is { } source)
        {
            parts.Add(Part.Seal(Part.Source, source));
        }

        if (entry.Text is { } text)
        {
            parts.Add(Part.Seal(Part.Text, Encoding.UTF8.GetBytes(text)));
        }

        return new(type.Name, type.Schema, entry.Cause, parts.DrainToImmutable());
    }
}
