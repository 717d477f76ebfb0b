#!/usr/bin/env bash
# The container: made of the archive and nothing else, it registers, signs, and answers at
# the name that it was given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v buildah >/dev/null || { echo "skipped: there is no buildah"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "skipped: only root can run a container without a runtime"; exit 0; }
folder=$("$here/static-archive.sh" "$work") || { echo "skipped: $folder"; exit 0; }

buildah=(buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run")
"${buildah[@]}" build --quiet --isolation chroot --file packaging/Containerfile --tag tokenpass "$folder" >/dev/null
container=$("${buildah[@]}" from --pull-never localhost/tokenpass)
inside=("${buildah[@]}" run --isolation chroot --env 'TOKENPASS_PASSWORD=seven quiet herons'
    --env TOKENPASS_HOST=http://tp.example "$container" -- /tokenpass)
"${inside[@]}" register -q --no-input >/dev/null
[ -n "$("${inside[@]}" sign hello --host example.com)" ]
"${inside[@]}" serve --listen 0.0.0.0:0 --log off >"$work/url" 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
port=$(tr -d '\r\n' <"$work/url" | grep -oE '[0-9]+$')
curl --silent --fail --header 'Host: tp.example' "http://127.0.0.1:$port/api/health" >/dev/null
kill $server
wait $server 2>/dev/null || true
"${buildah[@]}" rm "$container" >/dev/null
echo "   the container registers, signs and serves"
