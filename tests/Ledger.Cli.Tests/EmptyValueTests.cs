using System.CommandLine;

namespace Ledger.Cli.Tests;

/// <summary>An empty value, as an unset variable of a shell gives it, is a mistake that is named: of every verb, argument and option.</summary>
public sealed class EmptyValueTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task An_empty_value_of_any_verb_is_told_of()
    {
        await FerryStory.TellAsync(desk.Db);
        using var none = new StringWriter();
        var root = LedgerCommand.Build(new Terminal(none, none, Stream.Null, Stream.Null, false, false));
        var tried = 0;
        foreach (var (path, verb) in Leaves(root, []))
        {
            foreach (var argument in verb.Arguments)
            {
                await TryAsync([.. path, .. verb.Arguments.Select(other => other == argument ? "" : "abcdef")], verb, argument.Name);
                tried++;
            }

            foreach (var option in verb.Options.Concat(root.Options).Where(option => option.ValueType != typeof(bool) && option.Name is not ("--version" or "--help")))
            {
                await TryAsync([.. path, .. verb.Arguments.Select(_ => "abcdef"), option.Name, ""], verb, option.Name);
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(200);

        async Task TryAsync(string[] args, Command verb, string name)
        {
            foreach (var required in verb.Options.Where(option => option.Required && !args.Contains(option.Name)))
            {
                args = [.. args, required.Name, "because"];
            }

            var answer = await desk.Run(args).WaitAsync(TimeSpan.FromMinutes(1));
            var told = string.Join(' ', args.Select(word => word.Length == 0 ? "''" : word));
            if (((verb as Verb)?.MayBeEmpty ?? []).Any(option => option.Name == name))
            {
                answer.Error.ShouldContain("There is no entry whose id begins with 'abcdef'.", customMessage: told);
            }
            else
            {
                answer.Exit.ShouldBe(ExitCodes.Usage, $"{told}\n{answer.Error}");
                answer.Error.ShouldContain(name, customMessage: told);
            }
        }
    }

    [Fact]
    public async Task A_field_is_taken_away_by_an_empty_value()
    {
        await FerryStory.TellAsync(desk.Db);
        var document = (string)(await desk.Json("documents"))[0]!["id"]!;
        (await desk.Run("correct", document, "--url", "https://example.org/a", "--author", "Ada", "--reason", "Seen there")).Exit.ShouldBe(0);
        (await desk.Run("correct", document, "--url", "", "--reason", "Not there")).Exit.ShouldBe(0);
        var right = (await desk.Json("show", document))!;
        right["url"].ShouldBeNull();
        ((string?)right["author"]).ShouldBe("Ada");
    }

    private static IEnumerable<(string[] Path, Command Verb)> Leaves(Command command, string[] path) =>
        command.Subcommands.Count == 0 ? [(path, command)] : command.Subcommands.SelectMany(verb => Leaves(verb, [.. path, verb.Name]));
}
