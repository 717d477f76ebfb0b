#!/usr/bin/env bash
# What is made for people's machines, tried on such machines as far as this one can be
# one. What it cannot try it says, with `skipped:` and why.
#
#   packaging/check.sh [PART…]
#
# Parts, each a script in check/: manifests systemd install packages static container glibc
# windows apple tray. Without any: all of them.
#
#   TOKENPASS  the program (else the debug build)
#   DIST       what release.sh made (else made here of that program, without a build)
set -euo pipefail
cd "$(dirname "$0")/.."

target_dir=${CARGO_TARGET_DIR:-target}
TOKENPASS=$(realpath "${TOKENPASS:-$target_dir/debug/tokenpass}")
export TOKENPASS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The archives and packages of the program as it is, in the place of the static one.
if [ -z "${DIST:-}" ]; then
    DIST=$work/dist
    made=$work/target/$(uname -m)-unknown-linux-musl/release
    mkdir -p "$made"
    strip -o "$made/tokenpass" "$TOKENPASS"
    [ ! -e "$TOKENPASS-tray" ] || strip -o "$made/tokenpass-tray" "$TOKENPASS-tray"
    RELEASE_URL=http://127.0.0.1 DIST=$DIST CARGO_TARGET_DIR=$work/target \
        bash packaging/release.sh --no-build >"$work/release.log" 2>&1 || { cat "$work/release.log"; exit 1; }
fi
DIST=$(realpath "$DIST")
export DIST

[ $# -gt 0 ] || set -- manifests systemd install packages static container glibc windows apple tray
for part in "$@"; do
    printf '\n== packaging: %s\n' "$part"
    bash "packaging/check/$part.sh"
done
