using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Decisions;

/// <summary>A document of the folder, as decisions name it.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Path">The file.</param>
/// <param name="Document">What it was filed as.</param>
/// <param name="Text">Its frozen text.</param>
public sealed record Dispatch(string Name, string Path, EntryId Document, string Text);

/// <summary>
/// What decisions can be about: what is recorded in a story, found by dispatch, kind and words. It is told of every entry in order (<see cref="Add(Entry)"/>), those that the decisions
/// themselves come to included. Not safe to use from several threads.
/// </summary>
public sealed class StoryTargets
{
    private const int Listed = 8;
    private const int Shown = 90;

    private readonly List<Dispatch> dispatches = [];
    private readonly Dictionary<EntryId, Body> bodies = [];
    private readonly Dictionary<EntryId, List<string>> words = [];
    private readonly Dictionary<EntryId, List<EntryId>> found = [];
    private readonly Dictionary<string, EntryId> byIdentity = [];
    private readonly Dictionary<string, EntryId> persons = [];
    private readonly HashSet<string> programs = [];

    /// <summary>What the entries come to.</summary>
    public StoryState State { get; private set; } = StoryState.Empty;

    /// <summary>A document that decisions may name; its entries are added like all others.</summary>
    public void Add(Dispatch dispatch) => dispatches.Add(dispatch);

    public void Add(Entry entry) => Add(entry.Id, entry.Envelope.Type, entry.Body, entry.Envelope.RecordedBy.Kind, entry.Recorder?.Name, entry.Envelope.RecordedAt);

    /// <summary>One more entry, which may not have its place in a ledger yet.</summary>
    public void Add(EntryId id, string type, Body? body, RecorderKind by, string? recorder, Timestamp recordedAt)
    {
        State = State.Evolve(id, type, body, by, recordedAt);
        if (by == RecorderKind.Program && recorder is not null)
            programs.Add(Fold(recorder));
        if (body is null)
            return;
        bodies[id] = body;
        if (body is IFinding { Span.Document: var document })
        {
            if (!found.TryGetValue(document, out var there))
                found[document] = there = [];
            there.Add(id);
        }

        if (by == RecorderKind.Person && recorder is not null)
            persons.TryAdd(Key(recorder, body), id);
        switch (body)
        {
            case QuestionRestated restated:
                Say(restated.Question, restated.Text);
                break;
            case EntryCorrected corrected:
                bodies[corrected.Entry] = corrected.Corrected;
                Say(corrected.Entry, [.. WordsOf(corrected.Corrected)]);
                break;
            default:
                Say(id, [.. WordsOf(body)]);
                break;
        }
    }

    /// <summary>Tells what a decision was recorded as, for those that name it.</summary>
    public void Recorded(DeskDecision decision, EntryId id) => byIdentity[decision.Identity] = id;

    /// <summary>The entry in which this editor recorded exactly this already, under whatever command (an imported ledger's are its own); null when there is none.</summary>
    public EntryId? FindSame(string editor, Body body) => persons.TryGetValue(Key(editor, body), out var id) ? id : null;

    /// <summary>What an entry records, in a few words.</summary>
    public string Describe(EntryId id) => words.TryGetValue(id, out var known) && known.Count > 0 ? Shorten(known[^1]) : State.Find(id)?.Type ?? id.ToString();

    internal EntryId Find(Target target) => target switch
    {
        Target.Named named => byIdentity.TryGetValue(named.Decision.Identity, out var id) ? id : throw new Refusal(
            IntakeCodes.UnknownTarget, $"'{named.Name}' stands for the decision on line {named.Decision.Line}, which was not recorded.", "Put that one right first.", named.Line),
        Target.Dispatch dispatch => DispatchOf(dispatch.In, dispatch.Line).Document,
        Target.Finding finding => Find(finding),
        Target.Place place => throw new Refusal(
            IntakeCodes.UnknownTarget, "Words of a dispatch are nothing recorded.", "Say of which kind it is: claim, quote, question or occasion; or record it with 'do: claim' first.", place.Line),
        _ => throw new ArgumentOutOfRangeException(nameof(target)),
    };

    internal ImmutableArray<EntryId> Find(ImmutableArray<Target> targets) => [.. targets.Select(Find)];

    internal Body BodyOf(EntryId id) => bodies[id];

