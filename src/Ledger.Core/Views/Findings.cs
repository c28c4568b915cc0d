using System.Text.Json;
using Ledger.Core.Entries;
using Ledger.Core.Stories;

namespace Ledger.Core.Views;

/// <summary>What the views of findings have in common: a record begins with its finding, and ends withdrawn with it or with its document.</summary>
internal static class Findings
{
    /// <summary>The keys that an entry concerns: the finding itself when it is one of <paramref name="types"/>, or those that a withdrawal takes with it.</summary>
    internal static IEnumerable<Guid> Keys(StoryState story, Entry entry, params string[] types)
    {
        if (types.Contains(entry.Envelope.Type))
        {
            return [entry.Id.Value];
        }

        if (entry.Body is not EntryWithdrawn { Entry: var target } || story.Find(target) is not { } facts)
        {
            return [];
        }

        if (facts.Type != "document.filed")
        {
            return types.Contains(facts.Type) ? [target.Value] : [];
        }

        return story.Entries
            .Where(pair => pair.Value.Document == target && pair.Key != target && types.Contains(pair.Value.Type))
            .Select(pair => pair.Key.Value)
            .Order();
    }

    /// <summary>The record, withdrawn by this entry; the first withdrawal stays.</summary>
    internal static TRecord? Withdraw<TRecord>(TRecord? record, Entry entry)
        where TRecord : ViewRecord =>
        record is { Withdrawn: null } && entry.Body is EntryWithdrawn withdrawn
            ? record with { Withdrawn = new(entry.Id, withdrawn.Entry, withdrawn.Reason), Entries = record.Entries.Add(entry.Id) }
            : record;

    /// <summary>The status that a list is filtered by: withdrawn, or what the record says otherwise.</summary>
    internal static string Status(ViewRecord record, string otherwise) => record.Withdrawn is null ? otherwise : "withdrawn";

    internal static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static Timestamp Published(StoryState story, Entry entry) => story.Find(entry.Id)!.Published;
}
