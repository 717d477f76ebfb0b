#!/usr/bin/env bash
# What is made for people's machines, tried on such machines as far as this one can be
# one. What it cannot try it says, with `skipped:` and why.
#
#   packaging/check.sh [PART…]
#
# Parts: systemd. Without any: all of them. TOKENPASS names the program.
set -euo pipefail
cd "$(dirname "$0")/.."

tokenpass=${TOKENPASS:-${CARGO_TARGET_DIR:-target}/debug/tokenpass}

systemd() { bash packaging/check/systemd.sh "$tokenpass"; }

[ $# -gt 0 ] || set -- systemd
for part in "$@"; do
    printf '\n== packaging: %s\n' "$part"
    "$part"
done
