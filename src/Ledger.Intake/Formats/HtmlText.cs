using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ledger.Intake.Freezing;

namespace Ledger.Intake.Formats;

/// <summary>
/// HTML is converted once: SmartReader finds the article, its blocks become paragraphs apart by a blank line, list items lines with "• ".
/// A page in which no article is found is taken whole, without scripts, menus and footers. Nothing is fetched: the parser gets text and no loader.
/// </summary>
internal static partial class HtmlText
{
    private const string Blocks = "p,h1,h2,h3,h4,h5,h6,li,pre,tr,figcaption,dt,dd,blockquote,div";
    private static readonly TextConverter Converter = new("ledger-html+smartreader", $"1+{typeof(SmartReader.Reader).Assembly.GetName().Version?.ToString(3)}");

    public static string Decode(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty || source.StartsWith("\uFEFF"u8))
            return FrozenText.Decode(source);
        FrozenText.RefuseBinary(source);
        var declared = Charset().Match(Encoding.Latin1.GetString(source[..Math.Min(source.Length, 4096)])).Groups["name"].Value;
        if (declared.Length == 0 || declared.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || declared.Equals("utf8", StringComparison.OrdinalIgnoreCase))
            return FrozenText.Decode(source);
        // The web's rule (WHATWG Encoding): a page that says iso-8859-1 or ascii is read as windows-1252.
        var name = declared.ToLowerInvariant() is "iso-8859-1" or "latin1" or "us-ascii" or "ascii" ? "windows-1252" : declared;
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name)
            ?? throw new Refusal(IntakeCodes.UnknownCharset, $"The page says it is in '{declared}', which cannot be read.", "Save it again as UTF-8.");
        return FrozenText.Normalise(encoding.GetString(source));
    }

    public static Draft Read(string html)
    {
        RefuseDeep(html);
        using var page = new HtmlParser().ParseDocument(html);
        using var reader = new SmartReader.Reader("https://localhost/", html);
        var article = reader.GetArticle();
        using var found = new HtmlParser().ParseDocument(article.IsReadable ? article.Content ?? "" : html);
        if (!article.IsReadable)
            foreach (var noise in found.QuerySelectorAll("nav,header,footer,aside,form").ToArray())
                noise.Remove();
        foreach (var silent in found.QuerySelectorAll("script,style,noscript,template,head").ToArray())
            silent.Remove();
        var parts = new List<string>();
        Render(found.Body!, parts);
        return new(parts.Count == 0 ? "" : string.Join("\n\n", parts) + "\n", "text/html", Converter)
        {
            PublishedAt = PublicationTime.Parse(Meta(page, "article:published_time")) ?? PublicationTime.Parse(JsonLd(page))
                ?? PublicationTime.Parse(Meta(page, "og:published_time")) ?? PublicationTime.Parse(Meta(page, "date"))
                ?? PublicationTime.Parse(page.QuerySelector("time[datetime]")?.GetAttribute("datetime")),
            Title = Meta(page, "og:title") ?? Filled(page.QuerySelector("h1")?.TextContent) ?? Filled(page.Title),
            Publisher = Meta(page, "og:site_name"),
            Author = Meta(page, "author"),
            Url = Filled(page.QuerySelector("link[rel=canonical]")?.GetAttribute("href")) ?? Meta(page, "og:url"),
            Language = Filled(page.DocumentElement.GetAttribute("lang")),
        };
    }

    /// <summary>
    /// Pages nested beyond reason take time that grows with the square of their depth. Elements whose end may be left out are not counted; browsers stop nesting at 512.
    /// </summary>
    private static void RefuseDeep(string html)
    {
        const int MaxDepth = 2000;
        var depth = 0;
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            var isEnd = html[tag.Index + 1] == '/';
            var name = html.AsSpan(tag.Index + (isEnd ? 2 : 1), tag.Length - (isEnd ? 2 : 1));
            if (EndMayBeLeftOut.Contains(name))
                continue;
            depth = Math.Max(0, depth + (isEnd ? -1 : 1));
            if (depth > MaxDepth)
                throw new Refusal(IntakeCodes.Unreadable, $"The page is nested more than {MaxDepth} elements deep.", "Save its text as a plain text file.", html.AsSpan(0, tag.Index).Count('\n') + 1);
        }
    }

    private static void Render(INode node, List<string> into)
    {
        var run = new StringBuilder();
        foreach (var child in node.ChildNodes)
        {
            if (child is IElement list && list.LocalName is "ul" or "ol")
            {
                Flush(run, into);
                var lines = ((IElement)child).QuerySelectorAll("li").Select(item => "• " + OwnWords(item)).Where(line => line.Length > 2).ToArray();
                if (lines.Length > 0)
                    into.Add(string.Join('\n', lines));
            }
            else if (child is IElement block && (block.Matches(Blocks) || block.QuerySelector(Blocks) is not null))
            {
                Flush(run, into);
                Render(block, into);
            }
            else if (child is IElement { LocalName: "br" })
                run.Append(' ');
            else if (child is IElement or IText)
                run.Append(child.TextContent);
        }

        Flush(run, into);
    }

    private static void Flush(StringBuilder run, List<string> into)
    {
        if (Filled(run.ToString()) is { } words)
            into.Add(words);
        run.Clear();
    }

    /// <summary>An item's words without its inner lists, whose items are lines of their own.</summary>
    private static string OwnWords(IElement item)
    {
        var copy = (IElement)item.Clone();
        foreach (var inner in copy.QuerySelectorAll("ul,ol").ToArray())
            inner.Remove();
        return Filled(copy.TextContent) ?? "";
    }

    private static string? Meta(IDocument page, string name) =>
        Filled(page.QuerySelectorAll("meta").FirstOrDefault(m => m.GetAttribute("property") == name || m.GetAttribute("name") == name)?.GetAttribute("content"));

    private static string? JsonLd(IDocument page)
    {
        foreach (var script in page.QuerySelectorAll("script[type='application/ld+json']"))
        {
            try
            {
                using var json = JsonDocument.Parse(script.TextContent);
                if (Published(json.RootElement) is { } date)
                    return date;
            }
            catch (JsonException)
            {
                // Pages carry broken JSON-LD often; the other places for a date remain.
            }
        }

        return null;
    }

    private static string? Published(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(Published).FirstOrDefault(date => date is not null),
        JsonValueKind.Object when element.TryGetProperty("datePublished", out var date) && date.ValueKind == JsonValueKind.String => date.GetString(),
        JsonValueKind.Object when element.TryGetProperty("@graph", out var graph) => Published(graph),
        _ => null,
    };

    private static string? Filled(string? text) => text is null ? null : Space().Replace(text, " ").Trim(' ') is { Length: > 0 } words ? words : null;

    /// <summary>HTML's own white space; a no-break space is a character and stays.</summary>
    [GeneratedRegex(@"[ \t\n\r\f]+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();

    private static readonly System.Collections.Frozen.FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndMayBeLeftOut =
        System.Collections.Frozen.FrozenSet.ToFrozenSet(
            [
                "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup", "html", "head", "body", "rt", "rp",
                "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
            ],
            StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    [GeneratedRegex("</?[A-Za-z][A-Za-z0-9:-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex("<meta[^>]*charset\\s*=\\s*[\"']?\\s*(?<name>[A-Za-z0-9_:.-]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
