#!/usr/bin/env bash
# Calls an API that takes bitcoin-auth tokens: each request is signed, with its
# path, body and time.
#
#   eval "$(tokenpass login)"
#   bash examples/auth-header.sh https://api.example.com/items '{"name":"gadget"}'
#
# HOST is whose key signs (the URL's host); TOKENPASS another binary.
set -euo pipefail

url=${1:?usage: auth-header.sh URL [BODY]}
body=${2:-}
tokenpass=${TOKENPASS:-tokenpass}

rest=${url#*://}
host=${HOST:-${rest%%/*}}
path=/${rest#*/}
[ "$rest" != "$host" ] || path=/

token=$("$tokenpass" sign --path "$path" --body "$body" --host "$host")
if [ -n "$body" ]; then
    curl -sS -H "X-Auth-Token: $token" -H 'Content-Type: application/json' --data "$body" "$url"
else
    curl -sS -H "X-Auth-Token: $token" "$url"
fi
