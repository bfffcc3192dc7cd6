namespace Dske.Cli.Completion;

/// <summary>Scripts for shells. Each asks the command itself, by its directive <c>[suggest:POSITION]</c>.</summary>
internal static class CompletionScripts
{
    private const string Bash =
        """
        # bash completion of dske
        _dske() {
            local word="${COMP_WORDS[COMP_CWORD]}" suggestion quoted
            COMPREPLY=()

            # Compared as text, and quoted: names come from a file, and nothing in them is to be run.
            while IFS= read -r suggestion; do
                if [[ -n "$suggestion" && "$suggestion" == "$word"* ]]; then
                    printf -v quoted '%q' "$suggestion"
                    COMPREPLY+=("$quoted")
                fi
            done < <("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _dske dske

        """;

    private const string Zsh =
        """
        #compdef dske
        # zsh completion of dske
        _dske() {
            local -a suggestions
            suggestions=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            if [[ -n "${suggestions[1]}" ]]; then compadd -- "${suggestions[@]}"; else _files; fi
        }
        compdef _dske dske

        """;

    private const string Fish =
        """
        # fish completion of dske
        function __dske_suggest
            set -l line (commandline -cp)
            dske "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c dske -a '(__dske_suggest)'

        """;

    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell.</summary>
    /// <param name="shell">bash, zsh or fish.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another one.</exception>
    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "There is no script for this shell."),
    };
}
