# Completions of tokenpass for bash. The program itself says what fits.

_tokenpass() {
    # Bash breaks words at `:`, `=` and `@`, the program wants them whole: what
    # stands together on the line is one word.
    local line=${COMP_LINE:0:COMP_POINT} words=() whole= i
    for ((i = 0; i < COMP_CWORD; i++)); do
        if [[ $i != 0 && $line == [[:blank:]]* ]]; then
            words+=("$whole")
            whole=
        fi
        line=${line#"${line%%[![:blank:]]*}"}
        line=${line#"${COMP_WORDS[i]}"}
        whole+=${COMP_WORDS[i]}
    done
    if [[ $line == [[:blank:]]* ]]; then
        words+=("$whole")
        whole=
        line=${line#"${line%%[![:blank:]]*}"}
    fi
    # What bash does not replace: it has been typed, and is cut off below.
    whole+=${line%"$2"}
    whole=${whole#[\"\']}

    COMPREPLY=()
    local found
    while IFS= read -r found; do
        if [[ $found == "<files>" ]]; then
            compopt -o default 2>/dev/null
        elif [[ -n $found && $found == "$whole"* ]]; then
            COMPREPLY+=("${found#"$whole"}")
        fi
    done < <(TOKENPASS_COMPLETE=bash tokenpass -- "${words[@]}" "$whole$2" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/:,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _tokenpass tokenpass
