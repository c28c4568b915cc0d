using System.Buffers;

namespace Ledger.Cli;

/// <summary>Text in lines of at most a width. Lines break between words; a word that is longer than a line is left whole, for the terminal to break.</summary>
internal static class Wrap
{
    /// <param name="text">White space in it counts as one space.</param>
    /// <param name="width">The most characters of a line; <see cref="int.MaxValue"/> for one line.</param>
    /// <param name="first">Before the first line.</param>
    /// <param name="rest">Before every other line.</param>
    internal static IEnumerable<string> Lines(string? text, int width, string first = "", string rest = "")
    {
        var line = first;
        var empty = true;
        foreach (var word in Words(text))
        {
            if (!empty && line.Length + 1 + word.Length > width)
            {
                yield return line;
                (line, empty) = (rest, true);
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        yield return line.TrimEnd();
    }

    internal static string[] Words(string? text) => text is null ? [] : Plain(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The text with nothing in it that would steer a terminal: a document's title is not to clear the screen, rename the window or turn a line around. Control characters other
    /// than tab and line end, and the marks that override the direction of writing, become U+FFFD.
    /// </summary>
    internal static string Plain(string text) => text.AsSpan().IndexOfAny(Steering) < 0
        ? text
        : string.Create(text.Length, text, (letters, from) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = Steering.Contains(from[i]) ? '\uFFFD' : from[i];
            }
        });

    private static readonly SearchValues<char> Steering = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(letter => char.IsControl(letter) && letter is not ('\t' or '\n')),
        .. "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069",
    ]);
}
