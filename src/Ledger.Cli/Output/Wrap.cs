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

    internal static string[] Words(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
