using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.Cli.Tests;

/// <summary>
/// What the README shows is what the command answers. Every fenced block marked <c>console</c> holds commands (lines that begin with <c>$ ledger</c>, or with
/// <c>$ dotnet run --project src/Ledger.Cli --</c>, which is the same) and under each what it answers on a terminal of 80 columns, notices included. The commands of one page
/// run in order in one fresh ledger, as Ada, at the top of the source tree. Ids, times and hashes may differ; an id that a command is given is the one that stood in its place before.
/// With LEDGER_README=write in the environment the answers are written into the page instead.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/cli.md")]
    public async Task The_page_shows_what_the_command_answers(string page)
    {
        var path = Path.Combine(Desk.Root, page);
        var lines = await File.ReadAllLinesAsync(path);
        var actual = new List<string>();
        var ids = new Dictionary<string, string>();
        var commands = 0;
        for (var i = 0; i < lines.Length;)
        {
            actual.Add(lines[i]);
            if (lines[i++] != "```console")
            {
                continue;
            }

            while (lines[i] != "```")
            {
                lines[i].ShouldStartWith("$ ", customMessage: $"{page}, line {i + 1}: a block begins with a command");
                actual.Add(Substitute(lines[i++], ids));
                var answer = await AnswerAsync(actual[^1]);
                var shown = lines[i..].TakeWhile(line => line != "```" && !line.StartsWith("$ ", StringComparison.Ordinal)).ToList();
                i += shown.Count;
                actual.AddRange(answer);
                // The nth id shown is the nth id answered.
                foreach (var (inPage, now) in Ids(shown).Zip(Ids(answer)))
                {
                    ids[inPage] = now;
                }

                commands++;
            }
        }

        if (Environment.GetEnvironmentVariable("LEDGER_README") == "write")
        {
            await File.WriteAllTextAsync(path, string.Join('\n', actual) + "\n");
            return;
        }

        commands.ShouldBeGreaterThan(0);
        Masks.Hide(string.Join('\n', actual)).ShouldBe(Masks.Hide(string.Join('\n', lines)), $"Run the tests with LEDGER_README=write to bring {page} up to date.");
    }

    private async Task<List<string>> AnswerAsync(string line)
    {
        var command = line[2..];
        var prefix = command.StartsWith("ledger ", StringComparison.Ordinal) ? "ledger " : "dotnet run --project src/Ledger.Cli -- ";
        command.ShouldStartWith(prefix);
        var answer = await desk.SeeAll(80, [.. Arguments(command[prefix.Length..])]);
        return [.. answer.TrimEnd('\n').Split('\n').Select(text => text.TrimEnd())];
    }

    private static string Substitute(string line, Dictionary<string, string> ids) => Id().Replace(line, match => ids.GetValueOrDefault(match.Value, match.Value));

    private static IEnumerable<string> Ids(IEnumerable<string> lines) => lines.SelectMany(line => Id().Matches(line).Select(match => match.Value));

    /// <summary>As a shell splits them: at spaces that are not in quotation marks.</summary>
    private static IEnumerable<string> Arguments(string text)
    {
        var argument = new StringBuilder();
        var quoted = false;
        foreach (var letter in text)
        {
            if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == ' ' && !quoted)
            {
                yield return argument.ToString();
                argument.Clear();
            }
            else
            {
                argument.Append(letter);
            }
        }

        yield return argument.ToString();
    }

    [GeneratedRegex(@"(?<![\w/-])[0-9a-f]{8}\b(?!-\d\d)")]
    private static partial Regex Id();
}
