using System.Text.Json.Nodes;
using Ledger.Core.Reading;
using Spectre.Console;

namespace Ledger.Cli;

/// <summary>The words that something rests on, where they stand in their document.</summary>
internal static class WordsInContext
{
    /// <summary>Marks the words with brackets, and in colour where there is any.</summary>
    internal static void Write(Terminal terminal, QuotedWords words, string indent)
    {
        terminal.Prose($"in “{words.Document ?? "(title erased)"}”{(words.Published is { } date ? $", {date}" : "")}:", indent, indent);
        if (words.Holds is null)
        {
            terminal.Prose("(the document's text was erased)", indent, indent);
            return;
        }

        if (words.Holds is false)
        {
            terminal.Prose("THE WORDS DO NOT STAND THERE ANY MORE: run 'ledger verify'.", indent, indent);
            return;
        }

        var text = words.Before;
        for (var i = 0; i < words.Span.Exact.Length; i++)
        {
            text += $"[[{words.Span.Exact[i]}]]{(i < words.Gaps.Length ? words.Gaps[i] : "")}";
        }

        WriteMarked(terminal, $"… {text}{words.After} …", indent + "  ");
    }

    /// <summary>Prose in which words stand within double brackets, in colour where there is any.</summary>
    internal static void WriteMarked(Terminal terminal, string text, string indent)
    {
        var inside = false;
        foreach (var line in Wrap.Lines(text, terminal.ProseWidth, indent, indent))
        {
            WriteLine(terminal, line, ref inside);
        }
    }

    internal static JsonObject? Json(QuotedWords? words) => words is null ? null : new JsonObject
    {
        ["document"] = words.Span.Document.ToString(),
        ["title"] = words.Document,
        ["published"] = words.Published?.ToString(),
        ["before"] = words.Before,
        ["words"] = new JsonArray([.. words.Span.Exact.Select(exact => JsonValue.Create(exact))]),
        ["ranges"] = new JsonArray([.. words.Span.Ranges.Select(range => (JsonNode)new JsonArray(range.Start, range.End))]),
        ["after"] = words.After,
        ["holds"] = words.Holds,
    };

    private static void WriteLine(Terminal terminal, string line, ref bool inside)
    {
        while (line.Length > 0)
        {
            // A document that holds these brackets itself is only coloured wrongly.
            var end = line.IndexOf(inside ? "]]" : "[[", StringComparison.Ordinal);
            var piece = end < 0 ? line : line[..(inside ? end + 2 : end)];
            if (inside && terminal.IsPerson)
            {
                terminal.Out.Write(new Text(piece, new Style(Color.Yellow)));
            }
            else
            {
                terminal.OutWriter.Write(piece);
            }

            inside = end < 0 ? inside : !inside;
            line = line[piece.Length..];
        }

        terminal.Line();
    }
}
