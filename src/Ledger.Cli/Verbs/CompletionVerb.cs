using System.CommandLine;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger completion SHELL</c>: what makes a shell complete the words of this command. The shell asks the command itself, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionVerb
{
    // An option is offered once its dash is typed; where nothing is offered, the shell offers files.
    private const string Bash = """
        # ledger completion bash
        _ledger() {
            local line="ledger${COMP_LINE#"${COMP_WORDS[0]}"}"
            local at=$((COMP_POINT + 6 - ${#COMP_WORDS[0]}))
            local word="${COMP_WORDS[COMP_CWORD]}" offer
            COMPREPLY=()
            while IFS= read -r offer || [[ -n $offer ]]; do
                if [[ $offer != "$word"* || $offer == /* || $offer == '-?' ]]; then continue; fi
                if [[ $word != -* && $offer == -* ]]; then continue; fi
                COMPREPLY+=("$(printf '%q' "$offer")")
            done < <("${COMP_WORDS[0]}" "[suggest:$at]" "$line" 2>/dev/null)
        }
        complete -o default -F _ledger ledger
        """;

    private const string Zsh = """
        #compdef ledger
        # ledger completion zsh
        _ledger() {
            local -a offers
            local line="ledger${BUFFER#"${words[1]}"}"
            local at=$((CURSOR + 6 - ${#words[1]}))
            offers=("${(@f)$("${words[1]}" "[suggest:$at]" "$line" 2>/dev/null)}")
            offers=("${(@)offers:#/*}")
            offers=("${(@)offers:#-\?}")
            if [[ ${words[CURRENT]} != -* ]]; then offers=("${(@)offers:#-*}"); fi
            if [[ -n "${offers[*]}" ]]; then compadd -- "${offers[@]}"; else _files; fi
        }
        compdef _ledger ledger
        """;

    private const string Fish = """
        # ledger completion fish
        function __ledger
            set -l line (commandline -cp)
            set -l word (commandline -ct)
            for offer in (ledger "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
                if string match -q -- '/*' "$offer"; or test "$offer" = '-?'; continue; end
                if not string match -q -- '-*' "$word"; and string match -q -- '-*' "$offer"; continue; end
                echo $offer
            end
        end
        complete -c ledger -a '(__ledger)'
        """;

    private static readonly Dictionary<string, string> Shells = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    internal static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Shells.Keys) };
        shell.AcceptOnlyFromAmong([.. Shells.Keys]);
        var command = new Verb("completion", "Print what makes a shell complete this command's words.", "source <(ledger completion bash)")
        {
            More = "bash: put the example into ~/.bashrc. zsh: the same with zsh, in ~/.zshrc after compinit. fish: ledger completion fish > ~/.config/fish/completions/ledger.fish",
        };
        command.Arguments.Add(shell);
        command.Does(terminal, run =>
        {
            foreach (var line in Shells[run.Get(shell)!].Split('\n'))
            {
                run.Terminal.Line(line.TrimEnd('\r'));
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
