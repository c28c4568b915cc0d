using System.Diagnostics;

namespace Ledger.Cli.Tests;

/// <summary>The completion that a shell gets, run by the shell itself.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("ledger qu", "question questions quotes")]
    [InlineData("ledger quotes --sto", "--store --story")]
    [InlineData("ledger questions --status o", "open")]
    [InlineData("ledger rebuild cl", "claims")]
    [InlineData("ledger quotes --story ", "ferry-harbour")]
    [InlineData("ledger replay fer", "ferry-harbour")]
    [InlineData("ledger ingest ", "")]
    [InlineData("/opt/bin/ledger qu", "question questions quotes")]
    public async Task Bash_completes_verbs_options_choices_and_stories(string line, string offers)
    {
        (await desk.Run("story", "open", "The ferry", "--slug", "ferry-harbour")).Exit.ShouldBe(0);

        (await BashAsync(line)).ShouldBe(offers);
    }

    /// <summary>Types a line in a shell that has read the script, and gives what it is offered.</summary>
    private async Task<string> BashAsync(string line)
    {
        var command = Path.Combine(AppContext.BaseDirectory, "ledger.dll");
        desk.Put("ledger", $"#!/usr/bin/env bash\nexec dotnet '{command}' \"$@\"\n");
        var typing = desk.Put("type.sh", $$"""
            chmod +x '{{desk.At("ledger")}}'
            PATH='{{desk.Folder}}':$PATH
            source <(ledger completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_WORDS[0]=${COMP_WORDS[0]/\/opt\/bin/'{{desk.Folder}}'}
            COMP_LINE="${COMP_LINE/\/opt\/bin/'{{desk.Folder}}'}" COMP_POINT=${#COMP_LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ledger
            echo "${COMPREPLY[*]}"
            """);
        var start = new ProcessStartInfo("bash", [typing]) { RedirectStandardOutput = true };
        start.Environment["LEDGER_DB"] = desk.Db;
        using var shell = Process.Start(start)!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return answer.Trim();
    }
}
