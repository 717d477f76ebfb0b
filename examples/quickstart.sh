#!/usr/bin/env bash
# Builds TokenPass and shows it at work, in a temporary home that is removed at
# the end: a wallet, a session, a signature and its verification, encryption,
# and the same signature over HTTP. Prints each command and its answer.
#
#   bash examples/quickstart.sh
#
# TOKENPASS names another binary to use instead of building one.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/setup.sh
export TOKENPASS_HOME=$work/home
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
unset TOKENPASS_SESSION TOKENPASS_PASSWORD

# A password for this demonstration, from the system's randomness. It is in a
# file that only its owner can read: no command takes one as an argument.
(umask 077 && head -c 15 /dev/urandom | base64 >"$work/password")

step "A wallet, and its first identity"
run tokenpass register --display-name Alice --password-file "$work/password"

step "A session: from here on no password is asked for, for 15 minutes"
# shellcheck disable=SC2016 # shown as it is typed
echo '$ eval "$(tokenpass login --shell sh --password-file …)"'
eval "$(tokenpass login --shell sh --password-file "$work/password")"
run tokenpass status

step "Sign, and verify: each host has a key of its own"
run tokenpass key --host example.com
address=$(tokenpass key --host example.com --json | sed -n 's/.*"address": *"\([^"]*\)".*/\1/p')
run tokenpass sign "Hello World" --host example.com
signature=$(tokenpass sign "Hello World" --host example.com)
run tokenpass verify "Hello World" --address "$address" --signature "$signature"

step "Encrypt, and decrypt"
run tokenpass encrypt "a secret" --host example.com
ciphertext=$(tokenpass encrypt "a secret" --host example.com)
run tokenpass decrypt "$ciphertext" --host example.com
echo

step "Serve: the same wallet, for apps on this machine"
mkfifo "$work/ready"
tokenpass serve --listen 127.0.0.1:0 --unlock --password-file "$work/password" \
    >"$work/ready" 2>"$work/log" &
server=$!
read -r url <"$work/ready"
echo "$ tokenpass serve --unlock"
echo "$url"

step "An access token for one host, for signing, for an hour"
run tokenpass auth --host example.com --scopes sign --expire 1h
token=$(tokenpass auth --host example.com --scopes sign --expire 1h)

step "The same message, signed over HTTP"
body='{"message":"Hello World"}'
echo "$ curl $url/api/sign -H 'Content-Type: application/json' \\"
echo "    -H \"Authorization: Bearer \$token\" -d '$body'"
if command -v curl >/dev/null; then
    answer=$(curl -sS --fail-with-body "$url/api/sign" -H 'Content-Type: application/json' \
        -H "Authorization: Bearer $token" -d "$body")
else
    # Where there is no curl, the shell speaks HTTP itself.
    authority=${url#http://}
    exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}"
    printf '%s\r\n' "POST /api/sign HTTP/1.1" "Host: $authority" "Connection: close" \
        "Content-Type: application/json" "Authorization: Bearer $token" \
        "Content-Length: ${#body}" "" >&3
    printf '%s' "$body" >&3
    answer=$(tail -n 1 <&3)
    exec 3>&-
fi
echo "$answer"
case $answer in
*"$signature"*) echo "the same signature as above" ;;
*) echo "not the signature above" >&2 && exit 1 ;;
esac

step "Done: nothing is left behind"
