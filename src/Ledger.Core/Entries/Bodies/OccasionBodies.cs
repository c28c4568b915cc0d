namespace Ledger.Core.Entries;

/// <summary>What became of a scheduled occasion.</summary>
public interface IOccasionChange
{
    EntryId Occasion { get; }

    /// <summary>The words that tell it, where a text does.</summary>
    Span? Span { get; }

    /// <summary>The rule of the program that proposes it; null for a person's.</summary>
    string? Rule { get; }

    /// <summary>Why, in a person's words.</summary>
    string? Reason { get; }
}

/// <summary><c>occasion.moved</c>: it is expected on other days.</summary>
/// <param name="Occasion">The occasion.</param>
/// <param name="Expected">The new days; null when it was put off to no known date.</param>
/// <param name="Span">The words that move it.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why.</param>
public sealed record OccasionMoved(EntryId Occasion, DateInterval? Expected, Span? Span, string? Rule, string? Reason) : Body, IOccasionChange
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((Occasion, "about"), (Span?.Document, "found in"));
}

/// <summary><c>occasion.held</c>: it took place.</summary>
/// <param name="Occasion">The occasion.</param>
/// <param name="On">The days; null when they are not known.</param>
/// <param name="Span">The words that tell it.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why.</param>
public sealed record OccasionHeld(EntryId Occasion, DateInterval? On, Span? Span, string? Rule, string? Reason) : Body, IOccasionChange
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((Occasion, "about"), (Span?.Document, "found in"));
}

/// <summary><c>occasion.cancelled</c>: it will not take place.</summary>
public sealed record OccasionCancelled(EntryId Occasion, Span? Span, string? Rule, string? Reason) : Body, IOccasionChange
{
    public override IEnumerable<Span> Spans() => Some(Span);

    public override IEnumerable<Reference> References() => Some((Occasion, "about"), (Span?.Document, "found in"));
}
