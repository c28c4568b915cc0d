using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary>A file whose text is in the story already: as which document, and what the file says of it otherwise.</summary>
/// <param name="File">The file.</param>
/// <param name="Document">The document, as it is now.</param>
/// <param name="Differs">What the file says of the document that is neither how it was recorded nor how it was put right since.</param>
/// <param name="SameFile">Another file of the same run that is the same document; null for none.</param>
/// <param name="WithdrawnBy">Who withdrew the document; null where it stands.</param>
internal sealed record PassedOver(FrozenDocument File, DocumentRecord Document, ImmutableArray<MetadataDifference> Differs, string? SameFile, RecordedByName? WithdrawnBy)
{
    internal static async Task<ImmutableArray<PassedOver>> OfAsync(Session session, ImmutableArray<(FrozenDocument File, EntryId Document, bool IsNew)> texts, CancellationToken cancellation)
    {
        var passed = ImmutableArray.CreateBuilder<PassedOver>();
        var files = new Dictionary<EntryId, string>();
        foreach (var (file, id, isNew) in texts)
        {
            var first = files.TryAdd(id, file.Path) ? null : files[id];
            if (isNew || await session.Views.FindAsync(DocumentsView.View, id.Value, cancellation: cancellation).ConfigureAwait(false) is not DocumentRecord record)
            {
                continue;
            }

            var recorded = (await session.Ledger.FindAsync(id, cancellation: cancellation).ConfigureAwait(false))?.Body;
            var withdrawal = record.Withdrawn is { By: var by } ? await session.Ledger.FindAsync(by, cancellation: cancellation).ConfigureAwait(false) : null;
            passed.Add(new(
                file, record, (recorded as DocumentFiled ?? (recorded as DocumentRevised)?.Document) is { } filed ? MetadataDifference.Between(file, filed, record) : [],
                first, withdrawal is null ? null : RecordedByName.Of(withdrawal)));
        }

        return passed.DrainToImmutable();
    }

    /// <summary>Whether it is to be told of by name, however many there are.</summary>
    internal bool IsRemarkable => !Differs.IsEmpty || SameFile is not null || Document.Withdrawn is not null;

    internal void Write(Terminal terminal)
    {
        var id = ShortId.Of(Document.Id);
        terminal.Prose(
            Document.Withdrawn is { } withdrawn
                ? $"{File.Path}: not filed again. Its document {id}, “{Document.Title}”, was withdrawn by {(WithdrawnBy is { } by ? RecordTable.By(by) : "(erased)")}: {withdrawn.Reason?.TrimEnd('.') ?? "(erased)"}. With --again it is filed anew."
                : SameFile is not null ? $"{File.Path}: the same text as {SameFile}, and from nowhere else: both are document {id}."
                : $"{File.Path}: recorded already as {id}, “{Document.Title}”.",
            "", "  ");
        if (Document.Withdrawn is not null || Differs.IsEmpty)
        {
            return;
        }

        foreach (var difference in Differs)
        {
            terminal.Prose($"{difference.Field}: “{difference.File ?? "nothing"}” in the file, “{difference.Recorded ?? "nothing"}” in the ledger", "  ", "    ");
        }

        terminal.Prose("The ledger was not changed. If the file is right:", "  ", "  ");
        terminal.Line($"  ledger correct {id} {string.Join(' ', Differs.SelectMany(difference => difference.Options))} --reason TEXT");
    }

    internal JsonObject Json() => new()
    {
        ["path"] = File.Path,
        ["document"] = Document.Id.ToString(),
        ["sameAs"] = SameFile,
        ["withdrawnBy"] = WithdrawnBy is { } by ? RecordJson.By(by) : null,
        ["differs"] = new JsonArray([.. Differs.Select(difference => (JsonNode)new JsonObject { ["field"] = difference.Field, ["file"] = difference.File, ["recorded"] = difference.Recorded })]),
    };
}

/// <summary>What a file says of its document, and what is recorded.</summary>
/// <param name="Field">The field, as <c>documents --json</c> names it; the date is <c>publishedAt</c>.</param>
/// <param name="Option">The option of <c>ledger correct</c> that puts it right.</param>
/// <param name="File">What the file says; null for nothing.</param>
/// <param name="Recorded">What is recorded; null for nothing.</param>
internal sealed record MetadataDifference(string Field, string Option, string? File, string? Recorded)
{
    /// <summary>As it is typed in a shell; a list is an option a value.</summary>
    internal required IEnumerable<string> Options { get; init; }

    /// <summary>A file that says what it said when it was filed differs in nothing, whatever an editor put right since.</summary>
    internal static ImmutableArray<MetadataDifference> Between(FrozenDocument file, DocumentFiled filed, DocumentRecord now)
    {
        var says = Filing.Describe(file);
        var differences = ImmutableArray.CreateBuilder<MetadataDifference>();
        Compare("title", "--title", says.Title, filed.Title, now.Title);
        Compare("publishedAt", "--date", says.PublishedAt?.ToString(), filed.PublishedAt?.ToString(), now.Dated?.ToString());
        Compare("publisher", "--publisher", says.Publisher, filed.Publisher, now.Publisher);
        Compare("author", "--author", says.Author, filed.Author, now.Author);
        Compare("url", "--url", says.Url, filed.Url, now.Url);
        Compare("archivedUrl", "--archived-url", says.ArchivedUrl, filed.ArchivedUrl, now.ArchivedUrl);
        Compare("language", "--language", says.Language, filed.Language, now.Language);
        if (!says.Sources.SequenceEqual(filed.Sources) && !says.Sources.SequenceEqual(now.Sources))
        {
            Add("sources", "--source", List(says.Sources), List(now.Sources), says.Sources.IsEmpty ? [""] : says.Sources);
        }

        return differences.DrainToImmutable();

        void Compare(string field, string option, string? here, string? before, string? recorded)
        {
            if (here != before && here != recorded)
            {
                Add(field, option, here, recorded, [here ?? ""]);
            }
        }

        void Add(string field, string option, string? here, string? recorded, IEnumerable<string> values) =>
            differences.Add(new(field, option, here, recorded) { Options = values.Select(value => $"{option} {Quoted(value)}") });
    }

    private static string? List(ImmutableArray<string> sources) => sources.IsEmpty ? null : string.Join("; ", sources);

    /// <summary>One word of a shell, whatever is in it.</summary>
    private static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '/' or ':' or '_') ? value
        : string.Create(CultureInfo.InvariantCulture, $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'");
}