    /// <summary>The one place where the words stand in their dispatch; null for none asked for.</summary>
    internal Span? Span(Target.Place? place)
    {
        if (place is null)
            return null;
        var dispatch = DispatchOf(place.In, place.Line);
        return WordsInText.Find(dispatch.Text, place.Words) switch
        {
            [var one] => Core.Entries.Span.In(dispatch.Document, dispatch.Text, one),
            [] => throw new Refusal(IntakeCodes.UnknownTarget, $"The words “{Shorten(place.Words)}” do not stand in {dispatch.Name}.",
                Nearest(place.Words, dispatch.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => line.Split(". ")), sentence => sentence)
                    is { Count: > 0 } near ? $"Nearest is: “{Shorten(near[0])}”" : null,
                place.Line),
            var places => throw new Refusal(
                IntakeCodes.AmbiguousTarget, $"The words “{Shorten(place.Words)}” stand in {dispatch.Name} {places.Length} times.",
                "Give more of the words: " + string.Join("; ", places.Take(Listed).Select(at => $"“…{Around(dispatch.Text, at)}…”")), place.Line),
        };
    }

    /// <summary>A program's name cannot sign a decision.</summary>
    internal void RefuseProgram(string editor, int line)
    {
        if (programs.Contains(Fold(editor)))
            throw new Refusal(IntakeCodes.ProgramDecides, $"{editor} is a program: it proposes, and a person decides.", "Name the editor who decided.", line);
    }

    /// <summary>Nobody decides on what is not published yet.</summary>
    internal void RefuseUnpublished(Body body, DateOnly date, int line)
    {
        var latest = body.References().Select(reference => State.Find(reference.Entry)?.Published ?? Timestamp.MinValue).DefaultIfEmpty(Timestamp.MinValue).Max();
        if (latest > Timestamp.EndOf(date))
        {
            throw new Refusal(IntakeCodes.BeforePublished,
                string.Create(CultureInfo.InvariantCulture, $"The decision is dated {date:yyyy-MM-dd} and rests on what was published later, on {latest.Day:yyyy-MM-dd}."),
                "Date it on that day or after.", line);
        }
    }

    private EntryId Find(Target.Finding target)
    {
        var dispatch = DispatchOf(target.In, target.Line);
        var there = found.GetValueOrDefault(dispatch.Document, []);
        var wanted = Fold(target.Words);
        var matching = there.FindAll(id => KindOf(State.Find(id)!.Type) == target.Kind && words[id].Exists(phrase => Fold(phrase).Contains(wanted, StringComparison.Ordinal)));
        // The whole words of one mean that one, and what was taken back is meant only where nothing that stands is.
        var meant = Standing(matching.FindAll(id => words[id].Exists(phrase => Fold(phrase) == wanted))) is [var exact] ? [exact] : Standing(matching);
        if (meant is [var only])
            return only;
        if (meant.Count > 1)
        {
            throw new Refusal(
                IntakeCodes.AmbiguousTarget, $"“{Shorten(target.Words)}” stands in {meant.Count} {target.Kind}s of {dispatch.Name}.", "Give words that only one of them has:" + List(meant), target.Line);
        }

        var near = Nearest(target.Words, there.Where(id => State.Find(id)!.Stands), id => string.Join(' ', words[id]));
        throw new Refusal(
            IntakeCodes.UnknownTarget, $"There is no {target.Kind} in {dispatch.Name} with the words “{Shorten(target.Words)}”.",
            near.Count > 0 ? "Nearest are:" + List(near) : "'do: claim' and 'do: quote' record what the program did not find.", target.Line);
    }

    /// <summary>Those that stand; all when none does.</summary>
    private List<EntryId> Standing(List<EntryId> ids) => ids.Exists(id => State.Find(id)!.Stands) ? ids.FindAll(id => State.Find(id)!.Stands) : ids;

    private Dispatch DispatchOf(string name, int line) => dispatches.Where(dispatch => Fold(dispatch.Name) == Fold(name)).ToList() switch
    {
        [var one] => one,
        [] => throw new Refusal(IntakeCodes.UnknownTarget, $"No dispatch '{name}' was filed from this folder.",
            Intake.Nearest.Of(name, dispatches.Select(dispatch => dispatch.Name)) is { } near ? $"Did you mean '{near}'?" : "A dispatch is named by its file, without the ending.", line),
        var several => throw new Refusal(IntakeCodes.AmbiguousTarget, $"There are {several.Count} dispatches '{name}': {string.Join(", ", several.Select(dispatch => dispatch.Path))}.",
            "Give one of the files another name.", line),
    };

    private string List(IEnumerable<EntryId> ids) =>
        string.Concat(ids.Take(Listed).Select(id => $"\n  {id.ToString()[..8]}  {KindOf(State.Find(id)!.Type)}: {Shorten(words[id][^1])}"));

    /// <summary>At most four, those first that share most words with what was asked for; none that share none.</summary>
    private static List<T> Nearest<T>(string asked, IEnumerable<T> candidates, Func<T, string> text)
    {
        var wanted = Tokens(asked);
        return [.. candidates.Select(candidate => (candidate, shared: Tokens(text(candidate)).Count(wanted.Contains))).Where(pair => pair.shared > 0)
            .OrderByDescending(pair => pair.shared).Take(4).Select(pair => pair.candidate)];

        static HashSet<string> Tokens(string words) => [.. Fold(words).Split(' ').Select(word => word.Trim(',', '.', '"', '“', '”', '?')).Where(word => word.Length > 3)];
    }

    private void Say(EntryId id, params ReadOnlySpan<string> said)
    {
        if (said.Length > 0)
        {
            if (!words.TryGetValue(id, out var known))
                words[id] = known = [];
            known.AddRange(said);
        }
    }

    /// <summary>What a record can be found by; the last is what it is shown as.</summary>
    private static IEnumerable<string> WordsOf(Body body) => body switch
    {
        QuoteRecorded quote => [quote.Span.Words],
        ClaimRecorded claim => [claim.Span.Words, claim.Statement],
        QuestionRaised question => question.Span is { } span ? [span.Words, question.Text] : [question.Text],
        OccasionScheduled occasion => occasion.Span is { } span ? [span.Words, occasion.What] : [occasion.What],
        _ => [],
    };

    private static string? KindOf(string type) => type switch
    {
        "quote.recorded" => "quote",
        "claim.recorded" => "claim",
        "question.raised" => "question",
        "occasion.scheduled" => "occasion",
        _ => null,
    };

    private static string Key(string recorder, Body body) => recorder + "\n" + BodyTypes.Of(body).Name + "\n" + Encoding.UTF8.GetString(BodyTypes.Write(body));

    private static string Fold(string text) => WordsInText.Fold(text).TrimEnd('.', '?', '!', ',', ';', ':');

    private static string Around(string text, TextRange at) =>
        string.Join(' ', text[Math.Max(0, at.Start - 30)..Math.Min(text.Length, at.End + 30)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Shorten(string text) => text.Length <= Shown ? text : string.Concat(text.AsSpan(0, Shown - 1), "…");
}
