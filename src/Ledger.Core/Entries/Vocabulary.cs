using System.Text.Json.Serialization;

namespace Ledger.Core.Entries;

/// <summary>How the words of a quote or claim stand in the document.</summary>
[JsonConverter(typeof(NameConverter<Directness>))]
public enum Directness
{
    /// <summary>All of the words stand in quotation marks.</summary>
    Direct,

    /// <summary>Some of the words stand in quotation marks, the rest is the document's paraphrase.</summary>
    Mixed,

    /// <summary>None of the words stand in quotation marks: reported speech.</summary>
    Indirect,
}

/// <summary>How a claim is put.</summary>
[JsonConverter(typeof(NameConverter<Modality>))]
public enum Modality
{
    Asserted,
    Denied,
    Expected,
    Asked,

    /// <summary>The document reports that something was not said or is not there ("there is no wording on …").</summary>
    ReportedAbsent,
}

/// <summary>Why a question is open.</summary>
[JsonConverter(typeof(NameConverter<QuestionKind>))]
public enum QuestionKind
{
    /// <summary>Nobody, as far as the document tells, knows it.</summary>
    Unknown,

    /// <summary>Somebody knows it and has not said it.</summary>
    Undisclosed,

    /// <summary>It is still to be decided or to happen.</summary>
    Pending,

    /// <summary>Somebody is finding it out.</summary>
    UnderInvestigation,
}

/// <summary>How one claim bears on another.</summary>
[JsonConverter(typeof(NameConverter<LinkRelation>))]
public enum LinkRelation
{
    /// <summary>Says the same.</summary>
    Repeats,

    /// <summary>Gives reason to believe it.</summary>
    Supports,

    /// <summary>Cannot be true together with it.</summary>
    Contradicts,

    /// <summary>The source puts its own earlier claim right.</summary>
    Corrects,

    /// <summary>Says what has become of it since.</summary>
    Updates,

    /// <summary>The source takes it back.</summary>
    Retracts,
}

/// <summary>How something recorded bears on a question.</summary>
[JsonConverter(typeof(NameConverter<EvidenceBearing>))]
public enum EvidenceBearing
{
    /// <summary>It says what the answer is.</summary>
    Answers,

    /// <summary>It bears on the question without answering it.</summary>
    Context,

    /// <summary>It speaks against an answer that was given.</summary>
    Doubts,
}

/// <summary>How a question was resolved.</summary>
[JsonConverter(typeof(NameConverter<QuestionOutcome>))]
public enum QuestionOutcome
{
    Answered,

    /// <summary>What is known does not settle it by its criteria.</summary>
    Ambiguous,

    /// <summary>It should not have been asked, or can no longer be answered.</summary>
    Annulled,
}

/// <summary>What a speaker is.</summary>
[JsonConverter(typeof(NameConverter<SpeakerKind>))]
public enum SpeakerKind
{
    Person,

    /// <summary>An authority, organization, company or medium.</summary>
    Body,
}

/// <summary>Why words were erased.</summary>
[JsonConverter(typeof(NameConverter<RedactionReason>))]
public enum RedactionReason
{
    CourtOrder,
    Privacy,
    Safety,
    Copyright,
    Defamation,
    RecordedInError,
}
