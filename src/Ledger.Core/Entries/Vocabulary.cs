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
