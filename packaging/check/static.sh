#!/usr/bin/env bash
# The static binary of the archive: asks for no library, and works in an empty root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$("$here/static-archive.sh" "$work") || { echo "skipped: $folder"; exit 0; }
binary=$folder/tokenpass
if ! grep -q 'Type: *DYN' <<<"$(readelf --file-header "$binary")"; then
    echo "FAILED: the program is at the same address each time"
    exit 1
fi
if grep -m 3 -E "$HOME/|$PWD/" <<<"$(strings -n 8 "$binary")"; then
    echo "FAILED: paths of this machine are in the binary"
    exit 1
fi
[ "$(id -u)" = 0 ] || { echo "skipped: only root can change the root"; exit 0; }
chroot=$(command -v chroot)
mkdir "$work/root"
cp "$binary" "$work/root/"
inside=(env -i TOKENPASS_HOME=/wallet 'TOKENPASS_PASSWORD=seven quiet herons' "$chroot" "$work/root" /tokenpass)
"${inside[@]}" register -q >/dev/null
address=$("${inside[@]}" key --host example.com --json | grep -oE '"address":"[^"]+"' | cut -d '"' -f 4)
signature=$("${inside[@]}" sign hello --host example.com)
[ "$("${inside[@]}" verify hello --address "$address" --signature "$signature")" = valid ]
"${inside[@]}" serve --listen 127.0.0.1:0 --log off >"$work/url" &
server=$!
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
curl --silent --fail "$(cat "$work/url")/api/health" >/dev/null
kill $server
echo "   static, without paths of this machine; registers, signs, verifies and serves in an empty root"
