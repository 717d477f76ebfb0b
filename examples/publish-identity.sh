#!/usr/bin/env bash
# Publishes a BAP identity: a transaction that links its BAP ID to its signing
# address, paid with coins at that address and signed. Nothing is sent.
#
#   eval "$(tokenpass login)"
#   bash examples/publish-identity.sh [UNSPENT.json]
#
# Without a file it makes up an unspent output, to show how it goes: no network
# would take that transaction. TOKENPASS_HOME, TOKENPASS_SESSION and
# TOKENPASS_PASSWORD are as for any command.
set -euo pipefail

tokenpass=${TOKENPASS:-tokenpass}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The script that pays to an address: what is between its version and its
# checksum, in base58, is the hash of the key.
script_of() {
    local alphabet=123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz
    local i j before carry bytes=()
    for ((i = 0; i < 25; i++)); do bytes[i]=0; done
    for ((i = 0; i < ${#1}; i++)); do
        before=${alphabet%%"${1:i:1}"*}
        carry=${#before}
        for ((j = 24; j >= 0; j--)); do
            carry=$((bytes[j] * 58 + carry))
            bytes[j]=$((carry & 255))
            carry=$((carry >> 8))
        done
    done
    printf '76a914'
    printf '%02x' "${bytes[@]:1:20}"
    printf '88ac'
}

unspent=${1:-$work/unspent.json}
if [ $# = 0 ]; then
    bap_id=$("$tokenpass" profile --json | sed -n 's/.*"bapID": *"\([^"]*\)".*/\1/p')
    address=$("$tokenpass" key --identity "$bap_id" --json | sed -n 's/.*"address": *"\([^"]*\)".*/\1/p')
    cat >"$unspent" <<END
[{"txid": "1111111111111111111111111111111111111111111111111111111111111111",
  "vout": 0, "satoshis": 10000, "lockingScript": "$(script_of "$address")"}]
END
fi

"$tokenpass" identity publish id --utxos "$unspent" --format ef --yes >"$work/published.hex"
"$tokenpass" identity verify-published --transaction "$work/published.hex"
"$tokenpass" transaction show "$work/published.hex"
cat "$work/published.hex"
