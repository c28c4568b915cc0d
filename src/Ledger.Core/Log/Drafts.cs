using System.Collections.Immutable;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Core.Log;

/// <summary>Turns what was decided into parts and commitments, ready to be given a place.</summary>
internal static class Drafts
{
    /// <param name="story">The story.</param>
    /// <param name="expectedRevision">The revision that was decided on.</param>
    /// <param name="command">The command.</param>
    /// <param name="recorder">Who asks.</param>
    /// <param name="naming">Names the recorder.</param>
    /// <param name="request">The hash of the request.</param>
    /// <param name="decided">The entries.</param>
    /// <param name="written">A body whose canonical bytes are known already.</param>
    internal static AppendRequest Of(
        StoryId story, long expectedRevision, CommandId command, Recorder recorder, Naming naming, Digest request, ImmutableArray<DecidedEntry> decided,
        (Body Body, byte[] Bytes)? written = null)
    {
        var recorderBytes = BodyTypes.Write(new RecorderPart(recorder.Name, recorder.Version, recorder.OnBehalfOf, request));
        return new(
            story, expectedRevision, command, new(naming.Recorder(recorder.Kind, recorder.Name), recorder.Kind), request,
            [.. decided.Select(entry => Draft(entry, recorderBytes, written is { } known && ReferenceEquals(known.Body, entry.Body) ? known.Bytes : BodyTypes.Write(entry.Body)))]);
    }

    private static EntryDraft Draft(DecidedEntry entry, byte[] recorder, byte[] body)
    {
        var type = BodyTypes.Of(entry.Body);
        var parts = ImmutableArray.CreateBuilder<Part>(4);
        parts.Add(Part.Seal(Part.Body, body));
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
