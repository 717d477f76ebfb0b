# shellcheck shell=bash
# What the demonstrations share: sourced by them, from the repository's folder.
# Finds or builds the binary and puts it on the PATH; makes the folder $work,
# which the caller removes.

if [ -t 1 ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi
step() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }
# Prints a command as one would type it, then runs it.
run() {
    local word
    printf '$'
    for word; do
        case $word in
        *[!A-Za-z0-9_./:@,=+-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$@"
}

if [ -z "${TOKENPASS:-}" ]; then
    step "Build"
    run cargo build --release --locked
    TOKENPASS=${CARGO_TARGET_DIR:-target}/release/tokenpass
fi
work=$(mktemp -d)
mkdir "$work/bin"
ln -s "$(realpath "$TOKENPASS")" "$work/bin/tokenpass"
PATH=$work/bin:$PATH
