using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Ledger.Cli;

/// <summary>Where the command speaks: answers on one stream, everything about them (progress, notices, errors) on the other.</summary>
internal sealed class Terminal
{
    // Wide enough that nothing is folded where a program reads.
    private const int PipedWidth = 4000;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TextWriter outWriter;

    internal Terminal(TextWriter output, TextWriter error, Stream input, Stream rawOutput, bool isPerson, bool errorIsPerson, int? width = null)
    {
        outWriter = output;
        ErrorWriter = error;
        Input = input;
        RawOutput = rawOutput;
        IsPerson = isPerson;
        Out = Console(output, isPerson, width);
        Error = Console(error, errorIsPerson, width);
        ErrorIsPerson = errorIsPerson;
    }

    internal IAnsiConsole Out { get; }

    internal IAnsiConsole Error { get; }

    internal TextWriter OutWriter => outWriter;

    internal TextWriter ErrorWriter { get; }

    internal Stream Input { get; }

    /// <summary>For bytes: exports, JSON lines.</summary>
    internal Stream RawOutput { get; }

    /// <summary>Whether a person looks at the answers, and not a program.</summary>
    internal bool IsPerson { get; }

    internal bool ErrorIsPerson { get; }

    internal static Terminal OfProcess()
    {
        System.Console.OutputEncoding = Encoding.UTF8;
        var color = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new(
            System.Console.Out, System.Console.Error, System.Console.OpenStandardInput(), System.Console.OpenStandardOutput(),
            !System.Console.IsOutputRedirected && color, !System.Console.IsErrorRedirected && color, System.Console.IsOutputRedirected ? null : SafeWidth());
    }

    internal void Json(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            node.WriteTo(json);
        }

        outWriter.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>A line of an answer, as it is.</summary>
    internal void Line(string text = "") => Out.WriteLine(text);

    /// <summary>A line about the answer.</summary>
    internal void Note(string text) => Error.WriteLine(text);

    private static int? SafeWidth()
    {
        try
        {
            return System.Console.WindowWidth > 20 ? System.Console.WindowWidth : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IAnsiConsole Console(TextWriter writer, bool isPerson, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPerson ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isPerson ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = isPerson ? width ?? console.Profile.Width : width ?? PipedWidth;
        return console;
    }
}
