#!/usr/bin/env bash
# Sign in a program without a browser (RFC 8628): it shows a code, you confirm
# it on a page of your own TokenPass, and it gets an access token that signs.
#
#   tokenpass serve --unlock &
#   bash examples/device-login.sh
#
# Needs curl and jq.
set -euo pipefail

server=${TOKENPASS_URL:-http://localhost:21000}
# A program on this computer: any address on loopback names it.
client=http://localhost

form() { curl --silent --show-error "$server$1" "${@:2}"; }

device=$(form /oauth2/device_authorization -d client_id="$client" -d scope="openid sign")
code=$(jq -r .device_code <<<"$device")
wait=$(jq -r .interval <<<"$device")
printf 'Open %s and compare the code: %s\n' \
    "$(jq -r .verification_uri_complete <<<"$device")" "$(jq -r .user_code <<<"$device")" >&2

while :; do
    sleep "$wait"
    answer=$(form /oauth2/token -d client_id="$client" -d device_code="$code" \
        -d grant_type=urn:ietf:params:oauth:grant-type:device_code)
    case $(jq -r '.error // "none"' <<<"$answer") in
    none) break ;;
    authorization_pending) ;;
    slow_down) wait=$((wait + 5)) ;;
    *)
        jq -r '.error_description' <<<"$answer" >&2
        exit 1
        ;;
    esac
done

token=$(jq -r .access_token <<<"$answer")
form /api/sign -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '{"message":"signed without a browser"}'
echo
