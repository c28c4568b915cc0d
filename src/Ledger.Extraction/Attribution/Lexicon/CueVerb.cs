namespace Ledger.Extraction.Attribution.Lexicon;

/// <summary>What may follow a verb that attributes.</summary>
[Flags]
internal enum Takes : ushort
{
    None = 0,

    /// <summary>"that" and a clause.</summary>
    That = 1 << 0,

    /// <summary>A clause without "that".</summary>
    Clause = 1 << 1,

    /// <summary>Words in quotation marks, before or after.</summary>
    Quote = 1 << 2,

    /// <summary>"to" and an infinitive (vowed to).</summary>
    Infinitive = 1 << 3,

    /// <summary>A noun phrase that is what was said (announced a plan).</summary>
    Phrase = 1 << 4,

    /// <summary>Somebody who is spoken to, before anything else (told reporters).</summary>
    Addressee = 1 << 5,

    /// <summary>Somebody, and "to" and an infinitive (urged voters to).</summary>
    PersonInfinitive = 1 << 6,

    /// <summary>Somebody or something, and what is said of it after "for", "of" or "as", or as its predicate (accused X of, called X a Y).</summary>
    Judgement = 1 << 7,

    /// <summary>whether, how, why and a clause.</summary>
    Question = 1 << 8,

    /// <summary>Its subject may stand after it (said the minister).</summary>
    Inverts = 1 << 9,

    /// <summary>An attitude or finding rather than speech: needs a full clause to count.</summary>
    Weak = 1 << 10,
}

internal enum VerbForm : byte
{
    /// <summary>say: finite after a plural, otherwise an infinitive.</summary>
    Base,

    /// <summary>says.</summary>
    Third,

    /// <summary>said; also the participle where the two are the same.</summary>
    Past,

    /// <summary>Only a participle: written, shown.</summary>
    Participle,

    /// <summary>saying.</summary>
    Ing,
}

/// <summary>One form of a verb that attributes.</summary>
/// <param name="Lemma">The verb.</param>
/// <param name="Form">Which form of it this is.</param>
/// <param name="Takes">What may follow.</param>
/// <param name="Particles">Prepositions that belong to it when they follow it, their object being what is said ("called for").</param>
internal sealed record CueVerb(string Lemma, VerbForm Form, Takes Takes, string[] Particles)
{
    public bool Can(Takes takes) => (Takes & takes) != 0;
}
