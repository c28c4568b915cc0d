using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Ledger.Cli;

/// <summary>Where the command speaks: answers on one stream, everything about them (progress, notices, errors) on the other.</summary>
internal sealed class Terminal
{
    /// <summary>Lines longer than this are hard to read, however wide the window is.</summary>
    private const int MaxProse = 110;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="output">For answers.</param>
    /// <param name="error">For what is said about them.</param>
    /// <param name="input">For what <c>extract --jsonl</c> reads.</param>
    /// <param name="rawOutput">For bytes: exports, JSON lines.</param>
    /// <param name="isPerson">Whether a person looks at the answers, and not a program.</param>
    /// <param name="errorIsPerson">Whether a person looks at the notices.</param>
    /// <param name="width">The terminal's width in characters; counts where a person looks.</param>
    /// <param name="color">Whether a person's answers may be in colour.</param>
    internal Terminal(TextWriter output, TextWriter error, Stream input, Stream rawOutput, bool isPerson, bool errorIsPerson, int width = 80, bool color = false)
    {
        OutWriter = output;
        ErrorWriter = error;
        Input = input;
        RawOutput = rawOutput;
        IsPerson = isPerson;
        ShowsProgress = errorIsPerson;
        Width = isPerson ? width : int.MaxValue;
        ErrorWidth = errorIsPerson ? width : int.MaxValue;
        Out = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPerson && color ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isPerson && color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        Out.Profile.Width = width;
    }

    /// <summary>For tables and colour; lines go through <see cref="Line"/> and <see cref="Prose"/>.</summary>
    internal IAnsiConsole Out { get; }

    internal TextWriter OutWriter { get; }

    internal TextWriter ErrorWriter { get; }

    internal Stream Input { get; }

    internal Stream RawOutput { get; }

    internal bool IsPerson { get; }

    /// <summary>Whether long work tells how far it has come; unless set otherwise, where a person looks at the notices.</summary>
    internal bool ShowsProgress { get; init; }

    /// <summary>The characters of a line of answers; <see cref="int.MaxValue"/> where a program reads.</summary>
    internal int Width { get; }

    /// <summary>The characters of a line of prose.</summary>
    internal int ProseWidth => IsPerson ? Math.Min(Width, MaxProse) : Width;

    private int ErrorWidth { get; }

    internal static Terminal OfProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        var output = OutputOfProcess();
        return new(
            output is FileStream ? new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" } : Console.Out,
            Console.Error, Console.OpenStandardInput(), output, !Console.IsOutputRedirected, !Console.IsErrorRedirected,
            WidthOfProcess(), string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }

    internal void Json(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            node.WriteTo(json);
        }

        OutWriter.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>One object a line, for a program that reads along.</summary>
    internal void JsonLine(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(json);
        }

        OutWriter.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    /// <summary>A line of an answer, as it is but for what would steer the terminal.</summary>
    internal void Line(string text = "") => OutWriter.WriteLine(Wrap.Plain(text));

    /// <summary>Words of an answer, broken into lines where a person reads.</summary>
    /// <param name="text">The words.</param>
    /// <param name="first">Before the first line.</param>
    /// <param name="rest">Before every other line.</param>
    internal void Prose(string? text, string first = "", string rest = "")
    {
        foreach (var line in Wrap.Lines(text, ProseWidth, first, rest))
        {
            Line(line);
        }
    }

    /// <summary>Words about the answer.</summary>
    /// <param name="text">The words.</param>
    /// <param name="indent">Before the first line.</param>
    internal void Note(string text, string indent = "")
    {
        foreach (var line in Wrap.Lines(text, ErrorWidth, indent, indent + "  "))
        {
            ErrorWriter.WriteLine(line);
        }
    }

    /// <summary>
    /// The console swallows what is written to a pipe that nobody reads any more; whoever watches, or remembers what was read, has to know. A file is left to the console, which shares
    /// its place in the file with the programs that write there before and after.
    /// </summary>
    private static Stream OutputOfProcess()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            try
            {
                var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                if (!pipe.CanSeek)
                {
                    return pipe;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Closed, or of a kind that the console knows better.
            }
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Waits until nobody reads the output any more; false when it was cancelled before, or cannot be told: whoever waits for something to write would not learn of it otherwise.</summary>
    internal async Task<bool> ReaderLeftAsync(CancellationToken cancellation)
    {
        while (RawOutput is FileStream && !cancellation.IsCancellationRequested)
        {
            var output = new PollRequest { File = 1 };
            if (Poll(ref output, 1, 0) > 0 && (output.Happened & PollRequest.Gone) != 0)
            {
                return true;
            }

            await Task.Delay(100, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollRequest request, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        /// <summary>POLLERR: the reading end was closed.</summary>
        internal const short Gone = 8;

        internal int File;
        internal short Asked;
        internal short Happened;
    }

    private static int WidthOfProcess()
    {
        try
        {
            return Console.WindowWidth is > 20 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
