using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Core.Entries;

namespace Ledger.Extraction.Scoring;

/// <summary>An input line that cannot be read.</summary>
/// <param name="line">Its number, from 1.</param>
public sealed class ExtractionLineException(int line, string reason, Exception? inner = null) : Exception($"line {line}: {reason}", inner)
{
    public int Line { get; } = line;
}

/// <summary>
/// Extraction as JSON lines: one document a line in (<c>id</c>, <c>text</c>, <c>publishedOn</c> as <c>YYYY-MM-DD</c>), its findings in one line out, in order.
/// Strict UTF-8 both ways. Spans count UTF-16 units; beside each stands the text it covers (<c>contentText</c>, <c>sourceText</c>, <c>cueText</c>, <c>text</c>), so that a reader can check it.
/// </summary>
public static class ExtractionLines
{
    private const byte LineFeed = (byte)'\n';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonWriterOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads every line of <paramref name="input"/> and writes one line for each; blank lines are passed over. Each answer is flushed before the next line is read.</summary>
    /// <exception cref="ExtractionLineException">A line is not UTF-8, not a JSON object, or lacks a field. Lines before it have been answered.</exception>
    public static async Task RunAsync(IExtractor extractor, Stream input, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var buffer = new ArrayBufferWriter<byte>();
        var number = 0;
        await foreach (var line in LinesAsync(input, cancellation))
        {
            number++;
            var (id, document) = Read(line, number);
            if (document is null)
                continue;
            var findings = await extractor.ExtractAsync(document, cancellation);
            buffer.ResetWrittenCount();
            Write(buffer, id, document.Text, findings);
            await output.WriteAsync(buffer.WrittenMemory, cancellation);
            await output.FlushAsync(cancellation);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Stream input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = System.IO.Pipelines.PipeReader.Create(input, new(leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (rest.PositionOf(LineFeed) is { } end)
            {
                yield return rest.Slice(0, end).ToArray();
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                    yield return rest.ToArray();
                break;
            }
            reader.AdvanceTo(rest.Start, rest.End);
        }
        await reader.CompleteAsync();
    }

    private static (string Id, ExtractionInput? Document) Read(ReadOnlyMemory<byte> bytes, int number)
    {
        try
        {
            var line = Strict.GetString(bytes.Span).Trim();
            if (line.Length == 0)
                return ("", null);
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new ExtractionLineException(number, "not a JSON object");
            var day = Field(json.RootElement, "publishedOn", number);
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var published))
                throw new ExtractionLineException(number, $"publishedOn is not a day (YYYY-MM-DD): {day}");
            return (Field(json.RootElement, "id", number), new ExtractionInput(Field(json.RootElement, "text", number), published));
        }
        catch (DecoderFallbackException error)
        {
            throw new ExtractionLineException(number, "not UTF-8", error);
        }
        catch (JsonException error)
        {
            throw new ExtractionLineException(number, "not JSON", error);
        }
        catch (InvalidOperationException error)
        {
            // System.Text.Json's word for a string with an unpaired surrogate escape.
            throw new ExtractionLineException(number, "a string is not Unicode text", error);
        }
    }

    private static string Field(JsonElement line, string name, int number) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ExtractionLineException(number, $"no {name}");

    private static void Write(ArrayBufferWriter<byte> buffer, string id, string text, Findings findings)
    {
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteStartArray("findings");
            foreach (var finding in findings.All)
                WriteFinding(json, text, finding);
            json.WriteEndArray();
            json.WriteStartArray("dates");
            foreach (var date in findings.Dates)
            {
                json.WriteStartObject();
                WriteSpan(json, "span", date.Range);
                json.WriteString("timex", date.Timex);
                json.WriteString("text", date.Range.Of(text));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.GetSpan(1)[0] = LineFeed;
        buffer.Advance(1);
    }

    private static void WriteFinding(Utf8JsonWriter json, string text, Finding finding)
    {
        var attributed = finding as AttributedFinding;
        json.WriteStartObject();
        json.WriteString("kind", finding switch { QuoteFinding => "quote", ClaimFinding => "claim", QuestionFinding => "question", _ => "occasion" });
        if (attributed is not null)
            json.WriteString("directness", attributed.Directness switch { Directness.Direct => "direct", Directness.Mixed => "mixed", _ => "indirect" });
        json.WriteStartArray("content");
        foreach (var range in finding.Content)
            WriteSpan(json, null, range);
        json.WriteEndArray();
        json.WriteStartArray("contentText");
        foreach (var range in finding.Content)
            json.WriteStringValue(range.Of(text));
        json.WriteEndArray();
        WriteEchoed(json, "source", attributed?.Source?.Written, text);
        WriteEchoed(json, "cue", attributed?.Cue, text);
        json.WriteString("sourceName", attributed?.Source?.Name);
        if (attributed?.Parent is { } parent)
            json.WriteNumber("parent", parent);
        else
            json.WriteNull("parent");
        var expected = finding switch { QuestionFinding question => question.Expected, OccasionFinding occasion => occasion.Expected, _ => null };
        if (expected is { } days)
        {
            json.WriteStartObject("expected");
            json.WriteString("from", days.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("to", days.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("expected");
        }
        if (finding is QuestionFinding asked)
            json.WriteString("text", asked.Text);
        else if (finding is OccasionFinding planned)
            json.WriteString("what", planned.What);
        json.WriteString("rule", finding.Rule);
        json.WriteEndObject();
    }

    private static void WriteEchoed(Utf8JsonWriter json, string name, TextRange? range, string text)
    {
        if (range is not { } span)
        {
            json.WriteNull(name);
            return;
        }
        WriteSpan(json, name, span);
        json.WriteString(name + "Text", span.Of(text));
    }

    private static void WriteSpan(Utf8JsonWriter json, string? name, TextRange range)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
        json.WriteNumberValue(range.Start);
        json.WriteNumberValue(range.End);
        json.WriteEndArray();
    }
}
