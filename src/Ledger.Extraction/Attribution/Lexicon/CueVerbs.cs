using System.Collections.Frozen;

namespace Ledger.Extraction.Attribution.Lexicon;

/// <summary>The verbs that attribute, by what they take, and all of their forms.</summary>
internal static class CueVerbs
{
    private const Takes Speech = Takes.That | Takes.Clause | Takes.Quote | Takes.Question | Takes.Inverts;
    private const Takes Reported = Takes.That | Takes.Quote | Takes.Question | Takes.Inverts;

    /// <summary>Lemmas, each with the particles that may follow it ("warn:of,about").</summary>
    private static readonly (Takes Takes, string Lemmas)[] Classes =
    [
        (Speech, "say:of,about add note:of argue:for,against assert claim insist:on maintain contend stress reiterate repeat conclude concede acknowledge admit:to allege recall "
            + "remark observe reckon joke:about quip state swear explain respond:to reply:to retort counter declare exclaim:over boast:of,about brag:about complain:of,about confess:to predict "
            + "estimate guess emphasize emphasise underline underscore clarify confirm affirm reaffirm opine muse:about reason volunteer interject caution:against speculate:about lament "
            + "testify:about,to hint:at imply confide marvel:at protest:against rejoin fume:about gush:about scoff:at sigh groan mutter murmur whisper shout yell scream cry chant "
            + "intone deadpan crow:about grumble:about vent:about reflect:on elaborate:on report disclose reveal announce"),
        (Speech | Takes.Phrase, "suggest mention write:of,about tweet:about post cite report announce reveal disclose proclaim repeat reiterate confirm acknowledge explain propose deny predict highlight "
            + "emphasize stress read declare recount detail describe outline"),
        (Speech | Takes.Addressee, "tell:of,about inform:of,about assure:of remind:of notify:of advise:against text email"),
        (Speech | Takes.Addressee | Takes.PersonInfinitive | Takes.Infinitive, "warn:of,about,against"),
        (Reported | Takes.Infinitive | Takes.Clause, "vow promise pledge threaten agree:to,with claim"),
        (Reported | Takes.Clause | Takes.Phrase, "promise pledge"),
        (Takes.Quote | Takes.Question | Takes.Inverts | Takes.PersonInfinitive | Takes.Addressee, "ask:about,for"),
        (Takes.Quote | Takes.Question | Takes.Inverts, "wonder inquire:about"),
        (Takes.That | Takes.Quote | Takes.PersonInfinitive | Takes.Phrase, "urge demand request recommend advocate"),
        (Takes.That | Takes.Quote | Takes.PersonInfinitive, "instruct order implore exhort beg:for beseech challenge encourage invite"),
        (Takes.Infinitive, "refuse decline offer"),
        (Takes.Judgement | Takes.Quote | Takes.Phrase, "call:for,on,upon label dub brand describe portray characterize characterise depict denounce deride criticize criticise accuse blame condemn praise "
            + "blast slam mock ridicule assail chastise decry bash hail laud applaud commend castigate lambaste rebuke scold deplore fault chide disparage liken:to compare:to "
            + "dismiss:as slam thank:for congratulate"),
        (Takes.Phrase | Takes.That, "reject question dispute rebut refute defend oppose support endorse echo tout express voice downplay welcome"),
        (Takes.That | Takes.Clause | Takes.Question | Takes.Weak, "think believe feel expect hope fear worry:about suspect doubt assume know understand realize realise agree:with find show indicate suggest "
            + "demonstrate conclude determine decide learn discover imagine presume anticipate dream project forecast note hold theorize"),
        (Takes.Phrase, "cite quote condemn"),
        // Only with one of their particles, or with words in marks.
        (Takes.Quote | Takes.Inverts, "speak:of,about talk:about refer:to allude:to comment:on object:to point:to,out continue begin conclude interrupt joke rant:about rail:against lash testify opine "
            + "lecture:about go react:to snap:at cheer bellow whine:about gripe:about apologize:for apologise:for inveigh:against campaign:on push:for press:for plead:for call:for,on"),
    ];

