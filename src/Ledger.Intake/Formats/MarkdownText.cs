using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Ledger.Intake.Formats;

/// <summary>
/// Markdown is frozen as the plain text a reader sees, front matter left out: a span over the source would be cut by markers and soft wraps.
/// Headings and paragraphs stand apart by a blank line, list items are lines with "• ", soft breaks become a space. Raw HTML and images are dropped.
/// </summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();
    private static readonly TextConverter Converter = new("ledger-markdown+markdig", $"1+{typeof(Markdown).Assembly.GetName().Version?.ToString(3)}");

    public static Draft Read(string text)
    {
        var front = FrontMatter.Split(text);
        var blocks = new List<string>();
        var document = Markdown.Parse(front.Body, Pipeline);
        foreach (var block in document)
            Render(block, blocks);
        var heading = document.OfType<HeadingBlock>().FirstOrDefault(h => h.Level == 1);
        return new(blocks.Count == 0 ? "" : string.Join("\n\n", blocks) + "\n", "text/markdown", Converter)
        {
            PublishedAt = front.Time("date"),
            RetrievedAt = front.Time("retrieved"),
            Title = front.One("title") ?? (heading is null ? null : Words(heading)),
            Publisher = front.One("publisher"),
            Author = front.One("author"),
            Url = front.One("url"),
            ArchivedUrl = front.One("archived-url"),
            Language = front.One("language"),
            Sources = front.Values.GetValueOrDefault("sources")?.Items ?? [],
            Warnings = front.Warnings,
        };
    }

    private static void Render(Block block, List<string> into)
    {
        string? text = null;
        switch (block)
        {
            case LeafBlock { Inline: not null } leaf:
                text = Words(leaf);
                break;
            case CodeBlock code:
                text = code.Lines.ToString().TrimEnd();
                break;
            case ListBlock list:
                text = string.Join('\n', list.Select(Item));
                break;
            case TableRow row:
                text = string.Join(" | ", row.Select(Flat));
                break;
            case ContainerBlock container:
                foreach (var child in container)
                    Render(child, into);
                break;
        }

        if (!string.IsNullOrWhiteSpace(text))
            into.Add(text);
    }

    private static string Item(Block item)
    {
        var parts = new List<string>();
        Render(item, parts);
        return "• " + string.Join('\n', parts);
    }

    private static string Flat(Block block)
    {
        var parts = new List<string>();
        Render(block, parts);
        return string.Join(' ', parts);
    }

    private static string Words(LeafBlock leaf)
    {
        var text = new StringBuilder();
        Append(leaf.Inline!, text);
        return text.ToString().Trim();
    }

    private static void Append(Inline inline, StringBuilder text)
    {
        switch (inline)
        {
            case LineBreakInline line: text.Append(line.IsHard ? '\n' : ' '); break;
            case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
            case CodeInline code: text.Append(code.Content); break;
            case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
            case AutolinkInline link: text.Append(link.Url); break;
            case LinkInline { IsImage: true }: break;
            case ContainerInline container:
                foreach (var child in container)
                    Append(child, text);
                break;
        }
    }
}
