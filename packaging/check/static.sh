#!/usr/bin/env bash
# The static binary of the archive: asks for no library, and works in an empty root.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$(find "$DIST" -name "*-$(uname -m)-unknown-linux-musl.tar.xz" | head -n 1)
[ -n "$archive" ] || { echo "skipped: there is no archive for this machine"; exit 0; }
tar -xJf "$archive" -C "$work"
binary=$(echo "$work"/*/tokenpass)
if grep -q INTERP <<<"$(readelf --wide --program-headers "$binary")"; then
    echo "skipped: the program is not the static one (release.sh makes it)"
    exit 0
fi
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
