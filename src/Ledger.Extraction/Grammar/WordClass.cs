namespace Ledger.Extraction.Grammar;

/// <summary>What a word may be, as far as the rules ask. Words of open classes (nouns, most adjectives) have no class of their own.</summary>
[Flags]
internal enum WordClass : uint
{
    None = 0,

    /// <summary>Written with a capital first letter, at the start of a sentence too.</summary>
    Capital = 1 << 0,
    Determiner = 1 << 1,

    /// <summary>his, her, their …</summary>
    Possessive = 1 << 2,

    /// <summary>A pronoun that can be a subject.</summary>
    Pronoun = 1 << 3,
    Preposition = 1 << 4,

    /// <summary>and, or, but, nor, yet.</summary>
    Coordinator = 1 << 5,

    /// <summary>Starts a subordinate clause: that, because, although …</summary>
    Subordinator = 1 << 6,

    /// <summary>Starts a question or a relative clause: who, which, what, how, whether …</summary>
    Wh = 1 << 7,
    Be = 1 << 8,
    Have = 1 << 9,
    Do = 1 << 10,
    Modal = 1 << 11,
    Negation = 1 << 12,
    Adverb = 1 << 13,

    /// <summary>A finite form of an ordinary verb, or something that is more often that than a noun.</summary>
    Finite = 1 << 14,

    /// <summary>Weekdays, months, today, yesterday …</summary>
    Time = 1 << 15,

    /// <summary>A noun that names speech or writing: claim, statement, report …</summary>
    SpeechNoun = 1 << 16,

    /// <summary>A form of a verb that attributes.</summary>
    Cue = 1 << 17,

    /// <summary>An object pronoun: him, them, us …</summary>
    Object = 1 << 18,

    /// <summary>A word before a name or a role: Mr., Sen., President.</summary>
    Title = 1 << 19,

    /// <summary>A noun for what a person does: minister, spokesman, lawyer …</summary>
    Role = 1 << 20,

    /// <summary>A word at which a rule for open questions looks around.</summary>
    Open = 1 << 21,

    /// <summary>A word at which a rule for occasions looks around.</summary>
    Scheduling = 1 << 22,

    /// <summary>A word with which a date may begin.</summary>
    Dating = 1 << 23,

    /// <summary>A word of the calendar, without which no date stands: months, weekdays, units, seasons, today.</summary>
    Calendar = 1 << 24,

    /// <summary>What only tells a rule where to look; it says nothing about the word.</summary>
    Anchor = Open | Scheduling | Dating | Calendar,

    Auxiliary = Be | Have | Do | Modal,
    Verb = Auxiliary | Finite | Cue,
}
