#!/usr/bin/env bash
# Two people, two servers, and a secret going each way: Alice asks Bob's server
# for the key that he keeps for her, encrypts to it, and only Bob can decrypt.
# Prints each command and its answer; everything is removed at the end.
#
#   bash examples/friends.sh
#
# TOKENPASS names another binary to use instead of building one.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/setup.sh
unset TOKENPASS_HOME TOKENPASS_SESSION TOKENPASS_PASSWORD
servers=
cleanup() {
    for server in $servers; do
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work"
umask 077

# A field of a JSON answer, without jq.
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
# Sends a body to an endpoint of somebody's server, with the token they gave.
post() {
    local whose=$1 endpoint=$2 body=$3
    run curl -sS --fail-with-body "$(cat "$whose/url")/api/$endpoint" \
        -H 'Content-Type: application/json' -H "@$whose/token" -d "$body" | tee answer.json
    echo
}

# A wallet in a home of its own, a server, and a token for a chat's host.
arrive() {
    local name=$1 home=$1/home token
    mkdir "$name"
    head -c 15 /dev/urandom | base64 >"$name/password"
    run tokenpass --home "$home" register --display-name "$name" --password-file "$name/password"
    mkfifo "$name/ready"
    tokenpass --home "$home" serve --listen 127.0.0.1:0 --unlock --password-file "$name/password" \
        >"$name/ready" 2>"$name/log" &
    servers="$servers $!"
    read -r url <"$name/ready"
    echo "$url" | tee "$name/url"
    token=$(tokenpass --home "$home" auth --host chat.example --scopes encrypt,decrypt \
        --expire 1h --password-file "$name/password")
    echo "Authorization: Bearer $token" >"$name/token"
    tokenpass --home "$home" status --json | field bapID >"$name/id"
}

# From one to the other.
tell() {
    local sender=$1 receiver=$2 secret=$3 key ciphertext
    step "$sender tells $receiver a secret"
    post "$receiver" friend-pubkey "{\"friendBapId\":\"$(cat "$sender/id")\"}"
    key=$(field publicKey <answer.json)
    post "$sender" encrypt \
        "{\"data\":\"$secret\",\"friendBapId\":\"$(cat "$receiver/id")\",\"theirPublicKey\":\"$key\"}"
    ciphertext=$(field ciphertext <answer.json)
    post "$receiver" decrypt \
        "{\"ciphertext\":\"$ciphertext\",\"friendBapId\":\"$(cat "$sender/id")\"}"
    [ "$(field data <answer.json)" = "$secret" ]
}

step "Alice"
arrive Alice
step "Bob"
arrive Bob

tell Alice Bob "meet me at noon"
tell Bob Alice "I will be there"

step "Done: nothing is left behind"
