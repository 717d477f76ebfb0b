#!/usr/bin/env bash
# Signs a file in a pipeline, and verifies it.
#
#   eval "$(tokenpass login)"
#   bash examples/sign-file.sh FILE
#
# TOKENPASS_HOME, TOKENPASS_SESSION and TOKENPASS_PASSWORD are as for any
# command; HOST is whose key signs (localhost).
set -euo pipefail

file=${1:?usage: sign-file.sh FILE}
host=${HOST:-localhost}
tokenpass=${TOKENPASS:-tokenpass}

# A large file is signed by its digest: what is signed is one line of text.
line() { sha256sum <"$file" | cut -d' ' -f1; }

address=$("$tokenpass" key --host "$host" --json | sed -n 's/.*"address": *"\([^"]*\)".*/\1/p')
line | "$tokenpass" sign --host "$host" >"$file.sig"
echo "signed   $file.sig by $address"

printf 'verified '
line | "$tokenpass" verify --address "$address" --signature "$(cat "$file.sig")"
