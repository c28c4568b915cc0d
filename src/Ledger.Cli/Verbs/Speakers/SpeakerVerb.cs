using System.CommandLine;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger speaker …</c>: who is who among those who are quoted.</summary>
internal static class SpeakerVerb
{
    internal static Command Build(Terminal terminal) => new Verb("speaker", "Say which names are the same person or body, and which are not.", "ledger speaker same \"Nikol Pashinyan\" Pashinyan --story csto-armenia")
    {
        Subcommands = { Same(terminal), Apart(terminal) },
    };

    private static Verb Same(Terminal terminal)
    {
        var (name, names) = Names();
        var kind = DeskOptions.Choice<SpeakerKind>("--kind", "What the speaker is");
        return new Verb("same", "These names are the same person or body; the first stands for all.", "ledger speaker same \"Nikol Pashinyan\" Pashinyan \"the prime minister\" --kind person")
            .Takes(name, names, kind, DeskOptions.Reason, DeskOptions.Story)
            .Records(terminal, async (run, session) => await SayAsync(
                run, session, [run.Get(name)!, .. run.Get(names)!],
                new SpeakerIdentified(run.Get(name)!, [.. run.Get(names)!], run.Chosen<SpeakerKind>(kind), null, run.Get(DeskOptions.Reason)), "The same speaker").ConfigureAwait(false));
    }

    private static Verb Apart(Terminal terminal)
    {
        var (name, names) = Names();
        return new Verb("apart", "The first name is not the person or body of the others.", "ledger speaker apart \"the secretary general\" \"Sergey Lavrov\"")
            .Takes(name, names, DeskOptions.Reason, DeskOptions.Story)
            .Records(terminal, async (run, session) => await SayAsync(
                run, session, [run.Get(name)!, .. run.Get(names)!], new SpeakerSeparated(run.Get(name)!, [.. run.Get(names)!], null, run.Get(DeskOptions.Reason)), "Not the same speaker")
                .ConfigureAwait(false));
    }

    private static (Argument<string> Name, Argument<string[]> Names) Names() =>
        (new("NAME") { Description = "A name." }, new("OTHER") { Description = "The other names, each in quotation marks.", Arity = ArgumentArity.OneOrMore });

    private static async Task<ToRecord> SayAsync(Run run, Session session, string[] names, Body body, string done)
    {
        var story = await session.StoryAsync(run).ConfigureAwait(false);
        var query = new ViewQuery { Story = story, Limit = ViewQuery.MaxLimit };
        var known = (await session.Views.ListAsync(SpeakersView.View, query, run.Cancellation).ConfigureAwait(false)).Records.Cast<SpeakerRecord>()
            .SelectMany(speaker => speaker.Also.Prepend(speaker.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A name may be said before it is quoted; a slip is more likely.
        foreach (var name in names.Where(name => !known.Contains(name)))
        {
            run.Terminal.Note($"note: nobody is quoted as '{name}' in this story{(Nearest.Of(name, known) is { } near ? $"; there is '{near}'" : "")}.");
        }

        return new(story, body, $"{done}: {string.Join(", ", names)}");
    }
}
