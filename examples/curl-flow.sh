#!/usr/bin/env bash
# The REST API with nothing but curl: register, login, a token, a signature and
# its verification, and what a revoked token gets. Starts a server of its own,
# in a temporary home that is removed at the end. Prints each command and its
# answer.
#
#   bash examples/curl-flow.sh
#
# TOKENPASS names another binary to use instead of building one.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/setup.sh
export TOKENPASS_HOME=$work/home
unset TOKENPASS_SESSION TOKENPASS_PASSWORD
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work"

# A field of a JSON answer, without jq.
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
# Sends a body to an endpoint; more options of curl may follow.
post() {
    local endpoint=$1 body=$2
    shift 2
    run curl -sS --fail-with-body "$url/api/$endpoint" \
        -H 'Content-Type: application/json' -d "$body" "$@" | tee answer.json
    echo
}

# Secrets travel in files that only their owner can read: every user of the
# machine can list the arguments of a command.
umask 077
password=$(head -c 15 /dev/urandom | base64)
printf '{"password":"%s","displayName":"Alice"}' "$password" >register.json
printf '{"password":"%s"}' "$password" >login.json
printf '{"password":"%s","host":"example.com","scopes":"sign","expire":"1h"}' "$password" >auth.json

step "A server"
mkfifo ready
tokenpass serve --listen 127.0.0.1:0 >ready 2>log &
server=$!
read -r url <ready
echo "$ tokenpass serve"
echo "$url"
run curl -sS "$url/api/status"
echo

step "Register: a wallet and its first identity"
post register @register.json

step "Log out, and in: locked, nobody can sign"
post logout '{}'
post login @login.json

step "An access token: example.com may sign, for an hour"
post auth @auth.json
printf 'Authorization: Bearer %s' "$(field accessToken <answer.json)" >token

step "Sign"
post sign '{"message":"Hello World"}' -H @token
address=$(field address <answer.json)
signature=$(field sig <answer.json)

step "Verify: anybody can, without a token"
post verify "{\"message\":\"Hello World\",\"address\":\"$address\",\"sig\":\"$signature\"}"
post verify "{\"message\":\"Goodbye\",\"address\":\"$address\",\"sig\":\"$signature\"}"

step "Sign a request: a token for an API that knows bitcoin-auth"
post sign '{"path":"/api/items","body":"{}"}' -H @token

step "Revoke the token: it stops at once"
run tokenpass token revoke --host example.com
run curl -sS "$url/api/sign" -H 'Content-Type: application/json' \
    -d '{"message":"Hello World"}' -H @token | tee answer.json
echo
grep -q '"code":3' answer.json

step "Done: nothing is left behind"
