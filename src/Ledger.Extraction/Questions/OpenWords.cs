namespace Ledger.Extraction.Questions;

/// <summary>The words at which a rule for open questions looks around. Every other word is passed over with one look at its class.</summary>
internal static class OpenWords
{
    internal const string NotKnown = "unknown unclear uncertain unsure undetermined unexplained unanswered disputed";
    internal const string Known = "known clear certain sure established determined understood identified calculated found explained counted clarified answered settled";
    internal const string NotTold = "undisclosed unspecified";
    internal const string Told = "announced disclosed released revealed provided given named specified published divulged mentioned stated";
    internal const string NotDecided = "undecided unresolved";
    internal const string Decided = "decided agreed approved set confirmed reached resolved finalized finalised ratified signed adopted completed scheduled appointed taken made certified";

    internal const string Tellers =
        "say said specify specified disclose disclosed reveal revealed announce announced release released identify identified name named explain explained elaborate give gave given provide provided confirm confirmed "
        + "indicate indicated publish published clarify clarified state stated detail mention offer offered share shared";

    internal const string Deciders =
        "decide decided agree agreed approve approved rule ruled determine determined concede respond responded confirm confirmed set choose chosen vote voted sign signed ratify ratified conclude concluded appoint appointed endorse";

    internal const string Knowers = "know knows understand";
    internal const string Inquiries = "investigation investigations probe probes inquiry inquiries enquiry enquiries";
    internal const string Finding = "determine establish ascertain identify find learn discover investigate clarify";

    /// <summary>Words of turns of phrase ("to be seen", "too early to say", "awaiting a ruling").</summary>
    internal const string Turns = "seen to question pending awaiting awaits await whether if who how no being investigating claimed claim probing examining investigated";

    internal const string All = NotKnown + " " + Known + " " + NotTold + " " + Told + " " + NotDecided + " " + Decided + " " + Tellers + " " + Deciders + " " + Knowers + " " + Inquiries + " " + Finding + " " + Turns;
}
