using Ledger.Core.Entries;
using Ledger.Intake.Freezing;
using YamlDotNet.RepresentationModel;

namespace Ledger.Intake.Decisions;

/// <summary>One decision of an editor, read and not yet looked up: what it is about is found in a story by <see cref="Find"/>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Where it begins, 1-based.</param>
/// <param name="Does">What it does, in the file's word (<c>link</c>, <c>resolve</c> …).</param>
/// <param name="Editor">Who decides.</param>
/// <param name="Date">It rests on what was published through this day.</param>
/// <param name="Name">What later decisions call the result.</param>
/// <param name="Identity">
/// Tells it from every other: a hash of what it says, and of the decisions that it names. Neither its place, its layout, its <see cref="Name"/> nor the order of its keys is in it.
/// </param>
public sealed record DeskDecision(string Path, int Line, string Does, string Editor, DateOnly Date, string? Name, string Identity)
{
    private static readonly string[] Common = ["do", "editor", "date", "name"];

    private Func<StoryTargets, Body> Body { get; init; } = _ => throw new InvalidOperationException("A decision is read from a file.");

    /// <summary>What is to be recorded in the story; or why it cannot be, with the line.</summary>
    public (Body? Body, IntakeProblem? Problem) Find(StoryTargets story)
    {
        try
        {
            story.RefuseProgram(Editor, Line);
            var body = Body(story);
            story.RefuseUnpublished(body, Date, Line);
            return (body, null);
        }
        catch (Refusal refusal)
        {
            return (null, refusal.At(Path));
        }
    }

    internal static DeskDecision Read(string path, YamlNode node, DecisionNames names)
    {
        var line = (int)node.Start.Line;
        if (node is not YamlMappingNode map)
            throw new Refusal(IntakeCodes.BadDecision, "A decision is lines of 'key: value'.", null, line);
        var fields = new Fields(map, names);
        var (does, editor, date, name) = (fields.Text("do"), fields.Text("editor"), fields.Day("date"), fields.Label("name"));
        var body = Deeds.Read(does, fields, date);
        if (body is null && fields.Has("do"))
        {
            throw new Refusal(IntakeCodes.BadDecision, $"There is nothing that '{does}' does.",
                Nearest.Of(does, Deeds.All) is { } near ? $"Did you mean '{near}'?" : $"A decision does one of: {string.Join(", ", Deeds.All)}.", fields.LineOf("do"));
        }

        fields.End(body is null ? Common : []);
        if (name is not null)
            names.RefuseTaken(name, fields.LineOf("name"));
        return new(path, line, does, editor, date, name, fields.Identity()) { Body = body! };
    }
}
