using System.Collections.Frozen;
using Ledger.Extraction.Attribution.Lexicon;
using Ledger.Extraction.Dates;
using Ledger.Extraction.Occasions;
using Ledger.Extraction.Questions;

namespace Ledger.Extraction.Grammar;

/// <summary>The closed classes of English, and the nouns that the rules ask for.</summary>
internal static class Words
{
    private static readonly (WordClass Class, string Words)[] Lists =
    [
        (WordClass.Determiner, "the a an this that these those some any no every each all both another many most several few one two three four five six seven eight nine ten other"),
        (WordClass.Possessive, "his her their its my our your whose"),
        (WordClass.Pronoun, "he she they it we i you who nobody everyone everybody someone somebody anyone one others many some both he'd he'll she'd she'll they'd they've they're they'll we're we've "
            + "we'll we'd i'm i've i'll i'd you're you've you'll it'll it'd he’d he’ll she’d she’ll they’d they’ve they’re they’ll we’re we’ve we’ll we’d i’m i’ve i’ll i’d you’re you’ve you’ll it’ll it’d"),
        (WordClass.Object, "him them us me himself herself themselves itself"),
        (WordClass.Preposition, "of in on at by for from with about into over after before between through during against under near among without within across toward towards behind beyond since "
            + "until despite amid via to upon per outside inside along alongside following including regarding concerning above below around off onto unlike throughout versus"),
        (WordClass.Coordinator, "and or but nor yet & plus"),
        (WordClass.Subordinator, "that because although though while if unless when whereas since until as once so before after where than lest even"),
        (WordClass.Wh, "who which what whose whom how why whether when where if whatever whoever however"),
        (WordClass.Be, "is are was were be been being am isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t ain't"),
        (WordClass.Have, "has have had having hasn't haven't hadn't hasn’t haven’t hadn’t"),
        (WordClass.Do, "do does did don't doesn't didn't don’t doesn’t didn’t"),
        (WordClass.Modal, "will would can could should may might must shall cannot won't wouldn't can't couldn't shouldn't won’t wouldn’t can’t couldn’t shouldn’t"),
        (WordClass.Negation, "not never isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t "
            + "don’t doesn’t didn’t won’t wouldn’t can’t couldn’t shouldn’t cannot"),
        (WordClass.Adverb, "also later then now again once often never always still already just even only too first recently soon earlier ago meanwhile instead further furthermore moreover however "
            + "therefore thus yet long sometimes perhaps maybe nevertheless nonetheless afterward afterwards twice today so far famously there here ever almost rather quite very more most well"),
        (WordClass.Time, "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december today yesterday tomorrow tonight "
            + "earlier later last next this week month year morning afternoon evening night recently ago"),
        (WordClass.Finite, "went came made took gave got saw won lost led left met put set ran kept held began became sent stood paid built spent fell rose grew broke drew drove chose brought bought caught "
            + "fought sought taught hit cut let hurt cost beat struck sold heard wore threw flew rode hung dealt laid makes takes gives gets sees wins loses leads leaves meets puts runs keeps holds begins "
            + "becomes sends stands pays comes goes wants needs seems appears remains continues includes contains helps faces plans works lives comes plays uses tries moves died used tried cried lied tied"),
        (WordClass.SpeechNoun, "claim claims allegation allegations accusation accusations assertion assertions statement statements suggestion suggestions warning warnings argument arguments contention "
            + "report reports announcement announcements promise promises pledge pledges vow vows threat threats belief insistence acknowledgment acknowledgement admission remark remarks comment "
            + "comments criticism prediction predictions demand demands complaint complaints testimony declaration denial refusal assurance assurances charge charges speech address letter tweet tweets post "
            + "interview article message messages proposal description view fear fears concern concerns hope hopes conclusion finding findings rumor rumors rumour rumours speculation word words answer response call calls"),
        (WordClass.Open, OpenWords.All),
        (WordClass.Scheduling, SchedulingCue.Words),
        (WordClass.Dating, CalendarWords.Starters),
        (WordClass.Calendar, CalendarWords.Core),
        (WordClass.Title, "mr mrs ms mr. mrs. ms. dr. dr prof. sen. rep. gov. gen. lt. col. sgt. adm. capt. rev. sir lord lady dame senator representative congressman congresswoman governor president "
            + "vice chairman chairwoman minister prime secretary mayor judge justice general colonel captain professor ambassador king queen prince princess pope cardinal bishop archbishop chancellor premier "
            + "speaker director commissioner attorney sheriff chief officer detective inspector councillor deputy former then ex-president"),
        (WordClass.Role, "minister president spokesman spokeswoman spokesperson official officials officer lawyer lawyers attorney senator governor mayor secretary chairman chairwoman chair chief director "
            + "ambassador commander leader leaders candidate nominee adviser advisor advisers aide aides analyst analysts expert experts professor judge prosecutor prosecutors premier chancellor "
            + "commissioner executive manager strategist pollster reporter journalist correspondent author doctor teacher coach king queen prince princess pope bishop owner founder economist scientist "
            + "researcher researchers representative congressman congresswoman lawmaker lawmakers politician politicians deputy head speaker general colonel envoy diplomat diplomats witness witnesses"),
    ];

    private static readonly FrozenDictionary<string, WordClass> Known = Build();

    /// <summary>Looks a word up by its characters, in capitals or not.</summary>
    public static FrozenDictionary<string, WordClass>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; } = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    private static FrozenDictionary<string, WordClass> Build()
    {
        var known = new Dictionary<string, WordClass>(StringComparer.OrdinalIgnoreCase);
        foreach (var (kind, words) in Lists)
        {
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                known[word] = known.GetValueOrDefault(word) | kind;
        }
        foreach (var form in CueVerbs.Forms.Keys)
            known[form] = known.GetValueOrDefault(form) | WordClass.Cue;
        return known.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