    /// <summary>Past and participle where they do not end in -ed.</summary>
    private static readonly FrozenDictionary<string, (string Past, string Participle)> Irregular = new Dictionary<string, (string, string)>
    {
        ["say"] = ("said", "said"),
        ["tell"] = ("told", "told"),
        ["write"] = ("wrote", "written"),
        ["read"] = ("read", "read"),
        ["think"] = ("thought", "thought"),
        ["feel"] = ("felt", "felt"),
        ["know"] = ("knew", "known"),
        ["understand"] = ("understood", "understood"),
        ["find"] = ("found", "found"),
        ["show"] = ("showed", "shown"),
        ["swear"] = ("swore", "sworn"),
        ["speak"] = ("spoke", "spoken"),
        ["begin"] = ("began", "begun"),
        ["go"] = ("went", "gone"),
        ["hold"] = ("held", "held"),
        ["learn"] = ("learned", "learned"),
        ["forecast"] = ("forecast", "forecast"),
        ["beseech"] = ("besought", "besought"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Doubling = FrozenSet.Create(StringComparer.Ordinal, "admit", "quip", "slam", "refer", "rebut", "snap", "dub", "beg", "begin", "brag");

    public static FrozenDictionary<string, CueVerb> Forms { get; } = Inflect();

    private static FrozenDictionary<string, CueVerb> Inflect()
    {
        var lemmas = new Dictionary<string, (Takes Takes, List<string> Particles)>(StringComparer.Ordinal);
        foreach (var (takes, words) in Classes)
        {
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                var lemma = colon < 0 ? word : word[..colon];
                var known = lemmas.TryGetValue(lemma, out var entry) ? entry : (Takes.None, []);
                if (colon > 0)
                    known.Item2.AddRange(word[(colon + 1)..].Split(','));
                lemmas[lemma] = (known.Item1 | takes, known.Item2);
            }
        }
        var forms = new Dictionary<string, CueVerb>(StringComparer.OrdinalIgnoreCase);
        foreach (var (lemma, (takes, particles)) in lemmas)
        {
            // A verb of speech that may also be one of thought is one of speech.
            var effective = (takes & (Takes.Quote | Takes.Judgement | Takes.Phrase)) != 0 ? takes & ~Takes.Weak : takes;
            string[] with = [.. particles.Distinct()];
            void Add(string form, VerbForm kind) => forms.TryAdd(form, new CueVerb(lemma, kind, effective, with));
            var (past, participle) = Irregular.TryGetValue(lemma, out var irregular) ? irregular : (Past(lemma), Past(lemma));
            Add(past, VerbForm.Past);
            Add(participle, VerbForm.Participle);
            Add(Third(lemma), VerbForm.Third);
            Add(Ing(lemma), VerbForm.Ing);
            Add(lemma, VerbForm.Base);
        }
        return forms.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static bool EndsInConsonantY(string lemma) => lemma[^1] == 'y' && lemma[^2] is not ('a' or 'e' or 'o' or 'u');

    private static string Past(string lemma) => lemma switch
    {
        [.., 'e'] => lemma + "d",
        _ when EndsInConsonantY(lemma) => lemma[..^1] + "ied",
        _ when Doubling.Contains(lemma) => lemma + lemma[^1] + "ed",
        _ => lemma + "ed",
    };

    private static string Third(string lemma) => lemma switch
    {
        "go" => "goes",
        _ when EndsInConsonantY(lemma) => lemma[..^1] + "ies",
        [.., 's' or 'x' or 'z'] or [.., 's' or 'c', 'h'] => lemma + "es",
        _ => lemma + "s",
    };

    private static string Ing(string lemma) => lemma switch
    {
        [.., not 'e', 'e'] => lemma[..^1] + "ing",
        _ when Doubling.Contains(lemma) => lemma + lemma[^1] + "ing",
        _ => lemma + "ing",
    };
}
